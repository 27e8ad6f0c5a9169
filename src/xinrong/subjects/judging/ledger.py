"""The ledger of judgements: what people said of a subject and an enterprise holds for ever.

The last word about a subject and a code is what holds, until it is withdrawn. *Different* forbids
that link to every run. *Same* is made again by the next run where it is not there: it names a
code, so the link goes to whoever answers for that code today.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import batched
from typing import Any

from django.db.models import Max

from xinrong.store import services as store
from xinrong.subjects.bulk import do, run
from xinrong.subjects.errors import IdentityRefused
from xinrong.subjects.judging.models import Judged, Judgement

#: Kinds of lines in the journal of restrictive decisions: pairs of a subject's digest and a code.
DIFFERENT, WITHDRAWN = "identity_different", "identity_same_withdrawn"
BATCH = 1_000
#: In the journal a line for so many pairs.
PAIRS = 5_000


@dataclass(frozen=True, slots=True)
class Said:
    """One judgement to be written: of which subject and code, and what resolution thought."""

    subject: int | None
    digest: str
    code: str
    verdict: Judged
    score: float | None = None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds of a subject: the code that it was said to be, and those it is not."""

    same: str = ""
    different: frozenset[str] = frozenset()


NOTHING = Standing()


def digest_of(key: str) -> str:
    """By what the ledger knows a subject: the SHA-256 of its key."""
    return hashlib.sha256(key.encode()).hexdigest()


def write(
    said: Sequence[Said],
    *,
    by: str,
    why: str,
    at: datetime,
    version: str = "",
    act: uuid.UUID | None = None,
    decision: int | None = None,
) -> uuid.UUID:
    """Add judgements that were made in one go, inside the caller's transaction; their act.

    What a new one contradicts is superseded. *Different* is also written to the journal, so that
    no restore makes the link again. Raises IdentityRefused without a name or a reason.
    """
    if not by.strip() or not why.strip():
        raise IdentityRefused(
            "a judgement says who judged, and why", remedy="Give a name and a reason."
        )
    act = act or uuid.uuid4()
    journal(DIFFERENT, [one for one in said if one.verdict == Judged.DIFFERENT], at)
    made = Judgement.objects.bulk_create(
        [
            Judgement(
                digest=one.digest,
                subject_id=one.subject,
                code=one.code,
                verdict=one.verdict,
                by=by.strip()[:200],
                at=at,
                why=why.strip()[:500],
                score=one.score,
                reasons=list(one.reasons),
                version=version,
                act=act,
                decision_id=decision,
            )
            for one in said
        ],
        batch_size=BATCH,
    )
    _supersede(made)
    return act


def journal(kind: str, said: Sequence[Said], at: datetime) -> None:
    """Write down that these links are not to come back, before the transaction ends."""
    for some in batched(said, PAIRS):
        store.record(kind, {"pairs": [[one.digest, one.code] for one in some]}, at)


_SUPERSEDE = (
    "UPDATE subjects_judgement SET superseded_by_id = r.new FROM {rows} "
    "WHERE subjects_judgement.digest = r.digest AND subjects_judgement.superseded_by_id IS NULL "
    "AND subjects_judgement.id < r.new AND (subjects_judgement.code = r.code "
    "OR (r.verdict = 'same' AND subjects_judgement.verdict = 'same') "
    "OR (r.verdict <> 'unsure' AND subjects_judgement.verdict = 'unsure'))"
)


def _supersede(made: Sequence[Judgement]) -> None:
    columns = {"new": "bigint", "digest": "text", "code": "text", "verdict": "text"}
    do(_SUPERSEDE, columns, [(one.pk, one.digest, one.code, str(one.verdict)) for one in made])


_STANDING = (
    "SELECT r.digest, j.code, j.verdict FROM {rows} CROSS JOIN subjects_judgement AS j "
    "WHERE j.digest = r.digest AND j.superseded_by_id IS NULL "
    "AND j.verdict IN ('same', 'different')"
)


def standing(digests: Iterable[str]) -> dict[str, Standing]:
    """What holds of each of these subjects; those of whom nothing was said are left out."""
    rows = [(place, one) for place, one in enumerate(dict.fromkeys(digests))]
    same: dict[str, str] = {}
    different: dict[str, set[str]] = {}
    for digest, code, verdict in run(_STANDING, {"place": "bigint", "digest": "text"}, rows):
        if verdict == Judged.SAME:
            same[digest] = code
        else:
            different.setdefault(digest, set()).add(code)
    return {
        one: Standing(same.get(one, ""), frozenset(different.get(one, ())))
        for one in {*same, *different}
    }


def standing_rows(act: uuid.UUID) -> list[Judgement]:
    """What was said in one act and still holds."""
    rows = Judgement.objects.filter(act=act, superseded_by=None)
    found = rows.exclude(verdict=Judged.WITHDRAWN).select_related("subject", "decision")
    return list(found.order_by("pk"))


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody said in one go; `row` is the first of its judgements."""

    row: Judgement
    judgements: int

    @property
    def standing(self) -> bool:
        """Whether it can be taken back."""
        return self.row.superseded_by_id is None and self.row.verdict != Judged.WITHDRAWN


#: So many of the last judgements are looked through for the last acts.
RECENT = 20_000


def recent_acts(limit: int, *, by: str = "") -> list[Act]:
    """The last acts, newest first; withdrawals are left out."""
    newest = Judgement.objects.aggregate(last=Max("pk"))["last"] or 0
    rows = Judgement.objects.filter(pk__gt=newest - RECENT).exclude(verdict=Judged.WITHDRAWN)
    if by:
        rows = rows.filter(by=by)
    counts: dict[Any, list[int]] = {}
    for act, pk in rows.order_by("-pk").values_list("act", "pk").iterator():
        if act not in counts and len(counts) == limit:
            break
        held = counts.setdefault(act, [pk, 0])
        held[0], held[1] = min(held[0], pk), held[1] + 1
    first = Judgement.objects.select_related("subject", "superseded_by").in_bulk(
        [pk for pk, _ in counts.values()]
    )
    return [Act(first[pk], number) for pk, number in counts.values()]


def judgements_of(digest: str) -> Iterator[Judgement]:
    """Everything that was said of a subject, newest first."""
    rows = Judgement.objects.filter(digest=digest).select_related("subject", "superseded_by")
    return rows.order_by("-pk").iterator()
