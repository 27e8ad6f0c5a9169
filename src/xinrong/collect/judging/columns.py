"""Which column of a file fills which field of the contract, settled once per file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

import pyarrow as pa
import pyarrow.compute as pc

from xinrong.catalogue.contract import Contract, RecordField
from xinrong.catalogue.feed import Feed, Source
from xinrong.collect.judging.values import tidy, translate
from xinrong.collect.readers.types import FileError, Note
from xinrong.domain.errors import Place
from xinrong.domain.text import Text


@dataclass(frozen=True)
class FieldPlan:
    """A field of the contract and the file's columns that are tried for it, in order."""

    field: RecordField
    source: Source
    columns: tuple[str, ...]

    def text(self, chunk: pa.Table) -> pa.Array:
        """The field's cells, tidied: the first column that is not empty, else the constant."""
        found = first_filled(chunk, self.columns)
        if self.source.constant:
            constant = pa.scalar(self.source.constant, pa.string())
            found = pc.fill_null(found, constant)
        return translate(found, self.source.values)


@dataclass(frozen=True)
class Plan:
    """How one file is read: fields in contract order, subject columns, notes on its headings."""

    fields: tuple[FieldPlan, ...]
    code: tuple[str, ...]
    name: tuple[str, ...]
    notes: tuple[Note, ...] = field(default=())


def first_filled(chunk: pa.Table, columns: Sequence[str]) -> pa.Array:
    """Per row the tidied cell of the first of `columns` that is not empty; null where none is."""
    cells = [tidy(flat(chunk.column(name))) for name in columns]
    if not cells:
        return pa.nulls(chunk.num_rows, pa.string())
    return cells[0] if len(cells) == 1 else pc.coalesce(*cells)


def flat(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """One array of plain strings, whatever the reader gave."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if isinstance(array, pa.ChunkedArray):  # combine_chunks keeps several when they are very large
        array = pa.concat_arrays(array.chunks)
    return array if array.type == pa.string() else pc.cast(array, pa.string())


def as_tuple(columns: str | tuple[str, ...]) -> tuple[str, ...]:
    """The columns of a subject entry of a feed, in the order in which they are tried."""
    if isinstance(columns, str):
        return (columns,) if columns else ()
    return columns


def plan_columns(feed: Feed, contract: Contract, headings: Sequence[str], file: str = "") -> Plan:
    """Match a feed's mapping with a file's headings.

    Raises FileError when a column of the subject, of the key or of a required field is missing,
    and when a column of an optional field is missing while another one is unknown: it was probably
    renamed, and reading on would turn every record into one without that field.
    """
    present = set(headings)
    missing, extra = unmatched(feed, headings)
    if missing and (extra or vital_fields(contract) & set(missing)):
        raise _missing(missing, extra, file)
    plans = []
    for entry in contract.fields:
        source = feed.source(entry.name)
        if source is not None and entry.name not in missing:
            columns = tuple(name for name in source.columns if name in present)
            plans.append(FieldPlan(entry, source, columns))
    return Plan(
        tuple(plans),
        tuple(name for name in as_tuple(feed.subject.code) if name in present),
        tuple(name for name in as_tuple(feed.subject.name) if name in present),
        tuple(_notes(missing, extra)),
    )


def unmatched(
    feed: Feed, headings: Sequence[str]
) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
    """What of feed and file does not meet.

    Field (or `subject`, `subject name`) -> the columns of which none is there; and the headings
    that the feed does not know.
    """
    present, wanted = set(headings), _wanted(feed)
    missing = {name: tried for name, tried in wanted.items() if tried and not present & set(tried)}
    return missing, _unknown(feed, headings, wanted)


def vital_fields(contract: Contract) -> set[str]:
    """The fields without whose columns no file of the category can be read."""
    return {"subject", *contract.key, *(f.name for f in contract.fields if f.required)}


def _wanted(feed: Feed) -> dict[str, tuple[str, ...]]:
    """Field (or `subject`) -> the columns of which at least one has to be there.

    Where a feed sends codes, the code is the subject: names alone would make every record another
    one that belongs to nobody yet.
    """
    codes, names = as_tuple(feed.subject.code), as_tuple(feed.subject.name)
    wanted: dict[str, tuple[str, ...]] = {"subject": codes or names}
    if codes and names:
        wanted["subject name"] = names
    for name in feed.mapping:
        source = feed.source(name)
        if source is not None and source.columns and not source.constant:
            wanted[name] = source.columns
        elif source is not None:
            wanted[name] = ()
    return wanted


def _unknown(
    feed: Feed, headings: Sequence[str], wanted: dict[str, tuple[str, ...]]
) -> tuple[str, ...]:
    """Headings that the feed neither reads nor ignores."""
    read = {name for names in wanted.values() for name in names} | set(feed.ignore)
    read |= set(feed.register_file.columns if feed.register_file else ())
    read |= {name for key in feed.mapping for name in (feed.source(key) or Source()).columns}
    return tuple(name for name in headings if name and name not in read)


def _missing(missing: dict[str, tuple[str, ...]], extra: tuple[str, ...], file: str) -> FileError:
    listed = "、".join("/".join(tried) for tried in missing.values())
    first = next(iter(missing.values()))[0]
    near = get_close_matches(first, extra, n=1, cutoff=0.3) or list(extra[:1])
    zh = "请在文件中补上该列；如果列已改名，请在数据源配置中登记新列名。"
    en = "Add the column to the file; if it was renamed, give the feed its new name."
    if near:
        zh += f"是否就是“{near[0]}”？"
        en += f" Is it {near[0]}?"
    return FileError(
        "column_missing",
        Text(zh=f"缺少列：{listed}。", en=f"A column is missing: {listed}."),
        Text(zh=zh, en=en),
        place=Place(file=file, field=first),
    )


def _notes(missing: dict[str, tuple[str, ...]], extra: tuple[str, ...]) -> list[Note]:
    notes = []
    if missing:
        listed = "、".join("/".join(tried) for tried in missing.values())
        text = Text(
            zh=f"文件没有可选列：{listed}；这些字段按空处理。",
            en=f"Optional columns are not in the file: {listed}; their fields are empty.",
        )
        notes.append(Note("columns_missing", text, len(missing)))
    if extra:
        listed = "、".join(extra)
        text = Text(
            zh=f"文件多出未登记的列：{listed}；没有读取。",
            en=f"The file has columns that the feed does not know: {listed}; they were not read.",
        )
        notes.append(Note("columns_extra", text, len(extra)))
    return notes
