"""The access table per role: whom a rule refuses is refused, whom it lets in is let in.

The first words of a rule name a function of a `perms` module; it is asked for each role and the
answer of the route compared. A rule about one thing of one's own (a batch, a key) says more after
it: then only the refusal is exact, and those whom the function lets in may still be refused.
"""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.api.support import PASSWORD, Platform
from tests.api.test_access import ROUTES, address
from xinrong.access import TABLE, Access
from xinrong.accounts.enums import OrganisationKind
from xinrong.accounts.models import Membership
from xinrong.accounts.services import (
    Viewer,
    ask_for_support,
    create_organisation,
    create_person,
    viewer_of,
)
from xinrong.accounts.support.standing import support_viewer
from xinrong.api.v1.root import THROTTLE

pytestmark = pytest.mark.django_db
#: Where a rule's `perms` may lie: `perms` are those of accounts, `collect.perms` of collect …
PLACES = ("xinrong.{}", "xinrong.accounts.{}", "xinrong.trust.{}")
NAMED = re.compile(r"^((?:\w+\.)?perms)\.(\w+)(.*)$")

#: Rules about one thing: their function asks for the thing as well. Who of the cast may see those
#: that `tests.api.test_access.address` names: batch 1 and its feed are the sender's.
ABOUT_ONE_THING: dict[str, set[str]] = {
    "api:batch": {"sender", "operator"},
    "api:quarantine": {"sender"},
    "batch": {"sender", "operator"},
    "rejects": {"sender"},
    "retract": {"sender", "operator"},
    "quality-feed": {"sender", "operator"},
}
#: name -> (organisation, role, whether it manages)
CAST: dict[str, tuple[str, str, bool]] = {
    "loan_officer": ("bank", "loan_officer", False),
    "manager": ("bank", "loan_officer", True),
    "compliance_officer": ("bank", "compliance_officer", False),
    "guarantee_officer": ("guarantor", "guarantee_officer", False),
    "adviser": ("adviser", "adviser", False),
    "auditor": ("regulator", "auditor", False),
    "sender": ("sender", "data_officer", False),
    "other_department": ("other", "data_officer", False),
    "operator": ("operator", "operator", False),
    "representative": ("firm", "representative", False),
}
EVERYBODY = [*CAST, "in_support", "nobody"]


@pytest.fixture
def everybody(platform: Platform, settings: Any, tmp_path: Any) -> dict[str, Any]:
    """A person of every role, one in a support session for the bank, one without any role."""
    settings.JOURNAL = tmp_path / "journal"
    known = platform.organisations
    for kind in ("guarantor", "adviser", "regulator"):
        known[kind] = create_organisation(f"{kind}（虚构）", kind)
    people = {}
    for name, (organisation, role, manages) in CAST.items():
        people[name] = create_person(
            f"{name}@example.cn", PASSWORD, name=name, organisation=known[organisation], role=role
        )
        Membership.objects.filter(person=people[name]).update(manages=manages)
    people["in_support"] = create_person(
        "op@example.cn", PASSWORD, name="op", organisation=known["operator"], role="operator"
    )
    people["nobody"] = create_person(
        "nobody@example.cn", PASSWORD, name="", organisation=known["bank"], role="loan_officer"
    )
    Membership.objects.filter(person=people["nobody"]).delete()
    THROTTLE.counts.clear()
    return people


def entered(everybody: dict[str, Any], name: str, platform: Platform) -> tuple[Client, Viewer]:
    """A client signed in as that one, and the viewer that the rules are asked about."""
    client, person = Client(raise_request_exception=False), everybody[name]
    client.force_login(person)
    if name != "in_support":
        return client, viewer_of(person)
    bank, now = platform.organisations["bank"], timezone.now()
    asked = ask_for_support(viewer_of(person), bank.pk, "help with a query", minutes=30, now=now)
    client.post(f"/support/{asked.key}/begin")
    viewer = support_viewer(asked.key, person.pk, now=timezone.now())
    assert viewer is not None
    return client, viewer


def named_in(module: str, function: str) -> Any:
    """That function of that module, if both are there."""
    try:
        return getattr(importlib.import_module(module), function, None)
    except ModuleNotFoundError:
        return None


def rule_of(row: Access) -> tuple[Callable[[Viewer], bool] | None, bool]:
    """The function that a rule names, if it asks for the viewer alone; whether that is all."""
    named = NAMED.match(row.rule)
    if named is None:
        return None, False
    module, function, rest = named.groups()
    found = [one for place in PLACES if (one := named_in(place.format(module), function))]
    assert len(found) == 1, f"{row.name}: {module}.{function} is not one function"
    alone = len(inspect.signature(found[0]).parameters) == 1
    return (found[0], not rest) if alone else (None, False)


def answers(client: Client, name: str) -> Iterator[int]:
    """How the route answers; asked by the method that it knows."""
    for method in (client.get, client.post):
        response = method(address(name))
        if response.status_code != 405:
            away = response.status_code == 302 and "/sign-in" in response["Location"]
            yield 401 if away else response.status_code


#: They end the session of whoever asks, or are about signing in itself and tested with it.
APART = {"sign-out", "sign-in", "set_language"}
#: Asked last: it ends every session of whoever asks, and all others would answer a stranger.
ENDS_SESSIONS = "security-end"
CLOSED = sorted(
    (name for name in ROUTES if not TABLE[name].public and name not in APART),
    key=lambda name: (name == ENDS_SESSIONS, name),
)


def test_every_rule_that_names_a_function_names_one_that_exists() -> None:
    for row in TABLE.values():
        rule_of(row)


def test_a_rule_about_one_thing_says_so_by_its_function() -> None:
    for name in ABOUT_ONE_THING:
        assert NAMED.match(TABLE[name].rule), name
        assert rule_of(TABLE[name]) == (None, False), name


def test_every_kind_of_organisation_acts_in_this_test(
    everybody: dict[str, Any], platform: Platform
) -> None:
    assert {one.kind for one in platform.organisations.values()} == set(OrganisationKind)
    roles = set(Membership.objects.values_list("role", flat=True))
    assert len(roles) == 8


@pytest.mark.parametrize("who", EVERYBODY)
def test_each_role_gets_what_the_table_says(
    everybody: dict[str, Any], platform: Platform, who: str
) -> None:
    client, viewer = entered(everybody, who, platform)
    refused_wrongly, let_in_wrongly, broken, right = [], [], [], 0
    for name in CLOSED:
        codes = list(answers(client, name))
        if any(code >= 500 for code in codes):
            broken.append((name, codes))
        function, exact = rule_of(TABLE[name])
        one = ABOUT_ONE_THING.get(name)
        if (function is not None and not function(viewer)) or (one is not None and who not in one):
            # Foreign things may be as if absent; who acts for nobody is shown how to get a role.
            lawful = {401, 403} | ({404} if one else set()) | ({302} if who == "nobody" else set())
            let_in_wrongly += [(name, code) for code in codes if code not in lawful]
            right += 1
        elif (exact and function is not None) or one is not None:
            if all(code in (401, 403) for code in codes):
                refused_wrongly.append((name, codes))
            right += 1
    assert let_in_wrongly == []
    assert refused_wrongly == []
    assert broken == []
    assert right > len(CLOSED) / 4
