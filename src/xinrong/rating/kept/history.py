"""What grades an enterprise had: for itself, since a grade tells of records that may be gone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from xinrong.domain.text import Text
from xinrong.rating.errors import CardsRefused
from xinrong.rating.grading import Graded
from xinrong.rating.kept.models import GradeRow
from xinrong.rating.versions.standing import book_numbered

LINES = 24


@dataclass(frozen=True)
class Line:
    """A grade that an enterprise had from a day on, until the next line."""

    as_of: date
    seq: int
    version: int
    card: str
    points: int
    grade: str
    lowest: str
    highest: str


@dataclass(frozen=True)
class Changed:
    """A column that gives other points than last time."""

    column: str
    then: int
    now: int

    @property
    def gain(self) -> int:
        """Points more than last time; negative for fewer."""
        return self.now - self.then


@dataclass(frozen=True)
class LastTime:
    """The grade before this one, and what gives other points since.

    `other_card`: it was given by another card, so that only what both read is compared.
    """

    line: Line
    changed: tuple[Changed, ...]
    other_card: bool


def newest_line(enterprise: int) -> int | None:
    """The number of the newest line of an enterprise's history, None where there is none."""
    rows = GradeRow.objects.filter(enterprise=enterprise).order_by("-pk")
    return rows.values_list("pk", flat=True).first()


def history_of(enterprise: int, upto: int) -> list[GradeRow]:
    """The lines of an enterprise up to one, the newest first."""
    rows = GradeRow.objects.filter(enterprise=enterprise, pk__lte=upto)
    return list(rows.order_by("-pk")[:LINES])


def line_of(row: GradeRow) -> Line:
    """A line as it is told."""
    return Line(
        row.as_of, row.seq, row.version, row.card, row.points, row.grade, row.lowest, row.highest
    )


def last_time(lines: list[GradeRow], graded: Graded, version: int) -> LastTime | None:
    """The grade before the present one among these lines; None where there is none."""
    scored = graded.scored
    present = (version, graded.card.name, scored.points, scored.low, scored.high)
    before = [one for one in lines if _told(one) != present]
    # The present grade may be the newest line; the ones before it are other grades.
    then = before[0] if before else None
    if then is None:
        return None
    points = _points_then(then)
    changed = tuple(
        Changed(part.column, points[part.column], part.points)
        for part in scored.parts
        if part.column in points and points[part.column] != part.points
    )
    other = (then.version, then.card) != (version, graded.card.name)
    ordered = tuple(sorted(changed, key=lambda one: (-abs(one.gain), one.column)))
    return LastTime(line_of(then), ordered, other)


def _told(row: GradeRow) -> tuple[int, str, int, int, int]:
    return (row.version, row.card, row.points, row.low, row.high)


def _points_then(row: GradeRow) -> Mapping[str, int]:
    """Column -> points of a line; nothing where its cards can be read no more."""
    try:
        card = book_numbered(row.version).card(row.card)
    except CardsRefused:
        return {}
    columns = [one.column for one in card.characteristics]
    return dict(zip(columns, row.parts, strict=False))


#: Said where two cards are compared.
OTHER_CARD = Text(
    zh="上次使用的是另一张（或另一版）评分卡，只比较两张卡都有的指标。",
    en="Another card, or another version, was used then: only what both read is compared.",
)
