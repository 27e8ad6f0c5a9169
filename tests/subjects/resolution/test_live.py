"""Names are resolved against what the database holds: codes, periods, merges, later names."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.subjects.people import NOW, code, known, named
from xinrong.cli.main import group
from xinrong.subjects import nameindex
from xinrong.subjects import services as subjects
from xinrong.subjects.linking import link_new
from xinrong.subjects.models import RegisterChange
from xinrong.subjects.resolution import live
from xinrong.subjects.services import resolution

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]
NAME = "海城恒远精密机械有限公司"


@pytest.fixture(autouse=True)
def own_index(settings: Any, tmp_path: Path) -> None:
    settings.NAMES_ROOT = tmp_path / "names"


def test_a_code_needs_no_name() -> None:
    enterprise, _ = known(1, NAME)
    found = resolution.resolve_text(code(1).lower())
    assert (found.enterprise, found.verdict.reasons) == (enterprise, ("same_code",))


def test_subjects_without_a_code_are_resolved_by_their_names() -> None:
    enterprise, with_code = known(1, NAME)
    subject, stranger = named("恒远精密机械（海城）有限责任公司"), named("温岭青禾食品有限公司")
    found = list(resolution.resolve_subjects([stranger, with_code, subject, 999]))
    assert [(one.subject, one.outcome, one.enterprise) for one in found] == [
        (stranger, "none", None),
        (subject, "link", enterprise),
    ]
    assert found[1].named.department == "tax"


def test_a_name_without_a_region_is_taken_as_sent_from_the_deployments_own(settings: Any) -> None:
    enterprise, _ = known(1, "椒江恒远精密机械有限公司")
    settings.REGION = "taizhou"
    assert resolution.resolve_text("恒远精密机械有限公司").enterprise == enterprise
    settings.REGION = "beijing"
    assert resolution.resolve_text("恒远精密机械有限公司").outcome == "review"


def test_who_had_the_name_on_the_day_is_meant() -> None:
    old, subject = known(1, NAME)
    link_new({subject: "海城青禾科技有限公司"}, 1, register=True, days={subject: date(2015, 6, 1)})
    new, other = known(2, "海城南山科技有限公司")
    link_new({other: NAME}, 2, register=True, days={other: date(2016, 1, 1)})
    assert RegisterChange.objects.filter(what="name").count() == 2
    for day, meant in ((date(2014, 1, 1), old), (date(2020, 1, 1), new), (None, new)):
        found = resolution.resolve_text(NAME, on=day)
        assert (found.enterprise, found.verdict.reasons[-1]) == (meant, "held_then"), day
    assert resolution.resolve_text(NAME, on=date(2015, 9, 1)).outcome == "review"  # nobody's then


def test_whoever_answers_after_a_merge_is_meant() -> None:
    absorbed, _ = known(1, NAME)
    survivor, _ = known(2, "海城青禾科技有限公司")
    subjects.merge(absorbed, survivor, by="reviewer", why="one and the same", at=NOW)
    assert resolution.resolve_text(NAME).enterprise == survivor
    assert resolution.resolve_text(code(1)).enterprise == survivor


def test_a_name_that_came_after_the_index_was_made_is_found() -> None:
    known(1, "海城青禾科技有限公司")
    nameindex.rebuild()
    resolution.prepare()
    assert resolution.resolve_text(NAME).outcome == "none"
    enterprise, _ = known(2, NAME)
    assert resolution.resolve_text("海城恒远精密机械公司").enterprise == enterprise


def test_keys_lie_beside_the_index_and_go_with_it(tmp_path: Path) -> None:
    known(1, NAME)
    nameindex.rebuild()
    resolution.prepare()
    assert len(list((tmp_path / "names").glob("*/resolution_*.npy"))) == 2
    nameindex.forget()
    assert not list((tmp_path / "names").glob("*/resolution_*"))


def test_many_names_are_resolved_as_each_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    known(1, NAME)
    known(2, "海城青禾科技有限公司")
    sent = [
        resolution.Named(number, name)
        for number, name in enumerate(
            ["恒远精密机械(海城)有限公司", "海城青禾科技公司", NAME, "温岭青禾科技有限公司"]
        )
    ]
    alone = list(resolution.resolve_names(sent))
    monkeypatch.setattr(live, "FEW", 0)
    monkeypatch.setattr(live, "SHARE", 0)
    assert list(resolution.resolve_names(sent)) == alone
    assert [one.outcome for one in alone] == ["link", "link", "link", "none"]


def test_the_command_prints_score_and_reasons() -> None:
    known(1, NAME)
    done = CliRunner().invoke(group, ["resolve", "海城恒远精密机械公司"], catch_exceptions=False)
    assert done.output.startswith("link: ")
    assert "The legal forms may differ" in done.output


def test_the_command_writes_a_file_that_no_spreadsheet_runs(tmp_path: Path) -> None:
    known(1, NAME)
    source, out = tmp_path / "names.csv", tmp_path / "out.csv"
    source.write_text(f"name,region\n{NAME},\n=1+1,\n", encoding="utf-8")
    words = ["resolve", "--file", str(source), "--out", str(out)]
    done = CliRunner().invoke(group, words, catch_exceptions=False)
    assert "2 names: 1 link, 0 review, 1 none" in done.output
    with out.open(encoding="utf-8-sig") as lines:
        first, second = csv.DictReader(lines)
    assert (first["outcome"], first["code"]) == ("link", code(1))
    assert second["name"] == "'=1+1"


def test_the_command_says_which_column_it_misses(tmp_path: Path) -> None:
    source = tmp_path / "names.csv"
    source.write_text("企业名称\n", encoding="utf-8")
    words = ["resolve", "--file", str(source), "--out", str(tmp_path / "out.csv")]
    done = CliRunner().invoke(group, words)
    assert "no column `name`" in str(done.exception)
