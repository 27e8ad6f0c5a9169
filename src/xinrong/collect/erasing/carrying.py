"""Where an enterprise is still named outside the store: quarantined rows, uploads, dropped files.

What was quarantined was not understood, so it is searched as text: its code as sent (full-width,
small letters and spaces count as the same), or a cell that is one of its names, or a longer name
anywhere in a cell.
"""

from __future__ import annotations

import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.parquet as pq

from xinrong.collect.enums import OPEN_STATES
from xinrong.collect.models import QuarantinedRow, Upload
from xinrong.collect.uploads import spool

#: A shorter name is looked for as a whole cell only: three characters occur in too many others.
LONG_NAME = 4
#: Where a folder drop puts files aside.
ASIDE = ("taken", "refused")
#: What takes the place of a quarantined row's problems once it is erased.
RULE = "erased"
_BLOCK = 1 << 20
_ENCODINGS = ("utf-8", "gb18030", "utf-16-le")


@dataclass(frozen=True)
class Marks:
    """What an enterprise is known by, evened out for searching."""

    codes: frozenset[str]
    names: frozenset[str]

    @classmethod
    def of(cls, codes: Iterable[str], names: Iterable[str]) -> Marks:
        """Marks of codes and names as they are written; empty ones are left out."""
        return cls(
            frozenset(filter(None, map(even, codes))), frozenset(filter(None, map(even, names)))
        )

    def in_cells(self, cells: Iterable[str]) -> bool:
        """Whether a row carries one of them."""
        evened = [even(cell) for cell in cells]
        if not self.names.isdisjoint(evened):
            return True
        searched = [*self.codes, *(name for name in self.names if len(name) >= LONG_NAME)]
        whole = "\x1f".join(evened)
        return any(mark in whole for mark in searched)

    def as_bytes(self) -> list[bytes]:
        """The marks as a file of some encoding may hold them."""
        texts = [*self.codes, *(name for name in self.names if len(name) >= LONG_NAME)]
        return [text.encode(encoding) for text in texts for encoding in _ENCODINGS]


def even(text: str) -> str:
    """Full-width forms, case and white space evened out."""
    return "".join(unicodedata.normalize("NFKC", text).upper().split())


def quarantined(marks: Marks, category: str = "") -> Iterator[int]:
    """The quarantined rows (their numbers) that carry a mark and still hold their cells."""
    rows = QuarantinedRow._base_manager.order_by("pk")  # noqa: SLF001 - also of open uploads
    if category:
        rows = rows.filter(receipt__category=category)
    for number, original in rows.values_list("pk", "original").iterator(2_000):
        cells = [*original, *(str(cell) for cell in original.values())]
        if original and marks.in_cells(cells):
            yield number


def uploads(marks: Marks) -> list[Upload]:
    """Open uploads whose bytes carry a mark."""
    found = Upload.objects.filter(state__in=OPEN_STATES).order_by("pk")
    return [upload for upload in found if file_carries(spool.path_of(upload), marks)]


def dropped(folders: Iterable[Path], marks: Marks) -> list[Path]:
    """Files that folder drops have put aside, taken or refused, and that carry a mark."""
    aside = [
        path
        for folder in folders
        for kind in ASIDE
        for path in sorted(folder.glob(f"*/{kind}/*"))
        if path.is_file() and not path.is_symlink()
    ]
    return [path for path in aside if file_carries(path, marks)]


def file_carries(path: Path, marks: Marks) -> bool:
    """Whether a file holds a mark, looking into zip files, workbooks and Parquet too."""
    wanted = marks.as_bytes()
    if not path.exists() or not wanted:
        return False
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                return any(_member_holds(archive, name, wanted) for name in archive.namelist())
        if _begins_with(path, b"PAR1"):
            return any(_table_holds(part, marks) for part in _parquet(path))
    except (zipfile.BadZipFile, pa.ArrowException, RuntimeError, OSError):
        pass  # half an upload, or one that nobody can open: its bytes are searched as they are
    with path.open("rb") as file:
        return _stream_holds(file, wanted)


def _begins_with(path: Path, magic: bytes) -> bool:
    with path.open("rb") as file:
        return file.read(len(magic)) == magic


def _member_holds(archive: zipfile.ZipFile, name: str, wanted: list[bytes]) -> bool:
    with archive.open(name) as member:
        return _stream_holds(member, wanted)


def _stream_holds(stream: IO[bytes], wanted: list[bytes]) -> bool:
    """Block by block, so that no file has to fit in memory; a mark may lie across two blocks."""
    overlap = max(map(len, wanted)) - 1
    held = b""
    while block := stream.read(_BLOCK):
        held += block
        if any(mark in held for mark in wanted):
            return True
        held = held[-overlap:] if overlap else b""
    return False


def _parquet(path: Path) -> Iterator[pa.RecordBatch]:
    with pq.ParquetFile(path) as file:
        yield from file.iter_batches()


def _table_holds(part: pa.RecordBatch, marks: Marks) -> bool:
    return any(
        marks.in_cells(str(cell) for cell in row.values() if cell is not None)
        for row in part.to_pylist()
    )
