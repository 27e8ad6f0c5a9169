"""Which heading of a file probably stands for a column of its feed that is missing.

A guess is only ever offered: a person confirms it. Names that look alike count, and cells that
read as the field's type; a heading whose cells do not read so is not offered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

import pyarrow as pa
import pyarrow.compute as pc

from xinrong.catalogue.contract import Contract, FieldType, RecordField
from xinrong.catalogue.feed import Feed, Source
from xinrong.collect.judging.columns import flat, unmatched, vital_fields
from xinrong.collect.judging.reading import FieldReader
from xinrong.collect.judging.values import FINE, tidy, translate
from xinrong.domain import uscc
from xinrong.domain.text import Text

#: Least score of a guess, and what cells that fit a type add to the likeness of names.
LEAST = 0.5
STRONG = frozenset({FieldType.DATE, FieldType.USCC})
WEAK = frozenset({FieldType.MONEY, FieldType.NUMBER, FieldType.INTEGER, FieldType.BOOLEAN})
FITTING = 0.9  # share of filled cells that must read as the type
SUBJECTS = {
    "subject": Text(zh="统一社会信用代码", en="unified social credit code"),
    "subject name": Text(zh="企业名称", en="name of the enterprise"),
}


@dataclass(frozen=True)
class MissingColumn:
    """A column of the feed that the file lacks, and the heading that may be it (or nothing)."""

    column: str
    title: Text  # of the field that it fills
    vital: bool  # without it the file is refused
    guess: str


def missing_columns(
    feed: Feed,
    contract: Contract,
    headings: Sequence[str],
    sample: pa.Table | None,
    today: date,
) -> tuple[tuple[MissingColumn, ...], tuple[str, ...]]:
    """The feed's columns that are missing, with guesses, and the headings it does not know."""
    missing, unknown = unmatched(feed, headings)
    scores = {
        (name, heading): _score(feed, contract, name, tried, heading, sample, today)
        for name, tried in missing.items()
        for heading in unknown
    }
    guesses: dict[str, str] = {}
    for (name, heading), score in sorted(scores.items(), key=lambda item: -item[1]):
        if score >= LEAST and name not in guesses and heading not in guesses.values():
            guesses[name] = heading
    vital = vital_fields(contract)
    found = [
        MissingColumn(tried[0], _title(feed, contract, name), name in vital, guesses.get(name, ""))
        for name, tried in missing.items()
    ]
    return tuple(found), unknown


def _title(feed: Feed, contract: Contract, name: str) -> Text:
    if name == "subject" and not feed.subject.code:
        name = "subject name"
    return SUBJECTS[name] if name in SUBJECTS else contract.field(name).title


def _score(
    feed: Feed,
    contract: Contract,
    name: str,
    tried: tuple[str, ...],
    heading: str,
    sample: pa.Table | None,
    today: date,
) -> float:
    """Likeness of the names, from 0 to 1, and what the cells add; below 0 for a misfit."""
    names = (*tried, _title(feed, contract, name).zh)
    alike = max(SequenceMatcher(None, one, heading, autojunk=False).ratio() for one in names)
    if sample is None or heading not in sample.column_names:
        return alike
    cells = tidy(flat(sample[heading]))
    filled = len(cells) - cells.null_count
    if not filled:
        return alike
    if name == "subject" and feed.subject.code:
        good = sum(uscc.read_code(cell).code is not None for cell in cells.drop_null().to_pylist())
        return alike + 0.6 if good / filled >= FITTING else -1.0
    if name in SUBJECTS:
        return alike
    field, source = contract.field(name), feed.source(name) or Source()
    return alike + _fit(field, source, cells, filled, today)


def _fit(field: RecordField, source: Source, cells: pa.Array, filled: int, today: date) -> float:
    if field.type not in STRONG | WEAK and not field.values:
        return 0.0
    column = FieldReader(field, source, today).read(translate(cells, source.values))
    there = pc.is_valid(cells).to_numpy(zero_copy_only=False)
    good = int(((column.broken == FINE) & there).sum())
    if good / filled < FITTING:
        return -1.0
    return 0.5 if field.type in STRONG or field.values else 0.2
