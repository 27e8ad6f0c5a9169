"""The members of an archive read one after another, as one file.

Rows are numbered on from member to member, so that each number of the upload means one row; a note
says which numbers belong to which member.
"""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from xinrong.catalogue.feed import NAMED_FORMATS, Layout
from xinrong.collect.readers.sniff import not_packed
from xinrong.collect.readers.types import Bounds, FileError, Note, RawChunk, RowSource
from xinrong.collect.readers.unpacking import Archive, shown_name
from xinrong.domain.errors import Place
from xinrong.domain.text import Text

#: Opens an unpacked member.
Opener = Callable[[Path], RowSource]


@dataclass(frozen=True)
class Member:
    """One member: where it was unpacked to, and what it is called."""

    path: Path
    name: str


def open_archive(path: Path, layout: Layout, bounds: Bounds, opener: Opener) -> RowSource:
    """Open the members that the layout names. Raises FileError as they do, with their names."""
    workbook = layout.format in ("xls", "xlsx")
    with Archive(path, bounds) as archive:
        if archive.is_workbook and workbook:
            source = opener(path)
            source.notes.append(not_packed())
            return source
        names = archive.matching(layout.members)
        folder = Path(tempfile.mkdtemp(prefix="xinrong-"))
        try:
            members = [
                Member(archive.unpack(name, folder, workbook=workbook), name) for name in names
            ]
            source = ArchiveSource(path.name, members, opener, layout)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        weakref.finalize(source, shutil.rmtree, folder, ignore_errors=True)
        source.notes += _others([name for name in archive.members if name not in names])
        return source


class ArchiveSource(RowSource):
    """The opened members. What was unpacked is deleted with this object."""

    def __init__(self, file: str, members: list[Member], opener: Opener, layout: Layout) -> None:
        super().__init__(file, (), [])
        self._members = members
        self._opener = opener
        self._loose = layout.format in NAMED_FORMATS and layout.format != "parquet"
        columns: dict[str, None] = {}
        for member in members:
            with self._naming(member):
                source = opener(member.path)
                if columns and not self._loose:
                    _check_same(tuple(columns), source.columns)
            columns.update(dict.fromkeys(source.columns))
        self._only = source if len(members) == 1 else None
        self.columns = tuple(columns)

    def _chunks(self, rows: int) -> Iterator[RawChunk]:
        last = 0
        starts = []
        for member in self._members:
            with self._naming(member):
                source = self._only or self._opener(member.path)
                starts.append((member.name, last))
                before = last
                for chunk in source.chunks(rows):
                    moved = self._moved(chunk, before)
                    numbers = [fault.row_no for fault in moved.faults]
                    last = max(last, *numbers, *moved.row_no[-1:].tolist())
                    yield moved
            self.blank += source.blank
            self.notes += self._of_member(member, source.notes)
        self.notes += _numbers(starts)

    def _moved(self, chunk: RawChunk, before: int) -> RawChunk:
        """A member's chunk under the columns of all, its rows counted on."""
        cells = chunk.cells
        if chunk.columns != self.columns:
            held = set(chunk.columns)
            nothing = pa.nulls(cells.num_rows, pa.string())
            cells = pa.table(
                [cells.column(name) if name in held else nothing for name in self.columns],
                names=list(self.columns),
            )
        faults = [
            replace(
                fault, row_no=fault.row_no + before, original=self._under(fault.original, chunk)
            )
            for fault in chunk.faults
        ]
        return RawChunk(self.columns, chunk.row_no + np.int32(before), cells, faults)

    def _under(self, original: list[str], chunk: RawChunk) -> list[str]:
        """A broken row's cells in the order of the columns of all; those beyond follow."""
        if chunk.columns == self.columns:
            return original
        by_name = dict(zip(chunk.columns, original, strict=False))
        beyond = original[len(chunk.columns) :]
        return [*(by_name.get(name, "") for name in self.columns), *beyond]

    def _of_member(self, member: Member, notes: list[Note]) -> list[Note]:
        if len(self._members) == 1:
            return notes
        name = shown_name(member.name)
        return [
            replace(note, text=Text(zh=f"{name}：{note.text.zh}", en=f"{name}: {note.text.en}"))
            for note in notes
        ]

    @contextmanager
    def _naming(self, member: Member) -> Iterator[None]:
        """Errors name the member, not the file that it was unpacked to."""
        try:
            yield
        except FileError as error:
            error.place = replace(error.place, file=f"{self.file}/{shown_name(member.name)}")
            raise


def _check_same(columns: tuple[str, ...], other: tuple[str, ...]) -> None:
    missing = "、".join(name for name in columns if name not in other)
    extra = "、".join(name for name in other if name not in columns)
    if not missing and not extra:
        return
    raise FileError(
        "other_headings",
        Text(
            zh=f"列名与压缩包内前面的文件不同：缺 {missing or '（无）'}，多 {extra or '（无）'}。",
            en=f"Its headings differ from those of the members before: missing "
            f"{missing or '(none)'}, more {extra or '(none)'}.",
        ),
        Text(
            zh="请使各文件列名一致，或分开报送。",
            en="Give all members the same headings, or send them one by one.",
        ),
        place=Place(),
    )


def _others(names: list[str]) -> list[Note]:
    if not names:
        return []
    listed = "、".join(shown_name(name) for name in sorted(names)[:10])
    more = "…" if len(names) > 10 else ""
    text = Text(
        zh=f"压缩包内另有文件，没有读取：{listed}{more}。",
        en=f"Other members of the archive were not read: {listed}{more}.",
    )
    return [Note("other_members", text, len(names))]


def _numbers(starts: list[tuple[str, int]]) -> list[Note]:
    if len(starts) == 1:
        return []
    zh = "；".join(f"{shown_name(name)} 从 {before} 之后起" for name, before in starts)
    en = "; ".join(f"{shown_name(name)} after {before}" for name, before in starts)
    text = Text(
        zh=f"压缩包内各文件依次读取，行号连续编排：{zh}。",
        en=f"The members were read one after another and their rows numbered on: {en}.",
    )
    return [Note("members", text, len(starts))]
