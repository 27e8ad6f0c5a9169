"""Files that are put into a folder: taken once, when they are complete, and moved out of the way.

    FOLDER/<feed>/x.csv               put here by the department; `x.csv.done` says it is whole
    FOLDER/<feed>/taken/              x.csv, x.csv.receipt.json and, if need be, x.csv.rejects.csv
    FOLDER/<feed>/refused/            x.csv and x.csv.reason.json
    FOLDER/.taking/<feed>/<token>/    a file at work, out of reach of the department

A file is claimed by its lock and moved out of the department's folder before it is read. The lock
ends with the process, so a file that a dead process left behind is taken up by the next scan; if
its batch was committed before, the same bytes give the first receipt and it is only moved.
"""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from xinrong.catalogue.region import Region
from xinrong.collect.collecting import collect_file
from xinrong.collect.drop.settling import settle
from xinrong.collect.errors import DropError, FileChanged
from xinrong.collect.models import Receipt
from xinrong.collect.readers import FileError
from xinrong.domain.clock import Clock
from xinrong.domain.errors import Place

#: Takes a file of a feed: `services.collect_file` with the region and clock already said.
Take = Callable[[Path, str], Receipt]
TAKING = ".taking"
DONE = ".done"
#: Endings and beginnings of names under which programs write what is not whole yet.
UNFINISHED = (".tmp", ".part", ".partial", ".filepart", ".crdownload", ".swp", "~")
HIDDEN = (".", "~$", "_tmp")
#: An empty folder of a claim is removed when it is older than this, in seconds.
STALE = 3_600
LONGEST_NAME = 180  # bytes; what is put beside the file has a longer one
_OPEN = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_FOLDER = os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY | os.O_CLOEXEC


@dataclass(frozen=True)
class Dropped:
    """What became of one file: its receipt, or why it was refused, or what is in the way.

    `trouble` is no fault of the file: it stays where it is and is tried again.
    """

    feed: str
    name: str
    receipt: Receipt | None = None
    refused: FileError | DropError | None = None
    trouble: Exception | None = None


@dataclass(frozen=True)
class _Claim:
    """A file at work: nobody else has its lock."""

    feed: str
    path: Path
    handle: int


