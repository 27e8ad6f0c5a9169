"""Numbers, counts and yes-or-no answers as departments write them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal

from xinrong.domain.text import Text

#: Places that are kept after the decimal point.
PLACES = 4
_STEP = Decimal(1).scaleb(-PLACES)
_LIMIT = Decimal(10) ** 14  # a decimal of 18 digits with four places
_INTEGER_LIMIT = 2**63
_EXACT = Context(prec=80)
_TWO_NUMBERS = re.compile(r"\d\s+[\d.]")  # "12 13" may be one number or two

_EMPTY = frozenset(
    {"", "/", "\\", "-", "--", "---", "—", "——", "无", "暂无", "空", "不详", "未知", "N/A", "NA"}
    | {"NULL", "NONE", "NAN", "#N/A"}
)
_NUMBER = re.compile(
    r"([+-]?)((?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+)(?:E([+-]?\d{1,2}))?(百万|千万|[万亿])?(%?)"
)
_SCALES = {"": 1, "万": 10_000, "百万": 10**6, "千万": 10**7, "亿": 10**8}
_TRUE = frozenset({"是", "有", "真", "对", "Y", "YES", "T", "TRUE", "1", "1.0", "√", "✓", "✔"})
_FALSE = frozenset({"否", "无", "没有", "假", "错", "N", "NO", "F", "FALSE", "0", "0.0", "×", "✗"})


@dataclass(frozen=True, slots=True)
class NumberReading:
    """What a cell says: a number of at most four places, nothing, or a problem.

    `notes` holds "rounded" when there were more places: a measured quantity, unlike money, may
    lose its fifth place.
    """

    value: Decimal | None
    problem: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IntegerReading:
    """What a cell says: a whole number, nothing, or a problem."""

    value: int | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class BooleanReading:
    """What a cell says: yes, no, nothing, or a problem."""

    value: bool | None
    problem: str = ""


def read_number(text: str | None, unit: str = "") -> NumberReading:
    """Read one cell. `unit` is the field's own and may stand after the number ("12.5 平方米").

    A percent sign means hundredths, unless the field's unit is itself "%". Never raises.
    """
    exact, problem = _decimal(text, unit)
    if exact is None:
        return NumberReading(None, problem)
    if abs(exact) >= _LIMIT:
        return NumberReading(None, "out_of_range")
    kept = exact.quantize(_STEP, ROUND_HALF_EVEN, _EXACT)
    if abs(kept) >= _LIMIT:
        return NumberReading(None, "out_of_range")
    return NumberReading(kept + 0, notes=() if kept == exact else ("rounded",))


def read_integer(text: str | None, unit: str = "") -> IntegerReading:
    """Read a count ("12", "12.0", "1,200 人"). A fraction is a problem. Never raises."""
    exact, problem = _decimal(text, unit)
    if exact is None:
        return IntegerReading(None, problem)
    if exact != exact.to_integral_value():
        return IntegerReading(None, "not_whole")
    if abs(exact) >= _INTEGER_LIMIT:
        return IntegerReading(None, "out_of_range")
    return IntegerReading(int(exact))


def read_boolean(text: str | None) -> BooleanReading:
    """Read a yes or no (是/否, Y/N, true/false, 1/0 …). Never raises."""
    folded = _fold(text)
    if folded in _TRUE:
        return BooleanReading(True)
    if folded in _FALSE:
        return BooleanReading(False)
    return BooleanReading(None, "" if folded in _EMPTY else "unreadable")


def _fold(text: str | None) -> str:
    if text is None:
        return ""
    folded = text if text.isascii() else unicodedata.normalize("NFKC", text)
    if _TWO_NUMBERS.search(folded):
        return folded
    return "".join(folded.replace("\u2212", "-").strip("\"'").split()).upper()


def _decimal(text: str | None, unit: str) -> tuple[Decimal | None, str]:
    """The exact number of a cell, or None and the problem ("" for an empty cell)."""
    folded = _fold(text)
    if folded in _EMPTY:
        return None, ""
    own = _fold(unit)
    if own and own != "%":
        folded = folded.removesuffix(own)
    found = _NUMBER.fullmatch(folded) if len(folded) <= 64 else None
    if found is None:
        return None, "unreadable"
    value = Decimal(found[2].replace(",", "")).scaleb(int(found[3] or 0), _EXACT)
    value = _EXACT.multiply(value, Decimal(_SCALES[found[4] or ""]))
    if found[5] and own != "%":
        value = value.scaleb(-2, _EXACT)
    return (-value if found[1] == "-" else value), ""


_WORDS = {
    "unreadable": Text(
        zh="读不出内容。数量请只填数字，是否类请填“是”或“否”。",
        en="It cannot be read. Give digits for a quantity, 是 or 否 for a yes or no.",
    ),
    "not_whole": Text(
        zh="这里应填整数，填的却是小数。请核对。",
        en="A whole number belongs here, but there is a fraction. Check it.",
    ),
    "out_of_range": Text(
        zh="数值过大，超出可保存的范围。请核对单位和位数。",
        en="The number is too large to be kept. Check its unit and its digits.",
    ),
}


def words(problem: str) -> Text:
    """What a problem means and what to do about it. Raises KeyError for an unknown one."""
    return _WORDS[problem]
