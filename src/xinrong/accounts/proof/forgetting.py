"""Forgetting what claims hold of a personal-kind enterprise that is erased as a whole.

A sole trader's or farm household's name is its person's, and the papers handed in for it are that
person's papers (Personal Information Protection Law, article 47). That somebody claimed it, when,
and who decided stays, by numbers and the code.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from xinrong.accounts.enums import OrganisationKind
from xinrong.accounts.models import Organisation
from xinrong.accounts.proof.enums import FORGOTTEN
from xinrong.accounts.proof.models import Claim, ClaimMove, ClaimPaper, Dispute
from xinrong.accounts.proof.papers import remove_file

#: Moves whose reasons an operator writes in words of their own.
_IN_WORDS = ("send_back", "refuse", "decide_for", "decide_against")


@dataclass(frozen=True)
class Forgotten:
    """How many rows held a name or reasons, and the files (their keys) of papers that go."""

    rows: int
    files: tuple[str, ...]


def forgotten_words(day: str, article: str) -> str:
    """What stands where a name was: erased on a day, on an article."""
    return "，".join(filter(None, (f"{FORGOTTEN}：{day}", article)))[:160]


def held_of(codes: Collection[str]) -> Forgotten:
    """What would be forgotten of the enterprises with these codes."""
    rows = sum(found.count() for found, _ in _rows(codes))
    papers = _papers(codes).values_list("key", flat=True)
    return Forgotten(rows + _organisations(codes).count(), tuple(papers))


def forget_claims(codes: Collection[str], words: str, *, now: datetime) -> Forgotten:
    """Put `words` where names and reasons were, and end the papers; in the caller's transaction.

    Only what was there by `now`: somebody who claims it later, before a restore repeats this,
    keeps the claim. The files go with `remove_papers`, once the transaction has committed. A
    second time there is nothing left to forget.
    """
    done = sum(found.update(**{name: words}) for found, name in _rows(codes, now))
    for organisation in _organisations(codes):
        organisation.name = f"{words}（{organisation.reference}）"  # names are unique
        organisation.save(update_fields=["name"])
        done += 1
    papers = _papers(codes, now)
    files = tuple(papers.values_list("key", flat=True))
    papers.update(deleted_at=now)
    return Forgotten(done, files)


def remove_papers(files: Iterable[str]) -> None:
    """Delete these files; one that is gone already is no error."""
    for key in files:
        remove_file(key)


def _rows(
    codes: Collection[str], now: datetime | None = None
) -> Iterator[tuple[QuerySet[Any], str]]:
    """Rows that still hold a name or reasons, with the field in which they do."""
    moves = ClaimMove.objects.filter(_by("at", now), claim__code__in=codes, move__in=_IN_WORDS)
    disputes = Dispute.objects.filter(_by("opened_at", now), code__in=codes)
    kept: list[tuple[QuerySet[Any], str]] = [
        (Claim.objects.filter(_by("made_at", now), code__in=codes), "name"),
        (moves, "why"),
        (disputes, "first_why"),
        (disputes, "decided_why"),
    ]
    for rows, name in kept:
        gone = Q(**{name: ""}) | Q(**{f"{name}__startswith": FORGOTTEN})
        yield rows.exclude(gone), name


def _organisations(codes: Collection[str]) -> QuerySet[Organisation]:
    found = Organisation.objects.filter(kind=OrganisationKind.ENTERPRISE, reference__in=codes)
    return found.exclude(name__startswith=FORGOTTEN)


def _papers(codes: Collection[str], now: datetime | None = None) -> QuerySet[ClaimPaper]:
    given = _by("given_at", now)
    return ClaimPaper.objects.filter(given, claim__code__in=codes, deleted_at=None)


def _by(moment: str, now: datetime | None) -> Q:
    """That it was there by then; whenever, when None."""
    return Q(**{f"{moment}__lte": now}) if now is not None else Q()
