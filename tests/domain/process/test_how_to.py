"""The how-to is run: its blocks must print what the page says they print."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.environment import PROJECT
from xinrong.cli import processes
from xinrong.domain.process import MoveRefused, registry

PAGE = (PROJECT / "docs" / "how-to" / "write-a-process.md").read_text(encoding="utf-8")
BLOCKS = re.findall(
    r"^```python\n(.*?)^```$(?:\n\n```text\n(.*?)^```$)?", PAGE, re.MULTILINE | re.DOTALL
)


@pytest.fixture(autouse=True)
def own_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_PROCESSES", {})


def run_all() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Each block's output, what the page says of it, and the names that there are after it."""
    names: dict[str, Any] = {}
    for code, expected in BLOCKS:
        said = io.StringIO()
        try:
            with contextlib.redirect_stdout(said):
                exec(compile(code, "write-a-process.md", "exec"), names)
        except (ValueError, MoveRefused) as error:
            said.write(f"refused: {error}\n")
        yield said.getvalue(), expected, names


def test_each_block_of_the_page_prints_what_the_page_says() -> None:
    found = list(run_all())
    assert [said for said, _, _ in found] == [expected for _, expected, _ in found]
    assert len(found) >= 12
    assert PAGE.count("```python") == len(found)
    assert PAGE.count("```text") == sum(bool(expected) for _, expected, _ in found)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The blocks of the page that are not refused, as the author's file."""
    kept = [code for (code, expected) in BLOCKS if not expected.startswith("refused")]
    (tmp_path / "question.py").write_text("\n".join(kept), encoding="utf-8")
    return tmp_path / "question.py"


def test_the_file_of_the_page_is_checked_as_the_page_says(file: Path) -> None:
    done = CliRunner().invoke(processes.check, ["--walks", "1", str(file)])
    assert done.exit_code == 0, done.output
    shown = re.sub(r"walked \d+ moves", "walked some moves", done.output)
    (console,) = re.findall(
        r"^\$ xinrong process check .*\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL
    )
    assert shown.endswith(console), shown


def test_the_process_of_the_page_is_simulated_as_the_page_says(file: Path) -> None:
    (line,) = re.findall(r"^xinrong process simulate question.py:(.*)$", PAGE, re.MULTILINE)
    name, *arguments = line.replace("10000", "50").split()
    done = CliRunner().invoke(processes.simulate_it, [f"{file}:{name}", *arguments])
    assert done.exit_code == 0, done.output
    assert '"stuck": 0' in done.output
    assert '"missed_deadlines_without_escalation": 0' in done.output
