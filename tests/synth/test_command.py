"""`xinrong synth` on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from xinrong.cli.synth import command
from xinrong.domain.errors import XinrongError


def test_the_last_line_is_a_summary_in_json(tmp_path: Path) -> None:
    out = tmp_path / "city"
    done = CliRunner().invoke(
        command,
        ["--out", str(out), "--enterprises", "1000", "--rows-per-enterprise", "20", "--seed", "4"],
    )
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout.strip().splitlines()[-1])
    assert told["options"]["seed"] == 4
    assert told["options"]["format"] == "mixed"
    assert told["rows"] == sum(told["rows_per_feed"].values()) > 10_000
    assert told["feeds"] == 54
    assert told["rows_per_s"] > 0
    assert "rows/s" in done.stderr


def test_canonical_rows_are_written_as_parquet(tmp_path: Path) -> None:
    out = tmp_path / "city"
    done = CliRunner().invoke(
        command,
        ["--out", str(out), "--enterprises", "1000", "--rows-per-enterprise", "20", "--canonical"],
    )
    assert done.exit_code == 0, done.output
    assert (out / "loan" / "part-0000.parquet").is_file()
    assert json.loads(done.stdout.strip().splitlines()[-1])["options"]["format"] == "canonical"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--until", "2026-02-30"], "is no day"),
        (["--until", "yesterday"], "is no day"),
        (["--format", "ods"], "Invalid value"),
        (["--enterprises", "many"], "Invalid value"),
    ],
)
def test_a_word_that_cannot_be_read_is_refused(tmp_path: Path, words: list[str], said: str) -> None:
    done = CliRunner().invoke(command, ["--out", str(tmp_path / "city"), *words])
    assert done.exit_code == 2
    assert said in done.output


def test_a_folder_is_required() -> None:
    assert CliRunner().invoke(command, []).exit_code == 2


def test_an_impossible_number_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    done = CliRunner().invoke(command, ["--out", str(tmp_path / "city"), "--enterprises", "-3"])
    assert isinstance(done.exception, XinrongError)
    assert "Ask for 1000 or more" in str(done.exception)
