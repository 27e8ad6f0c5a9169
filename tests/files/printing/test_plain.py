"""What comes from outside, as a paper bears it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinrong.files.printing.plain import MOST_SIGNS, plain, short, spaced

#: A right-to-left override, a zero-width space, an isolate, NUL, escape, a soft hyphen, a BOM.
HIDING = ["\u202e", "\u200b", "\u2066", "\x00", "\x1b", "\xad", "\ufeff", "\U000e0041", "\ud800"]


@pytest.mark.parametrize("sign", HIDING)
def test_a_sign_that_hides_or_turns_is_shown_as_what_it_is(sign: str) -> None:
    assert plain(f"甲{sign}乙") == "甲\ufffd乙"


@pytest.mark.parametrize(
    "name", ["恒远精密（虚构）有限公司", "AT&T", "شركة", "𠮷野家", "葛󠄀城", "é"]
)
def test_honest_names_stay_as_they_are(name: str) -> None:
    assert plain(name) == name


@pytest.mark.parametrize(
    "name", ['#read("/etc/passwd")', "$ x $", "*bold*", "<a@b>", "\\u{41}", "`x`", "@ref", "= A"]
)
def test_markup_stays_text(name: str) -> None:
    assert plain(name) == name


def test_lines_become_one_and_long_texts_are_cut_and_say_so() -> None:
    assert plain("甲\r\n乙\t丙\u2028丁") == "甲 乙 丙 丁"
    cut = plain("甲" * 10_000)
    assert cut == "甲" * MOST_SIGNS + "…〔10,000〕"
    assert short("甲" * 50, 24) == "甲" * 24 + "…"
    assert short("甲" * 24, 24) == "甲" * 24


def test_a_long_latin_word_may_break() -> None:
    broken = plain("x" * 200)
    assert broken.replace("\u200b", "") == "x" * 200
    assert max(map(len, broken.split("\u200b"))) == 30
    assert "\u200b" not in plain("91331002XR00000019")


def test_marks_do_not_pile_up() -> None:
    assert plain("a" + "\u0301" * 500) == "a" + "\u0301" * 4


def test_a_digest_is_grouped_as_on_the_page() -> None:
    assert spaced("0123456789abcdef" * 4).split(" ") == ["01234567", "89abcdef"] * 4
    assert spaced("") == ""


@given(st.text())
def test_what_is_left_can_be_encoded_and_hides_nothing(text: str) -> None:
    made = plain(text)
    made.encode()
    assert not re.search("[\x00-\x1f\u202a-\u202e\u2066-\u2069]", made)
