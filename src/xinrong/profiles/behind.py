"""The records behind an indicator: those of its window that meet its condition, newest first."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import pyarrow as pa
from django.conf import settings

from xinrong.profiles.compiling import Compiled, compiled_part
from xinrong.profiles.definitions import load_indicators
from xinrong.profiles.single import Evaluator, one_of
from xinrong.profiles.statements import Compiler, Statement
from xinrong.profiles.states import NO_FEED, SourceState, values_of
from xinrong.store.services import Snapshot
from xinrong.subjects.services import subjects_of

#: What names a record besides its category.
KEYS = ("key", "batch")


@dataclass(frozen=True)
class Drawn:
    """A record that an indicator draws on: `ref` is its name in every file of the enterprise."""

    category: str
    key: int
    batch: int
    day: date | None
    polarity: int

    @property
    def ref(self) -> str:
        """`<category>/<key>/<batch>`."""
        return f"{self.category}/{self.key}/{self.batch}"


def records_behind(
    enterprise: int,
    snapshot: Snapshot,
    as_of: date,
    names: Collection[str],
    *,
    among: frozenset[str],
) -> dict[str, tuple[Drawn, ...]]:
    """Indicator -> the records of an enterprise that it draws on, as of a snapshot, on a day.

    `among` are all the indicators that may be asked about like this: their statements are kept
    ready together. Nothing here is released to anybody.
    """
    if not names:
        return {}
    made = _statements(settings.REGION, among)
    region = load_indicators(settings.REGION).region
    subjects = subjects_of([enterprise], seq=snapshot.seq, using=snapshot.using)[enterprise]
    columns = (*made.slots, *KEYS)
    categories = sorted({one.category for one in made.statements if one.indicators[0] in names})
    rows = snapshot.records(subjects, categories, columns, ordered=False)
    held = pa.table([rows[name] for name in columns], names=list(columns))
    unasked = SourceState(NO_FEED)  # none of these statements reads the state of a source
    asked = [
        (number, dict(values_of(one.params, as_of, unasked, region, one.category)))
        for number, one in enumerate(made.statements)
        if one.indicators[0] in names
    ]
    kind = ("behind", settings.REGION, among)
    with one_of(kind, lambda: Evaluator(made, KEYS)) as finder:
        answers = finder.run(held, asked)
    found = {}
    for (number, _values), lines in zip(asked, answers, strict=True):
        statement = made.statements[number]
        found[statement.indicators[0]] = tuple(Drawn(statement.category, *line) for line in lines)
    return found


@lru_cache(maxsize=20)
def _statements(region: str, names: frozenset[str]) -> Compiled:
    """For each indicator the statement that finds its records."""
    known = load_indicators(region)
    slots = compiled_part(region, names).slots
    found = [
        Statement(one.category, text, text, (name,), slots)
        for name, one in known.all.items()
        if name in names
        for text in (Compiler(known.region.contracts[one.category], (one,), True).behind(one),)
    ]
    return Compiled(tuple(found), slots, ())
