"""Processes end when the one that started them is gone: a killed server leaves nobody behind."""

from __future__ import annotations

import os
import signal
import threading
import time

#: Names the server to its processes.
SERVER = "XINRONG_SERVER_PID"
#: Seconds between looks, and in which a process may end what it is at.
PAUSE, GRACE = 1.0, 10.0


def end_with(parent: int) -> None:
    """End this process soon after `parent`, which started it, has ended."""
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def end_with_server() -> None:
    """`end_with` the server that named itself, if one did and started this process."""
    server = os.environ.get(SERVER, "")
    if server and int(server) == os.getppid():
        end_with(int(server))


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(PAUSE)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE)
    os._exit(1)
