"""What a scorecard is: characteristics, their bands, and points for each, the unknown included.

Points are whole numbers, so that a sum is the same in every engine and order. A card is checked
when it is made: whatever a column may hold, exactly one number of points is laid down for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from xinrong.domain.errors import XinrongError
from xinrong.domain.text import Text

#: More than any card that a person can explain; guards against files made to be large.
MOST_CHARACTERISTICS, MOST_BANDS, MOST_POINTS = 60, 40, 10_000


class CardFault(XinrongError):
    """A card leaves something open or says it twice.

    Codes: card_bands (cut points and points do not fit), card_values (a coded characteristic
    without values), card_column (a column twice, or none), card_points (a number out of bounds).
    """

    code = "card"


class Kind(StrEnum):
    """How the values of a column are compared."""

    NUMBER = "number"  # whole or decimal: compared exactly
    RATIO = "ratio"  # stored as a double: cut points are doubles too
    CODE = "code"  # text from a list
    FLAG = "flag"  # true or false


@dataclass(frozen=True)
class Characteristic:
    """One column of the profile and its points.

    Numbers: `cuts` rise, and `points` has one more: band i holds from cut i-1 up to, not
    including, cut i. Codes and flags: `values` gives the points of each value (`true`, `false`).
    `special` are numbers that mean something else than their size and are looked up first.
    `missing` gives points by the reason for which a value is not known, `otherwise` those of any
    other reason; `unseen` those of a value that nobody foresaw, a number that is none included.
    `neutral` is what a typical enterprise has: reasons are told against it. `can_change` says
    whether the enterprise could change it at all (its age it cannot).
    """

    column: str
    kind: Kind
    title: Text
    otherwise: int
    unseen: int
    neutral: int
    cuts: tuple[Decimal, ...] = ()
    points: tuple[int, ...] = ()
    values: Mapping[str, int] = field(default_factory=dict)
    special: Mapping[Decimal, int] = field(default_factory=dict)
    missing: Mapping[str, int] = field(default_factory=dict)
    can_change: bool = True

    def __post_init__(self) -> None:
        if self.kind in (Kind.NUMBER, Kind.RATIO):
            self._check_bands()
        else:
            self._check_values()
        for number in self.all_points():
            if abs(number) > MOST_POINTS:
                raise CardFault(
                    f"{self.column}: {number} points are out of bounds",
                    remedy=f"Give at most {MOST_POINTS} points either way.",
                    code="card_points",
                )

    def _check_bands(self) -> None:
        if self.values or len(self.points) != len(self.cuts) + 1 or len(self.points) > MOST_BANDS:
            raise CardFault(
                f"{self.column}: {len(self.cuts)} cut points make {len(self.cuts) + 1} bands, and "
                f"there are points for {len(self.points)}",
                remedy=f"Give one number of points for each band, {MOST_BANDS} bands at most.",
                code="card_bands",
            )
        if any(one >= other for one, other in pairwise(self.cuts)):
            raise CardFault(
                f"{self.column}: cut points must rise", remedy="Sort them.", code="card_bands"
            )
        if not all(cut.is_finite() for cut in (*self.cuts, *self.special)):
            raise CardFault(
                f"{self.column}: a cut point is no number",
                remedy="Write it out.",
                code="card_bands",
            )

    def _check_values(self) -> None:
        needed = {"true", "false"} if self.kind is Kind.FLAG else set(self.values)
        if self.cuts or self.points or self.special or not needed or set(self.values) != needed:
            raise CardFault(
                f"{self.column}: a {self.kind} has points for each of its values, and no bands",
                remedy="Give `values`; a flag has exactly true and false.",
                code="card_values",
            )

    def all_points(self) -> tuple[int, ...]:
        """Every number of points that this characteristic can give."""
        return (
            *self.known_points(), *self.missing.values(), self.otherwise, self.unseen, self.neutral,
        )  # fmt: skip

    def known_points(self) -> tuple[int, ...]:
        """The numbers of points of values that are known and foreseen."""
        return (*self.points, *self.values.values(), *self.special.values())

    @property
    def best(self) -> int:
        """The most points that a known value gives."""
        return max(self.known_points())

    @property
    def worst(self) -> int:
        """The fewest points that a known value gives."""
        return min(self.known_points())


@dataclass(frozen=True)
class Card:
    """A scorecard: for whom, from which points on, and the characteristics. Raises CardFault.

    `segment` is the text of a criterion over the profile: the enterprises that the card is for.
    """

    name: str
    version: int
    title: Text
    segment: str
    scale: str
    base: int
    characteristics: tuple[Characteristic, ...]
    basis: Text

    def __post_init__(self) -> None:
        columns = [one.column for one in self.characteristics]
        twice = sorted({name for name in columns if columns.count(name) > 1})
        if not columns or len(columns) > MOST_CHARACTERISTICS or twice:
            raise CardFault(
                f"{self.name}: {', '.join(twice) or len(columns)} "
                f"{'stand twice' if twice else 'characteristics'}",
                remedy=f"Give each column once, 1 to {MOST_CHARACTERISTICS} of them.",
                code="card_column",
            )
        if abs(self.base) > MOST_POINTS:
            raise CardFault(f"{self.name}: a base of {self.base} points", code="card_points")

    def characteristic(self, column: str) -> Characteristic:
        """The characteristic of a column. Raises KeyError."""
        found = {one.column: one for one in self.characteristics}
        return found[column]
