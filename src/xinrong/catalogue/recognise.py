"""What kind of thing the cells of a column are. Guesses for a draft, never for the intake."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xinrong.catalogue.contract import FieldType
from xinrong.domain.dates import read_date
from xinrong.domain.money import read_money
from xinrong.domain.numbers import read_boolean, read_integer, read_number
from xinrong.domain.uscc import read_code

#: A share of cells that must fit before a column is taken for a type.
MOST = 0.9
#: Codes are so often wrong that fewer have to fit.
CODES = 0.6

_DATE_WORDS = re.compile(r"日期|时间|年月日|截止|有效期|日$|date|time", re.IGNORECASE)
_MONEY_WORDS = re.compile(
    r"金额|罚款|罚没|资本|资金|投资|总额|价款|价格|总价|税额|税款|余额|欠税|费用|费$|款$|万元|亿元"
    r"|（元）|\(元\)|产值|营业收入|销售额|利润|补贴额|贷款额"
    r"|amount|price|fee|capital|fine",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"号|编码|代码|电话|手机|传真|邮编|证书|文书|身份|年度|年份|主键|id$|no$|code|phone",
    re.IGNORECASE,
)
_UNITS = ("百万元", "万元", "千元", "亿元")
_SPELT = re.compile(r"[\u2460-\u24ff\u3220-\u32ff]")  # ① and ㈠ number a list, they count nothing
_COMPANY = re.compile(
    r"公司|企业|厂$|店$|中心|合作社|集团|事务所|经营部|工作室|医院|学校|研究院|银行|合伙|商行|农场|部$"
)
#: Headings of the enterprise's name, the surest first; the last ones need cells that look it.
_NAME_WORDS = (
    *("行政相对人名称", "被处罚单位", "被检查单位", "当事人名称", "供应商名称", "纳税人名称"),
    *("申请人名称", "市场主体名称", "主体名称", "企业名称", "公司名称", "单位名称", "机构名称"),
    *("法人名称", "企业", "单位", "公司", "当事人", "机构", "申请人", "名称"),
    *("enterprise", "company", "name"),
)
_SURE_NAMES = 14
_CODE_WORDS = ("统一社会信用代码", "社会信用代码", "信用代码", "纳税人识别号", "uscc")
_PRIVATE = (
    (5, re.compile(r"身份证|证件号|银行账|账号|卡号")),
    (4, re.compile(r"手机|电话|传真|住址|家庭|邮箱|email|phone", re.IGNORECASE)),
    (3, re.compile(r"法定代表人|法人代表|负责人|联系人|经办人|姓名|股东")),
)


@dataclass(frozen=True)
class Guess:
    """What a column seems to be, and why, in words for the comment beside it."""

    type: FieldType
    why: str
    unit: str = ""  # of money, for the feed
    values: tuple[str, ...] = ()  # the few distinct values, when they look like codes
    level: int = 1
    filled: float = 1.0  # share of rows with a value


def is_data(cell: str) -> bool:
    """Whether a cell is rather a value than a heading: a date, a number, a code."""
    text = cell.strip()
    if not any(char.isdigit() for char in text):
        return False
    if read_code(text).code or re.fullmatch(r"[-+]?[\d,.\s]+%?", text):
        return True
    return read_date(text).value is not None or read_money(text).fen is not None


def private_level(heading: str) -> int:
    """The level that a heading suggests: persons, how to reach them, what identifies them."""
    return next((level for level, words in _PRIVATE if words.search(heading)), 1)


def guess(heading: str, cells: Sequence[str], total: int) -> Guess:
    """The type of a column from its heading and its cells that are not empty."""
    filled = len(cells) / total if total else 0.0
    level = private_level(heading)
    if not cells:
        return Guess(FieldType.TEXT, "every cell is empty", level=level, filled=0.0)
    kind, why, unit = _typed(heading, cells)
    values = _coded(heading, cells) if kind is FieldType.TEXT else ()
    if values:
        why = f"{len(values)} different values in {len(cells)} cells"
    return Guess(kind, why, unit, values, level, filled)


def _typed(heading: str, cells: Sequence[str]) -> tuple[FieldType, str, str]:
    codes = _share(cells, lambda cell: read_code(cell).code is not None)
    if codes >= CODES:
        return FieldType.USCC, f"{codes:.0%} of the cells are lawful codes", ""
    dates = _share(cells, lambda cell: _is_date(cell, heading))
    if dates >= MOST:
        return FieldType.DATE, f"{dates:.0%} of the cells are dates", ""
    if _NUMBERED.search(heading) or any(_leading_zero(cell) for cell in cells):
        return FieldType.TEXT, "an identifier: digits are kept as they are", ""
    unit = next((unit for unit in _UNITS if unit in heading), "")
    sums = _share(cells, lambda cell: _is_money(cell, unit))
    if sums >= MOST and (_MONEY_WORDS.search(heading) or _share(cells, _has_unit) >= 0.5):
        return FieldType.MONEY, f"{sums:.0%} of the cells are amounts", unit or "元"
    return _plain(cells)


def _plain(cells: Sequence[str]) -> tuple[FieldType, str, str]:
    if any(_SPELT.search(cell) for cell in cells):
        return FieldType.TEXT, "text", ""
    if all(read_boolean(cell).value is not None and cell not in "01" for cell in cells):
        return FieldType.BOOLEAN, "every cell is a yes or a no", ""
    whole = _share(cells, lambda cell: read_integer(cell).value is not None)
    if whole >= MOST:
        return FieldType.INTEGER, f"{whole:.0%} of the cells are whole numbers", ""
    numbers = _share(cells, lambda cell: read_number(cell).value is not None)
    if numbers >= MOST:
        return FieldType.NUMBER, f"{numbers:.0%} of the cells are numbers", ""
    return FieldType.TEXT, "text", ""


def _share(cells: Sequence[str], fits: Callable[[str], bool]) -> float:
    return sum(map(fits, cells)) / len(cells)


def _is_date(cell: str, heading: str) -> bool:
    """Bare numbers (45000 is a workbook's date, and a sum) count only under a date's heading."""
    bare = cell.replace(".", "", 1).isdigit()
    if bare and not (len(cell) == 8 or _DATE_WORDS.search(heading)):
        return False
    return read_date(cell).value is not None


def _is_money(cell: str, unit: str) -> bool:
    return read_money(cell, unit or "元").fen is not None


def _has_unit(cell: str) -> bool:
    return "元" in cell or cell.endswith(("万", "亿")) or cell.startswith(("¥", "￥"))


def _leading_zero(cell: str) -> bool:
    return len(cell) > 1 and cell.startswith("0") and cell.isdigit()


def _coded(heading: str, cells: Sequence[str]) -> tuple[str, ...]:
    """The distinct values where they are few, short and come again and again."""
    distinct = sorted(set(cells))
    few = 2 <= len(distinct) <= 12 and len(cells) >= max(10, 4 * len(distinct))
    short = max(map(len, distinct)) <= 16
    named = _NUMBERED.search(heading) or name_rank(heading, cells) is not None
    return tuple(distinct) if few and short and not named else ()


def code_rank(heading: str, kind: FieldType) -> int | None:
    """How well a column serves as the enterprise's code: less is better, None not at all."""
    for rank, word in enumerate(_CODE_WORDS):
        if word in heading.lower():
            return rank
    return len(_CODE_WORDS) if kind is FieldType.USCC else None


def name_rank(heading: str, cells: Sequence[str]) -> int | None:
    """How well a column serves as the enterprise's name: less is better, None not at all."""
    looks = _share(cells, lambda cell: bool(_COMPANY.search(cell))) if cells else 0.0
    for rank, word in enumerate(_NAME_WORDS):
        if word in heading.lower():
            return rank if looks >= 0.5 or rank < _SURE_NAMES else rank + 30
    return len(_NAME_WORDS) if looks >= 0.8 else None
