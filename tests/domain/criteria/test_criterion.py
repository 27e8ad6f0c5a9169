"""A criterion holds between dates, by its document; its columns and schemas keep their word."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from tests.domain.criteria.sample import SCHEMA, column
from xinrong.domain.criteria import (
    Column,
    Criterion,
    CriterionMisused,
    Over,
    Schema,
    Storage,
    Type,
    lint_criterion,
    parse,
)

WRITTEN = """
id: small_taxpayer
title: {zh: 纳税小微, en: Small taxpayer}
versions:
- text: tax_12m >= 300000 AND staff < 300
  valid_from: 2024-01-01
  valid_until: 2025-06-30
  source: {document: 示例办法（2024）, article: 第三条}
- text: tax_12m >= 500000 AND staff < 300
  valid_from: 2025-07-01
  source: {document: 示例办法（2025）, article: 第四条, url: https://example.gov.cn/2025}
"""


def made(**changed: Any) -> Criterion:
    return Criterion.model_validate({**yaml.safe_load(WRITTEN), **changed})


def test_a_criterion_is_made_from_yaml() -> None:
    criterion = made()
    assert (criterion.id, criterion.over, criterion.title.en) == (
        "small_taxpayer", Over.PROFILE, "Small taxpayer",
    )  # fmt: skip
    assert [one.source.article for one in criterion.versions] == ["第三条", "第四条"]


@pytest.mark.parametrize(
    ("on", "begins"),
    [
        (date(2023, 12, 31), None),
        (date(2024, 1, 1), date(2024, 1, 1)),
        (date(2025, 6, 30), date(2024, 1, 1)),
        (date(2025, 7, 1), date(2025, 7, 1)),
        (date(2099, 1, 1), date(2025, 7, 1)),
    ],
)
def test_the_version_of_the_day_is_in_force(on: date, begins: date | None) -> None:
    version = made().in_force(on)
    assert (version.valid_from if version else None) == begins


def test_a_day_without_a_version_is_an_error_where_one_is_needed() -> None:
    with pytest.raises(CriterionMisused, match="not in force on 2023-12-31") as caught:
        made().must_hold(date(2023, 12, 31))
    assert caught.value.code == "criterion_not_in_force"
    assert made().must_hold(date(2024, 5, 1)).read(SCHEMA).columns[0].name == "tax_12m"


def version(**changed: Any) -> dict[str, Any]:
    return {
        "text": "in_park",
        "valid_from": date(2024, 1, 1),
        "source": {"document": "x"},
        **changed,
    }


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"id": "Small Taxpayer"}, "pattern"),
        ({"versions": []}, "no version"),
        ({"over": "month"}, "profile"),
        ({"title": {"zh": "甲"}}, "en"),
        ({"titel": {}}, "Extra inputs"),
        ({"versions": [version(source={})]}, "document"),
        ({"versions": [version(source={"document": ""})]}, "at least 1 character"),
        ({"versions": [version(valid_until=date(2023, 1, 1))]}, "before 2024-01-01"),
        ({"versions": [version(), version(valid_from=date(2025, 1, 1))]}, "in force on 2025-01-01"),
        ({"versions": [version(valid_until=date(2024, 5, 1)), version(valid_from=date(2024, 5, 1))]},
         "two versions"),
        ({"versions": [version(), version(valid_from=date(2020, 1, 1))]}, "two versions"),
    ],
)  # fmt: skip
def test_a_criterion_that_contradicts_itself_is_refused(changed: Any, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        made(**changed)


def codes(criterion: Criterion, **options: Any) -> list[tuple[date, str]]:
    return [
        (one.valid_from, finding.code)
        for one, finding in lint_criterion(criterion, SCHEMA, **options)
    ]


def test_a_good_criterion_has_no_findings() -> None:
    assert codes(made()) == []


def test_a_text_that_cannot_be_read_is_a_finding_of_its_version() -> None:
    broken = made(
        versions=[version(text="staff IS NULL", source={"document": "x", "article": "1"})]
    )
    ((_, finding),) = lint_criterion(broken, SCHEMA)
    assert (finding.code, finding.severity, finding.at) == ("criterion_null", "error", 7)
    assert finding.text.zh.startswith("第7个字符")


def test_a_source_that_is_not_on_record_is_an_error() -> None:
    known = {"示例办法（2025）"}
    assert codes(made(), documents=known) == [(date(2024, 1, 1), "source_unknown")]


def test_a_source_without_an_article_is_a_hint() -> None:
    assert codes(made(versions=[version()])) == [(date(2024, 1, 1), "article_missing")]


def test_a_secret_column_is_a_finding_for_whom_it_is_secret() -> None:
    found = codes(made(), allowed=lambda one: one.name != "staff")
    assert found == [
        (date(2024, 1, 1), "criterion_column_secret"), (date(2025, 7, 1), "criterion_column_secret"),
    ]  # fmt: skip


# -- columns -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"name": "Staff"}, "no name"),
        ({"name": "a.b.c"}, "no name"),
        ({"name": "甲"}, "no name"),
        ({"of": Type.MONEY, "scale": 4}, "scale of money is 2"),
        ({"of": Type.NUMBER, "scale": 11}, "0 to 10"),
        ({"share": "closed"}, "open, consent, never"),
        ({"of": Type.MONEY, "storage": Storage.DOUBLE}, "money is not stored as double"),
        ({"of": Type.COUNT, "storage": Storage.DECIMAL}, "count is not stored as decimal"),
        ({"of": Type.DATE, "storage": Storage.WHOLE}, "date is not stored as whole"),
    ],
)
def test_a_column_that_contradicts_itself_is_refused(options: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        column(**{"name": "x", "of": Type.COUNT, "zh": "甲", "en": "x", **options})


def test_an_answer_is_as_secret_as_what_it_is_made_of() -> None:
    loose = parse("staff > 1 AND in_park", SCHEMA)
    strict = parse("staff > 1 AND (in_park OR known(debt))", SCHEMA)
    assert (loose.level, loose.share) == (1, "open")
    assert (strict.level, strict.share) == (3, "consent")
    assert [one.name for one in strict.columns] == ["staff", "in_park", "debt"]


def test_a_name_stands_for_one_column() -> None:
    one: Column = column("x", Type.COUNT, "甲", "x")
    with pytest.raises(ValueError, match="two columns are called x"):
        Schema([one, one])


def test_money_is_in_yuan_and_a_count_is_never_negative() -> None:
    assert column("x", Type.MONEY, "甲", "x", unit="万元").unit == "元"
    assert column("x", Type.COUNT, "甲", "x").least == 0
    assert column("x", Type.COUNT, "甲", "x", unit="天").least is None  # days until a day gone by
