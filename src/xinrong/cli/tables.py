"""A database without its tables, or older than this program: in words for a person.

SQLite and PostgreSQL each have their own word for it; neither is imported here.
"""

from __future__ import annotations

from xinrong.domain.errors import XinrongError

#: SQLSTATE of PostgreSQL for a relation, a column and a schema that are not there.
_STATES = frozenset({"42P01", "42703", "3F000"})
_WORDS = ("no such table", "no such column", "has no column named")


class TablesMissing(XinrongError):
    """The database has not been made for this version of the platform."""

    code = "tables_missing"


def of_tables(error: BaseException) -> XinrongError | None:
    """What a person is told of an error, if it comes from a table that is not there; else None."""
    at: BaseException | None = error
    while at is not None:
        if isinstance(at, XinrongError):
            return None
        lacks = str(getattr(at, "sqlstate", "")) in _STATES
        words = str(at).partition("\n")[0]
        if lacks or any(phrase in words for phrase in _WORDS):
            return TablesMissing(
                f"the database lacks what this needs: {words}",
                remedy="Run `xinrong manage migrate` (`xinrong serve` and "
                "`make demo` do it as well), then the same again.",
            )
        at = at.__cause__ or at.__context__
    return None
