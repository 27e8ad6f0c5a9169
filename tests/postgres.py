"""A private PostgreSQL server in a temporary folder: for tests and benchmarks, never for data.

PostgreSQL refuses to run as root, so when we are root the server runs as the system user
`postgres` (Debian's package makes it) or `nobody`. It listens on a socket inside its own folder
only, and is stopped through its own process id.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

DATABASE = "xinrong"
USER = "xinrong"
#: Seconds that a server may take to answer, and to stop.
START_SECONDS = 60
STOP_SECONDS = 30

#: Durability costs time and a test server is thrown away. Benchmarks pass their own options.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class PostgresMissingError(Exception):
    """No usable PostgreSQL server is installed; the text says what is missing."""


def find_binaries() -> Path:
    """The folder of initdb and postgres: the newest of Debian's, else the one on the PATH.

    Raises PostgresMissingError.
    """
    debian = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: _major(path.parent.name)
    )
    on_path = shutil.which("initdb")
    candidates = [*reversed(debian), *([Path(on_path).parent] if on_path else [])]
    for folder in candidates:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise PostgresMissingError("PostgreSQL is not installed (Debian package `postgresql`)")


def database_here() -> str:
    """The database of a run: PostgreSQL where it is installed, else SQLite."""
    try:
        find_binaries()
    except PostgresMissingError:
        return "sqlite"
    return "postgresql"


def _major(name: str) -> int:
    return int(name) if name.isdigit() else 0


def _account() -> pwd.struct_passwd | None:
    """Whom the server runs as; None when we are not root and it may run as ourselves."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise PostgresMissingError("PostgreSQL cannot run as root, and no other system user exists")


@dataclass
class PrivatePostgres:
    """One server. Use as a context manager, or call `start` and `stop`."""

    options: dict[str, str] = field(default_factory=lambda: dict(FAST))
    folder: Path | None = None
    _process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it answers, as XINRONG_DATABASE_URL writes it."""
        return f"postgresql://{USER}@/{DATABASE}?host={self.folder}"

    @property
    def conninfo(self) -> str:
        """The same for psycopg."""
        return f"host={self.folder} user={USER} dbname={DATABASE}"

    def start(self) -> PrivatePostgres:
        """Make a cluster, start it, create the database. Raises PostgresMissingError."""
        binaries, account = find_binaries(), _account()
        self.folder = Path(tempfile.mkdtemp(prefix="xinrong-pg-"))
        if account:
            os.chown(self.folder, account.pw_uid, account.pw_gid)
        data = self.folder / "data"
        initdb: list[str | Path] = [
            binaries / "initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8",
            "--locale=C.UTF-8", "--no-sync",
        ]  # fmt: skip
        done: subprocess.CompletedProcess[bytes] = subprocess.run(
            initdb, check=False, capture_output=True, cwd=self.folder, **_as_user(account)
        )
        if done.returncode:
            text = done.stderr.decode(errors="replace").strip()
            shutil.rmtree(self.folder, ignore_errors=True)
            raise PostgresMissingError(f"initdb failed: {text}")
        settings = {"listen_addresses": "", "unix_socket_directories": str(self.folder)}
        flags = [f"--{name}={value}" for name, value in {**settings, **self.options}.items()]
        with (self.folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [binaries / "postgres", "-D", data, *flags],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
                cwd=self.folder,
                start_new_session=True,  # Ctrl-C stops the tests first, then they stop the server
                preexec_fn=_end_with_parent,  # noqa: PLW1509 - runs one system call, no lock
                **_as_user(account),
            )
        self._create_database()
        return self

    def _create_database(self) -> None:
        import psycopg

        until = time.monotonic() + START_SECONDS
        while True:
            try:
                target = f"host={self.folder} user={USER} dbname=postgres"
                with psycopg.connect(target, autocommit=True) as connection:
                    connection.execute(f"CREATE DATABASE {DATABASE}")
            except psycopg.OperationalError as error:
                gone = self._process is None or self._process.poll() is not None
                if gone or time.monotonic() > until:
                    self.stop()
                    raise PostgresMissingError(f"PostgreSQL did not start: {error}") from error
                time.sleep(0.05)
            else:
                return

    def stop(self) -> None:
        """Stop the server by its own process id and remove its folder. Harmless twice."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)  # fast shutdown: open sessions are ended
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._process = None
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self.stop()


def _end_with_parent() -> None:
    """In the new process: be told to shut down when the process that made us dies, even killed."""
    set_parent_death_signal = 1
    ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGINT)


def _as_user(account: pwd.struct_passwd | None) -> dict[str, Any]:
    if account is None:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
