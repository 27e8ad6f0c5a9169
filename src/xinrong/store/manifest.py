"""The store's folder: its manifest (format and bucket count) and where its files lie.

manifest.json   format, buckets: written once
parts/          immutable Parquet files
staging/        what an open batch holds before it is written as a part
temp/           the engine's own spill files
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from xinrong.store.errors import StoreError

FORMAT = 2


@dataclass(frozen=True)
class Layout:
    """Where things are and how many buckets subjects fall into (`subject % buckets`)."""

    root: Path
    buckets: int

    @property
    def parts(self) -> Path:
        return self.root / "parts"

    @property
    def staging(self) -> Path:
        return self.root / "staging"


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_file(path: Path) -> None:
    """Make a file's bytes durable."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def layout() -> Layout:
    """The configured store's layout; makes the folder and its manifest at first use.

    Raises StoreError when the folder holds a store of another format.
    """
    root = Path(settings.STORE_ROOT)
    path = root / "manifest.json"
    try:
        found = path.stat()
        manifest = _read(path, (found.st_ino, found.st_mtime_ns, found.st_size))
    except FileNotFoundError:
        manifest = _make(root, path)
    if manifest.get("format") != FORMAT:
        raise StoreError(
            f"the store in {root} has format {manifest.get('format')}, this program reads {FORMAT}",
            remedy="Use the release that wrote it, or restore a backup made by this one.",
        )
    return Layout(root, int(manifest["buckets"]))


@lru_cache(maxsize=8)
def _read(path: Path, _version: tuple[int, int, int]) -> dict[str, int]:
    """A manifest as it lies there: every look-up asks, and it never changes."""
    read: dict[str, int] = json.loads(path.read_text(encoding="utf-8"))
    return read


def _make(root: Path, path: Path) -> dict[str, int]:
    manifest = {"format": FORMAT, "buckets": int(settings.STORE_BUCKETS)}
    for folder in (root / "parts", root / "staging"):
        folder.mkdir(parents=True, exist_ok=True)
    # A folder whose own name is lost in a power cut takes everything in it along.
    for folder in (root, *root.resolve().parents):
        with suppress(PermissionError):  # above the data there may be folders we cannot read
            sync_folder(folder)
    temporary = path.with_suffix(f".{os.getpid()}")
    temporary.write_text(json.dumps(manifest), encoding="utf-8")
    sync_file(temporary)
    temporary.replace(path)
    sync_folder(root)
    return manifest
