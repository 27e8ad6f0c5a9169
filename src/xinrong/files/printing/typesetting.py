"""A paper as a PDF, set by a process of its own within bounds of time, memory and number."""

from __future__ import annotations

import fcntl
import json
import logging
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from django.conf import settings

from xinrong.files.printing import child
from xinrong.files.printing.errors import PaperError

logger = logging.getLogger(__name__)

#: The fonts that the template names: the system package fonts-noto-cjk has them.
FONTS = ("Noto Sans CJK SC", "Noto Sans Mono CJK SC")
#: Processor time and time on the clock for one paper, in seconds.
SECONDS = 90
#: Address space of the process that sets it, in bytes.
MEMORY = 2 << 30
#: Papers that are set at the same time on this machine, by all its processes.
AT_ONCE = 2
#: How long a paper waits for its turn, in seconds.
PATIENCE = 20.0


def typeset(paper: Mapping[str, Any], *, at: datetime) -> bytes:
    """The PDF; the same bytes for the same paper and moment.

    Raises PaperError: paper_busy, paper_fonts, paper_failed.
    """
    order = {
        "template": template(),
        "paper": json.dumps(paper, ensure_ascii=False),
        "timestamp": int(at.timestamp()),
        "fonts": FONTS,
    }
    with turn(), tempfile.TemporaryDirectory(prefix="xinrong-paper-") as folder:
        return _set(json.dumps(order).encode(), folder)


def _set(order: bytes, folder: str) -> bytes:
    command = [sys.executable, "-I", child.__file__, str(MEMORY), str(SECONDS)]
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    try:
        done = subprocess.run(  # noqa: S603 - our own file, without a shell
            command,
            input=order,
            capture_output=True,
            cwd=folder,
            env=environment,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise PaperError(
            f"the paper could not be set within {SECONDS} seconds",
            remedy="Try again; if it happens again, tell the operator the time.",
        ) from None
    if done.returncode == child.FONT_MISSING:
        raise PaperError(
            f"the fonts of a paper are not installed: {', '.join(FONTS)}",
            remedy="Install the system package fonts-noto-cjk.",
            code="paper_fonts",
        )
    if done.returncode or not done.stdout:
        logger.error("a paper was not set: status %s, %s", done.returncode, done.stderr[-2000:])
        raise PaperError(
            "the paper could not be set",
            remedy="Try again; if it happens again, tell the operator the time.",
        )
    return done.stdout


@cache
def template() -> str:
    """The template, as it is shipped."""
    path = resources.files("xinrong.files.printing") / "paper.typ"
    return path.read_text(encoding="utf-8")


@contextmanager
def turn(patience: float = PATIENCE) -> Iterator[None]:
    """One of the few places in which a paper is set; all processes of the machine share them.

    A process that dies gives its place back. Raises PaperError, paper_busy.
    """
    folder = Path(settings.DATA) / "printing"
    folder.mkdir(parents=True, exist_ok=True)
    until = time.monotonic() + patience
    while True:
        for place in range(AT_ONCE):
            with (folder / f"{place}.lock").open("w") as lock:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    continue
                yield
                return
        if time.monotonic() >= until:
            raise PaperError(
                "other papers are being made at this moment",
                remedy="Try again in a minute.",
                code="paper_busy",
            )
        time.sleep(0.1)
