"""The how-to is run: its commands must print what the page says they print."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from xinrong.catalogue.region import regions_root

PROJECT = regions_root().parent
PAGE = PROJECT / "docs" / "how-to" / "write-a-contract.md"
BLOCK = re.compile(r"^```(console|yaml file=(\S+))\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def steps(text: str) -> Iterator[tuple[str, str, str]]:
    """(kind, file or command, content or output) in the order of the page."""
    for block in BLOCK.finditer(text):
        kind, file, body = block.groups()
        if kind != "console":
            yield "file", file, body
            continue
        for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            yield "run", command, output


def run(command: str, folder: Path) -> str:
    shell = command.replace("xinrong ", f"'{sys.executable}' -m xinrong.cli.main ", 1)
    done = subprocess.run(
        shell, shell=True, cwd=folder, check=False, capture_output=True, text=True, timeout=120
    )
    assert not done.stderr, done.stderr
    return "".join(line.rstrip() + "\n" for line in done.stdout.splitlines())


def test_the_commands_of_the_how_to_print_what_the_page_says(tmp_path: Path) -> None:
    shutil.copytree(PROJECT / "docs" / "how-to", tmp_path / "docs" / "how-to")
    shutil.copytree(PROJECT / "regions", tmp_path / "regions")
    done = 0
    for kind, what, text in steps(PAGE.read_text(encoding="utf-8")):
        if kind == "file":
            (tmp_path / what).write_text(text, encoding="utf-8")
            continue
        printed = counted(run(what, tmp_path))
        assert printed == counted(text), what
        done += 1
    assert done >= 8


def counted(text: str) -> str:
    """Without how many contracts, feeds and pages the pack has in all: it grows."""
    return re.sub(r"\d+ (contracts|feeds|pages)", r"N \1", text)
