"""Reading a file under the feed's own headings: renamed columns, corrected rejects.

A person may say which of a file's headings stands for which column of the feed; the reader then
answers as if the file had been sent with the feed's headings. A file of rejected rows that comes
back corrected is read by `corrected`, whatever the feed agrees on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from xinrong.catalogue.feed import Feed
from xinrong.collect.readers import FileError, Note, RawChunk, RowSource, open_rows
from xinrong.collect.rejects.corrected import corrected_layout, open_corrected
from xinrong.domain.errors import Place
from xinrong.domain.text import Text

__all__ = ["RenamedRows", "Renaming", "corrected_layout", "open_sent"]

#: The file's heading → the feed's column.
Renaming = Mapping[str, str]


def open_sent(path: Path, feed: Feed, renamed: Renaming | None = None) -> RowSource:
    """Open a file as its feed's layout says, under the feed's headings.

    Raises FileError as `open_rows` does, and when the renaming does not fit the file's headings.
    """
    source = open_corrected(path) or open_rows(path, feed.layout)
    return RenamedRows(source, renamed) if renamed else source


class RenamedRows(RowSource):
    """A file whose columns answer to the feed's names. Raises FileError when they cannot."""

    def __init__(self, inner: RowSource, renamed: Renaming) -> None:
        _check(inner, renamed)
        columns = tuple(renamed.get(name, name) for name in inner.columns)
        listed = [f"{sent} → {meant}" for sent, meant in renamed.items()]
        text = Text(
            zh=f"按报送人的对应关系读取的列：{'、'.join(listed)}。",
            en=f"Columns read under other names, as the sender said: {', '.join(listed)}.",
        )
        inner.notes.append(Note("columns_renamed", text, len(renamed)))
        super().__init__(inner.file, columns, inner.notes)
        self._inner = inner

    def _chunks(self, rows: int) -> Iterator[RawChunk]:
        for chunk in self._inner.chunks(rows):
            self.blank = self._inner.blank
            cells = chunk.cells.rename_columns(list(self.columns))
            yield replace(chunk, columns=self.columns, cells=cells)
        self.blank = self._inner.blank


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
