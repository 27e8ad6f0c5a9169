"""What attackers need: a client in a role, a server that really runs, a raw socket to it."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.apart import tables_in
from tests.pages.support import Town

PROJECT = Path(__file__).resolve().parents[2]


def as_(town: Town, name: str, **more: Any) -> Client:
    """Somebody of the town, wholly signed in."""
    client = Client(raise_request_exception=False, **more)
    client.force_login(town.people[name])
    return client


def key_for(organisation: str, *scopes: str) -> dict[str, str]:
    """The header of a fresh key of an organisation."""
    from xinrong.accounts.services import create_key, organisation_named

    _, token = create_key(
        organisation_named(organisation),
        "test",
        scopes or ("files",),
        valid_for=timedelta(days=1),
        now=timezone.now(),
    )
    return {"Authorization": f"Bearer {token}"}


@dataclass(frozen=True)
class Served:
    """A server of one process, as an operator starts it."""

    port: int

    def connect(self, timeout: float = 10) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout)

    def say(self, *pieces: bytes, timeout: float = 10) -> bytes:
        """Send bytes as they are; what comes back until the server is done with us."""
        with self.connect(timeout) as line:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                for piece in pieces:
                    line.sendall(piece)
            return everything(line)

    def get(self, path: str = "/", timeout: float = 10) -> tuple[int, float]:
        """Status of a page, and the seconds that it took."""
        began = time.monotonic()
        asked = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
        answer = self.say(asked.encode(), timeout=timeout)
        return status_of(answer), time.monotonic() - began


def everything(line: socket.socket) -> bytes:
    """All bytes until the other side closes, breaks off or says nothing more."""
    found = b""
    with contextlib.suppress(OSError):
        while piece := line.recv(65536):
            found += piece
    return found


def status_of(answer: bytes) -> int:
    """The status of a raw answer; 0 when the server just hung up."""
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/1.1 ") else 0


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of the served platform."""
    return tmp_path_factory.mktemp("served")


@pytest.fixture(scope="module")
def served(place: Path) -> Iterator[Served]:
    """`xinrong serve` on an empty store and SQLite, whatever database this run is on."""
    tables_in({"XINRONG_DATA": str(place)})
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    environment = {name: value for name, value in os.environ.items() if "DATABASE" not in name}
    environment |= {"XINRONG_DATA": str(place), "PYTHONPATH": str(PROJECT / "src")}
    command = [sys.executable, "-m", "xinrong.cli.main", "serve", "--no-background"]
    log = (place / "log").open("wb")
    process = subprocess.Popen(
        [*command, "--port", str(port)], env=environment, stdout=log, stderr=log
    )
    found = Served(port)
    try:
        for _ in range(900):  # on a machine that may be busy
            assert process.poll() is None, (place / "log").read_text()
            with contextlib.suppress(OSError):
                if found.get(timeout=5)[0] == 200:
                    break
            time.sleep(0.2)
        else:
            pytest.fail(f"no server came up: {(place / 'log').read_text()}")
        yield found
    finally:
        process.terminate()
        process.wait(30)
        log.close()
