"""Compiles the shim that records writes, and reads its log."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

SOURCE = Path(__file__).with_name("record.c")
HEAD = struct.Struct("<BiqIII")


class CompilerMissingError(Exception):
    """The shim cannot be built here; the text says what is missing."""


class Kind(IntEnum):
    """What an entry of the log is about. The numbers are those of record.c."""

    OPEN = 1
    CLOSE = 2
    WRITE = 3
    SYNC = 4
    TRUNCATE = 5
    RENAME = 6
    UNLINK = 7
    MKDIR = 8
    RMDIR = 9
    MARK = 10
    DUP = 11
    STRANGE = 12


@dataclass(frozen=True)
class Entry:
    """One call, or one line of the program itself (`MARK`, its text in `data`).

    `offset` is where a write went, the flags of an open, the length of a truncation, or the new
    handle of a duplicated one.
    """

    kind: Kind
    handle: int
    offset: int
    first: str
    second: str
    data: bytes


def compiled(folder: Path) -> Path:
    """The shim, built into `folder`. Raises CompilerMissingError."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        raise CompilerMissingError("no C compiler (Debian package `gcc`)")
    made = folder / "record.so"
    if not made.exists():
        flags = ["-shared", "-fPIC", "-O1", "-o", str(made), str(SOURCE), "-ldl", "-pthread"]
        done = subprocess.run([compiler, *flags], capture_output=True, text=True, check=False)
        if done.returncode:
            raise CompilerMissingError(f"the C compiler failed: {done.stderr.strip()[-300:]}")
    return made


def recording(shim: Path, root: Path, log: Path, kill_at: int = 0) -> dict[str, str]:
    """The environment in which a program is recorded below `root`.

    With `kill_at` the program ends by SIGKILL right after its change of that number.
    """
    kept = {"PROOF_KILL": str(kill_at)} if kill_at else {}
    return {
        "LD_PRELOAD": str(shim),
        "PROOF_ROOT": str(root.resolve()),
        "PROOF_LOG": str(log),
        **kept,
    }


def entries(log: Path) -> Iterator[Entry]:
    """The log's entries in their order; a last one that was cut off is left out."""
    size = log.stat().st_size
    with log.open("rb") as file:
        while file.tell() + HEAD.size <= size:
            kind, handle, offset, first, second, data = HEAD.unpack(file.read(HEAD.size))
            rest = file.read(first + second + data)
            if len(rest) < first + second + data:
                return
            yield Entry(
                Kind(kind),
                handle,
                offset,
                os.fsdecode(rest[:first]),
                os.fsdecode(rest[first : first + second]),
                rest[first + second :],
            )
