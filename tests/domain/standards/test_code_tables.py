"""Codes of regions, industries and registrars: versioned tables that always answer."""

from __future__ import annotations

import itertools
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinrong.domain.standards import industries, regions
from xinrong.domain.standards.credit_code import body_of_code
from xinrong.domain.standards.industries import industry
from xinrong.domain.standards.regions import region, region_of_code
from xinrong.domain.standards.tables import rows_of, version_on, versions
from xinrong.domain.uscc import REGISTRARS

TABLES = ("regions", "streets", "industries", "registrars", "bodies", "size_bounds", "size_scope")


@pytest.mark.parametrize(
    ("code", "level", "names"),
    [
        ("33", "province", ("浙江省",)),
        ("330000", "province", ("浙江省",)),
        ("3310", "city", ("浙江省", "台州市")),
        ("331003", "county", ("浙江省", "台州市", "黄岩区")),
        ("110105", "county", ("北京市", "朝阳区")),
        ("110101001", "street", ("北京市", "东城区", "东华门街道")),
        ("110101001000", "street", ("北京市", "东城区", "东华门街道")),
        ("331000000000", "city", ("浙江省", "台州市")),
        ("441900", "city", ("广东省", "东莞市")),
        ("441900003", "street", ("广东省", "东莞市", "东城街道")),
        ("429004", "county", ("湖北省", "仙桃市")),
        ("810000", "province", ("香港特别行政区",)),
    ],
)
def test_a_region_by_its_code(code: str, level: str, names: tuple[str, ...]) -> None:
    found = region(code)
    assert (found.level, found.names, found.known, found.note) == (level, names, True, None)
    assert found.full_name == "".join(names)


@pytest.mark.parametrize(
    ("code", "entry", "name"),
    [
        ("110103", "110000", "北京市"),  # 崇文区, part of 东城区 since 2010
        ("330103", "330100", "杭州市"),  # 下城区, merged in 2021
        ("331003999", "331003", "黄岩区"),
        ("339900", "330000", "浙江省"),
    ],
)
def test_a_merged_region_answers_as_the_one_above_and_says_so(
    code: str, entry: str, name: str
) -> None:
    found = region(code)
    assert (found.code, found.entry, found.name, found.known) == (code, entry, name, False)
    assert found.note is not None
    assert code in found.note.zh
    assert entry in found.note.en


@pytest.mark.parametrize("code", ["", "1", "abc", "331", "990000", "00", "3310030010001", "٣٣"])
def test_what_is_no_region_has_no_entry_and_a_note(code: str) -> None:
    found = region(code)
    assert (found.entry, found.name, found.names, found.level) == ("", "", (), "")
    assert found.note is not None


def test_regions_form_a_tree() -> None:
    provinces = regions.children("")
    assert len(provinces) == 34
    seen = 0
    for province in provinces:
        for city in regions.children(province.code):
            assert city.parent == province.code
            below = regions.children(city.code)
            assert all(one.parent == city.code for one in below)
            seen += 1 + len([one for one in below if one.level == "county"])
    assert seen + len(provinces) == len(rows_of("regions_2023.csv"))
    assert sum(one.level == "street" for one in regions.children("110101")) == 17


def test_every_street_lies_in_a_county_or_a_city_without_counties() -> None:
    known = {row["code"] for row in rows_of("regions_2023.csv")}
    assert {row["code"][:6] for row in rows_of("streets_2023.csv")} <= known


@pytest.mark.parametrize(
    ("code", "level", "path"),
    [
        ("C", "section", ("C",)),
        ("35", "division", ("C", "35")),
        ("352", "group", ("C", "35", "352")),
        ("3525", "class", ("C", "35", "352", "3525")),
        ("C3525", "class", ("C", "35", "352", "3525")),
        (" c3525 ", "class", ("C", "35", "352", "3525")),
        ("0111", "class", ("A", "01", "011", "0111")),
    ],
)
def test_an_industry_by_its_code(code: str, level: str, path: tuple[str, ...]) -> None:
    found = industry(code)
    assert (found.level, found.path, found.known, found.note) == (level, path, True, None)
    assert len(found.names) == len(path)
    assert found.section == path[0]


@pytest.mark.parametrize(("code", "entry"), [("3500", "35"), ("3528", "352")])
def test_an_industry_without_entry_answers_as_the_one_above(code: str, entry: str) -> None:
    found = industry(code)
    assert found.entry == entry
    assert (found.note is None) == found.known


@pytest.mark.parametrize("code", ["", "U", "5", "99", "A3525", "35250", "３５２５", "制造业"])
def test_what_is_no_industry_has_no_entry_and_a_note(code: str) -> None:
    found = industry(code)
    assert (found.entry, found.names, found.section) == ("", (), "")
    assert found.note is not None


def test_industries_form_a_tree() -> None:
    sections = industries.children("")
    assert "".join(one.code for one in sections) == "ABCDEFGHIJKLMNOPQRST"
    counts = [len(sections), 0, 0, 0]
    for section in sections:
        for division in industries.children(section.code):
            counts[1] += 1
            for group in industries.children(division.code):
                counts[2] += 1
                counts[3] += len(industries.children(group.code))
    assert counts == [20, 97, 473, 1_381]


@given(st.text(max_size=13) | st.from_regex(r"\d{2,12}", fullmatch=True))
def test_every_text_gets_an_answer(text: str) -> None:
    for found in (region(text), industry(text)):
        assert found.known or found.note is not None
        assert found.known == (found.entry == found.code != "")


def test_the_first_characters_of_a_credit_code() -> None:
    body = body_of_code("92331003MA2ABCDE0X")
    assert body.registrar is not None
    assert body.kind is not None
    assert (body.registrar.zh, body.kind.zh) == ("市场监督管理（工商）部门", "个体工商户")
    assert body.region.names == ("浙江省", "台州市", "黄岩区")
    assert region_of_code("92331003MA2ABCDE0X").entry == "331003"
    assert body_of_code("").kind is None


def test_every_registrar_of_the_code_check_has_a_name() -> None:
    assert {row["code"] for row in rows_of("registrars_2015.csv")} == REGISTRARS
    assert {row["code"][0] for row in rows_of("bodies_2015.csv")} == REGISTRARS


@pytest.mark.parametrize("table", TABLES)
def test_versions_follow_each_other_without_overlap(table: str) -> None:
    known = versions(table)
    for was, now in itertools.pairwise(known):
        assert was.valid_to is not None
        assert was.valid_to <= now.valid_from
    assert known[-1].valid_to is None
    for version in known:
        assert rows_of(version.file)
        assert version.holds_on(version.valid_from)


def test_a_day_before_the_first_version_is_answered_and_noted() -> None:
    assert version_on("regions", date(1999, 1, 1)) == versions("regions")[0]
    found = region("331003", on=date(1999, 1, 1))
    assert found.known
    assert found.note is not None
    assert "1999-01-01" in found.note.zh
    assert industry("3525", on=date(2012, 1, 1)).note is not None
    assert industry("3525", on=date(2020, 1, 1)).note is None


def test_an_unknown_table_is_an_error_of_the_caller() -> None:
    with pytest.raises(KeyError):
        version_on("weather", None)
