"""The size class of an enterprise: 统计上大中小微型企业划分办法（2017）."""

from __future__ import annotations

import csv
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cases.reading import labelled
from xinrong.domain.standards.industries import children, industry
from xinrong.domain.standards.size import (
    CLASSES,
    INDICATORS,
    Size,
    SizeClass,
    WrongFigure,
    size_class,
    trades,
)

CASES = Path(__file__).parents[2] / "cases" / "size"
PLENTY = {"staff": 10**6, "revenue": Decimal(10**12), "assets": Decimal(10**12)}


def wan(text: str) -> Decimal | None:
    return Decimal(text) * 10_000 if text else None


def scopes() -> list[tuple[str, str]]:
    """(code, row of the annex), as note 2 of the annex has them."""
    with (CASES / "scope.csv").open(encoding="utf-8", newline="") as stream:
        return [
            (code, row["industry"])
            for row in csv.DictReader(stream)
            for code in row["codes"].split()
        ]


def sized(code: str, **figures: object) -> SizeClass:
    given = {**PLENTY, **figures}
    return size_class(code, given["staff"], given["revenue"], given["assets"])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("code", "staff", "revenue", "assets", "size"),
    labelled("size/cases", "industry_code", "staff", "revenue", "assets", "size"),
)
def test_cases_written_from_the_text(
    code: str, staff: str, revenue: str, assets: str, size: str
) -> None:
    assert size_class(code, int(staff) if staff else None, wan(revenue), wan(assets)).value == size


def in_the_text() -> dict[str, dict[str, tuple[int, int, int]]]:
    """Industry → indicator → bounds of large, medium, small, read out of the sentences."""
    zh = {words.zh: name for name, words in INDICATORS.items()}
    found: dict[str, dict[str, tuple[int, int, int]]] = {}
    for line in (CASES / "article_4.txt").read_text(encoding="utf-8").splitlines():
        trade, rest = line.split("）", 1)[1].split("。", 1)
        parts = re.split("为中小微型企业|为中型企业|为小型企业|为微型企业", rest)[:4]
        numbers = [dict(re.findall(r"(从业人员|营业收入|资产总额)(\d+)", part)) for part in parts]
        assert numbers[2] == numbers[3], "below small is micro"
        found[trade] = {
            zh[name]: (int(numbers[0][name]), int(numbers[1][name]), int(numbers[2][name]))
            for name in numbers[0]
        }
    return found


def test_the_table_has_the_bounds_of_the_text() -> None:
    table = {
        name: {one.indicator: (one.large, one.medium, one.small) for one in trade.bounds}
        for name, trade in trades().items()
    }
    assert table == in_the_text()
    assert len(table) == 16


@pytest.mark.parametrize("code", [code for code, trade in scopes() if trade])
def test_both_sides_of_every_boundary_of_every_industry(code: str) -> None:
    trade = trades()[dict(scopes())[code]]
    for bounds in trade.bounds:
        below = 1 if bounds.indicator == "staff" else Decimal("0.01")
        for place, size in enumerate(CLASSES[1:]):
            bound = bounds.bound(size)
            at = sized(code, **{bounds.indicator: bound})
            under = sized(code, **{bounds.indicator: bound - below})
            assert (at.value, under.value) == (size, CLASSES[place]), (bounds, size)


def test_every_division_and_group_is_where_the_notes_put_it() -> None:
    where = dict(scopes())
    seen = set()
    for section in children(""):
        for division in children(section.code):
            for group in children(division.code):
                key = group.code if group.code in where else division.code
                seen.add(key)
                got = sized(group.code)
                expected = where[key]
                assert (got.trade.zh if got.trade else "") == expected, group
                assert (got.value == Size.NOT_COVERED) == (not expected), group
    assert seen == set(where)


figures = st.none() | st.integers(0, 200_000 * 10_000).map(Decimal)
codes = st.sampled_from([code for code, _trade in scopes()])
people = st.none() | st.integers(0, 3_000)


@given(codes, people, figures, figures, st.integers(0, 3_000), st.integers(0, 10**9))
def test_more_never_lowers_the_class(
    code: str,
    staff: int | None,
    revenue: Decimal | None,
    assets: Decimal | None,
    hired: int,
    earned: int,
) -> None:
    was = size_class(code, staff, revenue, assets).value
    larger = [
        size_class(code, None if staff is None else staff + hired, revenue, assets).value,
        size_class(code, staff, None if revenue is None else revenue + earned, assets).value,
        size_class(code, staff, revenue, None if assets is None else assets + earned).value,
    ]
    for now in larger:
        if was in CLASSES and now in CLASSES:
            assert CLASSES.index(now) >= CLASSES.index(was)
        else:  # with one missing, only micro can be told; more of the other untells it
            assert now == was or (was == Size.MICRO and now == Size.NOT_KNOWN)


@given(codes, st.integers(0, 3_000), st.integers(0, 10**10), st.integers(0, 10**10))
def test_a_missing_figure_never_gives_another_class_than_the_full_set(
    code: str, staff: int, revenue: int, assets: int
) -> None:
    full = size_class(code, staff, Decimal(revenue), Decimal(assets)).value
    for some in (
        size_class(code, None, Decimal(revenue), Decimal(assets)),
        size_class(code, staff, None, Decimal(assets)),
        size_class(code, staff, Decimal(revenue), None),
    ):
        assert some.value in {full, Size.NOT_KNOWN}


def test_it_says_why_and_by_which_article() -> None:
    found = size_class("3525", 250, Decimal(5_000_000), None)
    assert found.value == Size.SMALL
    assert "国统字〔2017〕213号" in found.article
    assert "250人" in found.why.zh
    assert "300 of medium" in found.why.en


def test_what_is_missing_is_named() -> None:
    assert size_class("3525", None, None, None).missing == ("staff", "revenue")
    assert size_class("7010", None, Decimal(10**9), None).missing == ("assets",)
    assert size_class("70", 1, None, None).missing == ("industry",)


def test_micro_by_one_figure_still_says_which_other_is_missing() -> None:
    found = size_class("3525", 19, None, None)
    assert (found.value, found.missing) == (Size.MICRO, ("revenue",))


def test_what_is_not_covered_says_why() -> None:
    assert "铁路" in size_class("5311", 1, None, None).why.zh
    assert industry("7040").name in size_class("7040", 1, None, None).why.zh


def test_a_day_before_the_standard_is_not_known() -> None:
    before = size_class("3525", 250, Decimal(5_000_000), None, on=date(2016, 5, 1))
    assert (before.value, before.missing) == (Size.NOT_KNOWN, ("standard",))
    since = size_class("3525", 250, Decimal(5_000_000), None, on=date(2017, 12, 28))
    assert since.value == Size.SMALL


@pytest.mark.parametrize(
    ("staff", "revenue"), [(-1, None), (None, Decimal("NaN")), (None, Decimal("Infinity"))]
)
def test_what_no_enterprise_can_have_is_refused(staff: int | None, revenue: Decimal | None) -> None:
    with pytest.raises(WrongFigure) as refused:
        size_class("3525", staff, revenue, None)
    assert refused.value.place.field in {"staff", "revenue"}
    assert refused.value.remedy
