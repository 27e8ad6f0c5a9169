"""Where an index lies: a folder for each generation, and a small file that names the one in use.

A generation is written beside the others, flushed to disk, and only then named. Whoever is killed
before that leaves a folder that the next writer sweeps; whoever reads keeps what it opened, for a
file that is mapped stays there until it is closed.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from xinrong.subjects.nameindex.segment import Segment

#: Of the arrays and what they mean; a generation of another number is as good as none.
FORMAT = 1
#: A folder that is being written and was not touched for so long belongs to nobody any more.
ABANDONED = 3_600.0
_POINTER, _MANIFEST, _MAKING = "current", "manifest.json", ".making"


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


def keep(segment: Segment, root: Path, mark: Mark | None = None) -> Path:
    """Write a generation and put it in use; the folders of others go. Returns its folder."""
    root.mkdir(parents=True, exist_ok=True)
    name = f"{time.time_ns()}-{secrets.token_hex(4)}"
    making, folder = root / (name + _MAKING), root / name
    making.mkdir()
    segment.save(making)
    manifest = {"format": FORMAT, "mark": asdict(mark or Mark())}
    (making / _MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")
    for path in (*making.iterdir(), making):
        _flush(path)
    making.rename(folder)
    pointer = root / f"{name}{_MAKING}.{_POINTER}"
    pointer.write_text(name, encoding="ascii")
    _flush(pointer)
    pointer.replace(root / _POINTER)
    _flush(root)
    sweep(root, name)
    return folder


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
            return Generation(folder, Mark(**manifest["mark"]), Segment.load(folder))
        except FileNotFoundError:
            continue
    return None


def drop(root: Path) -> None:
    """Remove every generation: nothing of any name is left here."""
    (root / _POINTER).unlink(missing_ok=True)
    sweep(root, "")


def sweep(root: Path, used: str) -> None:
    """Remove the generations that are not in use, and what a killed writer left."""
    if not root.is_dir():
        return
    for path in root.iterdir():
        if path.name in {used, _POINTER}:
            continue
        if _MAKING in path.name and time.time() - path.stat().st_mtime < ABANDONED:
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
