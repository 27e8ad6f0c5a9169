"""Putting a dropped file aside, with what became of it beside it."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from xinrong.collect.models import Receipt
from xinrong.collect.rejects.export import export_rejects
from xinrong.domain.errors import XinrongError

RECEIPT, REASON, REJECTS = ".receipt.json", ".reason.json", ".rejects.csv"
_FOLDER = os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY | os.O_CLOEXEC
_NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC


def receipt_as_dict(receipt: Receipt) -> dict[str, Any]:
    """A receipt as plain data."""
    counts = (
        "rows_in accepted corrected quarantined duplicates unlinked repaired blank notes seconds"
    )
    return {
        "batch": receipt.batch,
        "feed": receipt.feed,
        "category": receipt.category,
        "department": receipt.department,
        "source_name": receipt.source_name,
        "source_digest": receipt.source_digest,
        **{name: getattr(receipt, name) for name in counts.split()},
        "received_at": receipt.received_at.isoformat(),
        "repeated": receipt.repeated,
    }


def reason_as_dict(error: XinrongError) -> dict[str, Any]:
    """Why a file was refused, as plain data."""
    words = getattr(error, "words", None)
    return {
        "code": error.code,
        "wrong": error.wrong,
        "place": str(error.place),
        "remedy": error.remedy,
        **({"zh": words.zh, "en": words.en} if words is not None else {}),
    }


def settle(
    folder: int,
    into: str,
    name: str,
    source: int,
    done: Receipt | XinrongError,
    *,
    lock: Path,
) -> str:
    """Move `name` from the folder `source` into the folder `into` of `folder`; its new name.

    All folders are handles, so that no link leads elsewhere. What became of the file is written
    first: a process that dies in between leaves the file to be settled again, under the same
    name. Nothing that lies there is overwritten.
    """
    ending, content = _beside(done)
    with suppress(FileExistsError):
        os.mkdir(into, 0o755, dir_fd=folder)
    target = os.open(into, _FOLDER, dir_fd=folder)
    try:
        with _alone(lock):
            chosen = _free_name(target, name, ending, content)
            if isinstance(done, Receipt) and done.quarantined:
                _write(target, f"{chosen}{REJECTS}", export_rejects(done))
            _write(target, f"{chosen}{ending}", _json(content))
            os.rename(name, chosen, src_dir_fd=source, dst_dir_fd=target)
            os.fsync(target)
    finally:
        os.close(target)
    return chosen


def _beside(done: Receipt | XinrongError) -> tuple[str, dict[str, Any]]:
    if isinstance(done, Receipt):
        return RECEIPT, receipt_as_dict(done)
    return REASON, reason_as_dict(done)


def _json(content: dict[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1).encode() + b"\n"


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Nobody else chooses a name meanwhile."""
    with lock.open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _free_name(target: int, name: str, ending: str, content: dict[str, Any]) -> str:
    """The name itself, else with a number; one that only the same receipt has is free."""
    stem, dot, suffix = name.partition(".")
    number = 1
    while True:
        chosen = name if number == 1 else f"{stem}-{number}{dot}{suffix}"
        if not _exists(target, chosen):
            there = _read(target, f"{chosen}{ending}")
            if there is None or there.get("batch", "") == content.get("batch"):
                return chosen
        number += 1


def _exists(folder: int, name: str) -> bool:
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


def _read(folder: int, name: str) -> dict[str, Any] | None:
    """What is written there; nothing to be read counts as another's."""
    if not _exists(folder, name):
        return None
    try:
        handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
        with os.fdopen(handle, encoding="utf-8") as file:
            found = json.load(file)
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _write(folder: int, name: str, content: bytes) -> None:
    """A file that is whole or not there under its name."""
    unfinished = f".{name}.part"
    handle = os.open(unfinished, _NEW, 0o644, dir_fd=folder)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.rename(unfinished, name, src_dir_fd=folder, dst_dir_fd=folder)
