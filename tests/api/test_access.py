"""Every address of the platform stands in the access table, and the table tells the truth."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.api.support import CODES
from xinrong.access import API, PAGES, TABLE

#: Something lawful for every argument that an address may have.
ARGUMENTS: dict[str, Any] = {
    "service": "nowhere",
    "code": CODES[0],
    "number": 1,
    "batch": 1,
    "category": "enterprise_registration",
    "feed": "new_domestic_enterprises",
    "key": "0" * 32,
    "name": "tax_paid_12m",
    "prefix": "xr_00000000",
    "process": "consent",
    "receipt": "1",
    "paper": 1,
    "kind": "csv",
    "link": "haifeng",
    "token": "x" * 43,
}


def routes(resolver: URLResolver, spaces: tuple[str, ...] = ()) -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = (*spaces, entry.namespace) if entry.namespace else spaces
            yield from routes(entry, inner)
        else:
            yield ":".join((*spaces, entry.name or f"no name: {entry.pattern}")), entry


ROUTES = dict(routes(get_resolver()))


def address(name: str) -> str:
    wanted = ROUTES[name].pattern.converters if name in ROUTES else {}
    return reverse(name, kwargs={key: ARGUMENTS[key] for key in wanted})


def test_every_route_stands_in_the_table():
    assert set(ROUTES) - set(TABLE) == set(), "add these to src/xinrong/access.py"


def test_the_table_names_only_routes_that_exist():
    assert set(TABLE) - set(ROUTES) == set()


def test_no_name_stands_twice():
    assert len(TABLE) == len(API) + len(PAGES)


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(name for name in ROUTES if not TABLE[name].public))
def test_a_route_that_is_not_public_refuses_strangers(platform: Any, name: str):
    client = Client()
    answers = [
        method(address(name)) for method in (client.get, client.post, client.put, client.delete)
    ]
    for answer in answers:
        to_sign_in = answer.status_code == 302 and "/sign-in" in answer["Location"]
        assert to_sign_in or answer.status_code in (401, 403, 405), answer.status_code
    assert any(answer.status_code != 405 for answer in answers)


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(name for name in ROUTES if TABLE[name].public))
def test_a_public_route_asks_nobody_to_sign_in(platform: Any, name: str):
    answer = Client().get(address(name))
    assert answer.status_code in (200, 302, 404, 405)
    assert "/sign-in?" not in answer.get("Location", "")
