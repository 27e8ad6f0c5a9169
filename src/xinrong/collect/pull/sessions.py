"""A reading session at a department's server: read only, one moment, streamed, on the clock."""

from __future__ import annotations

import os
import socket
import ssl
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Any, ClassVar, NoReturn
from zoneinfo import ZoneInfo

from xinrong.collect.errors import PullError
from xinrong.collect.pull.address import Address
from xinrong.collect.pull.definition import PullSource
from xinrong.collect.pull.statements import Statement
from xinrong.domain.errors import Place

#: Rows fetched at once.
FETCHED = 10_000
Rows = list[tuple[Any, ...]]

#: code -> (what is wrong, what to do). The server's own words follow where it said any.
WORDS = {
    "pull_unreachable": (
        "the database cannot be reached",
        "Check host, port and firewall with the department; the next pull goes on from here.",
    ),
    "pull_sign_in": (
        "the database refuses the user or the password",
        "Ask the department for the present password and put it into the file of the connection.",
    ),
    "pull_tls": (
        "no trusted encrypted connection can be made",
        "Check the certificate (`ca` in the address) and `tls` of the source.",
    ),
    "pull_forbidden": (
        "the user may not read the table",
        "Ask the department for the right to SELECT on it.",
    ),
    "pull_table_missing": (
        "the database has no such table",
        "Check `schema` and `table` of the source with the department.",
    ),
    "pull_column_missing": (
        "the table has no such column",
        "Check `columns` and `watermark` of the source: the department may have renamed it.",
    ),
    "pull_timeout": (
        "the server took longer than it may",
        "Look whether the watermark column has an index; else raise `statement_seconds`.",
    ),
    "pull_broken_off": (
        "the connection broke off while reading",
        "Nothing of this pull was kept. The next pull starts at the same row.",
    ),
    "pull_failed": (
        "the server refused the statement",
        "Show its words to the department; nothing of this pull was kept.",
    ),
}


def refusal(code: str, said: str, source: PullSource) -> PullError:
    """The error of a code, with what the server said."""
    wrong, remedy = WORDS[code]
    full = f"{wrong}: {said}" if said else wrong
    return PullError(full, place=Place(file=source.table), remedy=remedy, code=code)


class Session(ABC):
    """An open session; everything is read in one transaction that sees one moment."""

    #: Types of a watermark, by its kind, as `types` names them.
    kinds: ClassVar[dict[str, tuple[str, ...]]]

    @abstractmethod
    def types(self, shape: Statement) -> dict[str, str]:
        """Column -> type of a statement without rows."""

    @abstractmethod
    def one(self, statement: Statement) -> Any:
        """The first value of the first row, None without rows."""

    @abstractmethod
    def stream(self, statement: Statement) -> Iterator[Rows]:
        """The rows, some at a time; the server holds the others."""


@contextmanager
def session(source: PullSource, address: Address) -> Iterator[Session]:
    """Sign in, read, sign out. Every error is a PullError, without a password in its words."""
    kind = MySqlSession if source.server == "mysql" else PostgresSession
    with kind.opened(source, address) as found:
        yield found


