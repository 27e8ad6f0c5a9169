"""What one line of a batch says of a file: its finding, its coverage, a few figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from xinrong.files.objected import objected_in
from xinrong.files.types import (
    ComprehensiveInformation,
    CreditCube,
    FileContent,
    FileRecord,
    PositiveNegative,
    Sign,
)


class Finding(StrEnum):
    """What a file comes to, read no further than its coverage."""

    NEGATIVE = "negative"  # some covered source has a negative record
    CLEAN = "clean"  # no covered source has one, and there are records
    NOTHING = "nothing"  # no covered source has any record


@dataclass(frozen=True)
class KeyFigures:
    """Counts of one file, as far as the service asked for shows them.

    `covered`, `clean` and `withheld` count sources, `stale` those of the covered that are out of
    date; the others count records. None: this service does not tell.
    """

    finding: Finding
    covered: int
    clean: int
    withheld: int
    stale: int
    records: int
    positive: int | None = None
    negative: int | None = None
    objected: int | None = None  # under objection now
    latest_negative: date | None = None


def figures_of(content: FileContent) -> KeyFigures:
    """The figures of any of the four services."""
    coverage = content.coverage
    states = [source.state for source in coverage.sources]
    records = sum(source.records or 0 for source in coverage.sources)
    finding = Finding.CLEAN if records else Finding.NOTHING
    if coverage.clean < coverage.covered:
        finding = Finding.NEGATIVE
    positive, negative, latest = _signs(content)
    return KeyFigures(
        finding=finding,
        covered=coverage.covered,
        clean=coverage.clean,
        withheld=states.count("withheld"),
        stale=states.count("stale"),
        records=records,
        positive=positive,
        negative=negative,
        objected=None if positive is None else _objected(content),
        latest_negative=latest,
    )


def _signs(content: FileContent) -> tuple[int | None, int | None, date | None]:
    """Positive and negative records and the day of the last negative one, where they are told."""
    if isinstance(content, PositiveNegative):
        return len(content.red), len(content.black), _latest(content.black)
    if isinstance(content, CreditCube):
        by_sign = dict.fromkeys(Sign, 0)
        for cell in content.cells:
            by_sign[cell.sign] += cell.records
        return by_sign[Sign.POSITIVE], by_sign[Sign.NEGATIVE], None
    if isinstance(content, ComprehensiveInformation) and content.total == len(content.records):
        red = [record for record in content.records if record.sign == Sign.POSITIVE]
        black = [record for record in content.records if record.sign == Sign.NEGATIVE]
        return len(red), len(black), _latest(black)
    return None, None, None


def _objected(content: FileContent) -> int:
    """How many records are under objection."""
    if isinstance(content, CreditCube):
        return sum(cell.objected or 0 for cell in content.cells)
    return sum(map(objected_in, content.lists()))


def _latest(records: Sequence[FileRecord]) -> date | None:
    return max((record.event_date for record in records if record.event_date), default=None)
