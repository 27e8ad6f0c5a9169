"""One member of a ZIP archive to draft from. The intake opens archives far more warily."""

from __future__ import annotations

import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

#: As many bytes of a member are unpacked.
UNPACKED = 256 << 20
_ENDINGS = {".csv", ".txt", ".tsv", ".xls", ".xlsx", ".json", ".jsonl", ".parquet"}
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError)


@dataclass(frozen=True)
class Unpacked:
    """A member that was written out; `pattern` fits it and `count` members in all."""

    path: Path
    pattern: str
    count: int


def is_workbook(path: Path) -> bool:
    """Whether a ZIP archive is an XLSX workbook, or one that cannot be opened."""
    try:
        with zipfile.ZipFile(path) as archive:
            return "[Content_Types].xml" in archive.namelist()
    except (zipfile.BadZipFile, OSError):
        return True


def unpack_one(path: Path, folder: Path) -> Unpacked:
    """The first member with the ending that most tables have. Raises ValueError, saying why not."""
    try:
        with zipfile.ZipFile(path) as archive:
            tables = [
                (one, PurePosixPath(one.filename).suffix.lower())
                for one in archive.infolist()
                if not one.is_dir() and "__MACOSX" not in one.filename
            ]
            endings = Counter(ending for _, ending in tables if ending in _ENDINGS)
            if not endings:
                raise ValueError("without a table in it")
            ending, count = endings.most_common(1)[0]
            first = next(one for one, its in tables if its == ending)
            inside = folder / f"{path.stem}{ending}"
            _write(archive, first, inside)
    except _DAMAGED as error:
        raise ValueError("that cannot be unpacked") from error
    return Unpacked(inside, f"*{ending}", count)


def _write(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path) -> None:
    left = UNPACKED
    with archive.open(member) as packed, target.open("wb") as out:
        while block := packed.read(1 << 18):
            left -= len(block)
            if left < 0:
                raise ValueError("that unpacks to too much")
            out.write(block)
