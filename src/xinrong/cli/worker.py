"""`xinrong worker`: the platform's background work, such as taking in a large upload.

`xinrong serve` starts one beside itself; several may run, on several machines.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import click
from django.core.management import call_command

from xinrong.domain.clock import SystemClock
from xinrong.orphans import end_with
from xinrong.trust.services import sealing

#: Seconds in which a worker may end what it is at, before it is killed (its task is repeated).
GRACE = 10.0
#: Seconds between looks, and before a worker that died is started again.
PAUSE = 1.0
#: What asks a process to end.
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@click.command("worker")
@click.option("--parent", default=0, hidden=True, help="End when this process is gone.")
def command(parent: int) -> None:
    """Do background work until told to stop (Ctrl+C); what is begun is ended first.

    Beside its tasks it seals the audit rows within a second; several workers take turns.
    """
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)  # the thread that starts it blocks them
    if parent:
        end_with(parent)
    with sealing.sealing_beside(SystemClock()):
        call_command("ox_worker", verbosity=0)


class WorkerBeside:
    """A worker as a child process, started again whenever it dies."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._keep, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Let it end what it is at, for a while."""
        self._stopping.set()
        self._thread.join(GRACE + 2 * PAUSE)

    def _keep(self) -> None:
        # A signal that this thread caught would not wake the server's.
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
        own = str(os.getpid())
        while not self._stopping.is_set():
            child = subprocess.Popen(  # noqa: S603 - the last word is a number of ours
                [sys.executable, "-m", "xinrong.cli.main", "worker", "--parent", own]
            )
            while child.poll() is None and not self._stopping.is_set():
                self._stopping.wait(PAUSE)
            if child.poll() is None:
                _end(child)
            self._stopping.wait(PAUSE)


def _end(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    try:
        child.wait(GRACE)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


@contextmanager
def worker_beside() -> Iterator[None]:
    """A worker for as long as the block runs."""
    beside = WorkerBeside()
    beside.start()
    try:
        yield
    finally:
        beside.stop()