class PostgresSession(Session):
    """PostgreSQL 9.6 and later, by psycopg."""

    kinds: ClassVar = {
        "moment": ("timestamp", "timestamptz"),
        "number": ("int2", "int4", "int8", "numeric"),
    }
    CODES: ClassVar = {
        "28000": "pull_sign_in", "28P01": "pull_sign_in", "42501": "pull_forbidden",
        "42P01": "pull_table_missing", "3F000": "pull_table_missing",
        "42703": "pull_column_missing", "57014": "pull_timeout",
    }  # fmt: skip

    def __init__(self, connection: Any, wait: float) -> None:
        self._connection = connection
        self._wait = wait

    @classmethod
    @contextmanager
    def opened(cls, source: PullSource, address: Address) -> Iterator[Session]:
        """Raises PullError, also for what goes wrong inside the block."""
        import psycopg

        limits = source.limits
        given = {
            "statement_timeout": limits.statement_seconds * 1000,
            "idle_in_transaction_session_timeout": limits.idle_seconds * 1000,
            "default_transaction_read_only": "on",
            "datestyle": "ISO",
            "timezone": source.time_zone,
        }
        try:
            with psycopg.connect(
                host=address.host, port=address.port, dbname=address.database,
                user=address.user, password=address.password,
                connect_timeout=limits.connect_seconds, client_encoding="utf8",
                options=" ".join(f"-c {name}={value}" for name, value in given.items()),
                application_name="xinrong pull", keepalives_idle=30,
                **_tls_of_postgres(source, address),
            ) as connection:  # fmt: skip
                connection.read_only = True
                connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
                yield cls(connection, limits.statement_seconds + 5)
        except TimeoutError as error:
            raise refusal("pull_timeout", str(error), source) from None
        except psycopg.Error as error:
            cls._refuse(error, source, address)

    @classmethod
    def _refuse(cls, error: Any, source: PullSource, address: Address) -> NoReturn:
        import psycopg

        said = address.without_password(error.diag.message_primary or str(error))
        code = cls.CODES.get(error.sqlstate or "")
        if code is None and error.sqlstate is None and isinstance(error, psycopg.OperationalError):
            code = _of_connection(said)
        if code is None:
            gone = isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
            code = "pull_broken_off" if gone else "pull_failed"
        raise refusal(code, said, source) from None

    def types(self, shape: Statement) -> dict[str, str]:
        with self._connection.cursor() as cursor:
            cursor.execute(shape.sql, shape.values)
            return {column.name: column.type_display for column in cursor.description}

    def one(self, statement: Statement) -> Any:
        with self._connection.cursor() as cursor, self._watched():
            row = cursor.execute(statement.sql, statement.values).fetchone()
            return row[0] if row else None

    def stream(self, statement: Statement) -> Iterator[Rows]:
        with self._connection.cursor(name="xinrong_pull") as cursor:
            with self._watched():
                cursor.execute(statement.sql, statement.values)
            while True:
                with self._watched():
                    rows = cursor.fetchmany(FETCHED)
                if not rows:
                    return
                yield rows

    def _watched(self) -> AbstractContextManager[None]:
        return cut_off_after(self._wait, self._connection.fileno())


@contextmanager
def cut_off_after(seconds: float, handle: int) -> Iterator[None]:
    """Shut a connection down when the block takes longer: a server may keep quiet for ever.

    Raises TimeoutError then.
    """
    done, late = Event(), Event()

    def watch() -> None:
        if not done.wait(seconds):
            late.set()
            with suppress(OSError), socket.socket(fileno=os.dup(handle)) as line:
                line.shutdown(socket.SHUT_RDWR)

    watcher = Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    except Exception as error:
        if late.is_set():
            raise TimeoutError(f"no answer for {seconds:.0f} seconds") from error
        raise
    finally:
        done.set()
        watcher.join()


def _of_connection(said: str) -> str | None:
    """What kept a connection from being made: libpq gives no code, only words."""
    lower = said.lower()
    if "password" in lower or "authentication" in lower or "role " in lower:
        return "pull_sign_in"
    if "ssl" in lower or "certificate" in lower:
        return "pull_tls"
    if "server closed" in lower or "connection to server was lost" in lower:
        return "pull_broken_off"
    if "connection" in lower and ("failed" in lower or "refused" in lower or "timeout" in lower):
        return "pull_unreachable"
    return None


def _tls_of_postgres(source: PullSource, address: Address) -> dict[str, Any]:
    if address.local or source.tls == "off":
        return {"sslmode": "disable"}
    if source.tls == "encrypt":
        found = {"sslmode": "require"}
    else:
        found = {"sslmode": "verify-full", "sslrootcert": address.ca or "system"}
    if address.cert:
        found |= {"sslcert": address.cert, "sslkey": address.key}
    return found


