"""What a search says of each hit: why it was found, which piece was met, who answers for it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.subjects.people import code, known
from xinrong.subjects import services as subjects
from xinrong.subjects.searching.types import ways
from xinrong.subjects.services import Hit, search

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 1, 4, tzinfo=UTC)
NAME = "海城恒远（虚构）精密机械有限公司"


def only(text: str) -> Hit:
    [hit] = search(text)
    return hit


def met(text: str) -> list[str]:
    return [piece for piece, was_met in only(text).pieces if was_met]


@pytest.mark.parametrize(
    ("text", "how", "pieces"),
    [
        (NAME, "exact", [NAME]),
        ("海城恒远", "beginning", ["海城恒远"]),
        ("恒远虚构精密", "fragment", ["恒远（虚构）精密"]),
        ("精密 恒远", "words", ["恒远", "精密"]),
        ("jingmi 恒远", "words", ["恒远", "精密"]),
        ("海恒精机", "short", ["海", "恒", "精", "机"]),
        ("hengyuan", "pinyin", ["恒远"]),
        ("hyxgjm", "initials", ["恒远（虚构）精密"]),
        ("恒源虚构", "alike", ["恒远（虚构"]),
        ("恒远虚构精宓机械", "alike", ["恒远（虚构）精密机械"]),
        ("恒远虚构精工机械", "wrong", ["恒远（虚构）精", "机械"]),
        ("恒远虚精密", "short", ["恒远（虚", "精密"]),
        ("恒远的虚构精密", "extra", ["恒远（虚构）精密"]),
        ("远恒虚构精密", "swapped", ["恒", "虚构）精密"]),
        ("海城市恒远虚构机械股份有限公司", "near", ["海城恒远（虚构", "机械有限公司"]),
        (code(1), "code", [code(1)]),
        (code(1)[9:15], "code_part", [code(1)[9:15]]),
    ],
)
def test_a_hit_says_why_it_was_found_and_marks_what_was_met(
    text: str, how: str, pieces: list[str]
) -> None:
    known(1, NAME)
    assert (only(text).how, met(text)) == (how, pieces)
    assert "".join(piece for piece, _ in only(text).pieces) == only(text).matched_text


def test_every_way_is_said_in_both_languages() -> None:
    assert len(ways()) == 14
    assert all(one.zh and one.en for one in ways().values())


def test_a_former_name_is_shown_as_such_and_comes_after_names_of_today() -> None:
    known(1, "海城长风商贸有限公司")
    known(1, "海城长风贸易有限公司", seq=2)
    known(2, "长风商贸（海城）有限公司")
    hits = search("长风商贸")
    assert [(hit.code, hit.matched, hit.matched_text) for hit in hits] == [
        (code(2), "name", "长风商贸（海城）有限公司"),
        (code(1), "former_name", "海城长风商贸有限公司"),
    ]
    assert hits[1].name == "海城长风贸易有限公司"


def test_a_whole_name_of_former_days_comes_before_a_fragment_of_another() -> None:
    known(1, "长风商贸")
    known(1, "海城无关贸易有限公司", seq=2)
    known(2, "海城长风商贸有限公司")
    assert [hit.code for hit in search("长风商贸")] == [code(1), code(2)]


def test_one_that_is_part_of_another_leads_there_and_comes_once() -> None:
    a, _ = known(1, "甲乙丙商贸有限公司")
    b, _ = known(2, "甲乙丙集团有限公司")
    subjects.merge(a, b, by="审核员", why="吸收合并", at=NOW)
    hit = only("甲乙丙商贸")
    assert (hit.enterprise, hit.matched, hit.matched_text) == (
        b,
        "former_name",
        "甲乙丙商贸有限公司",
    )
    assert [hit.enterprise for hit in search("甲乙丙")] == [b]
    assert [(hit.enterprise, hit.matched) for hit in search(code(1))] == [(b, "other_code")]


def test_a_forgotten_name_is_not_found_by_anybody_who_still_has_the_index_open() -> None:
    enterprise, subject = known(1, "张三丰太极拳馆")
    assert only("太极拳馆").enterprise == enterprise
    subjects.forget_names(enterprise, [subject])
    assert search("太极拳馆") == search("张三丰") == []


def test_what_stands_comes_before_what_was_deregistered() -> None:
    _, subject = known(1, "临江绿野农场")
    known(2, "临江绿野农庄")
    known(3, "临江绿野农科")
    subjects.record_standings({subject: subjects.Standing(cancelled=True)}, 3)
    hits = search("绿野农")
    assert [hit.cancelled for hit in hits] == [False, False, True]


def test_pages_of_hits_follow_one_another() -> None:
    for number in range(1, 31):
        known(number, f"海城第{number}粮店")
    whole = [hit.enterprise for hit in search("粮店", 30)]
    parts = [hit.enterprise for start in (0, 10, 20) for hit in search("粮店", 10, start)]
    assert parts == whole
    assert len(set(whole)) == 30
    assert search("粮店", 10, 30) == []


def test_who_typed_a_whole_name_gets_no_guesses() -> None:
    known(1, "海城春光商店")
    known(2, "海城春关商店")
    assert [hit.code for hit in search("海城春光商店")] == [code(1)]
    assert {hit.code for hit in search("海城春广商店")} == {code(1), code(2)}


@pytest.mark.parametrize("text", ["", " ", "（）", "%", "a" * 200, "1" * 300, "\x00", "𠮷", "zh"])
def test_nothing_that_is_typed_is_an_error(text: str) -> None:
    known(1, NAME)
    assert search(text) == []


def test_a_rare_sign_is_found_and_marked() -> None:
    known(1, "临江𠮷祥（虚构）食品店")
    assert met("𠮷祥") == ["𠮷祥"]
    assert met("祥虚构食品") == ["祥（虚构）食品"]
