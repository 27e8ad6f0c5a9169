"""Mistakes as departments make them, put into rows at a stated rate, and the truth of each kept.

A row has one fault at most. What a correct intake must do with it is part of the truth: accept it
(the value can be read), accept it unlinked (a name and no code), repair it (a slip of the code
with one reading), quarantine it, or count it as a duplicate. Both rows of a conflict are to be
quarantined.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from xinrong.catalogue.contract import Contract, FieldType
from xinrong.catalogue.feed import Feed
from xinrong.synth.codes import ALPHABET
from xinrong.synth.departmental import columns_of
from xinrong.synth.streams import Ints, Stream

ACCEPTED, REPAIRED, UNLINKED = "accepted", "repaired", "unlinked"  # all three are accepted
QUARANTINED, DUPLICATE = "quarantined", "duplicate"

#: fault -> (share in a hundred, what must become of the row)
KINDS: dict[str, tuple[int, str]] = {
    "code_missing": (3, UNLINKED),
    "code_placeholder": (5, QUARANTINED),
    "code_check_digit": (12, QUARANTINED),
    "code_letter_o": (9, REPAIRED),
    "code_full_width": (7, REPAIRED),
    "code_lower_case": (6, REPAIRED),
    "required_missing": (9, QUARANTINED),
    "date_impossible": (8, QUARANTINED),
    "date_future": (4, QUARANTINED),
    "date_other_format": (11, ACCEPTED),
    "amount_with_unit": (10, ACCEPTED),
    "value_unknown": (4, QUARANTINED),
    "duplicate": (8, DUPLICATE),
    "conflict": (4, QUARANTINED),
}

_MISSING = (None, "无", "暂无", "/")
_PLACEHOLDERS = ("000000000000000000", "111111111111111111", "123456789012345678")
_FULL_WIDTH = {ord(c): chr(ord(c) + 0xFEE0) for c in ALPHABET}


@dataclass(frozen=True)
class Fault:
    """One fault: `row` is the place in the table that it was put into, from 0."""

    row: int
    kind: str
    column: str
    right: str
    written: str
    outcome: str


@dataclass
class _Change:
    """New cells of a table, by column, then by row."""

    cells: dict[str, dict[int, str | None]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def put(self, row: int, kind: str, column: str, right: str, written: str | None) -> None:
        self.cells.setdefault(column, {})[row] = written
        self.faults.append(Fault(row, kind, column, right, written or "", KINDS[kind][1]))


def spoil(
    table: pa.Table, feed: Feed, contract: Contract, rate: float, draws: Stream
) -> tuple[pa.Table, list[Fault]]:
    """Put faults into `rate` of the rows; rows sent twice are appended at the end."""
    hit = np.nonzero(draws.chance(table.num_rows, rate))[0].astype(np.int64)
    if not len(hit):
        return table, []
    kinds = _possible(feed, contract)
    chosen = draws.pick(len(hit), tuple(KINDS[kind][0] for kind in kinds))
    dice = draws.below(len(hit), 1 << 30)
    change = _Change()
    for number, kind in enumerate(kinds):
        mine = chosen == number
        if kind not in ("duplicate", "conflict"):
            _MAKERS[kind](change, table, feed, contract, hit[mine], dice[mine])
    changed = _apply(table, change)
    again = hit[chosen == kinds.index("duplicate")]
    clash = hit[chosen == kinds.index("conflict")] if "conflict" in kinds else hit[:0]
    return _append(changed, feed, contract, again, clash, change)


def _possible(feed: Feed, contract: Contract) -> list[str]:
    """The faults that this feed's columns allow, in a fixed order."""
    entries = columns_of(feed, contract)
    types = {entry.type for entry in entries.values()}
    missing = set()
    if not feed.subject.code:
        missing |= {kind for kind in KINDS if kind.startswith("code_")}
    if not any(entry.type is FieldType.MONEY for entry in entries.values()):
        missing.add("amount_with_unit")
    if _differing(feed, contract) is None:
        missing.add("conflict")
    if FieldType.DATE not in types:
        missing |= {kind for kind in KINDS if kind.startswith("date_")}
    if not any(entry.values for entry in entries.values()):
        missing.add("value_unknown")
    if not any(entry.required for entry in entries.values()):
        missing.add("required_missing")
    return [kind for kind in KINDS if kind not in missing]


