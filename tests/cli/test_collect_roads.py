"""`xinrong collect pull` and `retract`: what they print, and how they end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.collect.city import csv_bytes, region, row, send
from xinrong.cli import collect as cli
from xinrong.cli import collect_roads as roads
from xinrong.cli.terminal import LOCALES
from xinrong.collect import services as collect
from xinrong.collect.errors import PullError
from xinrong.store import services as store

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.command, [str(argument) for argument in arguments])


@pytest.fixture(autouse=True)
def city(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roads, "load_region", lambda _: region())
    for name in LOCALES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def batch(tmp_path: Path) -> int:
    number: int = send(tmp_path / "a.csv", csv_bytes([row("T1"), row("T2")])).batch
    return number


def test_a_retraction_is_only_shown_until_it_is_confirmed(batch):
    before = store.last_seq()
    shown = run("retract", batch, "--reason", "wrong month")
    assert shown.exit_code == 0
    assert "a.csv → tax_csv of tax_bureau" in shown.output
    assert "2 records disappear" in shown.output
    assert "Nothing was changed" in shown.output
    assert store.last_seq() == before
    done = run("retract", batch, "--reason", "wrong month", "--yes")
    assert "retracted at seq" in done.output
    assert collect.retracted_batches([batch]) == {batch}
    again = run("retract", batch, "--reason", "wrong month", "--yes")
    assert again.exception.code == "batch_not_retractable"


def test_a_retraction_needs_a_reason_and_a_batch(batch):
    assert run("retract", batch).exit_code == 2
    assert run("retract", batch, "--reason", " ").exit_code == 2
    assert run("retract", "999", "--reason", "x").exception.code == "unknown_batch"


def test_every_source_is_pulled_though_one_fails(monkeypatch, batch):
    pulled: list[str] = []

    def pull(feed: str, **_: Any) -> collect.Pulled:
        pulled.append(feed)
        if feed == "a":
            raise PullError("the server is gone", code="pull_unreachable")
        if feed == "b" and pulled.count("b") == 1:
            return collect.Pulled(feed, collect.receipt(batch), more=True)
        return collect.Pulled(feed, None)

    monkeypatch.setattr(collect, "pull", pull)
    monkeypatch.setattr(collect, "pull_sources", lambda _: {"b": None, "a": None})
    result = run("pull")
    assert pulled == ["a", "b", "b"]
    assert result.exit_code == 1
    assert "error [pull_unreachable]: a: the server is gone" in result.stderr
    assert "2 rows in = 2 accepted" in result.stdout
    assert "b: nothing new" in result.stdout


def test_a_pull_without_any_source_says_where_one_is_described():
    result = run("pull")
    assert result.exit_code == 0
    assert (
        "No feed of tests is pulled: a source is a file under regions/tests/pulls/" in result.output
    )
    one = run("pull", "tax_csv")
    assert one.exit_code == 1
    assert "pull_unknown" in one.stderr


def test_a_batch_that_was_not_pulled_cannot_be_rewound(batch):
    assert run("pull", "--rewind", batch).exception.code == "pull_unknown"


def test_a_folder_that_is_not_there_is_an_error(tmp_path):
    result = run("watch", tmp_path / "nowhere", "--once")
    assert result.exception.code == "drop_not_a_file"


def test_watching_once_tells_what_was_refused_by_its_exit_status(tmp_path):
    folder = tmp_path / "drop" / "tax_csv"
    folder.mkdir(parents=True)
    (folder / "a.csv").write_bytes(csv_bytes([row("T1")]))
    good = run("watch", folder.parent, "--once", "--settle", "0")
    assert good.exit_code == 0
    assert "1 rows in = 1 accepted" in good.output
    (folder / "b.csv").write_bytes(b"")
    bad = run("watch", folder.parent, "--once", "--settle", "0")
    assert bad.exit_code == 1
    assert "tax_csv/b.csv" in bad.stderr