class DropFolder:
    """One folder with a folder for each feed. `settle_seconds`: how long a file must lie still."""

    def __init__(self, folder: Path, region: Region, take: Take, *, settle_seconds: float) -> None:
        if not folder.is_dir():
            raise DropError(
                f"{folder} is no folder",
                remedy="Make it, and in it a folder for each feed, named like the feed.",
            )
        self.folder = folder
        self.region = region
        self._take = take
        self._settle_seconds = settle_seconds
        self._still: dict[tuple[str, str], tuple[tuple[int, int], float]] = {}
        self._told: set[str] = set()

    def scan(self, stop: Event | None = None) -> Iterator[Dropped]:
        """Take every file that is complete, the oldest first. `stop` ends it between two files."""
        for feed, claims in (
            *((feed, self._left_behind(feed)) for feed in self._feeds()),
            *((feed, self._waiting(feed)) for feed in self._feeds()),
        ):
            for claim in claims:
                if isinstance(claim, Dropped):
                    yield claim
                else:
                    yield self._taken(feed, claim)
                if stop is not None and stop.is_set():
                    return
        yield from self._strangers()

    def _feeds(self) -> list[str]:
        return [feed for feed in sorted(self.region.feeds) if self._is_folder(self.folder / feed)]

    def _strangers(self) -> Iterator[Dropped]:
        """Folders that are no feed's: told once."""
        for path in sorted(self.folder.iterdir()):
            known = path.name in self.region.feeds and self._is_folder(path)
            if known or path.name.startswith(".") or path.name in self._told:
                continue
            self._told.add(path.name)
            wrong = DropError(
                "this is no folder of a feed, nothing in it is taken",
                place=Place(file=path.name),
                remedy="Name the folder exactly like the feed; links are not followed.",
            )
            yield Dropped("", path.name, trouble=wrong)

    @staticmethod
    def _is_folder(path: Path) -> bool:
        try:
            return stat.S_ISDIR(path.lstat().st_mode)
        except OSError:
            return False

    # --- what is there ---------------------------------------------------------------------

    def _waiting(self, feed: str) -> Iterator[_Claim | Dropped]:
        """Complete files of a feed, each claimed just before it is given out."""
        with opened_folder(self.folder / feed) as folder:
            found = self._complete(feed, folder)
        for name in found:
            with opened_folder(self.folder / feed) as folder:
                try:
                    claim = self._claim(feed, folder, name)
                except OSError as error:
                    yield Dropped(feed, name, trouble=error)
                    continue
            if claim is not None:
                yield claim

    def _complete(self, feed: str, folder: int) -> list[str]:
        """Names of the files that are whole, by the time they were last written."""
        with os.scandir(folder) as entries:
            names = {entry.name for entry in entries}
        found, seen = [], set()
        for name in names:
            if name.startswith(HIDDEN) or name.lower().endswith((*UNFINISHED, DONE)):
                continue
            with suppress(FileNotFoundError):
                about = os.stat(name, dir_fd=folder, follow_symlinks=False)
                if stat.S_ISDIR(about.st_mode):
                    continue
                seen.add((feed, name))
                if f"{name}{DONE}" in names or self._lies_still(feed, name, about):
                    found.append((about.st_mtime_ns, name))
        for key in [key for key in self._still if key[0] == feed and key not in seen]:
            del self._still[key]
        return [name for _, name in sorted(found)]

    def _lies_still(self, feed: str, name: str, about: os.stat_result) -> bool:
        """Neither size nor times have changed for a while, by the file's clock or by ours."""
        stamp = (about.st_size, max(about.st_mtime_ns, about.st_ctime_ns))
        now = time.monotonic()
        known = self._still.get((feed, name))
        if known is None or known[0] != stamp:
            before = max(time.time() - stamp[1] / 1e9, 0.0) if known is None else 0.0
            known = self._still[feed, name] = (stamp, now - before)
        return now - known[1] >= self._settle_seconds

    # --- claiming --------------------------------------------------------------------------

    def _claim(self, feed: str, folder: int, name: str) -> _Claim | Dropped | None:
        """Lock a file and move it out of the department's reach; None when another has it."""
        try:
            handle = os.open(name, _OPEN, dir_fd=folder)
        except FileNotFoundError:
            return None
        except OSError as error:
            if error.errno not in (errno.ELOOP, errno.ENXIO):
                raise
            return self._refuse_in_place(feed, folder, name)
        try:
            if not _locked(handle) or not _same(handle, name, folder):
                os.close(handle)
                return None
            about = os.fstat(handle)
            if not stat.S_ISREG(about.st_mode) or about.st_nlink != 1 or not _plain(name):
                os.close(handle)
                return self._refuse_in_place(feed, folder, name)
            return _Claim(feed, self._moved(feed, folder, name), handle)
        except BaseException:
            with suppress(OSError):
                os.close(handle)
            raise

    def _moved(self, feed: str, folder: int, name: str) -> Path:
        room = self.folder / TAKING / feed / secrets.token_hex(8)
        room.mkdir(parents=True, mode=0o700)
        os.rename(name, room / name, src_dir_fd=folder)
        with suppress(FileNotFoundError):
            os.unlink(f"{name}{DONE}", dir_fd=folder)
        return room / name

    def _refuse_in_place(self, feed: str, folder: int, name: str) -> Dropped:
        """A link or a device: the entry itself is put aside, what it points to is not touched."""
        wrong = DropError(
            "only plain files are taken: no links, no devices, no names with hidden signs",
            place=Place(file=_shown(name)),
            remedy="Copy the file itself into the folder, under a short plain name.",
        )
        settle(folder, "refused", name, folder, wrong, lock=self._lock())
        return Dropped(feed, _shown(name), refused=wrong)

    def _left_behind(self, feed: str) -> Iterator[_Claim]:
        """Files that a process claimed and did not finish."""
        rooms = self.folder / TAKING / feed
        if not self._is_folder(rooms):
            return
        for room in sorted(rooms.iterdir()):
            names = sorted(path.name for path in room.iterdir()) if self._is_folder(room) else []
            for name in names:
                with suppress(OSError), opened_folder(room) as folder:
                    handle = os.open(name, _OPEN, dir_fd=folder)
                    if _locked(handle) and _same(handle, name, folder):
                        yield _Claim(feed, room / name, handle)
                    else:
                        os.close(handle)
            if not names and time.time() - room.lstat().st_mtime > STALE:
                with suppress(OSError):
                    room.rmdir()

    # --- taking ----------------------------------------------------------------------------

    def _taken(self, feed: str, claim: _Claim) -> Dropped:
        name = claim.path.name
        try:
            return self._finished(feed, claim)
        except Exception as error:  # noqa: BLE001 - no fault of the file: told, and tried again
            return Dropped(feed, name, trouble=error)
        finally:
            os.close(claim.handle)
            with suppress(OSError):
                claim.path.parent.rmdir()

    def _finished(self, feed: str, claim: _Claim) -> Dropped:
        name = claim.path.name
        done: Receipt | FileError
        try:
            done = self._take(claim.path, feed)
        except FileChanged as error:  # its sender writes on: it waits here until that ends
            return Dropped(feed, name, trouble=error)
        except FileError as error:
            done = error
        into = "refused" if isinstance(done, FileError) else "taken"
        with opened_folder(self.folder / feed) as folder, opened_folder(claim.path.parent) as room:
            settle(folder, into, name, room, done, lock=self._lock())
        if isinstance(done, FileError):
            return Dropped(feed, name, refused=done)
        return Dropped(feed, name, receipt=done)

    def _lock(self) -> Path:
        lock = self.folder / TAKING / "lock"
        lock.parent.mkdir(mode=0o700, exist_ok=True)
        return lock


def watch(
    folder: DropFolder, stop: Event, told: Callable[[Dropped], None], poll_seconds: float
) -> None:
    """Scan until `stop` is set; a file at work is finished first."""
    while not stop.is_set():
        for one in folder.scan(stop):
            told(one)
        stop.wait(poll_seconds)


def drop_folder(
    folder: Path, region: Region, *, clock: Clock, settle_seconds: float = 10.0
) -> DropFolder:
    """The folder of a region, its files taken in as they come. Raises DropError."""

    def take(path: Path, feed: str) -> Receipt:
        return collect_file(path, feed, clock=clock, region=region)

    return DropFolder(folder, region, take, settle_seconds=settle_seconds)


@contextmanager
def opened_folder(path: Path) -> Iterator[int]:
    """A handle of a folder itself. Raises OSError for a link."""
    handle = os.open(path, _FOLDER)
    try:
        yield handle
    finally:
        os.close(handle)


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _same(handle: int, name: str, folder: int) -> bool:
    """Whether the name still leads to what was opened."""
    try:
        here = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    about = os.fstat(handle)
    return (about.st_dev, about.st_ino) == (here.st_dev, here.st_ino)


def _plain(name: str) -> bool:
    """A name that a database and every file system keeps."""
    try:
        return len(name.encode()) <= LONGEST_NAME and name.isprintable()
    except UnicodeEncodeError:
        return False


def _shown(name: str) -> str:
    return name.encode("utf-8", "replace").decode()
