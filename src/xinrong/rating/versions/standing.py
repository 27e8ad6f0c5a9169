"""Which version of the scorecards is in force on a day, and the cards of one that once was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.conf import settings

from xinrong.domain.text import Text
from xinrong.rating.cards import CardBook, must_have
from xinrong.rating.errors import CardsNotInForce, CardsRefused, GradeRefused
from xinrong.rating.versions.artefact import opened
from xinrong.rating.versions.models import CardVersion, State

_HEAD = ("number", "digest", "since", "retired_from")


@dataclass(frozen=True)
class Standing:
    """A version that is, or was, in force: its cards are those that were signed."""

    number: int
    since: date
    book: CardBook


def in_force(on: date) -> Standing:
    """The version by which an enterprise is graded on a day.

    Of those approved the one that began last; once it is retired there is none until another one
    begins. Raises CardsNotInForce, CardsTampered, NoCards.
    """
    must_have(settings.REGION)
    found = (
        CardVersion.objects.filter(state=State.APPROVED, since__lte=on)
        .order_by("-since", "-number")
        .values_list(*_HEAD)
        .first()
    )
    if found is None or (found[3] is not None and found[3] <= on):
        raise CardsNotInForce(
            Text(
                zh=f"{on} 没有生效的评分卡，因此不作评分。",
                en=f"No version of the scorecards is in force on {on}, so nobody is graded.",
            ),
            Text(
                zh="评分卡由一名操作员提交、另一名批准后生效。",
                en="One operator proposes a version, another one approves it.",
            ),
        )
    number, digest, since, _ = found
    assert since is not None
    return Standing(number, since, _book(settings.REGION, number, digest))


def book_of(digest: str) -> CardBook:
    """The cards with that digest, once approved here. Raises GradeRefused, CardsTampered."""
    found = (
        CardVersion.objects.filter(state=State.APPROVED, digest=digest)
        .order_by("number")
        .values_list("number", flat=True)
        .first()
    )
    if found is None:
        raise GradeRefused(
            "this was graded by cards that were never approved here",
            remedy="Read it where they are.",
            code="grade_cards_unknown",
        )
    return _book(settings.REGION, found, digest)


def book_numbered(number: int) -> CardBook:
    """The cards of an approved version. Raises CardsRefused (cards_unknown), CardsTampered."""
    row = CardVersion.objects.filter(number=number, state=State.APPROVED)
    digest = row.values_list("digest", flat=True).first()
    if digest is None:
        raise unknown(number)
    return _book(settings.REGION, number, digest)


def signed(number: int) -> dict[str, Any]:
    """The envelope of an approved version. Raises CardsRefused (cards_unknown)."""
    row = CardVersion.objects.filter(number=number, state=State.APPROVED)
    envelope: dict[str, Any] | None = row.values_list("envelope", flat=True).first()
    if envelope is None:
        raise unknown(number)
    return envelope


def unknown(number: int) -> CardsRefused:
    """There is no such version."""
    return CardsRefused(
        "cards_unknown",
        Text(zh=f"没有第 {number} 版评分卡。", en=f"There is no version {number} of the cards."),
    )


@lru_cache(maxsize=20)
def _book(region: str, number: int, digest: str) -> CardBook:
    """The cards as they were signed; a process checks the signature once."""
    envelope = CardVersion.objects.values_list("envelope", flat=True).get(number=number)
    return opened(envelope, number, digest, region)
