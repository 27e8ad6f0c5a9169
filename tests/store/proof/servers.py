"""A private PostgreSQL server that can be killed and started again on the same data."""

from __future__ import annotations

import os
import signal
import subprocess
import time

import psycopg

from tests.postgres import (
    START_SECONDS,
    PrivatePostgres,
    _account,
    _as_user,
    _end_with_parent,
    find_binaries,
)

#: Durable, as in production; a small cluster of small files.
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}


class KilledPostgres(PrivatePostgres):
    """A server whose processes are killed with SIGKILL. Use as PrivatePostgres."""

    def kill_backend(self) -> bool:
        """Kill one process that serves a client; the server then resets all of them."""
        with psycopg.connect(self.conninfo, autocommit=True) as connection:
            found = connection.execute(
                "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' "
                "AND pid <> pg_backend_pid() ORDER BY backend_start LIMIT 1"
            ).fetchone()
        if found is None:
            return False
        os.kill(found[0], signal.SIGKILL)
        time.sleep(0.3)  # it answers a moment longer, before it notices and recovers
        self.wait()
        return True

    def kill_server(self) -> None:
        """Kill the server's first process; the others notice and end."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def start_again(self) -> None:
        """Start on the same data and wait until it has recovered and answers."""
        assert self.folder is not None
        settings = {"listen_addresses": "", "unix_socket_directories": str(self.folder)}
        flags = [f"--{name}={value}" for name, value in {**settings, **self.options}.items()]
        until = time.monotonic() + START_SECONDS
        while self._process is None or self._process.poll() is not None:
            if time.monotonic() > until:
                raise TimeoutError((self.folder / "log").read_text()[-2000:])
            with (self.folder / "log").open("ab") as log:
                self._process = subprocess.Popen(
                    [find_binaries() / "postgres", "-D", self.folder / "data", *flags],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=log,
                    cwd=self.folder,
                    start_new_session=True,
                    preexec_fn=_end_with_parent,  # noqa: PLW1509 - one system call, no lock
                    **_as_user(_account()),
                )
            time.sleep(0.3)  # it ends at once while processes of the killed one are still there
        self.wait()

    def wait(self) -> None:
        """Wait until it answers. Raises TimeoutError."""
        until = time.monotonic() + START_SECONDS
        while True:
            try:
                with psycopg.connect(self.conninfo) as connection:
                    connection.execute("SELECT 1")
            except psycopg.OperationalError:
                if time.monotonic() > until:
                    raise TimeoutError("the server did not come back") from None
                time.sleep(0.05)
            else:
                return
