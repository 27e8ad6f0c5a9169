"""Writing links of names that came without a code: many in one decision, under one seq.

Whether a subject is still free and who answers for the target is asked in the statement that
writes the link, while every other writer waits: no link is made to an enterprise that became part
of another one meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime

from django.db import transaction

from xinrong.store import services as store
from xinrong.subjects.bulk import run
from xinrong.subjects.models import Decision, DecisionKind, IdentityLink

_LINK = (
    "INSERT INTO subjects_identitylink (subject_id, enterprise_id, from_seq, reason) "
    "SELECT r.subject, l.enterprise_id, {seq}, '{reason}' FROM {{rows}} "
    "JOIN subjects_enterprise AS e ON e.id = r.enterprise "
    "JOIN subjects_subject AS own ON own.key = 'code:' || e.code "
    "JOIN subjects_identitylink AS l ON l.subject_id = own.id AND l.to_seq IS NULL "
    "WHERE NOT EXISTS (SELECT 1 FROM subjects_identitylink AS had"
    " WHERE had.subject_id = r.subject AND had.to_seq IS NULL) "
    "RETURNING subject_id, enterprise_id"
)


def link_many(
    pairs: Mapping[int, int],
    *,
    by: str,
    why: str,
    at: datetime,
    reason: str,
    admitted: Callable[[], AbstractSet[int]],
) -> tuple[Decision | None, dict[int, int]]:
    """Link free subjects (subject → enterprise) under one seq; the decision and what was linked.

    `admitted` says, while nobody else decides, which subjects may still be linked. Others, and
    those that somebody linked meanwhile, are passed over; when none is left, no seq is taken.
    """
    if not pairs:
        return None, {}
    with transaction.atomic():
        seq = store.identity_seq(at, f"link {len(pairs)} names")
        free = admitted()
        made = _write({one: pairs[one] for one in pairs if one in free}, seq, reason)
        if made:
            return _decision(seq, DecisionKind.LINK, made, by=by, why=why, at=at), made
        transaction.set_rollback(True)  # gives the seq back
    return None, {}


def link_one(
    subject: int,
    enterprise: int,
    *,
    by: str,
    why: str,
    at: datetime,
    taken: Callable[[], None] = lambda: None,
) -> Decision | None:
    """Link a subject to the enterprise that a person named, wherever it was linked before.

    None when it is that enterprise already. `taken` runs once nobody else can decide; what it
    raises stops the decision.
    """
    with transaction.atomic():
        open_link = IdentityLink.objects.filter(subject=subject, to_seq=None)
        if open_link.filter(enterprise=enterprise).exists():
            taken()
            return None
        seq = store.identity_seq(at, f"link subject {subject}")
        taken()
        before = open_link.first()
        open_link.update(to_seq=seq)
        made = _write({subject: enterprise}, seq, "judgement")
        source = before.enterprise_id if before else None
        return _decision(seq, DecisionKind.LINK, made, by=by, why=why, at=at, source=source)


def unlink(subjects: Sequence[int], *, by: str, why: str, at: datetime) -> Decision | None:
    """End the links of subjects with a name only; None when none of them is linked."""
    with transaction.atomic():
        links = IdentityLink.objects.filter(subject__in=subjects, subject__code="", to_seq=None)
        sources = dict(links.values_list("subject", "enterprise"))
        if not sources:
            return None
        seq = store.identity_seq(at, f"unlink {len(sources)} names")
        IdentityLink.objects.filter(subject__in=list(sources), to_seq=None).update(to_seq=seq)
        return Decision.objects.create(
            seq=seq,
            kind=DecisionKind.UNLINK,
            by=by,
            at=at,
            why=why,
            source_id=_only(list(sources.values())),
            target=None,
            subjects=len(sources),
        )


def _write(pairs: Mapping[int, int], seq: int, reason: str) -> dict[int, int]:
    statement = _LINK.format(seq=int(seq), reason=reason)
    columns = {"subject": "bigint", "enterprise": "bigint"}
    return dict(run(statement, columns, sorted(pairs.items())))


def _decision(
    seq: int,
    kind: DecisionKind,
    made: Mapping[int, int],
    *,
    by: str,
    why: str,
    at: datetime,
    source: int | None = None,
) -> Decision:
    return Decision.objects.create(
        seq=seq,
        kind=kind,
        by=by[:200],
        at=at,
        why=why[:500],
        source_id=source,
        target_id=_only(list(made.values())),
        subjects=len(made),
    )


def _only(numbers: Sequence[int]) -> int | None:
    return numbers[0] if len(set(numbers)) == 1 else None
