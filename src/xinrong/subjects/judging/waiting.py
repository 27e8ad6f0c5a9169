"""Who waits: subjects with a name only, found anew, woken by new names, and their outcomes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any

from django.db import connection
from django.db.models import Count, Max

from xinrong.store import services as store
from xinrong.subjects.bulk import do, run
from xinrong.subjects.judging.keys import keys_of
from xinrong.subjects.judging.models import NamedState, NamedSubject, ResolutionRun
from xinrong.subjects.models import EnterpriseName, Subject

CHUNK = 20_000
#: Resolution has looked at them, and nothing was linked.
RESTING = (NamedState.WAITING, NamedState.REVIEW, NamedState.SETTLED)
# A name that was erased has none left to be compared.
_UNSEEN = (
    "SELECT s.id, s.name FROM subjects_subject AS s WHERE s.code = '' AND s.name <> '' "
    "AND NOT EXISTS (SELECT 1 FROM subjects_namedsubject AS n WHERE n.subject_id = s.id) "
    "AND NOT EXISTS (SELECT 1 FROM subjects_identitylink AS l"
    " WHERE l.subject_id = s.id AND l.to_seq IS NULL)"
)
_SEE = (
    "INSERT INTO subjects_namedsubject (subject_id, folded, core, state, records, score, "
    "candidates, version, revision) "
    "SELECT r.subject, r.folded, r.core, 'new', 0, 0, '[]', '', 0 FROM {rows} WHERE true "
    "ON CONFLICT (subject_id) DO NOTHING"
)
#: What others than a run did: a split gave the subject to somebody, an undo took it back. They are
#: looked for before anything is written, so that nobody waits for the search.
_LINKED = (
    "SELECT n.id FROM subjects_identitylink AS l "
    "JOIN subjects_namedsubject AS n ON n.subject_id = l.subject_id "
    "WHERE l.to_seq IS NULL AND n.state <> 'linked'"
)
_FREED = (
    "SELECT n.id FROM subjects_namedsubject AS n WHERE n.state = 'linked' "
    "AND NOT EXISTS (SELECT 1 FROM subjects_identitylink AS l"
    " WHERE l.subject_id = n.subject_id AND l.to_seq IS NULL)"
)
# `|| ''` keeps SQLite from going by the state, which would read all the rows for each.
_WAKE = (
    "UPDATE subjects_namedsubject SET state = 'new' FROM {{rows}} "
    "WHERE subjects_namedsubject.{by} = r.text "
    "AND subjects_namedsubject.state || '' IN ('waiting', 'review', 'settled')"
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A subject that resolution is to look at."""

    subject: int
    key: str
    name: str
    department: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is kept of it: its state, and those who could be meant, the best first."""

    subject: int
    state: NamedState
    score: float = 0.0
    candidates: tuple[tuple[int, float, tuple[str, ...]], ...] = ()


def see() -> None:
    """Bring the list up to date with subjects and links that others made or ended."""
    for statement, state in ((_LINKED, NamedState.LINKED), (_FREED, NamedState.NEW)):
        for some in batched(_found(statement), CHUNK):
            numbers = [number for (number,) in some]
            NamedSubject.objects.filter(pk__in=numbers).update(state=state)
    unseen = _found(_UNSEEN)
    columns = {"subject": "bigint", "folded": "text", "core": "text"}
    for some in batched(unseen, CHUNK):
        keys = keys_of([name for _, name in some])
        do(_SEE, columns, [(one, *key) for (one, _), key in zip(some, keys, strict=True)])


def _found(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def names_known() -> int:
    """The last name that the register has learnt."""
    return EnterpriseName.objects.aggregate(last=Max("pk"))["last"] or 0


def names_seen() -> int:
    """The last name that a run has compared with those who wait."""
    return ResolutionRun.objects.aggregate(last=Max("names_to"))["last"] or 0


def wake(after: int, until: int) -> None:
    """Those who could be meant by names that came since, and no others, are looked at again.

    Where more names are new than wait, it is less work to look at all who wait.
    """
    new = EnterpriseName.objects.filter(pk__gt=after, pk__lte=until)
    resting = NamedSubject.objects.filter(state__in=RESTING).count()
    if not resting:
        return
    if new.count() > resting:
        wake_all()
        return
    for some in batched(new.values_list("name", flat=True).iterator(), CHUNK):
        keys = keys_of(some)
        for place, by in enumerate(("folded", "core")):
            texts = {key[place] for key in keys} - {""}
            do(_WAKE.format(by=by), {"place": "bigint", "text": "text"},
               list(enumerate(sorted(texts))))  # fmt: skip


def wake_all(*, but: str = "") -> None:
    """Everybody is looked at again; `but` leaves out those whom this version has looked at."""
    found = NamedSubject.objects.filter(state__in=RESTING)
    if but:
        found = found.exclude(state=NamedState.SETTLED).exclude(version=but)
    found.update(state=NamedState.NEW)


def new_ones() -> list[int]:
    """The subjects that are to be looked at."""
    rows = NamedSubject.objects.filter(state=NamedState.NEW)
    return list(rows.order_by("subject").values_list("subject", flat=True))


def to_look_at(subjects: Sequence[int]) -> Iterator[list[Waiting]]:
    """These subjects as they were sent, in chunks."""
    for some in batched(subjects, CHUNK):
        rows = Subject.objects.filter(pk__in=some).order_by("pk")
        yield [Waiting(*row) for row in rows.values_list("pk", "key", "name", "department")]


# Whoever decided meanwhile goes first: only what is still new takes the outcome.
_KEEP = (
    "UPDATE subjects_namedsubject SET state = r.state, score = CAST(r.score AS {real}), "
    "candidates = CAST(r.candidates AS {json}), version = '{version}', revision = revision + 1 "
    "FROM {{rows}} WHERE subjects_namedsubject.subject_id = r.subject "
    "AND subjects_namedsubject.state || '' = 'new' RETURNING subject_id"
)


def keep(outcomes: Sequence[Outcome], version: str) -> set[int]:
    """Keep what resolution said; the subjects of which it was kept."""
    lists = connection.vendor == "postgresql"
    statement = _KEEP.format(
        version=version,
        real="double precision" if lists else "real",
        json="jsonb" if lists else "text",
    )
    columns = {"subject": "bigint", "state": "text", "score": "text", "candidates": "text"}
    rows = [
        (one.subject, str(one.state), repr(one.score), json.dumps(one.candidates))
        for one in outcomes
    ]
    return {subject for (subject,) in run(statement, columns, rows)}


_COUNT = "SELECT subject, count(*) AS records FROM record GROUP BY subject ORDER BY subject"
_COUNTED = (
    "UPDATE subjects_namedsubject SET records = r.records FROM {rows} "
    "WHERE subjects_namedsubject.subject_id = r.subject "
    "AND subjects_namedsubject.state || '' = 'review'"
)
FEW = 20


def count_records(subjects: Sequence[int]) -> None:
    """How many records wait behind the subjects under review."""
    wanted = set(subjects)
    if not wanted:
        return
    with store.snapshot() as snap:
        if len(wanted) <= FEW:
            found = snap.records(sorted(wanted), columns=())["subject"].to_pylist()
            counts: dict[int, int] = {}
            for one in found:
                counts[one] = counts.get(one, 0) + 1
        else:
            table = snap.query(_COUNT)
            pairs = zip(table["subject"].to_pylist(), table["records"].to_pylist(), strict=True)
            counts = {one: number for one, number in pairs if one in wanted}
    rows = [(one, counts.get(one, 0)) for one in sorted(wanted)]
    do(_COUNTED, {"subject": "bigint", "records": "bigint"}, rows)


_CODES = (
    "SELECT l.enterprise_id, s.code FROM {rows} "
    "CROSS JOIN subjects_identitylink AS l JOIN subjects_subject AS s ON s.id = l.subject_id "
    "WHERE l.enterprise_id = r.enterprise AND l.to_seq IS NULL AND s.code <> ''"
)


def codes_of(enterprises: Sequence[int]) -> dict[int, set[str]]:
    """The codes for which each of these enterprises answers."""
    found: dict[int, set[str]] = {}
    rows = [(one, 0) for one in sorted(set(enterprises))]
    columns = {"enterprise": "bigint", "unused": "bigint"}
    for enterprise, code in run(_CODES, columns, rows):
        found.setdefault(enterprise, set()).add(code)
    return found


_ANSWERING = (
    "SELECT s.code, l.enterprise_id FROM {rows} "
    "JOIN subjects_subject AS s ON s.key = 'code:' || r.code "
    "JOIN subjects_identitylink AS l ON l.subject_id = s.id AND l.to_seq IS NULL"
)


def answering(codes: Sequence[str]) -> dict[str, int]:
    """The enterprise that answers for each of these codes today."""
    rows = list(enumerate(sorted({*codes} - {""})))
    return dict(run(_ANSWERING, {"place": "bigint", "code": "text"}, rows))


def counts() -> Mapping[str, int]:
    """How many subjects with a name only are in each state."""
    rows = NamedSubject.objects.values_list("state").annotate(many=Count("pk")).order_by()
    return dict.fromkeys(NamedState.values, 0) | dict(rows)
