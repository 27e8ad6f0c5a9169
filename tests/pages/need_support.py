"""Who looks at needs in a browser or without one: an enterprise of the small city, a founder."""

from __future__ import annotations

from typing import Any

from django.test import Client

from tests.pages.class_support import signed_in
from xinrong.accounts.services import Person
from xinrong.market.services import needs

PASSWORD = "a long enough passphrase 7"


def founder(name: str = "founder") -> Client:
    """Somebody signed in who acts for nobody."""
    return signed_in(Person.objects.create_user(f"{name}@example.cn", PASSWORD, name))


def begin(client: Client) -> str:
    """A new draft; its number."""
    answer = client.post("/needs/new")
    assert answer.status_code == 302, answer.status_code
    return answer["Location"].split("/")[2]


def reply(client: Client, number: str, name: str, *given: str, **more: Any) -> Any:
    """Answer one question."""
    return client.post(f"/needs/{number}/ask/{name}", {name: list(given)}, **more)


def state(client: Client, number: str) -> Any:
    """State what the preview shows now."""
    version = needs.need_by_number(number).version
    return client.post(f"/needs/{number}/state", {"version": version})


def stated(client: Client, **answers: str) -> str:
    """A need that was stated: half a million for stock for a year, or as said."""
    number = begin(client)
    for name, given in ({"amount": "50万", "purpose": "stock", "months": "12"} | answers).items():
        assert reply(client, number, name, given).status_code == 302, name
    assert state(client, number).status_code == 302
    return number
