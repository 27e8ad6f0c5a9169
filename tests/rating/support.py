"""Operators, and versions of the scorecards that two of them put in force."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from xinrong.accounts.services import Viewer, create_organisation, create_person, viewer_of
from xinrong.rating.cards import CardBook, load_cards
from xinrong.rating.services import versions

#: Before the day on which the city of the tests is looked at.
APPROVED = datetime(2026, 10, 1, 4, 0, tzinfo=UTC)
SINCE = date(2026, 10, 1)


def operators() -> tuple[Viewer, Viewer]:
    """Two operators of one institution."""
    made = create_organisation("运营方（虚构）", "operator")

    def one(name: str) -> Viewer:
        return viewer_of(
            create_person(f"{name}@example.cn", "a long enough passphrase 7", name=name,
                          organisation=made, role="operator")
        )  # fmt: skip

    return one("first"), one("second")


def put_in_force(
    both: tuple[Viewer, Viewer], book: CardBook | None = None, *, now: datetime = APPROVED
) -> Any:
    """A version that the first proposes and the second approves, in force on the same day."""
    first, second = both
    data = (book or load_cards("taizhou")).written()
    made = versions.draft_of_document(first, data, "the tests need it", now=now)
    versions.propose(first, made.number, now.date(), now=now)
    return versions.approve(second, made.number, now=now)


def other(book: CardBook, more: int = 1) -> CardBook:
    """The same cards, the last of which gives everybody some points more."""
    *rest, last = book.cards
    return replace(book, cards=(*rest, replace(last, base=last.base + more)))
