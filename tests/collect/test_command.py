"""`xinrong collect`: receipts in words and as JSON, exit status, near matches, rejects."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.collect.city import MISTYPED, csv_bytes, feed, region, row
from xinrong.catalogue.feed import Feed
from xinrong.catalogue.region import Region
from xinrong.cli import collect as cli
from xinrong.cli.terminal import LOCALES
from xinrong.domain.errors import XinrongError

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]


@pytest.fixture(autouse=True)
def city(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Region:
    """The command meets the tests' city; its samples lie in the test's own folder."""
    made = region(
        feed(sample="samples/tax.csv"),
        feed(feed="aaa_other", sample="samples/other.csv"),
        feed(feed="zzz_register", register_feed=True, sample="samples/register.csv"),
        feed(feed="no_sample"),
    )
    monkeypatch.setattr(cli, "load_region", lambda _: made)
    monkeypatch.setattr(cli, "regions_root", lambda: tmp_path / "regions")
    for name in LOCALES:
        monkeypatch.delenv(name, raising=False)
    return made


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli.command, [str(argument) for argument in arguments])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "upload.csv"
    path.write_bytes(csv_bytes([row("T1"), row("T2", MISTYPED), row("T1")]))
    return path


def test_a_receipt_is_told_in_words_and_quarantine_is_no_failure(file: Path) -> None:
    result = run(file, "--feed", "tax_csv")
    assert result.exit_code == 0
    assert "3 rows in = 1 accepted + 1 quarantined + 1 duplicates" in result.output
    assert "1 × subject: “" in result.output
    assert "collect rejects" in result.output


def test_a_chinese_terminal_is_answered_in_chinese(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert "收到 3 行 = 入库 1 + 隔离 1 + 重复 1" in run(file, "--feed", "tax_csv").output


def test_the_receipt_as_json_has_every_count(file: Path) -> None:
    told = json.loads(run(file, "--feed", "tax_csv", "--json").output)
    assert told["rows_in"] == told["accepted"] + told["quarantined"] + told["duplicates"] == 3
    assert (told["feed"], told["repeated"]) == ("tax_csv", False)
    assert json.loads(run(file, "--feed", "tax_csv", "--json").output)["repeated"] is True


def test_a_file_that_is_refused_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_bytes(b"")
    result = run(tmp_path / "empty.csv", "--feed", "tax_csv")
    assert result.exit_code == 1
    assert isinstance(result.exception, XinrongError)


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    result = run(tmp_path / "nowhere.csv", "--feed", "tax_csv")
    assert isinstance(result.exception, XinrongError)
    assert result.exception.code == "file_not_readable"


def test_an_unknown_feed_is_answered_with_near_ones(file: Path) -> None:
    result = run(file, "--feed", "tax_cvs")
    assert result.exit_code == 1
    assert "tax_csv" in str(result.exception)


@pytest.mark.parametrize(
    "arguments", [(), ("--feed", "tax_csv"), ("x.csv",), ("x.csv", "--samples")]
)
def test_a_command_that_says_too_little_or_too_much_is_a_usage_error(
    arguments: tuple[str, ...],
) -> None:
    assert run("file", *arguments).exit_code == 2


def test_rejects_are_written_to_a_file(file: Path, tmp_path: Path) -> None:
    batch = json.loads(run(file, "--feed", "tax_csv", "--json").output)["batch"]
    result = run("rejects", str(batch), "--out", tmp_path / "rejects.csv")
    assert result.exit_code == 0
    assert MISTYPED in (tmp_path / "rejects.csv").read_text(encoding="utf-8-sig")


def test_samples_are_taken_register_feeds_first(city: Region, tmp_path: Path) -> None:
    order: list[Feed] = cli.sample_feeds(city)
    assert [one.feed for one in order] == ["zzz_register", "aaa_other", "tax_csv"]
    (tmp_path / "samples").mkdir()
    for name in ("tax", "register"):
        (tmp_path / "samples" / f"{name}.csv").write_bytes(csv_bytes([row(name)]))
    result = run("--samples", "--json")
    told = [json.loads(line)["feed"] for line in result.stdout.splitlines()]
    assert told == ["zzz_register", "tax_csv"]
    assert result.exit_code == 1  # the file of aaa_other is missing, the others are taken
    assert "aaa_other" in result.stderr


def test_the_number_of_rows_is_guessed_from_the_first_lines(file: Path) -> None:
    guessed = cli.guess_rows(file, feed().layout)
    assert guessed == pytest.approx(4)
    assert cli.guess_rows(file, feed(layout={"format": "xlsx", "encoding": ""}).layout) is None
