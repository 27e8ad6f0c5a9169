"""Money: whole fen inside, exact decimal yuan at the edges, and what departments write.

Nothing is rounded: an amount that is not a whole number of fen is refused. The one exception is
the noise of binary floating point (0.30000000000000004), recognised by its seventeen digits.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Context, Decimal
from itertools import pairwise

from xinrong.domain.text import Text

#: What one unit is in yuan.
UNITS = {
    "元": Decimal(1),
    "千元": Decimal(1_000),
    "万元": Decimal(10_000),
    "百万元": Decimal(1_000_000),
    "亿元": Decimal(100_000_000),
}
MAX_FEN = 2**63 - 1

_EXACT = Context(prec=60)
_HUNDREDTH_OF_A_FEN = Decimal("0.0001")
_TWO_NUMBERS = re.compile(r"\d\s+[\d.]")  # "1 234" may be one number or two
_SCALES = {
    "十": 10,
    "百": 100,
    "千": 1_000,
    "万": 10_000,
    "十万": 100_000,
    "百万": 1_000_000,
    "千万": 10_000_000,
    "亿": 100_000_000,
    "十亿": 1_000_000_000,
    "百亿": 10_000_000_000,
    "千亿": 100_000_000_000,
    "万亿": 1_000_000_000_000,
}
_EMPTY = frozenset(
    {"", "/", "\\", "-", "--", "---", "—", "——", "无", "暂无", "空", "不详", "未知", "N/A", "NA"}
    | {"NULL", "NONE", "NAN", "#N/A"}
)
_OTHER_CURRENCY = re.compile(
    r"美元|美金|欧元|港[币元]|日[元圆]|英镑|澳元|加元|韩[元币]|卢布|新台币|台币|法郎|新加坡元|新元|"
    r"澳门元|泰铢|卢比|马克|瑞典克朗|外币|USD|EUR|HKD|JPY|GBP|AUD|CAD|KRW|SGD|CHF|TWD|MOP|[$€£₩₽₹฿]"
)
_YUAN = re.compile(r"人民币|RMB|CNY|¥|:")
_UNIT_IN_BRACKETS = re.compile(r"\(([^()\d]*)(?:\(\))?\)$")  # 5,000(万元(人民币))
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?:'\d{3})+|\d+)(?:\.\d*)?|\.\d+"
_SCIENTIFIC = re.compile(r"(\d+(?:\.(\d*))?)E([+-]?)(\d{1,3})(万亿|[十百千]?[万亿]|[十百千])?元?")
_SEGMENT = re.compile(rf"({_NUMBER})(万亿|[十百千]?[万亿]|[十百千])?")
_AMOUNT = re.compile(
    rf"((?:(?:{_NUMBER})(?:万亿|[十百千]?[万亿]|[十百千])?)+)([元圆]?)(?:人民币)?[整正]?"
)


@dataclass(frozen=True, slots=True)
class MoneyReading:
    """What a cell says: an amount in `fen`, nothing (`problem` is ""), or a problem.

    `notes` says what a reader should know: "own_unit" (the cell's unit won over the column's),
    "scientific" (written as 1.2E5), "float_noise" (taken to fifteen digits).
    """

    fen: int | None
    problem: str = ""
    notes: tuple[str, ...] = ()


def yuan(fen: int) -> Decimal:
    """Fen as yuan with two places, exactly."""
    return Decimal(fen).scaleb(-2, _EXACT)


def fen(yuan: Decimal) -> int:
    """Yuan as fen. Raises ValueError when it is not a whole number of fen."""
    scaled = yuan.scaleb(2, _EXACT) if yuan.is_finite() else yuan
    if not scaled.is_finite() or scaled != scaled.to_integral_value():
        raise ValueError(f"{yuan} yuan is not a whole number of fen")
    return int(scaled)


def read_money(text: str | None, unit: str = "元") -> MoneyReading:
    """Read one cell whose column counts in `unit`. Raises KeyError for an unknown unit only.

    A unit written in the cell ("3,000 万元", "1.5亿", "800元") wins over the column's.
    """
    factor = UNITS[unit or "元"]
    folded = _fold(text or "")
    if folded in _EMPTY:
        return MoneyReading(None)
    if _OTHER_CURRENCY.search(folded):
        return MoneyReading(None, "currency")
    bare, side = _sign(_UNIT_IN_BRACKETS.sub(r"\1", _YUAN.sub("", folded)))
    if len(bare) <= 64:
        if found := _SCIENTIFIC.fullmatch(bare):
            return _scientific(found, factor, side)
        if found := _AMOUNT.fullmatch(bare):
            return _amount(found, factor, side)
    return MoneyReading(None, "unreadable")


def _fold(text: str) -> str:
    folded = text if text.isascii() else unicodedata.normalize("NFKC", text)
    if _TWO_NUMBERS.search(folded):
        return folded
    return "".join(folded.replace("\u2212", "-").strip("\"'").split()).upper()


def _sign(text: str) -> tuple[str, int]:
    """The amount without its sign, and the sign: -1, 1-, (1), 负1 are negative."""
    if text.startswith("(") and text.endswith(")"):
        return text[1:-1], -1
    if text.startswith(("-", "负")):
        return text[1:], -1
    if text.endswith("-"):
        return text[:-1], -1
    return text.removeprefix("+"), 1


def _scientific(found: re.Match[str], factor: Decimal, side: int) -> MoneyReading:
    """1.2E5: exact as a program writes it; a spreadsheet's E+05 may hide digits it rounded.

    A spreadsheet shows two decimals or, at six digits in all, up to five: then and only then are
    digits that the text does not show taken to be lost.
    """
    mantissa, decimals, sign, exponent = found[1], found[2] or "", found[3], int(found[4])
    if exponent > 40:
        return MoneyReading(None, "out_of_range")
    hidden = sign == "+" and len(decimals) < exponent
    if hidden and (len(decimals) == 2 or len(decimals) >= 5):
        return MoneyReading(None, "precision")
    value = Decimal(mantissa).scaleb(-exponent if sign == "-" else exponent, _EXACT)
    notes: tuple[str, ...] = ("scientific",)
    if found[5] or found[0].endswith("元"):
        factor = Decimal(_SCALES[found[5]] if found[5] else 1)
        notes = ("scientific", "own_unit")
    return _in_fen(_EXACT.multiply(value, factor), side, notes)


def _amount(found: re.Match[str], factor: Decimal, side: int) -> MoneyReading:
    """Sum of the segments: one number, or falling scales such as 1亿2000万."""
    segments = _SEGMENT.findall(found[1])
    scales = [_SCALES[scale] if scale else 1 for _, scale in segments]
    falling = all(left > right for left, right in pairwise(scales))
    if not falling or (len(segments) > 1 and any("." in number for number, _ in segments[:-1])):
        return MoneyReading(None, "unreadable")
    own = bool(found[2]) or any(scale for _, scale in segments)
    amount = Decimal(0)
    for (number, _), scale in zip(segments, scales, strict=True):
        plain = Decimal(number.replace(",", "").replace("'", ""))
        amount = _EXACT.add(amount, _EXACT.multiply(plain, Decimal(scale)))
    if not own:
        amount = _EXACT.multiply(amount, factor)
    notes = ("own_unit",) if own and factor != 1 else ()
    reading = _in_fen(amount, side, notes)
    if reading.problem != "precision":
        return reading
    short = _without_noise(amount)
    return reading if short is None else _in_fen(short, side, (*notes, "float_noise"))


def _without_noise(yuan: Decimal) -> Decimal | None:
    """The amount at fifteen digits, if what is dropped can only be a binary fraction's noise.

    That is: sixteen digits or more, and less than a hundredth of a fen to drop.
    """
    if len(yuan.as_tuple().digits) < 16:
        return None
    short = Context(prec=15).plus(yuan)
    return short if abs(_EXACT.subtract(short, yuan)) < _HUNDREDTH_OF_A_FEN else None


def _in_fen(amount: Decimal, side: int, notes: tuple[str, ...]) -> MoneyReading:
    try:
        whole = fen(amount)
    except ValueError:
        return MoneyReading(None, "precision", notes)
    if whole > MAX_FEN:
        return MoneyReading(None, "out_of_range", notes)
    return MoneyReading(side * whole, notes=notes)


_WORDS = {
    "unreadable": Text(
        zh="读不出金额。请只填数字，如 30000000 或 30,000,000.00，也可写单位，如 3,000万元。",
        en="No amount can be read. Write digits, such as 30000000 or 30,000,000.00, "
        "or add a unit, such as 3,000万元.",
    ),
    "precision": Text(
        zh="金额不是整数分，或被电子表格按科学计数法舍去了位数。请按原始凭证填写到分。",
        en="The amount is no whole number of fen, or a spreadsheet rounded it (1.23E+11). "
        "Give it to the fen, as in the source.",
    ),
    "currency": Text(
        zh="不是人民币金额。请折算为人民币，或在报送说明中另列币种。",
        en="The amount is not in renminbi. Convert it, or send its currency in a field of its own.",
    ),
    "out_of_range": Text(
        zh="金额过大，超出可保存的范围。请核对单位和位数。",
        en="The amount is too large to be kept. Check its unit and its digits.",
    ),
}


def words(problem: str) -> Text:
    """What a problem means and what to do about it. Raises KeyError for an unknown one."""
    return _WORDS[problem]
