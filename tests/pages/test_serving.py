"""`xinrong serve` and `xinrong manage`, as an operator starts them."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]


def environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "XINRONG_DATA": str(folder), "PYTHONPATH": str(PROJECT / "src")}


def free_port() -> int:
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        return int(place.getsockname()[1])


@pytest.mark.timeout(120)
def test_serve_answers_with_pages_and_files_on_an_empty_folder(tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "xinrong.cli.main", "serve", "--port", str(port)]
    server = subprocess.Popen(
        command, env=environment(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    site = f"http://127.0.0.1:{port}"
    try:
        page = wait_for(f"{site}/", server)
        assert "信融" in page
        sheet = urllib.request.urlopen(f"{site}/static/pages/css/tokens.css")
        assert b"--accent" in sheet.read()
        with pytest.raises(urllib.error.HTTPError) as missing:
            urllib.request.urlopen(f"{site}/nothing/here")
        assert missing.value.code == 404
        missing.value.close()
        sheet.close()
    finally:
        server.terminate()
        output, _ = server.communicate(timeout=30)
    assert site.encode() in output


def wait_for(address: str, server: subprocess.Popen[bytes]) -> str:
    """The page, as soon as the server answers."""
    for _ in range(200):
        assert server.poll() is None, "the server ended by itself"
        try:
            with urllib.request.urlopen(address, timeout=5) as response:
                assert "script-src 'self'" in response.headers["Content-Security-Policy"]
                return str(response.read().decode())
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    pytest.fail("the server never answered")


@pytest.mark.timeout(120)
def test_manage_hands_its_words_to_django(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "xinrong.cli.main", "manage", "check"],
        env=environment(tmp_path), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout
