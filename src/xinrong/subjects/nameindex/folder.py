"""Where an index lies: a folder for each generation, and a small file that names the one in use.

A generation is written beside the others, flushed to disk, and only then named. Whoever is killed
before that leaves a folder that the next writer sweeps; whoever reads keeps what it opened, for a
file that is mapped stays there until it is closed.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from xinrong.subjects.nameindex.codes import Codes, write_codes
from xinrong.subjects.nameindex.segment import Segment

#: Of the arrays and what they mean; a generation of another number is as good as none.
FORMAT = 2
#: A folder that is being written and was not touched for so long belongs to nobody any more.
ABANDONED = 3_600.0
_POINTER, _MANIFEST, _MAKING = "current", "manifest.json", ".making"
_LOCK, _DROPPED = ".lock", "dropped"


@dataclass(frozen=True, slots=True)
class Mark:
    """Up to which rows of the register the names were read, and a row by which to know it again.

    `names` and `enterprises` are primary keys; `last` is the name in the row `names`.
    """

    names: int = 0
    enterprises: int = 0
    last: str = ""


@dataclass(frozen=True)
class Generation:
    """An index on disk."""

    folder: Path
    mark: Mark
    segment: Segment
    codes: Codes


def keep(
    segment: Segment,
    root: Path,
    mark: Mark | None = None,
    codes: Iterable[tuple[int, str]] = (),
    since: str | None = None,
) -> bool:
    """Write a generation and put it in use; the folders of others go.

    `since`: what `dropped` said before the names were read. Where names were dropped meanwhile,
    nothing is put in use, for what was written may hold them, and False is returned.
    """
    root.mkdir(parents=True, exist_ok=True)
    name = f"{time.time_ns()}-{secrets.token_hex(4)}"
    making, folder = root / (name + _MAKING), root / name
    making.mkdir()
    segment.save(making)
    write_codes(codes, making)
    manifest = {"format": FORMAT, "mark": asdict(mark or Mark())}
    (making / _MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")
    for path in (*making.iterdir(), making):
        _flush(path)
    with alone(root):
        if since is not None and since != dropped(root):
            shutil.rmtree(making)
            return False
        making.rename(folder)
        pointer = root / f"{name}{_MAKING}.{_POINTER}"
        pointer.write_text(name, encoding="ascii")
        _flush(pointer)
        pointer.replace(root / _POINTER)
        _flush(root)
        sweep(root, name)
    return True


def dropped(root: Path) -> str:
    """A sign that changes whenever generations are dropped."""
    try:
        return (root / _DROPPED).read_text(encoding="ascii")
    except FileNotFoundError:
        return ""


def current(root: Path) -> str:
    """The name of the generation in use, "" when there is none."""
    try:
        return (root / _POINTER).read_text(encoding="ascii")
    except FileNotFoundError:
        return ""


def read(root: Path) -> Generation | None:
    """The generation in use; None when there is none, or one that another version wrote."""
    for _ in range(3):  # it may be replaced between the two looks
        name = current(root)
        if not name:
            return None
        folder = root / name
        try:
            manifest = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
            if manifest["format"] != FORMAT:
                return None
            return Generation(folder, Mark(**manifest["mark"]), *_arrays(folder))
        except FileNotFoundError:
            continue
    return None


def _arrays(folder: Path) -> tuple[Segment, Codes]:
    return Segment.load(folder), Codes.load(folder)


def drop(root: Path) -> None:
    """Remove every generation: nothing of any name is left here."""
    root.mkdir(parents=True, exist_ok=True)
    with alone(root):
        (root / _DROPPED).write_text(secrets.token_hex(8), encoding="ascii")
        (root / _POINTER).unlink(missing_ok=True)
        sweep(root, "", abandoned=0.0)


@contextmanager
def alone(root: Path, what: str = "naming") -> Iterator[None]:
    """One process at a time: names the generation in use or drops it, or makes one."""
    with (root / f"{what}{_LOCK}").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def sweep(root: Path, used: str, abandoned: float = ABANDONED) -> None:
    """Remove the generations that are not in use, and what a killed writer left."""
    if not root.is_dir():
        return
    for path in root.iterdir():
        if path.name in {used, _POINTER, _DROPPED} or path.name.endswith(_LOCK):
            continue
        if _MAKING in path.name and time.time() - path.stat().st_mtime < abandoned:
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
