"""Reading a file under the feed's own headings: renamed columns, corrected rejects.

A person may say which of a file's headings stands for which column of the feed; the reader then
answers as if the file had been sent with the feed's headings. A file of rejected rows that comes
back corrected is known by the columns that `rejects` put before the sender's own: it is read as
the text that it is, whatever the feed agrees on, and without those columns.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from xinrong.catalogue.feed import Feed, Layout
from xinrong.collect.readers import FileError, Note, RawChunk, RowSource, open_rows
from xinrong.collect.rejects import ADDED
from xinrong.domain.errors import Place
from xinrong.domain.text import Text

#: The file's heading → the feed's column.
Renaming = Mapping[str, str]
_ESCAPED = r"^'([=+\-@\t\r])"  # what `rejects.safe_cell` puts before a cell


def open_sent(path: Path, feed: Feed, renamed: Renaming | None = None) -> RowSource:
    """Open a file as its feed's layout says, under the feed's headings.

    Raises FileError as `open_rows` does, and when the renaming does not fit the file's headings.
    """
    source = open_rows(path, corrected_layout(path) or feed.layout)
    if source.columns[: len(ADDED)] == ADDED:
        source = CorrectedRows(source)
    return RenamedRows(source, renamed) if renamed else source


def corrected_layout(path: Path) -> Layout | None:
    """The layout of a corrected file of rejects, in the encodings that spreadsheets save."""
    with path.open("rb") as stream:
        head = stream.read(200).removeprefix(codecs.BOM_UTF8)
    for encoding in ("utf-8", "gb18030"):
        for delimiter in (",", "\t", ";"):
            if head.startswith(delimiter.join(ADDED).encode(encoding)):
                return Layout.model_validate(
                    {"format": "csv", "encoding": encoding, "delimiter": delimiter}
                )
    return None


class _Wrapped(RowSource):
    """A source that answers for another one."""

    def __init__(self, inner: RowSource, columns: tuple[str, ...], note: Note) -> None:
        inner.notes.append(note)
        super().__init__(inner.file, columns, inner.notes)
        self._inner = inner

    def _chunks(self, rows: int) -> Iterator[RawChunk]:
        for chunk in self._inner.chunks(rows):
            self.blank = self._inner.blank
            yield self._other(chunk)
        self.blank = self._inner.blank

    def _other(self, chunk: RawChunk) -> RawChunk:
        raise NotImplementedError


class RenamedRows(_Wrapped):
    """A file whose columns answer to the feed's names. Raises FileError when they cannot."""

    def __init__(self, inner: RowSource, renamed: Renaming) -> None:
        _check(inner, renamed)
        columns = tuple(renamed.get(name, name) for name in inner.columns)
        listed = [f"{sent} → {meant}" for sent, meant in renamed.items()]
        text = Text(
            zh=f"按报送人的对应关系读取的列：{'、'.join(listed)}。",
            en=f"Columns read under other names, as the sender said: {', '.join(listed)}.",
        )
        super().__init__(inner, columns, Note("columns_renamed", text, len(renamed)))

    def _other(self, chunk: RawChunk) -> RawChunk:
        cells = chunk.cells.rename_columns(list(self.columns))
        return replace(chunk, columns=self.columns, cells=cells)


class CorrectedRows(_Wrapped):
    """Rejected rows that came back: without the reasons, and with cells as they are meant."""

    def __init__(self, inner: RowSource) -> None:
        self._names = inner.columns[len(ADDED) :]
        columns = tuple(_unescaped(name) for name in self._names)
        text = Text(
            zh="这是更正后的隔离行文件：行号、规则和原因各列没有读取。",
            en="This is a corrected file of rejected rows: its columns of row numbers, rules and "
            "reasons were not read.",
        )
        super().__init__(inner, columns, Note("corrected_rejects", text))

    def _other(self, chunk: RawChunk) -> RawChunk:
        cells = [
            pc.replace_substring_regex(chunk.cells[name], _ESCAPED, r"\1") for name in self._names
        ]
        faults = [
            replace(fault, original=[_unescaped(cell) for cell in fault.original[len(ADDED) :]])
            for fault in chunk.faults
        ]
        table = pa.table(cells, names=list(self.columns))
        return replace(chunk, columns=self.columns, cells=table, faults=faults)


def _unescaped(cell: str) -> str:
    marked = len(cell) > 1 and cell[0] == "'" and cell[1] in "=+-@\t\r"
    return cell[1:] if marked else cell


def _check(source: RowSource, renamed: Renaming) -> None:
    unknown = [name for name in renamed if name not in source.columns]
    if unknown:
        raise _misfit(
            source,
            unknown[0],
            Text(zh="文件没有这一列", en="The file has no column of this name"),
        )
    after = [renamed.get(name, name) for name in source.columns]
    twice = [name for name in after if after.count(name) > 1]
    if twice:
        raise _misfit(
            source,
            twice[0],
            Text(zh="有两列都对应这一列", en="Two columns would both be this one"),
        )


def _misfit(source: RowSource, name: str, wrong: Text) -> FileError:
    return FileError(
        "renaming_misfit",
        Text(zh=f"{wrong.zh}：{name}。", en=f"{wrong.en}: {name}."),
        Text(zh="请重新选择列的对应关系。", en="Choose again which column stands for which."),
        place=Place(file=source.file, field=name),
    )
