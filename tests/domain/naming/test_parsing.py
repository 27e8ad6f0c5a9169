"""Names taken apart: labelled cases, and what holds for every name."""

from __future__ import annotations

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cases.reading import HERE
from xinrong.domain.names import fold, fold_many
from xinrong.domain.naming import ParsedName, parse, parse_many

PARTS = ("region", "region_code", "trade_name", "industry", "form", "branch", "branch_kind")
SAID = ("marks", "former", "also")
KINDS = (
    "regions", "forms", "industries", "branches", "shop_fronts", "marks", "former", "writing",
)  # fmt: skip


def _cases() -> list[object]:
    cases: list[object] = []
    for kind in KINDS:
        with (HERE / "naming" / f"{kind}.csv").open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream, strict=True))
        cases += [
            pytest.param(row, id=f"{kind} {number}: {row['why']}")
            for number, row in enumerate(rows, 2)
        ]
    return cases


def _seen(text: str) -> str:
    """A name of the cases, its escaped characters resolved."""
    for escape in ("\\u200b", "\\ufeff", "\\u3000", "\\n"):
        text = text.replace(escape, escape.encode().decode("unicode_escape"))
    return text


CASES = _cases()


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 250


@pytest.mark.parametrize("row", CASES)
def test_a_labelled_name_has_the_parts_of_its_label(row: dict[str, str]) -> None:
    parsed = parse(_seen(row["name"]))
    assert {part: getattr(parsed, part) for part in (*PARTS, "shop_front")} == {
        part: row[part] for part in (*PARTS, "shop_front")
    }
    assert {said: ";".join(getattr(parsed, said)) for said in SAID} == {
        said: row[said] for said in SAID
    }


PIECES = """
北京 北京市 海淀区 海淀 上海 昆山 中国 市政 市场 霁禾 青柏 墨桐 科技 商贸 餐饮管理 发展 有限公司 有限责任公司
股份有限公司 公司 集团 厂 店 分公司 分店 支行 银行 合作社 第一 二 3 经营部 中心 有限合伙 白名单 已注销 原名 曾用名
更名为 原 旗舰店 拼多多 微店 - ( ) （ ） 、 : ： ・ ST * 0 1、 A b &nbsp; <b>
"""
WORDS = st.sampled_from([*PIECES.split(), " ", "\u200b"])
NAMES = st.lists(WORDS, max_size=9).map("".join) | st.text(max_size=30)


@given(NAMES)
def test_no_name_is_too_odd_to_be_parsed(name: str) -> None:
    parsed = parse(name)
    assert bool(parsed.trade_name) == bool(parsed.folded)
    if not {"<", "&"} & set(name):  # tags and entities may be all there is
        assert bool(parsed.folded) == bool(fold(name))
    assert parsed.core == parsed.trade_name + parsed.industry


@given(NAMES)
def test_the_same_name_always_gives_the_same_parts(name: str) -> None:
    assert parse(name) == parse(name)
    assert parse_many([name, name]) == [parse(name), parse(name)]


@given(NAMES)
def test_parsing_what_was_folded_gives_the_same_parts(name: str) -> None:
    once = parse(name)
    again = parse(once.folded)
    assert again.folded == once.folded
    assert {part: getattr(again, part) for part in PARTS} == {
        part: getattr(once, part) for part in PARTS
    }


@given(st.lists(NAMES, max_size=5))
def test_many_at_once_are_folded_and_parsed_like_each_alone(names: list[str]) -> None:
    assert fold_many(names) == [fold(name) for name in names]
    assert parse_many(names) == [parse(name) for name in names]


def test_phrases_that_simplify_together_do_so_in_bulk_and_beside_each_other() -> None:
    names = ["霁禾沈", "香茶馆", "乾", "坤茶馆", "霽禾", "沈香茶馆", "乾坤", "Ab", ""]
    assert fold_many(names) == [fold(name) for name in names]


FULL = {chr(c): chr(c + 0xFEE0) for c in range(0x21, 0x7F)}


def _told(parsed: ParsedName) -> tuple[object, ...]:
    return tuple(getattr(parsed, part) for part in (*PARTS, "folded", "marks", "former"))


TIDY = st.tuples(
    st.sampled_from(["", "北京", "北京市海淀区", "昆山"]),
    st.sampled_from(["霁禾", "青柏AB", "墨桐360", "云杉第一"]),
    st.sampled_from(["", "科技", "餐饮管理", "文化传播"]),
    st.sampled_from(["有限公司", "股份有限公司", "厂", "合伙企业有限合伙", "集团有限公司"]),
    st.sampled_from(["", "海淀分公司", "第二分公司", "望月路店"]),
)


@given(TIDY, st.integers(0, 30))
def test_a_space_does_not_change_the_parts(parts: tuple[str, ...], place: int) -> None:
    name = "".join(parts)
    assert _told(parse(name[:place] + " " + name[place:])) == _told(parse(name))


@given(TIDY)
def test_the_width_of_letters_and_digits_does_not_change_the_parts(parts: tuple[str, ...]) -> None:
    name = "".join(parts)
    assert _told(parse("".join(FULL.get(char, char) for char in name))) == _told(parse(name))


@given(TIDY, st.sampled_from(["()", "（）", "【】", "[]", "〔〕"]), st.integers(0, 4))
def test_brackets_around_a_part_do_not_change_the_parts(
    parts: tuple[str, ...], signs: str, place: int
) -> None:
    put = list(parts)
    if put[place]:
        put[place] = signs[0] + put[place] + signs[1]
    assert _told(parse("".join(put))) == _told(parse("".join(parts)))


@given(TIDY, st.sampled_from(["(白名单)", "（存续）", "(微店-青柏书屋)", "(原青柏商贸有限公司)"]))
def test_what_is_said_about_a_name_does_not_change_its_parts(
    parts: tuple[str, ...], said: str
) -> None:
    name = "".join(parts)
    plain, told = parse(name), parse(name + said)
    assert told.folded == plain.folded
    assert told.marks or told.shop_front or told.former


def test_parse_many_leaves_the_collector_of_cycles_as_it_was() -> None:
    import gc

    assert gc.isenabled()
    parse_many(["霁禾科技有限公司"])
    assert gc.isenabled()
    gc.disable()
    try:
        parse_many(["霁禾科技有限公司"])
        assert not gc.isenabled()
    finally:
        gc.enable()
