"""A fresh invented province with the people of the stories, served for as long as it is needed."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]
REGION = "qinghai"
#: Seconds until the server must answer.
PATIENCE = 60


@dataclass(frozen=True)
class Town:
    """Where it is served, what the demo said of it, and who acts in it."""

    site: str
    loaded: dict[str, Any]
    cast: dict[str, Any]


@contextmanager
def fresh_town(data: Path) -> Iterator[Town]:
    """Load the invented province into an empty folder, cast the stories, serve, and end."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("XINRONG_")}
    env = {
        **kept, "XINRONG_DATA": str(data), "REGION": REGION, "PYTHONPATH": str(PROJECT / "src"),
        "DJANGO_SETTINGS_MODULE": "xinrong.settings",
    }  # fmt: skip
    loaded = last_line(env, "-m", "xinrong.cli.main", "demo", "--load-only")
    cast = last_line(env, "-m", "scripts.stories.cast")
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "xinrong.cli.main", "serve", "--port", str(port)],
        env=env, cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    site = f"http://127.0.0.1:{port}"
    try:
        wait_for(site, server)
        yield Town(site, loaded, cast)
    finally:
        server.terminate()
        server.wait(timeout=30)


def last_line(env: dict[str, str], *words: str) -> dict[str, Any]:
    """Run Python in the province; the JSON of its last line. Raises RuntimeError when it fails."""
    done = subprocess.run(
        [sys.executable, *words], env=env, cwd=PROJECT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(words)} failed:\n{done.stderr[-3000:]}")
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(site: str, server: subprocess.Popen[bytes]) -> None:
    """Until it answers. Raises RuntimeError when it ended or takes too long."""
    for _ in range(PATIENCE * 5):
        try:
            urllib.request.urlopen(site, timeout=5).close()  # noqa: S310 - our own address
        except (urllib.error.URLError, OSError):
            if server.poll() is not None:
                break
            time.sleep(0.2)
        else:
            return
    raise RuntimeError(f"nothing answers at {site}")
