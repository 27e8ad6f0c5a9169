"""The backend itself; Django looks for it under this name."""

from __future__ import annotations

import select
from typing import Any, Self

from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus

#: The option of a connection whose transactions begin together with their first statement.
TOGETHER = "begins_with_first"

_Cursor: Any = base.Cursor  # Django's stubs know those of psycopg 2
_Wrapper: Any = base.DatabaseWrapper


class BeginningCursor(_Cursor):  # type: ignore[misc]
    """Begins a transaction that is due in the trip of its first statement.

    psycopg asks for a trip of its own. What is not one plain statement begins it beforehand.
    """

    def execute(self, query: Any, params: Any = None, **more: Any) -> Self:
        """As psycopg's; the first answer to be read is the query's own."""
        begin = _begin_due(self.connection)
        if begin and isinstance(query, str):
            super().execute(f"{begin}; {query}", params, **more)
            self.nextset()
            return self
        if begin:
            super().execute(begin)
        super().execute(query, params, **more)
        return self

    def executemany(self, query: Any, params_seq: Any, *, returning: bool = False) -> None:
        """As psycopg's."""
        self._begin()
        super().executemany(query, params_seq, returning=returning)

    def copy(self, *given: Any, **more: Any) -> Any:
        """As psycopg's."""
        self._begin()
        return super().copy(*given, **more)

    def _begin(self) -> None:
        begin = _begin_due(self.connection)
        if begin:
            super().execute(begin)


def _begin_due(connection: Any) -> str:
    """The statement that begins the transaction, when one is wanted and has not begun."""
    if connection.pgconn.transaction_status != TransactionStatus.IDLE:
        return ""
    return str(getattr(connection, "begin", ""))


class DatabaseWrapper(_Wrapper):  # type: ignore[misc]
    """Looks at a kept connection at the beginning of a request without asking the server.

    With the option TOGETHER a transaction begins in the trip of its first statement: psycopg stays
    in autocommit, and `begin` on the line says that one is wanted.
    """

    def get_connection_params(self) -> dict[str, Any]:
        """Without the option, which is ours."""
        params: dict[str, Any] = super().get_connection_params()
        if params.pop(TOGETHER, False):
            params["cursor_factory"] = BeginningCursor
        return params

    def _set_autocommit(self, autocommit: bool) -> None:  # noqa: FBT001 - Django's own
        if not self.settings_dict["OPTIONS"].get(TOGETHER):
            super()._set_autocommit(autocommit)
            return
        if not self.connection.autocommit:
            with self.wrap_database_errors:
                self.connection.autocommit = True
        level = self.isolation_level.name.replace("_", " ")
        self.connection.begin = "" if autocommit else f"BEGIN ISOLATION LEVEL {level}"

    def create_cursor(self, name: str | None = None) -> Any:
        """A cursor on the server lives in the transaction, which has to have begun."""
        begin = _begin_due(self.connection) if name else ""
        if begin:
            _Cursor(self.connection).execute(begin)
        return super().create_cursor(name)

    def is_usable(self) -> bool:
        """Whether the line is open and silent.

        A server that ends a connection says so on it: an idle line with something to read is being
        closed. Django asks `SELECT 1`, one trip per connection and request.
        """
        if self.connection is None or self.connection.closed:
            return False
        line = select.poll()
        try:
            line.register(self.connection.fileno(), select.POLLIN)
            return not line.poll(0)
        except OSError:
            return False
