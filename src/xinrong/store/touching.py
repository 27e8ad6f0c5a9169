"""Which subjects the commits after a seq have touched, wherever the rows lie now."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import batched
from pathlib import Path

from django.db.models import Q

from xinrong.store.engine import Files, engine
from xinrong.store.manifest import layout
from xinrong.store.models import (
    RECORD_KINDS,
    Batch,
    DeadRow,
    Erasure,
    HotRow,
    Part,
    Suppression,
)
from xinrong.store.parts import GIVEN, PART, RUN

FEW = 500


def subjects_touched(after: int, upto: int) -> set[int]:
    """The subjects of whom a commit after one seq, and by another, changed what counts."""
    return _of_rows(after, upto) | _of_batches(after, upto) | _of_given(after, upto)


def _of_rows(after: int, upto: int) -> set[int]:
    """Subjects of rows that came to the hot table, died, were hidden or shown again."""
    seq = Q(seq__gt=after, seq__lte=upto)
    hidden = Q(from_seq__gt=after, from_seq__lte=upto) | Q(to_seq__gt=after, to_seq__lte=upto)
    found: set[int] = set()
    found.update(HotRow.objects.filter(seq).values_list("subject", flat=True).distinct())
    found.update(DeadRow.objects.filter(seq).values_list("subject", flat=True).distinct())
    found.update(Erasure.objects.filter(seq).values_list("subject", flat=True))
    found.update(Suppression.objects.filter(hidden).values_list("subject", flat=True))
    return found


def _of_batches(after: int, upto: int) -> set[int]:
    """Subjects of batches that came or were retracted, wherever their rows lie now."""
    changed = Q(seq__gt=after, seq__lte=upto) | Q(retracted_seq__gt=after, retracted_seq__lte=upto)
    rows = Batch.objects.filter(changed, seq__isnull=False).values_list("pk", "seq")
    batches = {number: seq for number, seq in rows if seq is not None}
    found: set[int] = set()
    for few in batched(batches, FEW):
        hot = HotRow.objects.filter(batch__in=few)
        found.update(hot.values_list("subject", flat=True).distinct())
    if batches:
        parts = Part.objects.filter(
            replaced_seq=None, kind__in=RECORD_KINDS, folded_seq__gte=min(batches.values())
        )
        names = [part.name for part in parts if _may_hold(part.name, batches)]
        found |= _subjects_in(names, batches)
    return found


def _may_hold(name: str, batches: Collection[int]) -> bool:
    """Whether a part can have rows of the batches: a run has those of one, named in its name."""
    if not name.startswith(RUN):
        return True
    number = name[len(RUN) :].split("-", maxsplit=1)[0]
    return not number.isdigit() or int(number) in batches


def _of_given(after: int, upto: int) -> set[int]:
    """Subjects of rows that a retraction gave to other batches, when they were many."""
    parts = Part.objects.filter(
        replaced_seq=None, kind__in=RECORD_KINDS, folded_seq__gt=after, folded_seq__lte=upto
    )
    return _subjects_in([part.name for part in parts if part.name.startswith(f"{GIVEN}-")])


def _subjects_in(names: Iterable[str], batches: Iterable[int] = ()) -> set[int]:
    paths: tuple[Path, ...] = tuple(layout().parts / name for name in names)
    if not paths:
        return set()
    listed = ", ".join(str(number) for number in batches)
    where = f"WHERE batch IN ({listed})" if listed else ""
    sql = f"SELECT DISTINCT subject FROM rows_in_parts {where}"
    found = engine().query(sql, {"rows_in_parts": Files(paths, PART)})
    return set(found["subject"].to_pylist())