class MySqlSession(Session):
    """MySQL 5.7 and later, MariaDB 10.3 and later, by PyMySQL."""

    kinds: ClassVar = {
        "moment": ("DATETIME", "TIMESTAMP"),
        "number": ("TINY", "SHORT", "INT24", "LONG", "LONGLONG", "NEWDECIMAL"),
    }
    CODES: ClassVar = {
        1044: "pull_sign_in", 1045: "pull_sign_in", 1698: "pull_sign_in",
        1049: "pull_table_missing", 1146: "pull_table_missing",
        1142: "pull_forbidden", 1143: "pull_forbidden", 1054: "pull_column_missing",
        1969: "pull_timeout", 3024: "pull_timeout", 1205: "pull_timeout",
        2002: "pull_unreachable", 2003: "pull_unreachable", 2026: "pull_tls",
        2006: "pull_broken_off", 2013: "pull_broken_off", 1053: "pull_broken_off",
        1927: "pull_broken_off", 0: "pull_broken_off",
    }  # fmt: skip

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    @classmethod
    @contextmanager
    def opened(cls, source: PullSource, address: Address) -> Iterator[Session]:
        """Raises PullError, also for what goes wrong inside the block."""
        import pymysql

        limits = source.limits
        connection = None
        try:
            if address.local:
                _knock(address.host, limits.connect_seconds)
            where = (
                {"unix_socket": address.host}
                if address.local
                else {"host": address.host, "port": address.port or 3306}
            )
            connection = pymysql.connect(
                **where, user=address.user, password=address.password, database=address.database,
                connect_timeout=limits.connect_seconds, charset="utf8mb4",
                read_timeout=limits.statement_seconds + 5, write_timeout=limits.connect_seconds,
                **_tls_of_mysql(source, address),
            )  # fmt: skip
            cls._prepare(connection, source)
            yield cls(connection)
        except pymysql.Error as error:
            number, said = (*error.args, "", "")[:2]
            code = cls.CODES.get(number, "pull_failed") if isinstance(number, int) else None
            text = address.without_password(str(said or error))
            lower = text.lower()
            if code in ("pull_unreachable", None) and ("ssl" in lower or "certificate" in lower):
                code = "pull_tls"
            timed_out = code == "pull_broken_off" and "timed out" in lower
            raise refusal(
                "pull_timeout" if timed_out else code or "pull_failed", text, source
            ) from None
        except OSError as error:  # TLS, and files for it, fail outside of the driver's errors
            code = "pull_tls" if isinstance(error, ssl.SSLError) else "pull_unreachable"
            raise refusal(code, address.without_password(str(error)), source) from None
        finally:
            if connection is not None and connection.open:
                connection._force_close()  # noqa: SLF001 - close() would first read what is left

    @staticmethod
    def _prepare(connection: Any, source: PullSource) -> None:
        limits = source.limits
        maria = "mariadb" in str(connection.get_server_info()).lower()
        longest = (
            f"max_statement_time = {limits.statement_seconds:d}"
            if maria
            else f"max_execution_time = {limits.statement_seconds * 1000:d}"
        )
        with connection.cursor() as cursor:
            cursor.execute(
                f"SET SESSION {longest}, time_zone = %s, wait_timeout = %s, "
                "net_write_timeout = %s, sql_mode = %s",
                (offset_of(source.time_zone), limits.idle_seconds, limits.idle_seconds, ""),
            )
            cursor.execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")

    def types(self, shape: Statement) -> dict[str, str]:
        from pymysql.constants import FIELD_TYPE

        names = {value: name for name, value in vars(FIELD_TYPE).items() if name.isupper()}
        with self._connection.cursor() as cursor:
            cursor.execute(shape.sql, shape.values)
            return {
                column[0]: names.get(column[1], str(column[1])) for column in cursor.description
            }

    def one(self, statement: Statement) -> Any:
        with self._connection.cursor() as cursor:
            cursor.execute(statement.sql, statement.values)
            row = cursor.fetchone()
            return row[0] if row else None

    def stream(self, statement: Statement) -> Iterator[Rows]:
        from pymysql.cursors import SSCursor

        cursor = self._connection.cursor(SSCursor)
        try:
            cursor.execute(statement.sql, statement.values)
            while rows := cursor.fetchmany(FETCHED):
                yield list(rows)
        finally:
            # Whatever is left unread is dropped with the connection: else the driver would read
            # it to the end first, or from a server that is gone.
            if cursor._result is not None:  # noqa: SLF001
                cursor._result.unbuffered_active = False  # noqa: SLF001
            cursor.connection = None


def offset_of(zone: str) -> str:
    """A time zone as an offset from UTC: a server need not know any zone by name."""
    seconds = (datetime.now(ZoneInfo(zone)).utcoffset() or timedelta()).total_seconds()
    hours, minutes = divmod(abs(int(seconds)) // 60, 60)
    return f"{'-' if seconds < 0 else '+'}{hours:02}:{minutes:02}"


def _knock(path: str, seconds: int) -> None:
    """Raises OSError when nobody listens; the driver would leave its own socket open then."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(seconds)
        line.connect(path)


def _tls_of_mysql(source: PullSource, address: Address) -> dict[str, Any]:
    if address.local or source.tls == "off":
        return {"ssl_disabled": True}
    context = ssl.create_default_context(cafile=address.ca or None)
    if source.tls == "encrypt":
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if address.cert:
        context.load_cert_chain(address.cert, address.key or None)
    return {"ssl": context}
