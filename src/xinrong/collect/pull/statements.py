"""The statements of a pull, from names alone: every identifier quoted, every value bound."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from xinrong.collect.pull.definition import PullSource


@dataclass(frozen=True)
class Statement:
    """SQL with `%s` for each of its values."""

    sql: str
    values: tuple[Any, ...] = ()


class Statements:
    """The statements for one source in the words of its server."""

    def __init__(self, source: PullSource) -> None:
        self.source = source
        self._mark = "`" if source.server == "mysql" else '"'
        self._text = "CHAR" if source.server == "mysql" else "text"
        names = [source.schema_name, source.table] if source.schema_name else [source.table]
        self._table = ".".join(map(self.quoted, names))
        self._order = [source.watermark.column, *source.watermark.tie]

    def quoted(self, name: str) -> str:
        """An identifier, whatever signs it has. `%` would be read as a place for a value."""
        inside = name.replace(self._mark, self._mark * 2).replace("%", "%%")
        return f"{self._mark}{inside}{self._mark}"

    def shape(self) -> Statement:
        """No rows: the columns and their types."""
        names = dict.fromkeys([*self.source.columns.values(), *self._order])
        listed = ", ".join(map(self.quoted, names))
        return self._select(listed, "WHERE 1 = 0")

    def without_watermark(self) -> Statement:
        """A row, if there is any that no pull will ever see."""
        column = self.quoted(self._order[0])
        return self._select("1", f"WHERE {column} IS NULL LIMIT 1")

    def largest(self) -> Statement:
        """The largest watermark."""
        return self._select(f"max({self.quoted(self._order[0])})", "")

    def settled_moment(self) -> Statement:
        """By the server's own clock, the moment up to which its rows have settled."""
        lag = self.source.watermark.lag_seconds
        if self.source.server == "mysql":
            return Statement("SELECT NOW(6) - INTERVAL %s SECOND", (lag,))
        return Statement("SELECT now() - make_interval(secs => %s)", (lag,))

    def rows(self, after: Sequence[Any], upto: Any) -> Statement:
        """Rows after a position, in order: their cells as text, then watermark and tie-breakers."""
        cells = [
            f"CAST({self.quoted(name)} AS {self._text})" for name in self.source.columns.values()
        ]
        order = [self.quoted(name) for name in self._order]
        beyond, values = self._beyond(after)
        return self._select(
            ", ".join([*cells, *order]),
            f"WHERE {order[0]} <= %s{beyond} ORDER BY {', '.join(order)} "
            f"LIMIT {self.source.limits.rows:d}",
            (upto, *values),
        )

    def _select(self, what: str, rest: str, values: tuple[Any, ...] = ()) -> Statement:
        """Composed of quoted names and our own words; values are bound."""
        return Statement(f"SELECT {what} FROM {self._table} {rest}", values)  # noqa: S608

    def _beyond(self, after: Sequence[Any]) -> tuple[str, list[Any]]:
        """`(a, b) > (x, y)` spelt out, which every server reads by its index."""
        if not after:
            return "", []
        names = [self.quoted(name) for name in self._order]
        either, values = [], [after[0]]
        for depth in range(len(names)):
            equal = [f"{name} = %s" for name in names[:depth]]
            either.append(" AND ".join([*equal, f"{names[depth]} > %s"]))
            values += after[: depth + 1]
        return f" AND {names[0]} >= %s AND (({') OR ('.join(either)}))", values
