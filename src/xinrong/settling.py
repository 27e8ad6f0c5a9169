"""What a process does once, when start-up is over and it begins to answer."""

from __future__ import annotations

import atexit
import gc
import sys
from importlib.util import find_spec


def settle() -> None:
    """Make ready for questions: nothing that start-up could do is left to them.

    The collector is spared what start-up made and never dies, and runs less often: a full
    collection walks every object of Django, the catalogue and the footers of parts, tens of
    milliseconds in the middle of somebody's query.
    """
    _know_what_is_missing()
    gc.collect()
    gc.freeze()
    atexit.register(gc.unfreeze)  # at the end even these are let go, in good order
    gc.set_threshold(50_000, 20, 100)


def _know_what_is_missing() -> None:
    """Tell the import system once that dateutil is not there.

    pyarrow asks for it whenever it is given a list, and goes through every folder of the path.
    """
    if find_spec("dateutil") is None:
        sys.modules["dateutil"] = None  # type: ignore[assignment]
