"""Work on the next chunks while the last one is put away.

Reading, judging and writing a chunk take turns on the processor: the libraries below let others
run while they work, so a reader, a few workers and the caller keep two processors busy. What is
asked of the database is asked by the caller alone, on the caller's connection.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from typing import cast

#: Items that are read, worked on or done and not yet taken: what bounds the memory.
AHEAD = 3
WORKERS = 2


class _End:
    """There is no further item."""


_END = _End()


def in_order[Item, Result](
    items: Iterator[Item], work: Callable[[Item], Result]
) -> Iterator[Result]:
    """`work` of every item, in the items' order; `items` is read by one thread of its own.

    What reading or working raises is raised here, at the place of the item.
    """

    def step(read: Future[Item | _End]) -> Result | _End:
        item = read.result()
        return item if isinstance(item, _End) else work(item)

    with ExitStack() as ending:
        reader, workers = ThreadPoolExecutor(1), ThreadPoolExecutor(WORKERS)
        ending.callback(reader.shutdown, cancel_futures=True)
        ending.callback(workers.shutdown, cancel_futures=True)
        waiting: deque[Future[Result | _End]] = deque()
        while True:
            while len(waiting) < AHEAD:
                read = reader.submit(cast("Callable[..., Item | _End]", next), items, _END)
                waiting.append(workers.submit(step, read))
            done = waiting.popleft().result()
            if isinstance(done, _End):
                return
            yield done
