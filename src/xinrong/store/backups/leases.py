"""Leases: while a backup copies parts, the clean-up of replaced parts leaves them alone.

A lease is a small file in the store's folder with the seq from which parts must stay and the
moment at which it ends by itself, should its holder be killed. It is renewed while it is held.
"""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

from xinrong.domain.clock import Clock
from xinrong.store.manifest import layout, sync_folder

#: How long a lease lasts unless it is renewed, and how often it is.
LASTS = timedelta(minutes=15)
RENEWED_EVERY = timedelta(minutes=1)


def _folder() -> Path:
    return layout().root / "leases"


@contextmanager
def lease(seq: int, clock: Clock) -> Iterator[None]:
    """Keep every part that was in use at `seq` or is replaced later, until the block ends."""
    folder = _folder()
    folder.mkdir(exist_ok=True)
    path = folder / f"{uuid.uuid4().hex}.json"
    over = threading.Event()
    _write(path, seq, clock)
    keeper = threading.Thread(target=_renew, args=(path, seq, clock, over), daemon=True)
    keeper.start()
    try:
        yield
    finally:
        over.set()
        keeper.join()
        path.unlink(missing_ok=True)


def _renew(path: Path, seq: int, clock: Clock, over: threading.Event) -> None:
    while not over.wait(RENEWED_EVERY.total_seconds()):
        _write(path, seq, clock)


def _write(path: Path, seq: int, clock: Clock) -> None:
    content = {"seq": seq, "expires": (clock.now() + LASTS).isoformat()}
    new = path.with_suffix(".new")
    new.write_text(json.dumps(content), encoding="utf-8")
    new.replace(path)
    sync_folder(path.parent)


def kept_after(now: datetime) -> int | None:
    """Parts replaced after this seq must stay, for a backup in progress; None: there is none.

    Leases that have ended are removed.
    """
    kept: list[int] = []
    for path in _folder().glob("*.json"):
        with suppress(FileNotFoundError):  # given back at this moment
            found = json.loads(path.read_text(encoding="utf-8"))
            if datetime.fromisoformat(found["expires"]) > now:
                kept.append(int(found["seq"]))
            else:
                path.unlink()
    return min(kept, default=None)
