"""A disk that is full or may not be written: what a library says of it, in words for a person.

The operating system, DuckDB, Arrow, SQLite and PostgreSQL each have their own word for it. None of
them is imported here: their errors are known by number, state or text.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from xinrong.domain.errors import XinrongError

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_SHUT = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})
#: SQLSTATE of PostgreSQL; names of SQLite's codes (the last: no room for its shared memory).
_FULL_STATES = frozenset({"53100", "SQLITE_FULL", "SQLITE_IOERR_SHMSIZE"})
_SHUT_STATES = frozenset({"SQLITE_READONLY", "SQLITE_READONLY_DIRECTORY", "SQLITE_CANTOPEN"})
_FULL_WORDS = ("No space left on device", "Disk quota exceeded", "File too large")
_SHUT_WORDS = ("Read-only file system", "Permission denied")


class DiskFull(XinrongError):
    """There is no room for what had to be written; nothing of it counts."""

    code = "disk_full"


class DiskReadOnly(XinrongError):
    """A folder or file may not be used; nothing of what had to be written counts."""

    code = "disk_read_only"


def of_disk(error: BaseException) -> XinrongError | None:
    """What a person is told of an error, if it, or what caused it, comes from a disk; else None."""
    at: BaseException | None = error
    while at is not None:
        if isinstance(at, XinrongError):
            return None
        states = {str(getattr(at, name, "")) for name in ("sqlstate", "sqlite_errorname")}
        number = getattr(at, "errno", None)
        words = str(at)
        if number in _FULL or states & _FULL_STATES or _says(words, _FULL_WORDS):
            return DiskFull(
                f"the disk is full: {_short(words)}",
                remedy="Nothing of this was committed. Make room on it, then do the same again.",
            )
        if number in _SHUT or states & _SHUT_STATES or _says(words, _SHUT_WORDS):
            return DiskReadOnly(
                f"access was refused: {_short(words)}",
                remedy="Nothing of this was committed. Give the platform's user the right to read "
                "and write there, or mount the disk for writing, then do the same again.",
            )
        at = at.__cause__ or at.__context__
    return None


def _says(words: str, any_of: tuple[str, ...]) -> bool:
    return any(phrase in words for phrase in any_of)


def _short(words: str) -> str:
    """The first line, without what a library adds for its own people."""
    first = words.strip().partition("\n")[0]
    _, found, inner = first.partition('"exception_message":"')
    return (inner.partition('","')[0].replace('\\"', "'") if found else first).rstrip(".")


@contextmanager
def disk_told() -> Iterator[None]:
    """Inside, an error of a disk becomes DiskFull or DiskReadOnly. Decorates functions as well."""
    try:
        yield
    except Exception as error:
        told = of_disk(error)
        if told is None:
            raise
        raise told from error
