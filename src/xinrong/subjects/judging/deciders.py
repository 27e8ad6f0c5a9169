"""What a judgement does to the identity map, and how it is taken back."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F

from xinrong.subjects.deciding import undo
from xinrong.subjects.errors import IdentityRefused, UnknownSubject
from xinrong.subjects.finding import enterprise_by_code
from xinrong.subjects.judging import ledger, resolving
from xinrong.subjects.judging.ledger import Said, digest_of
from xinrong.subjects.judging.linkage import link_one, unlink
from xinrong.subjects.judging.models import Judged, Judgement, NamedState, NamedSubject
from xinrong.subjects.judging.waiting import codes_of
from xinrong.subjects.models import IdentityLink, Subject


def same(
    subject: Subject,
    code: str,
    *,
    by: str,
    why: str,
    at: datetime,
    score: float | None = None,
    reasons: tuple[str, ...] = (),
    taken: Callable[[], None] = lambda: None,
) -> uuid.UUID:
    """Judge that a subject is the enterprise with that code, and link it to whoever answers.

    `taken` runs before anything is written, once nobody else can decide. Raises IdentityRefused
    for a subject that came with a code of its own, UnknownEnterprise.
    """
    refuse_coded(subject)
    enterprise = enterprise_by_code(code)
    digest = digest_of(subject.key)
    with transaction.atomic():
        made = link_one(subject.pk, enterprise.pk, by=by, why=why, at=at, taken=taken)
        _see_linked(subject)
        said = Said(subject.pk, digest, enterprise.code, Judged.SAME, score, reasons)
        return ledger.write(
            [said],
            by=by,
            why=why,
            at=at,
            version=resolving.VERSION,
            decision=made.pk if made else None,
        )


def different(
    subject: Subject, codes: Sequence[str], *, by: str, why: str, at: datetime
) -> uuid.UUID:
    """Judge that a subject is none of the enterprises with these codes; a link to one ends."""
    refuse_coded(subject)
    digest = digest_of(subject.key)
    with transaction.atomic():
        decision = None
        if _linked_to(subject, codes):
            decision = unlink([subject.pk], by=by, why=why, at=at)
        said = [Said(subject.pk, digest, code, Judged.DIFFERENT) for code in codes]
        NamedSubject.objects.filter(subject=subject).update(
            state=NamedState.NEW, revision=F("revision") + 1
        )
        return ledger.write(
            said,
            by=by,
            why=why,
            at=at,
            version=resolving.VERSION,
            decision=decision.pk if decision else None,
        )


def unsure(subject: Subject, *, by: str, why: str, at: datetime) -> uuid.UUID:
    """Say that nobody can tell: it goes to the end of the queue."""
    refuse_coded(subject)
    with transaction.atomic():
        NamedSubject.objects.filter(subject=subject).update(
            deferred_at=at, revision=F("revision") + 1
        )
        said = Said(subject.pk, digest_of(subject.key), "", Judged.UNSURE)
        return ledger.write([said], by=by, why=why, at=at, version=resolving.VERSION)


def refuse_coded(subject: Subject) -> None:
    """Who came with a code is decided by merge and split."""
    if subject.code:
        raise IdentityRefused(
            f"{subject.key} came with a code of its own",
            remedy="Merge or split: xinrong subjects.",
        )


def _linked_to(subject: Subject, codes: Sequence[str]) -> bool:
    link = IdentityLink.objects.filter(subject=subject, to_seq=None).first()
    if link is None:
        return False
    return bool(codes_of([link.enterprise_id]).get(link.enterprise_id, set()) & set(codes))


def _see_linked(subject: Subject) -> None:
    NamedSubject.objects.filter(subject=subject).update(state=NamedState.LINKED)


def take_back(act: uuid.UUID, *, by: str, why: str, at: datetime) -> int:
    """Take back what was judged in one act; how many judgements that were.

    A link that rests on it ends, and the names are in the queue again. Raises IdentityRefused
    when nothing of it holds any more, or a later decision stands on its link.
    """
    with transaction.atomic():
        rows = ledger.standing_rows(act)
        if not rows:
            raise IdentityRefused(
                "this judgement was taken back or replaced already",
                remedy="See the list of judgements.",
            )
        subjects = [row.subject_id for row in rows if row.subject_id is not None]
        for number in sorted({pk for row in rows if (pk := _made_link(row)) is not None}):
            undo(number, by=by, why=why, at=at)  # which withdraws the judgement as well
        left = ledger.standing_rows(act)
        said = [Said(row.subject_id, row.digest, row.code, Judged.WITHDRAWN) for row in left]
        restrictive = [
            one for one, row in zip(said, left, strict=True) if row.verdict == Judged.SAME
        ]
        ledger.journal(ledger.WITHDRAWN, restrictive, at)
        if said:
            ledger.write(said, by=by, why=why, at=at)
        _ask_again(subjects)
    return len(rows)


def _made_link(row: Judgement) -> int | None:
    """The decision by which a judgement linked its subject, unless it was undone since."""
    decision = row.decision
    if row.verdict != Judged.SAME or decision is None or decision.undone_by_id is not None:
        return None
    return decision.pk


def _ask_again(subjects: Sequence[int]) -> None:
    """People see again what they saw; where there is nothing to see, the next run looks."""
    for start in range(0, len(subjects), 5_000):
        found = NamedSubject.objects.filter(subject__in=subjects[start : start + 5_000])
        linked = IdentityLink.objects.filter(subject__in=found.values("subject"), to_seq=None)
        free = found.exclude(subject__in=linked.values("subject"))
        free.filter(candidates=[]).update(state=NamedState.NEW, revision=F("revision") + 1)
        free.exclude(candidates=[]).update(
            state=NamedState.REVIEW, deferred_at=None, revision=F("revision") + 1
        )


def subject_named(key_or_number: str) -> Subject:
    """A subject by its number or its key. Raises UnknownSubject."""
    found = Subject.objects.filter(key=key_or_number).first()
    if found is None and key_or_number.isascii() and key_or_number.isdecimal():
        found = Subject.objects.filter(pk=int(key_or_number[:18])).first()
    if found is None:
        raise UnknownSubject(
            f"there is no subject {key_or_number!r}",
            remedy="Name it by its number or its key: xinrong identity queue lists both.",
        )
    return found
