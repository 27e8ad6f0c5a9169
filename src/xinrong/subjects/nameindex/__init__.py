"""The index of names: who may be meant by a name or a part of one, in milliseconds.

`open_index()` gives the names of this register; `rebuild()` and `rebuild_if_due()` make its files
anew and `forget()` removes them. `build(rows, folder)` and `open_folder(folder)` do the same for
plain (enterprise number, name) rows, without a database. The files are derived: they can be removed
at any time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xinrong.subjects.nameindex.index import Candidate, NameIndex, build, open_folder

if TYPE_CHECKING:
    from xinrong.subjects.nameindex.live import forget, open_index, rebuild, rebuild_if_due

_OF_REGISTER = frozenset({"forget", "open_index", "rebuild", "rebuild_if_due"})

__all__ = [
    "Candidate",
    "NameIndex",
    "build",
    "forget",
    "open_folder",
    "open_index",
    "rebuild",
    "rebuild_if_due",
]


def __getattr__(name: str) -> object:
    """Verbs on this register, imported when asked for: the rest works without a database."""
    if name not in _OF_REGISTER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from xinrong.subjects.nameindex import live

    return getattr(live, name)
