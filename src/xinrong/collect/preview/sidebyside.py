"""The first rows of a file as they would be read, next to how they were sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa

from xinrong.catalogue.contract import FieldType, RecordField
from xinrong.catalogue.feed import Feed
from xinrong.collect.judging.columns import FieldPlan, Plan, first_filled
from xinrong.collect.judging.counterparties import CODE, NAME
from xinrong.collect.judging.identity import OwnerReader, Owners
from xinrong.collect.judging.reading import FieldReader
from xinrong.collect.judging.values import Column
from xinrong.collect.readers import RawChunk
from xinrong.collect.rejects.rejected import as_sent
from xinrong.domain.text import Text

WHOSE = Text(zh="所属企业", en="whose record")


@dataclass(frozen=True)
class PreviewCell:
    """One field of one row. `read` is None where nothing was sent, or nothing could be read."""

    title: Text
    columns: tuple[str, ...]  # the headings that it comes from
    sent: str
    read: Text | None
    problem: Text | None


@dataclass(frozen=True)
class PreviewRow:
    """One row; `fate` is accepted, duplicates or quarantined."""

    row_no: int
    fate: str
    cells: tuple[PreviewCell, ...]


def side_by_side(
    chunk: RawChunk, plan: Plan, feed: Feed, today: date, fates: Mapping[int, str], rows: int
) -> tuple[PreviewRow, ...]:
    """The first rows of a chunk under the feed's headings; identity numbers are taken out."""
    cells = chunk.cells.slice(0, rows)
    numbers = chunk.row_no[:rows].tolist()
    owners = OwnerReader(feed.department).read(cells, plan)
    table = [_owner_cells(cells, plan, owners)]
    for entry in plan.fields:
        column = FieldReader(entry.field, entry.source, today).read(entry.text(cells))
        table.append(_field_cells(cells, entry, column))
    return tuple(
        PreviewRow(number, fates.get(number, "accepted"), tuple(column[place] for column in table))
        for place, number in enumerate(numbers)
    )


def _owner_cells(cells: pa.Table, plan: Plan, owners: Owners) -> list[PreviewCell]:
    codes = first_filled(cells, plan.code).to_pylist()
    names = first_filled(cells, plan.name).to_pylist()
    made = []
    for place, (code, name) in enumerate(zip(codes, names, strict=True)):
        owner = owners.distinct[int(owners.which[place])]
        read = None
        if owner.identity is not None:
            known = owner.identity
            text = f"{known.code} {known.name}".strip()
            read = Text(zh=text, en=text)
            if not known.code:
                read = Text(zh=f"{text}（仅名称，待关联）", en=f"{text} (by name only, not linked)")
        made.append(
            PreviewCell(
                WHOSE,
                (*plan.code, *plan.name),
                _harmless(" ".join(part for part in (code, name) if part)),
                read,
                owner.problem.reason if owner.problem else None,
            )
        )
    return made


def _field_cells(cells: pa.Table, entry: FieldPlan, column: Column) -> list[PreviewCell]:
    sent = first_filled(cells, entry.columns).to_pylist()
    made = []
    for place, value in enumerate(column.values.to_pylist()):
        problem = column.problem_at(place)
        made.append(
            PreviewCell(
                entry.field.title,
                entry.columns,
                _harmless(sent[place] or ""),
                None if problem or value is None else read_as(value, entry.field),
                problem.reason if problem else None,
            )
        )
    return made


def _harmless(cell: str) -> str:
    return as_sent({"": cell}).get("", "")


def read_as(value: Any, field: RecordField) -> Text:
    """A typed value in words: what was understood, not what was written."""
    if field.values and value in field.values:
        return field.values[value]
    if isinstance(value, bool):
        return Text(zh="是", en="yes") if value else Text(zh="否", en="no")
    if field.type is FieldType.MONEY:
        yuan = Decimal(value) / 100
        return Text(zh=f"{yuan:,.2f} 元", en=f"{yuan:,.2f} yuan")
    if field.type is FieldType.ENTERPRISE:
        value = str(value).removeprefix(CODE).removeprefix(NAME)
    if isinstance(value, date):
        value = value.isoformat()
    if isinstance(value, Decimal):
        value = f"{value.normalize():,f}"
    return Text(zh=str(value), en=str(value))
