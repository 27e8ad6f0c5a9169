"""`xinrong process`: each command as a person runs it, with what they may get wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.conf import settings

from tests.environment import PROJECT
from xinrong.cli import processes
from xinrong.domain.errors import XinrongError

REFERENCE = PROJECT / "docs" / "reference" / "processes"


def run(*words: str) -> Result:
    return CliRunner().invoke(processes.command, list(words))


def refused(*words: str) -> XinrongError:
    done = run(*words)
    assert isinstance(done.exception, XinrongError), done.output
    return done.exception


def test_the_processes_of_the_platform_are_listed() -> None:
    listed = run("list").output
    for name in ("consent:", "representation:", "correction:"):
        assert name in listed


def test_a_process_is_drawn_in_names_and_in_words() -> None:
    assert "asked --> granted: grant (representative)" in run("diagram", "consent").output
    assert (
        "asked --> granted: 同意（企业代表）"
        in run("diagram", "consent", "--language", "zh").output
    )


def test_an_unknown_process_is_refused_with_those_there_are() -> None:
    error = refused("diagram", "consnet")
    assert error.code == "process_unknown"
    assert "consent" in str(error)


def test_every_process_of_the_platform_can_be_walked_and_shown() -> None:
    done = run("check", "--walks", "2")
    assert done.exit_code == 0, done.output
    assert "before people meet it" not in done.output


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("x = 1", "it makes no process. It makes: none"),
        ("x = ", "mine.py, row 1: SyntaxError: invalid syntax"),
        ("x = 1\ny = x / 0", "mine.py, row 2: ZeroDivisionError: division by zero"),
        ("raise ValueError('odd: nothing leads to here')", "nothing leads to here"),
        ("import no_such_thing", "no_such_thing"),
    ],
)
def test_a_file_without_a_good_process_is_refused_by_its_name(
    tmp_path: Path, content: str, says: str
) -> None:
    (tmp_path / "mine.py").write_text(content)
    error = refused("check", str(tmp_path / "mine.py"))
    assert (error.code, error.place.file) == ("process_wrong", "mine.py")
    assert says in str(error)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "no such file" in str(refused("check", str(tmp_path / "absent.py")))


def test_a_simulation_prints_a_table_and_a_line_of_json() -> None:
    done = run("simulate", "correction", "--cases", "60", "--people", "operator=1")
    *table, last = done.output.splitlines()
    assert json.loads(last)["missed_deadlines_without_escalation"] == 0
    assert any("of 60 cases ended" in line for line in table)
    alone = run("simulate", "correction", "--cases", "60", "--people", "operator=1", "--json")
    assert alone.output.splitlines() == [last]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--cases", "0"), "at least one case"),
        (("--mute", "2"), "0 to 1 mute"),
        (("--people", "operator"), "write ROLE=NUMBER"),
        (("--people", "clerk=3"), "write ROLE=NUMBER with one of data_officer"),
        (("--minutes", "operator=0"), "some minutes"),
    ],
)
def test_what_cannot_be_simulated_is_refused(words: tuple[str, ...], says: str) -> None:
    done = run("simulate", "correction", *words)
    assert done.exit_code == 2
    assert says in done.output


def test_the_reference_pages_of_this_region_are_current() -> None:
    run("list")
    assert processes.stale(REFERENCE / settings.REGION) == []


def test_a_page_that_is_old_missing_or_of_no_process_is_found(tmp_path: Path) -> None:
    run("list")
    for name, text in processes.pages().items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert processes.stale(tmp_path) == []
    (tmp_path / "consent.md").write_text("old")
    (tmp_path / "index.md").unlink()
    (tmp_path / "gone.md").write_text("of a process that there is no more")
    assert processes.stale(tmp_path) == ["consent.md", "gone.md", "index.md"]


def test_a_page_shows_the_table_the_clocks_and_the_diagram() -> None:
    run("list")
    page = processes.pages()["correction.md"]
    for part in ("| 状态 | 由谁 |", "| in state | who |", "```mermaid", "stateDiagram-v2"):
        assert part in page
