"""Who states needs in the tests, and who must not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from tests.profiles import city
from xinrong.accounts.services import (
    Person,
    Viewer,
    create_organisation,
    create_person,
    viewer_of,
)
from xinrong.market.services import needs

NOW = datetime(2026, 11, 1, 2, tzinfo=UTC)
PASSWORD = "a long enough passphrase 7"
FIRM, OTHER = 5, 6
#: One answer to each question that has to be answered.
ANSWERS: Mapping[str, list[str]] = {"amount": ["50万"], "purpose": ["stock"], "months": ["12"]}


def person(name: str, kind: str = "", role: str = "", reference: str = "") -> Viewer:
    """Somebody with a role in an organisation of a kind; without one, somebody signed in."""
    address = f"{name}@example.cn"
    if not kind:
        return viewer_of(Person.objects.create_user(address, PASSWORD, name))
    made = create_organisation(f"{name}（虚构）", kind, reference=reference)
    return viewer_of(create_person(address, PASSWORD, name=name, organisation=made, role=role))


def representative(number: int = FIRM) -> Viewer:
    """Who acts for the enterprise with that number."""
    return person(f"firm{number}", "enterprise", "representative", city.code(number))


def drafted(who: Viewer, answers: Mapping[str, list[str]] = ANSWERS, **more: Any) -> Any:
    """A draft with these answers."""
    found = needs.draft(who, now=NOW, **more)
    for name, given in answers.items():
        found = needs.answer(who, found.number, name, {name: given}, now=NOW)
    return found


def stated(who: Viewer, answers: Mapping[str, list[str]] = ANSWERS) -> Any:
    """A need that was stated."""
    found = drafted(who, answers)
    return needs.state(who, found.number, version=found.version, now=NOW)
