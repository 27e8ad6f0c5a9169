"""The invented city's register by command: all enterprises, then a day after the other."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from xinrong.catalogue.region import load_region
from xinrong.cli.main import group
from xinrong.collect.services import collect_file
from xinrong.domain.clock import FixedClock
from xinrong.domain.dates import read_date
from xinrong.store.services import snapshot
from xinrong.subjects.services import (
    enterprise_by_code,
    read_successions,
    register_counts,
    subjects_of,
    successors_of,
)
from xinrong.subjects.tasks import follow_records
from xinrong.synth import Options, write_city, write_register_changes

NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]


def run(*words: str) -> str:
    done = CliRunner().invoke(group, ["subjects", *words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_the_files_follow_the_changes_of_three_days(settings: Any, tmp_path: Path) -> None:
    settings.REGION = "taizhou"
    write_city(tmp_path / "city", 1, 1_000, rows_per_enterprise=20, file_format="csv", faults=0.0)
    options = Options(1, 1_000, 3, 0.0, "csv", rows_per_enterprise=20)
    made = write_register_changes(tmp_path / "city", options, 3)
    assert sum(made.values()) > 10
    register = tmp_path / "city" / "market_registration" / "market_registration.csv"
    assert "0 quarantined" in run(
        "register", "load", str(register), "--feed", "market_registration"
    )
    rows: list[dict[str, str]] = []
    for name in made:
        path = tmp_path / "city" / name
        assert "0 quarantined" in run(
            "register", "load", str(path), "--feed", "market_registration"
        )
        rows += list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    assert {row["变更类型"] for row in rows} == {"设立", "变更", "注销"}
    for row in rows:
        enterprise = enterprise_by_code(row["统一社会信用代码"])
        assert enterprise.name == row["企业名称"]
        assert not enterprise.provisional
        assert enterprise.cancelled == (row["变更类型"] == "注销")
        [subjects] = subjects_of([enterprise.pk]).values()
        with snapshot() as snap:
            [status] = snap.records(subjects, ["registration"])["status"].to_pylist()
        assert (status == "deregistered") == enterprise.cancelled
    [gone] = [row for row in rows if row["变更类型"] == "注销"][:1]
    assert "cancelled on" in run("register", "changes", gone["统一社会信用代码"])


def test_changes_are_the_same_twice_and_nobody_changes_twice(tmp_path: Path) -> None:
    options = Options(7, 2_000)
    for name in ("one", "two"):
        write_register_changes(tmp_path / name, options, 4)
    files = sorted(path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*.csv"))
    assert len(files) == 4
    seen: list[str] = []
    for file in files:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()
        with (tmp_path / "one" / file).open(encoding="utf-8") as text:
            seen += [row["统一社会信用代码"] for row in csv.DictReader(text)]
    assert len(seen) == len(set(seen))


@pytest.mark.big
def test_the_citys_conversions_and_mergers_are_read_from_its_records(
    settings: Any, tmp_path: Path
) -> None:
    settings.REGION = "taizhou"
    write_city(tmp_path / "city", 1, 2_000, rows_per_enterprise=20, file_format="csv", faults=0.0)
    for feed in ("market_registration", "market_changes"):
        collect_file(tmp_path / "city" / feed / f"{feed}.csv", feed, clock=FixedClock(NOW))
    path = tmp_path / "city" / "market_changes" / "market_changes.csv"
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    told = [row for row in rows if row["变更事项"] in ("合并注销", "个转企")]
    done = read_successions(load_region("taizhou"), at=NOW)
    assert (done.told, done.recorded) == (len(told), len(told))
    assert done.recorded > 10
    for row in told:
        before = enterprise_by_code(row["统一社会信用代码"])
        [after] = [one for one in successors_of(before.pk) if one.steps == 1]
        assert after.enterprise.code == row["存续主体代码"]
        assert after.succession.on == read_date(row["核准日期"]).value
    converted = sum(row["变更事项"] == "个转企" for row in told)
    counts = register_counts(load_region("taizhou"), date(2000, 1, 1), date(2026, 12, 31))
    assert sum(one.converted for one in counts) == converted
    founded = tmp_path / "city" / "market_registration" / "market_registration.csv"
    assert sum(one.new for one in counts) == len(founded.read_text("utf-8").splitlines()) - 1
    assert follow_records.func() == 0, "there is nothing new"
