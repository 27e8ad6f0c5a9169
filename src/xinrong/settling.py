"""What a process does once, when start-up is over and it begins to answer."""

from __future__ import annotations

import atexit
import gc


def settle() -> None:
    """Spare the collector what start-up made and never dies, and let it run less often.

    A full collection walks every object of Django, the catalogue and the footers of parts: tens of
    milliseconds in the middle of somebody's query.
    """
    gc.collect()
    gc.freeze()
    atexit.register(gc.unfreeze)  # at the end even these are let go, in good order
    gc.set_threshold(50_000, 20, 100)
