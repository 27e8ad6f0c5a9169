"""A department's database on a real server: PostgreSQL or MariaDB, with a table of tax payments."""

from __future__ import annotations

import signal
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.collect.city import ALPHA
from tests.mariadb import PASSWORD, USER, PrivateMaria
from tests.postgres import PrivatePostgres, _account, _as_user, _end_with_parent, find_binaries
from xinrong.collect.pull.definition import PullSource

COLUMNS = {
    "代码": "code", "名称": "name", "税票号": "voucher", "入库日期": "paid",
    "税额": "amount", "网上": "online", "备注": "remark",
}  # fmt: skip
TABLE = """
CREATE TABLE tax (
    id bigint, updated_at {moment}, code varchar(32), name varchar(100), voucher varchar(50),
    paid date, amount decimal(14, 2), online boolean, remark text
)
"""


class Department(ABC):
    """One server; the table is made anew for every test."""

    server: str
    moment: str

    @abstractmethod
    def execute(self, sql: str, rows: Sequence[tuple[Any, ...]] | None = None) -> None:
        """As the department's own administrator."""

    @abstractmethod
    def address(self, password: str = PASSWORD) -> str:
        """Where the platform's reader signs in."""

    @abstractmethod
    def settle(self) -> None:
        """What was committed survives the server's death."""

    @abstractmethod
    def kill(self) -> None:
        """The server is gone in this instant."""

    @abstractmethod
    def revive(self) -> None:
        """The server runs again on its data, if it does not run."""

    @abstractmethod
    def stop(self) -> None: ...

    def fresh(self) -> None:
        """An empty table."""
        self.execute("DROP VIEW IF EXISTS slow")
        self.execute("DROP TABLE IF EXISTS tax")
        self.execute(TABLE.format(moment=self.moment))
        self.grant()

    @abstractmethod
    def grant(self) -> None:
        """Let the reader read what there is."""

    def add(self, number: int, at: str = "2026-01-01 00:00:00", **cells: Any) -> None:
        """A row; `at` is its watermark."""
        plain = {"code": ALPHA, "name": "甲公司", "voucher": f"T{number}", "paid": "2025-06-30"}
        given = {**plain, "amount": "100.00", "online": None, "remark": None, **cells}
        values = (number, at, *(given[name] for name in COLUMNS.values()))
        self.execute(f"INSERT INTO tax VALUES ({', '.join(['%s'] * 9)})", [values])

    def source(self, **changes: Any) -> PullSource:
        """The table as a source; `watermark` changes only the keys that it names."""
        mark = {"column": "updated_at", "kind": "moment", "tie": ["id"], "lag_seconds": 60}
        mark |= changes.pop("watermark", {})
        data = {
            "feed": "tax_csv", "server": self.server, "connection": "tax_db", "table": "tax",
            "columns": COLUMNS, "watermark": mark, **changes,
        }  # fmt: skip
        return PullSource.model_validate(data)


class Postgres(Department):
    server, moment = "postgresql", "timestamp"

    def __init__(self) -> None:
        self._server = PrivatePostgres()
        self._server.start()
        assert self._server.folder is not None
        self.folder: Path = self._server.folder
        self.execute(f"CREATE ROLE {USER} LOGIN PASSWORD '{PASSWORD}'")
        rules = self.folder / "data" / "pg_hba.conf"
        rules.write_text(f"local all {USER} scram-sha-256\n" + rules.read_text())
        self.execute("SELECT pg_reload_conf()")

    def execute(self, sql: str, rows: Sequence[tuple[Any, ...]] | None = None) -> None:
        import psycopg

        with (
            psycopg.connect(self._server.conninfo, autocommit=True) as connection,
            connection.cursor() as cursor,
        ):
            if rows is None:
                cursor.execute(sql)
            else:
                cursor.executemany(sql, rows)

    def grant(self) -> None:
        self.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {USER}")

    def address(self, password: str = PASSWORD) -> str:
        return f"postgresql://{USER}:{quote(password, safe='')}@/xinrong?host={self.folder}"

    def settle(self) -> None:
        self.execute("CHECKPOINT")

    def kill(self) -> None:
        assert self._server._process is not None
        self._server._process.send_signal(signal.SIGQUIT)  # no goodbye, no checkpoint
        self._server._process.wait()

    def revive(self) -> None:
        import psycopg

        if self._server._process is not None and self._server._process.poll() is None:
            return
        with (self.folder / "log").open("ab") as log:
            self._server._process = subprocess.Popen(
                [find_binaries() / "postgres", "-D", self.folder / "data",
                 "--listen_addresses=", f"--unix_socket_directories={self.folder}"],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=log, cwd=self.folder,
                start_new_session=True,
                preexec_fn=_end_with_parent,  # noqa: PLW1509 - runs one system call, no lock
                **_as_user(_account()),
            )  # fmt: skip
        for _ in range(600):
            try:
                psycopg.connect(self._server.conninfo).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError("PostgreSQL did not come back")

    def stop(self) -> None:
        self._server.stop()


class Maria(Department):
    server, moment = "mysql", "datetime(6)"

    def __init__(self) -> None:
        self._server = PrivateMaria()
        self._server.start()

    def execute(self, sql: str, rows: Sequence[tuple[Any, ...]] | None = None) -> None:
        with (
            self._server.connect(database="dw", autocommit=True) as connection,
            connection.cursor() as cursor,
        ):
            if rows is None:
                cursor.execute(sql)
            else:
                cursor.executemany(sql, rows)

    def grant(self) -> None:
        """The reader may read every table of the database from the start."""

    def address(self, password: str = PASSWORD) -> str:
        return f"mysql://{USER}:{quote(password, safe='')}@/dw?host={self._server.socket}"

    def settle(self) -> None:
        """Each commit is written out at once."""

    def kill(self) -> None:
        self._server.kill()

    def revive(self) -> None:
        if self._server.process is None or self._server.process.poll() is not None:
            self._server.again()

    def stop(self) -> None:
        self._server.stop()
