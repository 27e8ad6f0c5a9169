"""The worker beside `xinrong serve`: started with it, started again, and never left behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.apart import tables_in
from tests.pages.test_serving import environment, free_port, wait_for


def workers_of(parent: int) -> list[int]:
    """The processes that were started as the worker beside this one."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if words[-4:-1] == [b"worker", b"--parent", str(parent).encode()]:
                found.append(int(entry.name))
    return found


def until(true: Callable[[], bool], what: str) -> None:
    for _ in range(600):
        if true():
            return
        time.sleep(0.1)
    pytest.fail(f"never: {what}")


@pytest.mark.big
@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="needs /proc to see processes")
@pytest.mark.timeout(240)
@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_a_worker_runs_beside_the_server_and_ends_with_it(
    tmp_path: Path, end: signal.Signals
) -> None:
    tables_in({"XINRONG_DATA": str(tmp_path)})
    port = free_port()
    command = [sys.executable, "-m", "xinrong.cli.main", "serve", "--port", str(port)]
    log = (tmp_path / "log").open("wb")
    server = subprocess.Popen(
        command, env=environment(tmp_path), stdout=log, stderr=subprocess.STDOUT
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/", server)
        until(lambda: bool(workers_of(server.pid)), "a worker beside the server")
        if end == signal.SIGTERM:
            (first,) = workers_of(server.pid)
            os.kill(first, signal.SIGKILL)
            until(lambda: workers_of(server.pid) not in ([], [first]), "another worker")
    finally:
        server.send_signal(end)
        try:
            server.wait(60)
        finally:
            log.close()
            print((tmp_path / "log").read_text())
    until(lambda: not workers_of(server.pid), "no worker without its server")
    until(lambda: not answers(port), "nobody answers without the server")


def answers(port: int) -> bool:
    with socket.socket() as place:
        return place.connect_ex(("127.0.0.1", port)) == 0
