"""The processes of the platform by name: what the documentation, the inbox and the checks list."""

from __future__ import annotations

from collections.abc import Iterator

from xinrong.domain.errors import XinrongError
from xinrong.domain.process.checks import lacking
from xinrong.domain.process.table import Process

_PROCESSES: dict[str, Process] = {}


class ProcessUnknown(XinrongError):
    """No process has this name."""

    code = "process_unknown"


def register(process: Process) -> Process:
    """Make a process known by its name, and give it back, so that it can be named on the way.

    A capability does it in its module `processes`, which every other program finds. Raises
    ValueError for one that lacks words or declared ends, and for another one of the same name.
    """
    lacks = lacking(process)
    if lacks:
        raise ValueError(f"{process.name} cannot be shown to people: {'; '.join(lacks)}")
    if _PROCESSES.setdefault(process.name, process) != process:
        raise ValueError(f"two processes are called {process.name}: rename one")
    return process


def registered() -> Iterator[Process]:
    """The processes that are known, by name."""
    yield from (_PROCESSES[name] for name in sorted(_PROCESSES))


def find(name: str) -> Process:
    """The process of a name. Raises ProcessUnknown, which lists the names there are."""
    found = _PROCESSES.get(name)
    if found is None:
        raise ProcessUnknown(
            f"no process is called {name!r}",
            remedy=f"There are: {', '.join(sorted(_PROCESSES)) or 'none'}.",
        )
    return found
