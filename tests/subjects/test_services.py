"""Subjects are permanent; only a register feed makes an enterprise in full."""

from __future__ import annotations

import pytest

from xinrong.domain.uscc import check_digit
from xinrong.subjects.errors import UnknownEnterprise
from xinrong.subjects.models import IdentityLink
from xinrong.subjects.services import (
    Identity,
    count_enterprises,
    ensure_subjects,
    enterprise_by_code,
    enterprises_of_subjects,
    kind_of_code,
    link_new,
    search,
    subjects_of,
)

pytestmark = pytest.mark.django_db


def code(number: int, kind: str = "91") -> str:
    first = f"{kind}331002XR{number:07d}"
    return first + check_digit(first)


def known(number: int, name: str, *, register: bool = True, seq: int = 1) -> int:
    """Make a subject, link it; its number."""
    [subject] = ensure_subjects([Identity(code(number), name, "market")])
    link_new({subject: name}, seq, register=register)
    return subject


def test_the_same_identity_is_always_the_same_subject() -> None:
    first = Identity(code(1), "甲公司", "tax")
    again = Identity(code(1), "另一个写法", "court")
    named = Identity("", "乙 公司", "tax")
    folded = Identity("", "乙公司", "tax")
    elsewhere = Identity("", "乙公司", "court")
    numbers = ensure_subjects([first, named, again, folded, elsewhere])
    assert numbers[0] == numbers[2]
    assert numbers[1] == numbers[3] != numbers[4]
    assert ensure_subjects([elsewhere, first]) == [numbers[4], numbers[0]]


def test_a_register_feed_makes_an_enterprise_another_feed_a_provisional_one() -> None:
    known(1, "甲（虚构）有限公司")
    known(2, "乙（虚构）有限公司", register=False)
    assert not enterprise_by_code(code(1)).provisional
    assert enterprise_by_code(code(2)).provisional
    known(2, "乙（虚构）股份有限公司", register=True, seq=2)
    confirmed = enterprise_by_code(code(2))
    assert (confirmed.provisional, confirmed.name) == (False, "乙（虚构）股份有限公司")


def test_a_name_alone_makes_no_enterprise_and_is_counted_as_unlinked() -> None:
    [subject] = ensure_subjects([Identity("", "无码公司", "tax")])
    linked = link_new({subject: "无码公司"}, 1, register=False)
    assert linked.unlinked == 1
    assert count_enterprises() == {"enterprises": 0, "provisional": 0, "unlinked_subjects": 1}


def test_another_feeds_name_does_not_replace_the_registers() -> None:
    known(1, "甲（虚构）有限公司")
    known(1, "甲厂", register=False, seq=2)
    assert enterprise_by_code(code(1)).name == "甲（虚构）有限公司"
    assert [hit.matched for hit in search("甲厂")] == ["former_name"]


def test_linking_twice_keeps_one_open_link() -> None:
    subject = known(1, "甲（虚构）有限公司")
    known(1, "甲（虚构）有限公司", seq=2)
    assert IdentityLink.objects.filter(subject=subject).count() == 1


def test_the_identity_map_is_read_as_of_a_seq() -> None:
    subject = known(1, "甲（虚构）有限公司", seq=5)
    enterprise = enterprise_by_code(code(1)).pk
    assert subjects_of([enterprise]) == {enterprise: [subject]}
    assert subjects_of([enterprise], seq=4) == {enterprise: []}
    assert subjects_of([enterprise], seq=5) == {enterprise: [subject]}


def test_enterprises_of_subjects_keep_their_order_and_come_once() -> None:
    first, second = known(1, "甲"), known(2, "乙")
    found = enterprises_of_subjects([second, first, second])
    assert [enterprise.name for enterprise in found] == ["乙", "甲"]


@pytest.mark.parametrize("wrong", ["", "123", "913310", "91331002XR000000AA", "长" * 18])
def test_an_unknown_code_says_what_to_do(wrong: str) -> None:
    with pytest.raises(UnknownEnterprise, match="search by name"):
        enterprise_by_code(wrong)


def test_a_code_is_found_however_it_is_typed() -> None:
    known(1, "甲（虚构）有限公司")
    full_width = "".join(chr(ord(letter) + 0xFEE0) for letter in code(1))
    assert enterprise_by_code(code(1).lower()).code == code(1)
    assert enterprise_by_code(full_width).code == code(1)


def test_search_ranks_the_exact_name_before_beginnings_before_fragments() -> None:
    known(1, "大东方机械有限公司")
    known(2, "东方机械有限公司")
    known(3, "东方机械有限公司温岭分公司")
    names = [hit.name for hit in search("东方机械有限公司")]
    assert names == ["东方机械有限公司", "东方机械有限公司温岭分公司", "大东方机械有限公司"]


def test_search_finds_by_the_beginning_of_a_code_and_ignores_brackets_and_width() -> None:
    known(1, "信融（台州）科技有限公司")
    assert [hit.matched for hit in search(code(1)[:12])] == ["code"]
    assert len(search("信融(台州)科技")) == 1
    assert search("（）") == []
    assert search("不存在的名字") == []


def test_what_a_user_types_is_never_a_pattern() -> None:
    known(1, "百分之百有限公司")
    assert search("%") == []
    assert search("千%_万") == []
    assert [hit.how for hit in search("百_之百")] == ["short"]  # 百之百, with a sign between


@pytest.mark.parametrize(
    ("prefix", "kind"),
    [("91", "company"), ("92", "sole_trader"), ("93", "cooperative"), ("12", "public_body")],
)
def test_the_code_names_the_kind(prefix: str, kind: str) -> None:
    assert kind_of_code(code(1, prefix)) == kind
