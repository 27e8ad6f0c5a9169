"""Cells that name another enterprise, by its code or by its name."""

from __future__ import annotations

from xinrong.collect.judging.rules import Rule, problem, unread
from xinrong.collect.judging.values import Parsed
from xinrong.domain import uscc
from xinrong.domain.names import fold

#: Longest name that is kept of an identity.
LONGEST_NAME = 200
#: Marks by which a cell says that there is none.
NOTHING = frozenset({"/", "\\", "-", "--", "---", "—", "——", "无", "暂无", "NULL", "null", "N/A"})
CODE, NAME = "code:", "name:"


def looks_like_a_number(text: str) -> bool:
    """Is this meant as a number rather than as a name: six digits or more and hardly a letter?"""
    digits = sum(char.isdigit() for char in text)
    letters = sum(char.isalpha() for char in text)
    return digits >= 6 and (text.isascii() or letters == 0) and letters <= digits


def parse_enterprise(text: str, field: str) -> Parsed:
    """`code:<code>` or `name:<name as sent>`; nothing for an empty mark; else the code's problem.

    What is meant as a code and is none is never taken for a name.
    """
    if text in NOTHING:
        return None, None
    reading = uscc.read_code(text)
    if reading.code is not None:
        return f"{CODE}{reading.code}", None
    if looks_like_a_number(text) or not fold(text):
        return None, unread("code", reading.problem, field, text, uscc.words(reading.problem))
    if len(text) > LONGEST_NAME:
        return None, problem(Rule.NAME_TOO_LONG, field, text, LONGEST_NAME)
    return f"{NAME}{text}", None
