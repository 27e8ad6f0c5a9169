"""Long lists, one page at a time."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Model, QuerySet
from django.http import HttpRequest

LAST = 1_000_000


@dataclass(frozen=True)
class Leaf[Row: Model]:
    """One page of a list. `previous` and `next` are offsets, None at either end."""

    rows: list[Row]
    total: int
    offset: int
    size: int

    @property
    def first(self) -> int:
        return self.offset + 1 if self.rows else 0

    @property
    def last(self) -> int:
        return self.offset + len(self.rows)

    @property
    def previous(self) -> int | None:
        return max(0, self.offset - self.size) if self.offset else None

    @property
    def next(self) -> int | None:
        return self.offset + self.size if self.offset + self.size < self.total else None


def leaf_of[Row: Model](request: HttpRequest, rows: QuerySet[Row], size: int) -> Leaf[Row]:
    """The page of `rows` that `?offset=` asks for; past the end it is the last page."""
    total = rows.count()
    offset = min(number(request.GET.get("offset", ""), 0, LAST) or 0, max(0, total - 1))
    return Leaf(list(rows[offset : offset + size]), total, offset, size)


def number(text: str, least: int, most: int) -> int | None:
    """A whole number within bounds, or None."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 7):
        return None
    return int(text) if least <= int(text) <= most else None
