"""Error cells of an old workbook (BIFF8 in a compound file), which a reader of values leaves out.

Only what is needed for that is read: the chain of sectors that holds the stream `Workbook`
([MS-CFB], 2.3 to 2.6), the offset of the sheet, and its records BOOLERR and FORMULA ([MS-XLS],
2.4.24, 2.4.127 and 2.5.198.2). Nothing is evaluated.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from pathlib import Path

from xinrong.collect.readers.sheet_xml import OddCells

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: Error codes ([MS-XLS], 2.5.10).
ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
_BOF, _EOF, _BOUNDSHEET, _BOOLERR, _FORMULA = 0x0809, 0x000A, 0x0085, 0x0205, 0x0006
#: A cell of either kind that holds an error; looked for closely when it is there.
_ODD = re.compile(rb"\x05\x02\x08\x00.{7}\x01|\x06\x00.{8}\x02.{5}\xff\xff", re.DOTALL)
_END = 0xFFFFFFFA  # this and greater numbers are no sectors
_MINI = 4096  # a shorter stream lies in the mini stream; a workbook's never does in practice


def old_errors(path: Path, sheet: str) -> OddCells:
    """The error cells of a sheet of an old workbook; none where the file cannot be followed.

    Raises OverflowError when there is no end of them.
    """
    found = OddCells()
    try:
        stream = _stream(path.read_bytes())
    except (struct.error, IndexError, ValueError):
        return found  # what reads values has judged the file; we only look closer
    if not _ODD.search(stream):
        return found
    for kind, body in _records(stream, _offset(stream, sheet)):
        if kind not in (_BOOLERR, _FORMULA) or len(body) < 8:
            continue
        row, column = struct.unpack_from("<HH", body)
        if kind == _BOOLERR and body[7] == 1:
            found.add(row + 1, column, "e", ERRORS.get(body[6], "#ERROR"), formula=False)
        elif kind == _FORMULA and body[12:14] == b"\xff\xff" and body[6] == 2:
            found.add(row + 1, column, "e", ERRORS.get(body[8], "#ERROR"), formula=True)
    return found


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """The records of one sheet, without those of charts within it."""
    depth, at = 0, start
    while 0 <= at <= len(stream) - 4:
        kind, size = struct.unpack_from("<HH", stream, at)
        if kind == _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth == 0:
                return
        elif depth == 1:
            yield kind, stream[at + 4 : at + 4 + size]
        at += 4 + size


def _offset(stream: bytes, sheet: str) -> int:
    """Where the sheet's records begin; -1 where no sheet has that name."""
    for kind, body in _records(stream, 0):
        if kind != _BOUNDSHEET or len(body) < 8:
            continue
        offset, _, length, wide = struct.unpack_from("<IHBB", body)
        name = (
            body[8 : 8 + length * 2].decode("utf-16-le", "replace")
            if wide & 1
            else (body[8 : 8 + length].decode("latin-1"))
        )
        if name == sheet:
            return int(offset)
    return -1


def _stream(data: bytes) -> bytes:
    """The bytes of the stream `Workbook`. Raises ValueError where there is none to follow."""
    if data[:8] != MAGIC:
        raise ValueError("no compound file")
    size = 1 << struct.unpack_from("<H", data, 30)[0]
    if size not in (512, 4096):
        raise ValueError("no size of a sector")
    directory, difat, many = (
        struct.unpack_from("<I", data, 48)[0],
        *struct.unpack_from("<II", data, 68),
    )
    tables = [one for one in struct.unpack_from("<109I", data, 76) if one < _END]
    for _ in range(min(many, len(data) // size)):
        if difat >= _END:
            break
        *more, difat = struct.unpack_from(f"<{size // 4}I", data, (difat + 1) * size)
        tables += [one for one in more if one < _END]
    fat: list[int] = []
    for sector in tables:
        fat += struct.unpack_from(f"<{size // 4}I", data, (sector + 1) * size)
    entries = _chain(data, fat, directory, size)
    for at in range(0, len(entries) - 127, 128):
        length = struct.unpack_from("<H", entries, at + 64)[0]
        name = entries[at : at + max(0, length - 2)].decode("utf-16-le", "replace")
        if name in ("Workbook", "Book"):
            first, whole = struct.unpack_from("<II", entries, at + 116)
            if whole < _MINI:
                raise ValueError("a stream too short for a workbook")
            return _chain(data, fat, first, size)[:whole]
    raise ValueError("no workbook in it")


def _chain(data: bytes, fat: list[int], first: int, size: int) -> bytes:
    """The bytes of a chain of sectors. Raises ValueError for one that turns in a circle."""
    parts: list[bytes] = []
    sector = first
    while sector < _END:
        if len(parts) > len(fat):
            raise ValueError("a chain without an end")
        parts.append(data[(sector + 1) * size : (sector + 2) * size])
        sector = fat[sector]
    return b"".join(parts)
