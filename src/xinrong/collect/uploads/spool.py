"""The bytes of open uploads on disk: `<UPLOADS_ROOT>/<key>/<name>`, readable by nobody else.

The file's own name stands at the end of the path because errors and receipts quote it.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path

from django.conf import settings

from xinrong.collect.models.uploads import Upload
from xinrong.collect.uploads.errors import NoRoom

#: The first bytes, by which a file that is chosen again is known.
HEAD = 1 << 20
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def root() -> Path:
    """The folder of all uploads."""
    return Path(settings.UPLOADS_ROOT)


def path_of(upload: Upload) -> Path:
    """Where the upload's bytes lie."""
    return root() / upload.key / upload.name


def make_room(upload: Upload) -> None:
    """A folder and an empty file. Raises NoRoom when the disk cannot hold the whole file."""
    folder = root() / upload.key
    with _room_for(upload):
        root().mkdir(parents=True, exist_ok=True, mode=0o700)
        if shutil.disk_usage(root()).free < upload.size:
            raise NoRoom(upload.name)
        folder.mkdir(mode=0o700)
        os.close(os.open(path_of(upload), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


@contextmanager
def locked(upload: Upload) -> Iterator[FileIO]:
    """The upload's file, for one writer at a time over all processes."""
    path = path_of(upload)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with FileIO(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def size_of(file: FileIO) -> int:
    """Bytes in the file now."""
    return os.fstat(file.fileno()).st_size


def append(file: FileIO, offset: int, data: bytes, upload: Upload) -> None:
    """Put `data` at `offset`, which becomes the end, durably.

    Raises NoRoom when the disk is full; the file then ends where it did.
    """
    try:
        with _room_for(upload):
            file.truncate(offset)
            file.seek(offset)
            rest = memoryview(data)
            while rest:
                rest = rest[file.write(rest) :]
            os.fsync(file.fileno())
    except NoRoom:
        file.truncate(offset)
        raise


def digest_of(file: FileIO, first: int | None = None) -> str:
    """SHA-256 of the whole file, or of its first bytes, in hexadecimal."""
    file.seek(0)
    if first is not None:
        return hashlib.sha256(file.read(first)).hexdigest()
    return hashlib.file_digest(file, "sha256").hexdigest()


def remove(key: str) -> None:
    """Delete an upload's bytes; harmless when they are gone."""
    shutil.rmtree(root() / key, ignore_errors=True)


def folders() -> list[Path]:
    """The folders that are there, whether or not an upload knows of them."""
    return sorted(path for path in root().iterdir() if path.is_dir()) if root().is_dir() else []


@contextmanager
def _room_for(upload: Upload) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise NoRoom(upload.name) from error
        raise
