"""A region's criteria: read as they are written, refused with file, entry, field and remedy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.environment import PROJECT
from xinrong.catalogue.errors import Severity
from xinrong.domain.criteria import CriterionMisused, Over
from xinrong.profiles.criteria import packs
from xinrong.profiles.criteria.errors import CriteriaBroken, CriteriaRefused

GOOD = """
criteria:
- id: large
  over: profile
  title: {zh: 大, en: Large}
  versions:
  - text: reg_capital >= 100000000
    valid_from: 2024-01-01
    source: {document: 某办法, article: 第三条}
"""


@pytest.fixture
def region(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of a region `taizhou` in which criteria can be written."""
    (tmp_path / "taizhou" / "criteria").mkdir(parents=True)
    monkeypatch.setattr(packs, "regions_root", lambda: tmp_path)
    packs.load_criteria.cache_clear()
    yield tmp_path
    packs.load_criteria.cache_clear()


def write(root: Path, text: str, name: str = "a.yaml") -> None:
    (root / "taizhou" / "criteria" / name).write_text(text, encoding="utf-8")


@pytest.mark.parametrize("name", ["taizhou", "beijing"])
def test_the_criteria_that_are_shipped_are_without_a_fault(name: str) -> None:
    assert [str(one) for one in packs.lint_region(name)] == []


def test_a_criterion_has_a_version_for_each_time_and_none_between() -> None:
    loan = packs.load_criteria("taizhou")["tax_credit_loan"]
    assert loan.over == Over.PROFILE
    old, new = loan.must_hold(date(2025, 12, 31)), loan.must_hold(date(2026, 1, 1))
    assert [loan.number_of(one) for one in (old, new)] == [1, 2]
    assert new.source.article == "第二条"
    with pytest.raises(CriterionMisused, match="not in force on 2023-12-31"):
        loan.must_hold(date(2023, 12, 31))


@pytest.mark.parametrize(
    ("wrong", "right", "key", "line"),
    [
        ("valid_from: 2024-01-01", "valid_from: soon", "criteria[large].versions[1].valid_from", 8),
        ("over: profile", "over: person", "criteria[large].over", 4),
        ("over: profile", "over: event", "criteria[large]", 3),
        ("article: 第三条", "artikle: 第三条", "criteria[large].versions[1].source.artikle", 9),
        ("- id: large", "- id: Large", "criteria[Large].id", 3),
    ],
)
def test_what_cannot_be_read_is_named_by_file_entry_field_and_remedy(
    region: Path, wrong: str, right: str, key: str, line: int
) -> None:
    write(region, GOOD.replace(wrong, right))
    [problem] = packs.lint_region("taizhou")
    assert (problem.file, problem.key, problem.line) == ("criteria/a.yaml", key, line)
    assert problem.remedy.zh
    assert problem.remedy.en
    with pytest.raises(CriteriaBroken) as refusal:
        packs.load_criteria("taizhou")
    assert f"taizhou/criteria/a.yaml:{line}, {key}" in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "code", "severity"),
    [
        ("reg_capitel >= 100", "criterion_column_unknown", Severity.ERROR),
        ("reg_capital >= (SELECT 1)", "criterion_query", Severity.ERROR),
        ("reg_capital > 10000000 AND reg_capital < 5000000", "never_yes", Severity.ERROR),
        ("reg_capital >= 500", "small_amount", Severity.WARNING),
    ],
)
def test_what_can_be_read_and_is_wrong_is_found_at_its_text(
    region: Path, text: str, code: str, severity: Severity
) -> None:
    write(region, GOOD.replace("reg_capital >= 100000000", text))
    [problem] = packs.lint_region("taizhou")
    assert (problem.code, problem.severity, problem.line) == (code, severity, 7)
    assert problem.key == "criteria[large].versions[1].text"
    assert "Character" in problem.wrong.en


def test_one_name_is_one_criterion(region: Path) -> None:
    write(region, GOOD)
    write(region, GOOD, "b.yaml")
    [problem] = packs.lint_region("taizhou")
    assert (problem.code, problem.file) == ("criterion_twice", "criteria/b.yaml")
    assert "criteria/a.yaml" in problem.wrong.en


def test_two_versions_hold_on_one_day_are_refused(region: Path) -> None:
    write(region, GOOD + GOOD[GOOD.index("  - text") :])
    [problem] = packs.lint_region("taizhou")
    assert "two versions are in force on 2024-01-01" in problem.wrong.en


def test_a_list_without_the_word_criteria_is_refused(region: Path) -> None:
    write(region, "- id: large\n")
    [problem] = packs.lint_region("taizhou")
    assert problem.code == "wrong_shape"


def test_an_unknown_name_is_refused_with_what_to_do(settings: object) -> None:
    with pytest.raises(CriteriaRefused, match="criteria list"):
        packs.criterion_of("nothing_such")


def test_the_event_of_the_how_to_is_good(region: Path) -> None:
    page = (PROJECT / "docs" / "how-to" / "write-a-rule.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```yaml event\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    write(region, block)
    assert packs.lint_region("taizhou") == []
    (one,) = packs.load_criteria("taizhou").values()
    assert (one.over, one.category) == (Over.EVENT, "court_judgment")
