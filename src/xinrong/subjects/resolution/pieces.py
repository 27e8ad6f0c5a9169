"""Names by the piece, over several processes."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import batched, islice
from multiprocessing import current_process, get_context

#: Items that one process takes at a time; fewer than MANY are not worth a second process.
PIECE, MANY = 20_000, 50_000

#: The number of the first item, and the items.
type Piece[Item] = tuple[int, tuple[Item, ...]]


def over[Item, Made](
    make: Callable[[Piece[Item]], Made], items: Iterable[Item], workers: int | None = None
) -> Iterator[Made]:
    """What `make` makes of each piece of the items, in order.

    `make` is a function of a module. `workers`: as many as there are processors when None.
    """
    workers = workers or os.cpu_count() or 1
    all_pieces: Iterator[Piece[Item]] = (
        (number * PIECE, some) for number, some in enumerate(batched(items, PIECE))
    )
    first = list(islice(all_pieces, -(-MANY // PIECE)))
    if current_process().daemon:
        workers = 1  # it may not have processes of its own
    if workers == 1 or len(first) * PIECE < MANY:
        yield from map(make, first)
        yield from map(make, all_pieces)
        return
    # A new process, not a copy of this one: that one may hold threads and open databases. What it
    # makes is in no cycle, and the collector would look at each of thousands of rows again.
    context = get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=gc.disable) as pool:
        yield from pool.map(make, [*first, *all_pieces])
