"""The grade that a profile gives: which card is meant for it, and what that card says.

Nothing here is released to anybody: `products` asks the gate first. What is not there is missing
for a reason, and never counted as if it were known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from xinrong.domain.scorecards import Card, Scored, score
from xinrong.profiles.services import ProfileRow, criteria, profile_of
from xinrong.rating.cards import CardBook, segment
from xinrong.rating.versions.standing import in_force
from xinrong.store.services import Snapshot, snapshot

#: Why a profile has no value → the reason by which a card gives points.
MISSING = criteria.REASONS


@dataclass(frozen=True)
class Graded:
    """What the cards say of a profile: the card, its points and grade.

    `undecided` are cards that come earlier and of which it cannot be told whether they are meant.
    """

    card: Card
    undecided: tuple[str, ...]
    scored: Scored


def columns_read(book: CardBook, card: Card) -> frozenset[str]:
    """The columns from which a grade on this card follows: its own, and those that chose it."""
    own = {one.column for one in card.characteristics}
    place = book.cards.index(card)
    asked = {
        column.name
        for one in book.cards[: place + 1]
        if one.segment
        for column in segment(book.region, one.segment)[0].columns
    }
    return frozenset(own | asked)


def grade(
    book: CardBook, values: Mapping[str, Any], reasons: Mapping[str, str], as_of: date
) -> Graded:
    """The grade of a profile on a day: column → value, and for those that are None the reason.

    The first card whose segment says yes is taken; one of which it cannot be told is passed over
    and named, so that nobody takes the card for a certainty.
    """
    undecided: list[str] = []
    for card in book.cards:
        answer = segment(book.region, card.segment)[1](values, as_of) if card.segment else True
        if answer:
            return Graded(card, tuple(undecided), score(card, book.scale, values, reasons))
        if answer is None:
            undecided.append(card.name)
    raise AssertionError("the last card is for everybody")


def grade_of_profile(
    book: CardBook, row: ProfileRow, names: frozenset[str] = frozenset()
) -> Graded:
    """The grade of a profile that was read with `names` (none: a whole one)."""
    reasons = {name: why.value for name, why in criteria.reasons_of(row, names).items()}
    return grade(book, row.values, reasons, row.as_of)


def grade_now(enterprise: int, as_of: date, *, snap: Snapshot | None = None) -> Graded:
    """The grade of one enterprise from all that is known. Nothing here is released.

    By the version in force on the day. Raises CardsNotInForce, CardsTampered, NoCards.
    """
    if snap is None:
        with snapshot() as opened:
            return grade_now(enterprise, as_of, snap=opened)
    book = in_force(as_of).book
    row = profile_of(enterprise, snap, as_of, book.reads)
    return grade_of_profile(book, row, book.reads)
