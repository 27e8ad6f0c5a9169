"""In what two names differ, and the forms under which one may be found."""

from __future__ import annotations

import pytest
from hypothesis import given

from tests.cases.reading import labelled
from tests.domain.naming.test_parsing import NAMES
from xinrong.domain.naming import (
    DIFFERENCES,
    FORM_ONLY,
    difference,
    folded_forms,
    parse,
    short_region,
)


@pytest.mark.parametrize(
    ("left", "right", "kinds"), labelled("naming/differences", "left", "right", "kinds")
)
def test_labelled_names_differ_in_the_kinds_of_their_label(
    left: str, right: str, kinds: str
) -> None:
    expected = set(filter(None, kinds.split(";")))
    assert difference(parse(left), parse(right)) == expected
    assert difference(parse(right), parse(left)) == expected


@given(NAMES, NAMES)
def test_a_difference_is_of_a_known_kind_and_never_none_between_two_writings(
    left: str, right: str
) -> None:
    kinds = difference(parse(left), parse(right))
    assert kinds <= DIFFERENCES
    assert bool(kinds) == (left != right)
    assert kinds == difference(parse(right), parse(left))


@given(NAMES, NAMES)
def test_names_of_one_folded_form_differ_in_form_only(left: str, right: str) -> None:
    one, two = parse(left), parse(right)
    if one.folded == two.folded:
        assert difference(one, two) <= FORM_ONLY


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("北京市霁禾科技有限责任公司", "霁禾（北京）科技有限公司"),
        ("霁禾科技集团有限公司", "霁禾科技（集团）有限责任公司"),
        ("霁禾餐饮有限公司海淀区第一分公司", "霁禾餐饮有限责任公司海淀一分公司"),
        ("霁禾投资中心（有限合伙）", "霁禾投资合伙企业（有限合伙）"),
    ],
)
def test_two_writings_of_one_body_share_the_canonical_form(left: str, right: str) -> None:
    assert folded_forms(parse(left)).canonical == folded_forms(parse(right)).canonical


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("霁禾科技集团有限公司", "霁禾科技有限公司"),
        ("霁禾科技股份有限公司", "霁禾科技有限公司"),
        ("霁禾第一建筑公司", "霁禾第二建筑公司"),
        ("霁禾餐饮有限公司第一分公司", "霁禾餐饮有限公司第二分公司"),
        ("霁禾水务有限公司东区水厂", "霁禾水务有限公司西区水厂"),
        ("吉林省霁禾药业有限公司", "吉林市霁禾药业有限公司"),
        ("霁禾财产保险有限公司上饶县支公司", "霁禾财产保险有限公司上饶市支公司"),
        ("霁禾石油有限公司望月加油站", "霁禾石油有限公司望月加气站"),
    ],
)
def test_what_tells_sisters_apart_is_in_the_canonical_form(left: str, right: str) -> None:
    assert folded_forms(parse(left)).canonical != folded_forms(parse(right)).canonical


def test_the_forms_say_less_and_less() -> None:
    forms = folded_forms(parse("北京市霁禾科技有限责任公司海淀区分公司"))
    assert forms.folded == "北京市霁禾科技有限责任公司海淀区分公司"
    assert forms.canonical == "110000|霁禾科技有限公司|海淀分公司"
    assert forms.unplaced == "霁禾科技有限公司|海淀分公司"
    assert forms.formless == "霁禾科技|海淀分公司"


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("北京市海淀区霁禾科技有限公司", "北京海淀"),
        ("霁禾（昆山市）科技有限公司", "昆山"),
        ("霁禾科技（中国）有限公司", "中国"),
        ("吉林市霁禾药业有限公司", "吉林市"),
        ("霁禾科技有限公司", ""),
    ],
)
def test_the_short_form_of_a_region(name: str, short: str) -> None:
    assert short_region(parse(name)) == short
