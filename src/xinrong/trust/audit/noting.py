"""Which audit rows were written while one request was answered: its answer names them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_rows: ContextVar[list[int] | None] = ContextVar("audit_rows", default=None)


@contextmanager
def noted() -> Iterator[list[int]]:
    """The ids of the rows that this thread writes while the block runs, in order."""
    rows: list[int] = []
    token = _rows.set(rows)
    try:
        yield rows
    finally:
        _rows.reset(token)


def note(row: int) -> None:
    """A row was written; nobody may be listening."""
    rows = _rows.get()
    if rows is not None:
        rows.append(row)
