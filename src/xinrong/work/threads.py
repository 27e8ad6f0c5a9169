"""Several things at once, in threads whose connections to the database end with them.

What waits for a database or for somebody else's answer waits side by side; a connection is kept for
as long as its thread lives, because opening one costs more than most of what is asked over it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from threading import Barrier, BrokenBarrierError
from typing import Any

from django.db import close_old_connections, connections

#: Seconds that a thread is waited for before its connections are left to themselves.
PATIENCE = 60.0
Map = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]


@contextmanager
def several(at_once: int) -> Iterator[Map]:
    """`map` in so many threads; in this one where it is one. An error comes where it is read."""
    if at_once < 2:
        yield map
        return
    with ThreadPoolExecutor(at_once) as pool:
        try:
            yield lambda job, things: pool.map(partial(_done, job), things)
        finally:
            together = Barrier(at_once)  # one for each thread: none takes two
            list(pool.map(_ended, [together] * at_once))


def _done(job: Callable[[Any], Any], thing: Any) -> Any:
    """The job; a connection that broke on it is not used for the next."""
    try:
        return job(thing)
    finally:
        close_old_connections()


def _ended(together: Barrier) -> None:
    with suppress(BrokenBarrierError):
        together.wait(PATIENCE)
    connections.close_all()
