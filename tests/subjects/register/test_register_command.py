"""`xinrong register`: what it prints, and that nothing is said without a reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.subjects.people import code, known
from tests.subjects.register.registry import Registry, entry
from xinrong.cli.main import group
from xinrong.subjects.errors import SuccessionRefused
from xinrong.subjects.services import successions_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]
REASON = ("--by", "王某", "--why", "登记机关通知")


def run(*words: str) -> Result:
    return CliRunner().invoke(group, ["register", *words])


def test_a_succession_is_said_listed_and_taken_back() -> None:
    for number in (1, 2):
        known(number, f"某某{number}（虚构）有限公司")
    done = run("succeed", code(1), code(2), "--kind", "merger", "--on", "2026-03-01", *REASON)
    assert "at seq" in done.output
    assert "follows" in run("history", code(2)).output
    assert "succeeded_by" in run("history", code(2)).output, "its predecessor's is there as well"
    number = successions_of()[0].pk
    assert "taken back" in run("undo", str(number), *REASON).output
    assert "follows" not in run("history", code(2)).output
    assert str(number) in run("successions", "--of", code(1)).output


def test_what_cannot_be_is_refused_in_words() -> None:
    known(1, "某某（虚构）有限公司")
    done = run("succeed", code(1), code(1), "--kind", "merger", *REASON)
    assert isinstance(done.exception, SuccessionRefused)
    assert run("succeed", code(1), code(1), "--kind", "merger").exit_code == 2


def test_names_are_told_with_their_days(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    registry.register("2026-03-01", entry(1, "甲一（虚构）有限公司"))
    registry.register("2026-04-02", entry(1, "甲二（虚构）有限公司"), change="改")
    told = run("history", code(1)).output
    assert "2026-04-02: name 甲一（虚构）有限公司 -> 甲二（虚构）有限公司" in told
    assert "甲二" not in run("history", code(1), "--seq", "1").output.split("\n", 1)[1]


def test_counts_are_csv_with_the_names_of_regions(settings: pytest.FixtureRequest) -> None:
    settings.REGION = "taizhou"  # type: ignore[attr-defined]
    done = run("counts", "--exact", "--from", "2026-01-01", "--to", "2026-12-31")
    assert done.output.startswith("region,name,month,new,companies,")
    assert "0 records tell a succession" in run("read").output


def test_a_size_class_is_told_with_why_and_what_is_missing() -> None:
    full = run("size", "C3525", "--staff", "25", "--revenue", "5,000,000").output
    assert full.startswith("小型 small\n")
    assert "国统字〔2017〕213号" in full
    assert "missing: revenue" in run("size", "3525", "--staff", "25").output
    assert run("size", "3525", "--revenue", "much").exit_code == 2


def test_codes_are_told_with_their_path_and_a_note() -> None:
    told = run("code", "331003", "3525", "110103", "QQ").output
    assert "浙江省 / 台州市 / 黄岩区" in told
    assert "模具制造" in told
    assert "110103: 北京市\n" in told
    assert "QQ: unknown" in told
