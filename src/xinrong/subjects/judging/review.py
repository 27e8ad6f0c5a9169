"""The review queue: people see both sides and say which candidate it is, none, or unsure.

Most records first, then the better score; what somebody was unsure of goes to the end. Whoever
decides names the revision that was looked at: of two who decide the same, the second is told.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, F, QuerySet

from xinrong.subjects.errors import IdentityRefused, UnknownSubject
from xinrong.subjects.judging import deciders, ledger
from xinrong.subjects.judging.ledger import Said, digest_of
from xinrong.subjects.judging.models import Judged, Judgement, NamedState, NamedSubject
from xinrong.subjects.models import Enterprise, Subject


class AlreadyJudged(IdentityRefused):
    """Somebody else decided it while this one was looking."""

    code = "already_judged"


@dataclass(frozen=True, slots=True)
class Choice:
    """One who could be meant; `enterprise` is who answers today."""

    enterprise: Enterprise
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One name in the queue, with those who could be meant, the best first."""

    named: NamedSubject
    choices: tuple[Choice, ...]

    @property
    def subject(self) -> Subject:
        """The subject as its department sent it."""
        found: Subject = self.named.subject
        return found


def open_items(department: str = "") -> QuerySet[NamedSubject]:
    """What waits for a person, in the order of the work."""
    found = NamedSubject.objects.filter(state=NamedState.REVIEW)
    if department:
        found = found.filter(subject__department=department)
    order = F("deferred_at").asc(nulls_first=True)
    return found.order_by(order, "-records", "-score", "pk").select_related("subject")


def departments_waiting() -> dict[str, int]:
    """How many names of each department wait for a person."""
    found = NamedSubject.objects.filter(state=NamedState.REVIEW)
    rows = found.values_list("subject__department").annotate(many=Count("pk"))
    return dict(rows.order_by("subject__department"))


@dataclass(frozen=True, slots=True)
class Progress:
    """How far people are: names left, of these put off, and decisions since a moment."""

    left: int
    deferred: int
    done: int


def progress(since: datetime, department: str = "") -> Progress:
    """What is left in the queue, and how much was decided since."""
    found = open_items(department)
    acts = Judgement.objects.filter(at__gte=since).exclude(verdict=Judged.WITHDRAWN)
    if department:
        acts = acts.filter(subject__department=department)
    return Progress(
        left=found.count(),
        deferred=found.exclude(deferred_at=None).count(),
        done=acts.values("act").distinct().count(),
    )


def next_item(department: str = "", *, number: int | None = None) -> Item | None:
    """The first of the queue, or the one with that number; None when there is none (any more)."""
    found = open_items(department)
    named = (found.filter(pk=number) if number is not None else found).first()
    return item_of(named) if named else None


def item_of(named: NamedSubject) -> Item:
    """A name with its candidates as they are today."""
    return Item(named, tuple(choices_of(named.candidates)))


def choices_of(candidates: Sequence[Sequence[Any]]) -> list[Choice]:
    """Candidates as they are kept, with their enterprises."""
    known = Enterprise.objects.in_bulk([row[0] for row in candidates])
    return [
        Choice(known[number], score, tuple(reasons))
        for number, score, reasons in candidates
        if number in known
    ]


def decide(
    number: int, revision: int, verdict: Judged, *, code: str = "", by: str, why: str, at: datetime
) -> uuid.UUID:
    """Say who an item of the queue is; the act by which it is taken back.

    *same* names the code of an enterprise. *different* rules out every candidate that was shown.
    *unsure* leaves it in the queue, at its end. Raises AlreadyJudged, UnknownEnterprise and
    IdentityRefused.
    """
    item = numbered(number)

    def taken() -> None:
        """Whoever else tries from here on is told."""
        _take(item, revision, verdict, at)

    thought = {choice.enterprise.code: choice for choice in item.choices}
    if verdict == Judged.SAME:
        choice = thought.get(code)
        return deciders.same(
            item.subject,
            code,
            by=by,
            why=why,
            at=at,
            score=choice.score if choice else None,
            reasons=choice.reasons if choice else (),
            taken=taken,
        )
    digest = digest_of(item.subject.key)
    said = [
        Said(item.subject.pk, digest, one, verdict, choice.score, choice.reasons)
        for one, choice in thought.items()
    ]
    if verdict == Judged.UNSURE:
        said = [Said(item.subject.pk, digest, "", verdict, item.named.score)]
    with transaction.atomic():
        taken()
        return ledger.write(said, by=by, why=why, at=at, version=item.named.version)


def numbered(number: int) -> Item:
    """An item of the queue, decided or not. Raises UnknownSubject."""
    named = NamedSubject.objects.select_related("subject").filter(pk=number).first()
    if named is None:
        raise UnknownSubject(f"there is no item number {number} in the queue")
    return item_of(named)


def item_of_act(act: uuid.UUID) -> int | None:
    """The item that an act was about; None where it was about many, or is not in the queue."""
    subjects = set(Judgement.objects.filter(act=act).values_list("subject", flat=True)[:100])
    if len(subjects) != 1:
        return None
    found = NamedSubject.objects.filter(subject__in=subjects, state=NamedState.REVIEW)
    return found.values_list("pk", flat=True).first()


def _take(item: Item, revision: int, verdict: Judged, at: datetime) -> None:
    after = {
        Judged.SAME: NamedState.LINKED,
        Judged.DIFFERENT: NamedState.SETTLED,
        Judged.UNSURE: NamedState.REVIEW,
    }[verdict]
    found = NamedSubject.objects.filter(
        pk=item.named.pk, revision=revision, state=NamedState.REVIEW
    )
    deferred = at if verdict == Judged.UNSURE else None
    if not found.update(state=after, revision=F("revision") + 1, deferred_at=deferred):
        raise _told(item.named)


def _told(named: NamedSubject) -> AlreadyJudged:
    last = next(ledger.judgements_of(digest_of(named.subject.key)), None)
    who = f" by {last.by} ({last.verdict})" if last else ""
    return AlreadyJudged(
        f"{named.subject.name} was decided meanwhile{who}; your decision was not taken",
        remedy="Look at it again, or go on with the next one.",
    )
