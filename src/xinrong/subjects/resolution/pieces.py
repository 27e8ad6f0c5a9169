"""Names by the piece, over several processes."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import batched, islice
from multiprocessing import current_process, get_context
from typing import Self

#: Items that one process takes at a time; fewer than MANY are not worth a second process.
PIECE, MANY = 20_000, 50_000

#: The number of the first item, and the items.
type Piece[Item] = tuple[int, tuple[Item, ...]]


class Hands:
    """Processes that take pieces: begun when there is enough to do, ended with the block.

    `workers`: as many as there are processors when None.
    """

    def __init__(self, workers: int | None = None) -> None:
        self._workers = workers or os.cpu_count() or 1
        if current_process().daemon:
            self._workers = 1  # it may not have processes of its own
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown()
            self._pool = None

    def over[Item, Made](
        self, make: Callable[[Piece[Item]], Made], items: Iterable[Item]
    ) -> Iterator[Made]:
        """What `make`, a function of a module, makes of each piece of the items, in order."""
        all_pieces: Iterator[Piece[Item]] = (
            (number * PIECE, some) for number, some in enumerate(batched(items, PIECE))
        )
        first = list(islice(all_pieces, -(-MANY // PIECE)))
        if self._workers == 1 or len(first) * PIECE < MANY:
            yield from map(make, first)
            yield from map(make, all_pieces)
        else:
            yield from self._begun().map(make, [*first, *all_pieces])

    def _begun(self) -> ProcessPoolExecutor:
        if self._pool is None:
            # New processes, not copies of this one: that one may hold threads and open databases.
            # What they make is in no cycle, and the collector would look at each of thousands of
            # rows again.
            context = get_context("spawn")
            self._pool = ProcessPoolExecutor(
                self._workers, mp_context=context, initializer=gc.disable
            )
        return self._pool


def over[Item, Made](
    make: Callable[[Piece[Item]], Made],
    items: Iterable[Item],
    workers: Hands | int | None = None,
) -> Iterator[Made]:
    """`Hands.over`, by given processes or by so many of its own."""
    if isinstance(workers, Hands):
        yield from workers.over(make, items)
        return
    with Hands(workers) as hands:
        yield from hands.over(make, items)
