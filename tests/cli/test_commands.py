"""What the operator's commands print, and with which status they end."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.store.rows import put, row
from tests.subjects.people import known
from xinrong.cli.main import COMMANDS, group, short_help
from xinrong.store.manifest import layout
from xinrong.store.models import Part

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]


def run(*words: str) -> Result:
    return CliRunner().invoke(group, list(words))


def test_a_sound_store_is_called_sound() -> None:
    put(row(1, 10, 5))
    done = run("store", "check")
    assert done.exit_code == 0
    assert done.output.endswith("sound\n")
    report = json.loads(run("store", "check", "--json").output)
    assert (report["live_rows"], report["faults"]) == (1, [])


def test_a_damaged_store_ends_with_status_1_and_names_the_part() -> None:
    put(row(1, 10, 5))
    assert "1 current" in run("store", "compact").output
    part = Part.objects.get(replaced_seq=None, kind="current")
    (layout().parts / part.name).unlink()
    done = run("store", "check")
    assert done.exit_code == 1
    assert f"fault: part {part.name} is missing" in done.output


def test_a_retraction_is_previewed_and_happens_only_with_yes() -> None:
    batch = put(row(1, 10, 5), row(1, 11, 5)).batch
    preview = run("store", "retract", str(batch), "--reason", "wrong file")
    assert "2 records disappear" in preview.output
    assert "Nothing was changed" in preview.output
    done = run("store", "retract", str(batch), "--reason", "wrong file", "--yes")
    assert "retracted at seq 2" in done.output
    assert '"live_rows": 0' in run("store", "check", "--json").output


def test_a_search_without_a_hit_says_what_to_try() -> None:
    done = run("search", "没有这家")
    assert done.exit_code == 0
    assert "Try a shorter part of the name" in done.output


def test_a_search_says_why_it_found_whom() -> None:
    known(1, "海城恒远精密机械有限公司")
    known(1, "海城恒远科技有限公司", seq=2)
    [hit] = json.loads(run("search", "恒远精", "--json").output)
    assert (hit["name"], hit["matched"]) == ("海城恒远科技有限公司", "former_name")
    assert (hit["how"], hit["why"]["zh"]) == ("fragment", "名称含有所输文字")
    said = " ".join(run("search", "hengyuankj").output.split())
    assert "its pinyin" in said
    assert json.loads(run("search", "恒远", "--start", "1", "--json").output) == []


def test_the_index_of_names_is_made_by_a_command(settings: Any, tmp_path: Path) -> None:
    settings.NAMES_ROOT = tmp_path / "names"
    known(1, "海城恒远精密机械有限公司")
    assert "1 names indexed" in run("subjects", "index").output
    assert (tmp_path / "names" / "current").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["file", "123", "--as", "nobody@x.invalid"], "nobody@x.invalid"),
        (["store", "retract", "99", "--reason", "x"], "batch 99 was never committed"),
    ],
)
def test_an_error_is_words_for_a_person_and_never_a_traceback(words: list[str], said: str) -> None:
    done = run(*words)
    assert done.exit_code == 1
    assert said in str(done.exception)


def test_the_program_prints_errors_as_words_on_standard_error() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "xinrong.cli.main", "catalogue", "lint", "atlantis"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr + done.stdout
    assert "atlantis" in done.stderr + done.stdout


def test_the_help_says_of_each_command_what_it_says_itself_and_imports_none() -> None:
    code = (
        "import sys; from xinrong.cli.main import group\n"
        "try: group(['--help'], terminal_width=200)\n"
        "finally: print([name for name in sys.modules if name.split('.')[0] in HEAVY])"
    ).replace("HEAVY", "{'django', 'duckdb', 'pyarrow', 'sqlglot', 'numpy'}")
    said = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stdout  # fmt: skip
    assert said.endswith("\n[]\n")
    for name, (module, _) in COMMANDS.items():
        command = importlib.import_module(module).command
        assert short_help(module, 200) == command.get_short_help_str(200)
        assert f"  {name} " in said
