"""A private MariaDB server in a temporary folder: for tests, never for data.

It runs as the system user `mysql` when we are root, listens on a socket inside its own folder
only, and is stopped through its own process id.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

DATABASE = "dw"
USER, PASSWORD = "reader", "s3cret/word"
#: Seconds that a server may take to answer, and to stop.
START_SECONDS = 60
STOP_SECONDS = 30
#: What was committed survives a killed server; a power cut need not be survived in a test.
FAST = ("--innodb-flush-log-at-trx-commit=2", "--innodb-log-file-size=8M", "--skip-log-bin")


class MariaMissingError(Exception):
    """No usable MariaDB server is installed; the text says what is missing."""


def _binary(name: str) -> str:
    found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
    if found is None:
        raise MariaMissingError(f"MariaDB is not installed: no {name} (package `mariadb-server`)")
    return found


def _account() -> pwd.struct_passwd | None:
    """Whom the server runs as; None when we are not root and it may run as ourselves."""
    if os.geteuid() != 0:
        return None
    for name in ("mysql", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise MariaMissingError("MariaDB cannot run as root, and no other system user exists")


@dataclass
class PrivateMaria:
    """One server. Use as a context manager, or call `start` and `stop`."""

    options: tuple[str, ...] = FAST
    folder: Path = field(default=Path(), init=False)
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    _command: list[str] = field(default_factory=list, init=False)
    _user: dict[str, Any] = field(default_factory=dict, init=False)

    @property
    def socket(self) -> str:
        """Where it answers."""
        return str(self.folder / "socket")

    def connect(self, **more: Any) -> Any:
        """A connection with all rights."""
        import pymysql

        given = {"unix_socket": self.socket, "user": "root", "charset": "utf8mb4", **more}
        return pymysql.connect(**given)

    def start(self) -> PrivateMaria:
        """Make a data folder, start the server, make database and reader."""
        install, daemon, account = _binary("mariadb-install-db"), _binary("mariadbd"), _account()
        self.folder = Path(tempfile.mkdtemp(prefix="xinrong-maria-"))
        data = self.folder / "data"
        data.mkdir()
        user: dict[str, Any] = {}
        if account:
            for path in (self.folder, data):
                os.chown(path, account.pw_uid, account.pw_gid)
            user = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        done = subprocess.run(
            [install, "--no-defaults", f"--datadir={data}", "--skip-test-db",
             "--auth-root-authentication-method=normal"],
            check=False, capture_output=True, cwd=self.folder, **user,
        )  # fmt: skip
        if done.returncode:
            text = (done.stderr or done.stdout).decode(errors="replace").strip()
            shutil.rmtree(self.folder, ignore_errors=True)
            raise MariaMissingError(f"mariadb-install-db failed: {text[:500]}")
        command = [
            daemon, "--no-defaults", f"--datadir={data}", f"--socket={self.socket}",
            "--skip-networking", f"--pid-file={self.folder / 'pid'}",
            "--character-set-server=utf8mb4", *self.options,
        ]  # fmt: skip
        self._command, self._user = command, user
        self.again()
        self._create()
        return self

    def _wait(self) -> None:
        import pymysql

        until = time.monotonic() + START_SECONDS
        while True:
            try:
                with socket.socket(socket.AF_UNIX) as line:  # the driver leaves its own open
                    line.connect(self.socket)
                self.connect().close()
            except (OSError, pymysql.Error) as error:
                gone = self.process is None or self.process.poll() is not None
                if gone or time.monotonic() > until:
                    log = (self.folder / "log").read_text(errors="replace")[-800:]
                    self.stop()
                    raise MariaMissingError(f"MariaDB did not start: {error} {log}") from error
                time.sleep(0.05)
            else:
                return

    def _create(self) -> None:
        with self.connect() as connection, connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {DATABASE}")
            cursor.execute(f"CREATE USER {USER}@localhost IDENTIFIED BY '{PASSWORD}'")
            cursor.execute(f"GRANT SELECT ON {DATABASE}.* TO {USER}@localhost")

    def kill(self) -> None:
        """As if the power failed; `again` starts it on the same data."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def again(self) -> None:
        """Start the server on the data that are there."""
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
                cwd=self.folder,
                start_new_session=True,
                preexec_fn=_end_with_parent,  # noqa: PLW1509 - runs one system call, no lock
                **self._user,
            )
        self._wait()

    def stop(self) -> None:
        """Stop the server by its own process id and remove its folder. Harmless twice."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process = None
        if self.folder != Path():
            shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self.stop()


def _end_with_parent() -> None:
    """In the new process: be told to stop when the process that made us dies, even killed."""
    set_parent_death_signal = 1
    ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGTERM)  # SIGINT it does not hear
