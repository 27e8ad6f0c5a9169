"""Small pushes beside a large upload, and how long until a reader sees each of them.

One process pushes single records, one after another; a second one opens fresh snapshots and looks
for them. The time runs from calling the verb to the first snapshot that shows the row.
"""

from __future__ import annotations

import multiprocessing
import queue
import time
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event
from types import TracebackType
from typing import Any, Self

#: Feeds that are pushed to, in turn: that of the large upload and another one.
FEEDS = ("tax_payments", "tax_export_refunds")
CODE = "91331000MA2800001P"
PAUSE, LOOK = 0.1, 0.01
#: Seconds after the upload in which the last pushes must be seen.
PATIENCE = 30

type Marker = tuple[str, float]


class Pushing:
    """Pushes and watches inside the block; afterwards `times` holds seconds until seen."""

    def __init__(self) -> None:
        spawning = multiprocessing.get_context("spawn")
        self._over: Event = spawning.Event()
        self._sent: Queue[Marker | None] = spawning.Queue()
        self._seen: Queue[list[float] | str] = spawning.Queue()
        self._ready = spawning.Barrier(3)
        self._processes = [
            spawning.Process(target=push_until, args=(self._over, self._ready, self._sent)),
            spawning.Process(target=watch, args=(self._ready, self._sent, self._seen)),
        ]
        self.times: list[float] = []

    def __enter__(self) -> Self:
        for process in self._processes:
            process.start()
        self._ready.wait(timeout=120)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        found = self._seen.get(timeout=2 * PATIENCE + 60)
        for process in self._processes:
            process.join()
        if isinstance(found, str):
            raise SystemExit(found)
        self.times = found


def record(number: int, text: str) -> tuple[str, dict[str, str]]:
    """A feed, and a sound record for it whose period is `text`."""
    feed = FEEDS[number % len(FEEDS)]
    cells = {"纳税人识别号": CODE, "纳税人名称": "", "所属期": text}
    if feed == FEEDS[0]:
        cells |= {"税种": "增值税", "入库日期": "2026-10-10", "实缴金额": "1.00", "计税依据": "9"}
    else:
        cells |= {"退税日期": "2026-10-10", "退税额": "1.00"}
    return feed, cells


def push_until(over: Event, ready: Any, sent: Queue[Marker | None]) -> None:
    """Push one record after another until the upload is over."""
    from xinrong.cli.main import set_up_django

    set_up_django()
    from xinrong.collect.services import push
    from xinrong.domain.clock import SystemClock

    for number in range(-2, 0):  # what a process does once: modules, caches, connections
        feed, cells = record(number, f"first {number}")
        push(feed, [cells], key=f"first {number}", by="benchmark", clock=SystemClock())
    ready.wait()
    number = 0
    try:
        while not over.is_set():
            text = f"push {number}"
            feed, cells = record(number, text)
            sent.put((text, time.monotonic()))
            push(feed, [cells], key=text, by="benchmark", clock=SystemClock())
            number += 1
            over.wait(PAUSE)
    finally:
        sent.put(None)


def watch(ready: Any, sent: Queue[Marker | None], seen: Queue[list[float] | str]) -> None:
    """Look for what was pushed until everything was seen."""
    from xinrong.cli.main import set_up_django

    set_up_django()
    from xinrong.store import services as store
    from xinrong.subjects.models import Subject

    ready.wait()
    subject = Subject.objects.get(key=f"code:{CODE}").pk
    pending: dict[str, float] = {}
    times: list[float] = []
    ended: float | None = None
    while ended is None or pending:
        ended = _take(sent, pending) or ended
        if ended is not None and time.monotonic() > ended + PATIENCE:
            seen.put(f"never seen: {', '.join(pending)}")
            return
        if pending:
            with store.snapshot() as snap:
                rows = snap.records([subject], columns=["t1"])
            now = time.monotonic()
            there = pending.keys() & set(rows["t1"].to_pylist())
            times += [now - pending.pop(text) for text in there]
        time.sleep(LOOK)
    seen.put(times)


def _take(sent: Queue[Marker | None], pending: dict[str, float]) -> float | None:
    """What was pushed since; the moment of the end, when it has come."""
    while True:
        try:
            found = sent.get_nowait()
        except queue.Empty:
            return None
        if found is None:
            return time.monotonic()
        pending[found[0]] = found[1]
