"""How often each shape occurs in a field of a batch: what a later batch is compared with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from xinrong.collect.quality import shapes
from xinrong.collect.quality.shapes import NONE, Codes

#: Codes of one shape that a profile names; the rest are one number.
NAMED = 48
#: Frequent values whose marks are kept.
FREQUENT = 24


@dataclass(frozen=True)
class Shape:
    """How often each code occurs among `rows` values; codes not named occur `cut` times at most."""

    rows: int
    counts: Mapping[int, int]
    cut: int = 0

    def as_json(self) -> dict[str, Any]:
        return {
            "rows": self.rows,
            "cut": self.cut,
            "counts": {str(code): count for code, count in self.counts.items()},
        }

    @classmethod
    def of_json(cls, content: Mapping[str, Any]) -> Shape:
        counts = {int(code): int(count) for code, count in content["counts"].items()}
        return cls(int(content["rows"]), counts, int(content["cut"]))

    @classmethod
    def of_codes(cls, codes: Codes, named: int = NAMED) -> Shape:
        """Counted from one code a row; rows without a value do not count."""
        found, counts = np.unique(codes[codes != NONE], return_counts=True)
        order = np.lexsort((found, -counts))
        kept = order[:named]
        cut = int(counts[order[named]]) if len(order) > named else 0
        named_counts = {int(found[place]): int(counts[place]) for place in kept}
        return cls(int(counts.sum()), named_counts, cut)


@dataclass(frozen=True)
class Profile:
    """The shapes of one field of one batch, with the code of every row that was looked at."""

    shapes: Mapping[str, Shape]
    codes: Mapping[str, Codes]

    def as_json(self) -> dict[str, Any]:
        return {name: shape.as_json() for name, shape in self.shapes.items()}

    def rows_with(self, shape: str, code: int, numbers: npt.NDArray[np.int64]) -> list[int]:
        """Numbers of some rows that have this code."""
        found: list[int] = numbers[self.codes[shape] == code][:EXAMPLES].tolist()
        return found


#: Row numbers that are shown with a suspicion.
EXAMPLES = 10


#: Other fields of the same kind that a number or a date is compared with, row by row.
PARTNERS = 2


def profile_of(
    values: pa.Array, cells: pa.Array, partners: Mapping[str, pa.Array] | None = None
) -> Profile:
    """The profile of a field: its typed values, its cells as written, its relation to others.

    `partners` are the values of other numbers (or dates) of the same rows.
    """
    found: dict[str, Codes] = {}
    if pa.types.is_string(values.type):
        found |= shapes.text_shapes(values)
    else:
        found |= shapes.form_shapes(cells)
        if pa.types.is_date(values.type):
            found |= shapes.date_shapes(*shapes.days_of(values))
        elif not pa.types.is_boolean(values.type):
            found |= shapes.number_shapes(*shapes.whole_of(values))
    for name, others in (partners or {}).items():
        relation = shapes.gap_shape if pa.types.is_date(values.type) else shapes.ratio_shape
        found[f"by {name}"] = relation(values, others)
    marks = shapes.value_marks(values, FREQUENT)
    counted = {name: Shape.of_codes(codes) for name, codes in found.items()}
    counted["value"] = Shape.of_codes(marks)
    return Profile(counted, {**found, "value": marks})


def shapes_of(content: Mapping[str, Any]) -> dict[str, Shape]:
    """The shapes of a stored profile."""
    return {name: Shape.of_json(one) for name, one in content.items()}
