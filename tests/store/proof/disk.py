"""A disk that forgets: what is on it after a power cut, by what was synced before.

It follows the log of `recorder`, knowing what the program sees and what the disk must keep:

* what was written to a file is kept once that file was synced; before, each block of 512 or 4096
  bytes is kept or lost on its own;
* a name (created, renamed, removed) is kept once its *folder* was synced; before, it may be absent
  although the file itself was synced;
* nothing else is promised. Journaling file systems promise more; the store must not need it.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path, PurePosixPath

from tests.store.proof.recorder import Entry, Kind


class Luck(StrEnum):
    """What a cut leaves of everything that was not synced."""

    NOTHING = "nothing"
    NAMES = "names"  # the names, and none of the bytes: files of length 0
    BYTES = "bytes"  # the bytes, and none of the names
    TORN = "torn"  # each block and each name on its own
    PREFIX = "prefix"  # names in their order up to some point, blocks on their own
    ALL = "all"


@dataclass
class File:
    """Bytes as the program sees them, bytes that are safe, and the changes in between."""

    seen: bytearray = field(default_factory=bytearray)
    safe: bytearray = field(default_factory=bytearray)
    loose: list[tuple[int, bytes | None]] = field(default_factory=list)  # None: cut to this length

    def write(self, offset: int, data: bytes) -> None:
        _write(self.seen, offset, data)
        self.loose.append((offset, data))

    def truncate(self, length: int) -> None:
        _truncate(self.seen, length)
        self.loose.append((length, None))

    def sync(self) -> None:
        for offset, data in self.loose:
            if data is None:
                _truncate(self.safe, offset)
            else:
                _write(self.safe, offset, data)
        self.loose.clear()

    def after_cut(self, luck: Luck, dice: random.Random) -> bytes:
        """The bytes on the disk."""
        if luck in (Luck.NOTHING, Luck.NAMES):
            return bytes(self.safe)
        if luck in (Luck.ALL, Luck.BYTES):
            return bytes(self.seen)
        left = bytearray(self.safe)
        for offset, data in self.loose:
            if data is None:
                if dice.random() < 0.5:
                    _truncate(left, offset)
                continue
            block = dice.choice((512, 4096))
            start = offset
            while start < offset + len(data):
                end = min((start // block + 1) * block, offset + len(data))
                if dice.random() < 0.5:
                    _write(left, start, data[start - offset : end - offset])
                start = end
        return bytes(left)


@dataclass
class Folder:
    """Names as the program sees them, names that are safe, and the changes in between.

    A change is a set of names and what each leads to (None: nothing); a rename is one change.
    """

    seen: dict[str, File | Folder] = field(default_factory=dict)
    safe: dict[str, File | Folder] = field(default_factory=dict)
    loose: list[dict[str, File | Folder | None]] = field(default_factory=list)

    def change(self, names: dict[str, File | Folder | None]) -> None:
        _apply(self.seen, names)
        self.loose.append(names)

    def sync(self) -> None:
        for names in self.loose:
            _apply(self.safe, names)
        self.loose.clear()

    def after_cut(self, luck: Luck, dice: random.Random) -> dict[str, File | Folder]:
        """The names on the disk."""
        if luck in (Luck.NOTHING, Luck.BYTES):
            return self.safe
        if luck in (Luck.ALL, Luck.NAMES):
            return self.seen
        kept = self.loose[: dice.randint(0, len(self.loose))] if luck == Luck.PREFIX else self.loose
        left = dict(self.safe)
        for names in kept:
            if luck == Luck.PREFIX or dice.random() < 0.5:
                _apply(left, names)
        return left


class Disk:
    """Follows the log of what was done in `root`; what lay there before (`base`) is safe."""

    def __init__(self, base: Path, root: Path) -> None:
        self.root = root.resolve()
        self.top = _load(base)
        self.handles: dict[int, File | Folder] = {}
        self.strange: list[str] = []

    def follow(self, entry: Entry) -> None:
        """Do to this disk what the program did to its own."""
        match entry.kind:
            case Kind.OPEN:
                self.handles[entry.handle] = self._opened(entry)
            case Kind.CLOSE:
                self.handles.pop(entry.handle, None)
            case Kind.DUP:
                self.handles[entry.offset] = self.handles[entry.handle]
            case Kind.WRITE:
                self._file(entry).write(entry.offset, entry.data)
            case Kind.TRUNCATE:
                self._file(entry).truncate(entry.offset)
            case Kind.SYNC:
                self.handles[entry.handle].sync()
            case _:
                self._follow_name(entry)

    def _follow_name(self, entry: Entry) -> None:
        match entry.kind:
            case Kind.RENAME:
                self._rename(entry.first, entry.second)
            case Kind.MKDIR:
                self._change(entry.first, Folder())
            case Kind.UNLINK | Kind.RMDIR:
                self._change(entry.first, None)
            case Kind.STRANGE:
                self.strange.append(f"{entry.first} {entry.second}".strip())

    def _file(self, entry: Entry) -> File:
        found = self._find(entry.first) if entry.first else self.handles[entry.handle]
        assert isinstance(found, File), entry
        return found

    def _opened(self, entry: Entry) -> File | Folder:
        found = self._find(entry.first)
        if found is None:
            assert entry.offset & os.O_CREAT, f"opened without a trace: {entry.first}"
            found = File()
            self._change(entry.first, found)
        elif entry.offset & os.O_TRUNC and isinstance(found, File):
            found.truncate(0)
        return found

    def _steps(self, path: str) -> tuple[str, ...]:
        return PurePosixPath(path).relative_to(self.root).parts

    def _find(self, path: str) -> File | Folder | None:
        found: File | Folder | None = self.top
        for name in self._steps(path):
            if not isinstance(found, Folder):
                return None
            found = found.seen.get(name)
        return found

    def _parent(self, path: str) -> tuple[Folder, str]:
        *above, name = self._steps(path)
        found: File | Folder = self.top
        for step in above:
            assert isinstance(found, Folder)
            found = found.seen[step]
        assert isinstance(found, Folder)
        return found, name

    def _change(self, path: str, to: File | Folder | None) -> None:
        folder, name = self._parent(path)
        folder.change({name: to})

    def _rename(self, old: str, new: str) -> None:
        before, old_name = self._parent(old)
        after, new_name = self._parent(new)
        moved = before.seen[old_name]
        if before is after:
            before.change({old_name: None, new_name: moved})
        else:
            after.change({new_name: moved})
            before.change({old_name: None})

    def cut(self, into: Path, luck: Luck, dice: random.Random) -> None:
        """Write what the disk holds after a power cut now into an empty folder."""
        _store(self.top, into, luck, dice)

    def same_as(self, folder: Path) -> list[str]:
        """Where this disk differs from a real one that nothing happened to; -shm is left out."""
        return _differences(self.top, folder)


def _write(content: bytearray, offset: int, data: bytes) -> None:
    if len(content) < offset:
        content.extend(bytes(offset - len(content)))
    content[offset : offset + len(data)] = data


def _truncate(content: bytearray, length: int) -> None:
    if len(content) > length:
        del content[length:]
    else:
        content.extend(bytes(length - len(content)))


def _apply(names: dict[str, File | Folder], change: dict[str, File | Folder | None]) -> None:
    for name, to in change.items():
        if to is None:
            names.pop(name, None)
        else:
            names[name] = to


def _load(folder: Path) -> Folder:
    made = Folder()
    for path in _sorted(folder.iterdir()):
        if path.is_dir():
            made.safe[path.name] = _load(path)
        else:
            content = path.read_bytes()
            made.safe[path.name] = File(bytearray(content), bytearray(content))
    made.seen = dict(made.safe)
    return made


def _store(folder: Folder, into: Path, luck: Luck, dice: random.Random) -> None:
    into.mkdir(parents=True, exist_ok=True)
    for name, found in sorted(folder.after_cut(luck, dice).items()):
        if isinstance(found, Folder):
            _store(found, into / name, luck, dice)
        elif not name.endswith("-shm"):  # shared memory of SQLite, made anew at the next start
            (into / name).write_bytes(found.after_cut(luck, dice))


def _differences(folder: Folder, real: Path) -> list[str]:
    there = {path.name: path for path in real.iterdir() if not path.name.endswith("-shm")}
    known = {name: one for name, one in folder.seen.items() if not name.endswith("-shm")}
    found = [
        f"{real / name} is only {'there' if name in there else 'in the record'}"
        for name in sorted(there.keys() ^ known.keys())
    ]
    for name in sorted(there.keys() & known.keys()):
        one = known[name]
        if isinstance(one, Folder):
            found += _differences(one, there[name])
        elif bytes(one.seen) != there[name].read_bytes():
            found.append(f"{there[name]} has other bytes")
    return found


def _sorted(paths: Iterable[Path]) -> list[Path]:
    return sorted(paths, key=lambda path: path.name)