def _cells(table: pa.Table, column: str, rows: Ints) -> list[str | None]:
    found: list[str | None] = table.column(column).take(pa.array(rows)).to_pylist()
    return found


def _codes(kind: str, spoiled: Callable[[str, int], str | None]) -> Callable[..., None]:
    """A maker of faults in the column of the subject's code."""

    def make(
        change: _Change, table: pa.Table, feed: Feed, _: Contract, rows: Ints, dice: Ints
    ) -> None:
        code = feed.subject.code
        column = code if isinstance(code, str) else code[0]
        for row, die, cell in zip(
            rows.tolist(), dice.tolist(), _cells(table, column, rows), strict=True
        ):
            if cell:
                change.put(row, kind, column, cell, spoiled(cell, die))

    return make


def _wrong_digit(code: str, die: int) -> str:
    place = 8 + die % 9
    other = ALPHABET[(ALPHABET.index(code[place]) + 1 + die // 9 % 29) % 31]
    return code[:place] + other + code[place + 1 :]


def _dates(kind: str, spoiled: Callable[[str, int], str]) -> Callable[..., None]:
    """A maker of faults in the column of the record's own date."""

    def make(
        change: _Change, table: pa.Table, feed: Feed, contract: Contract, rows: Ints, dice: Ints
    ) -> None:
        column = next(
            heading
            for heading, entry in columns_of(feed, contract).items()
            if entry.type is FieldType.DATE and entry.required
        )
        for row, die, cell in zip(
            rows.tolist(), dice.tolist(), _cells(table, column, rows), strict=True
        ):
            if cell:
                change.put(row, kind, column, cell, spoiled(cell, die))

    return make


def _parts(cell: str) -> tuple[int, int, int]:
    """Year, month and day out of any style of `departmental.DATE_STYLES`."""
    if cell.isdigit():
        return int(cell[:4]), int(cell[4:6]), int(cell[6:])
    bare = cell.partition(" ")[0]
    for mark in "年月/.":
        bare = bare.replace(mark, "-")
    year, month, day = bare.rstrip("日").split("-")
    return int(year), int(month), int(day)


def _impossible(cell: str, die: int) -> str:
    year = _parts(cell)[0]
    return (f"{year}-02-30", f"{year}-13-05", f"{year}-04-31", f"{year}-00-10")[die % 4]


def _future(_: str, die: int) -> str:
    return f"{2080 + die % 15}-0{1 + die % 9}-15"


def _other_format(cell: str, die: int) -> str:
    year, month, day = _parts(cell)
    styles = (
        f"{year}.{month}.{day}",
        f"{year}年{month:02d}月{day:02d}日",
        f"{year}/{month:02d}/{day:02d}",
        f"{year}{month:02d}{day:02d}",
        f"{year}-{month}-{day}",
        f"{year}-{month:02d}-{day:02d} 00:00:00",
    )
    return next(s for s in styles[die % 6 :] + styles[: die % 6] if s != cell)


def _amounts(
    change: _Change, table: pa.Table, feed: Feed, contract: Contract, rows: Ints, _: Ints
) -> None:
    """The unit written behind the number, thousands grouped: 3,000.00元, 12.5万元."""
    column, unit = next(
        (heading, source.unit)
        for heading, entry in columns_of(feed, contract).items()
        if entry.type is FieldType.MONEY and (source := feed.source(entry.name)) is not None
    )
    for row, cell in zip(rows.tolist(), _cells(table, column, rows), strict=True):
        if cell:
            whole, point, rest = cell.partition(".")
            written = f"{int(whole):,}{point}{rest}{unit or '元'}"
            change.put(row, "amount_with_unit", column, cell, written)


def _required(
    change: _Change, table: pa.Table, feed: Feed, contract: Contract, rows: Ints, dice: Ints
) -> None:
    columns = [h for h, entry in columns_of(feed, contract).items() if entry.required]
    for row, die in zip(rows.tolist(), dice.tolist(), strict=True):
        column = columns[die % len(columns)]
        right = table.column(column)[row].as_py()
        change.put(row, "required_missing", column, right or "", None)


def _values(
    change: _Change, table: pa.Table, feed: Feed, contract: Contract, rows: Ints, _: Ints
) -> None:
    column = next(h for h, entry in columns_of(feed, contract).items() if entry.values)
    for row, cell in zip(rows.tolist(), _cells(table, column, rows), strict=True):
        change.put(row, "value_unknown", column, cell or "", "其他（见备注）")


_MAKERS: dict[str, Callable[..., None]] = {
    "code_missing": _codes("code_missing", lambda _, die: _MISSING[die % 4]),
    "code_placeholder": _codes("code_placeholder", lambda _, die: _PLACEHOLDERS[die % 3]),
    "code_check_digit": _codes("code_check_digit", _wrong_digit),
    "code_letter_o": _codes("code_letter_o", lambda code, _: code.replace("0", "O")),
    "code_full_width": _codes("code_full_width", lambda code, _: code.translate(_FULL_WIDTH)),
    "code_lower_case": _codes("code_lower_case", lambda code, _: code.lower()),
    "required_missing": _required,
    "date_impossible": _dates("date_impossible", _impossible),
    "date_future": _dates("date_future", _future),
    "date_other_format": _dates("date_other_format", _other_format),
    "amount_with_unit": _amounts,
    "value_unknown": _values,
}


def _apply(table: pa.Table, change: _Change) -> pa.Table:
    for column, cells in change.cells.items():
        place = table.schema.get_field_index(column)
        mask = np.zeros(table.num_rows, dtype=bool)
        rows = sorted(cells)
        mask[rows] = True
        old = table.column(place).combine_chunks()
        new = pc.replace_with_mask(
            old, pa.array(mask), pa.array([cells[r] for r in rows], pa.string())
        )
        table = table.set_column(place, column, new)
    return table


def _differing(feed: Feed, contract: Contract) -> str | None:
    """A money or number column outside the key, in which a conflict shows."""
    for heading, entry in columns_of(feed, contract).items():
        if entry.type is FieldType.MONEY and entry.name not in contract.key:
            return heading
    return None


def _append(
    table: pa.Table, feed: Feed, contract: Contract, again: Ints, clash: Ints, change: _Change
) -> tuple[pa.Table, list[Fault]]:
    """Send `again` once more as they were, and `clash` once more with another amount."""
    faults = change.faults
    size = table.num_rows
    extra = [table]
    if len(again):
        extra.append(table.take(pa.array(again)))
        for step, row in enumerate(again.tolist()):
            faults.append(Fault(size + step, "duplicate", "", str(row), "", DUPLICATE))
    column = _differing(feed, contract)
    if len(clash) and column is not None:
        copies = table.take(pa.array(clash))
        right = copies.column(column).to_pylist()
        other = [f"1{(value or '').lstrip('-')}" for value in right]
        place = copies.schema.get_field_index(column)
        extra.append(copies.set_column(place, column, pa.array(other, pa.string())))
        start = size + len(again)
        for step, row in enumerate(clash.tolist()):
            good, bad = right[step] or "", other[step]
            faults.append(Fault(row, "conflict", column, good, good, QUARANTINED))
            faults.append(Fault(start + step, "conflict", column, good, bad, QUARANTINED))
    return pa.concat_tables(extra), faults
