"""What a criterion may not say: why each is left out, and what to write instead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from xinrong.domain.criteria.columns import Column
from xinrong.domain.criteria.errors import CriterionRefused
from xinrong.domain.criteria.tokens import Piece
from xinrong.domain.text import Text


@dataclass(frozen=True)
class Refusal:
    """A reason to refuse; `{}` in it is what was written."""

    code: str
    problem: Text
    advice: Text

    def at(self, at: int, shown: str) -> CriterionRefused:
        """The error, at its place."""
        problem = Text(
            zh=self.problem.zh.replace("{}", shown), en=self.problem.en.replace("{}", shown)
        )
        return CriterionRefused(self.code, at, problem, self.advice)


def _refusal(code: str, zh: str, en: str, do_zh: str, do_en: str) -> Refusal:
    return Refusal(f"criterion_{code}", Text(zh=zh, en=en), Text(zh=do_zh, en=do_en))


SHAPE = Text(
    zh="条件的写法：列名 >= 值，用 AND、OR、NOT 连接，括号成对。",
    en="A condition is: column >= value; join conditions by AND, OR, NOT; close every bracket.",
)
SEPARATORS = Text(
    zh="数字不写千位分隔符：500000；列表写在 IN ( ) 里。",
    en="Write numbers without separators: 500000; a list stands in IN ( ).",
)
FUNCTION = _refusal(
    "function", "不支持函数 {}", "There is no function {}",
    "只有 safe_div(a, b) 和 known(列)；别的计算请做成指标。",
    "There are safe_div(a, b) and known(column); make an indicator of anything else.",
)  # fmt: skip
PARAMETER = _refusal(
    "parameter", "没有参数 :{}", "There is no parameter :{}",
    "唯一的参数是 :as_of（判断日期）。", "The one parameter is :as_of, the day on which is asked.",
)  # fmt: skip
CHAIN = _refusal(
    "chain", "两次比较连在一起", "Two comparisons follow each other",
    "请用 AND 连接，或写 列名 BETWEEN 下限 AND 上限。",
    "Join them by AND, or write: column BETWEEN low AND high.",
)  # fmt: skip
CONSTANT = _refusal(
    "constant", "比较的两边都没有列，答案永远一样",
    "No column stands on either side: the answer never changes",
    "请与一个列比较。", "Compare a column.",
)  # fmt: skip
IN_COLUMN = _refusal(
    "in_column", "IN 的左边只能是一个列", "IN takes one column on its left",
    "请写 列名 IN (值, 值)；算式请用 = 和 OR。",
    "Write: column IN (value, value); compare what is reckoned by = and OR.",
)  # fmt: skip
IN_LITERALS = _refusal(
    "in_literals", "IN 的列表里只能是值", "The list of IN holds written values only",
    "列与列比较请用 = 和 OR。", "Compare columns by = and OR.",
)  # fmt: skip
DAY = _refusal(
    "date", "“{}”不是日期", "'{}' is no day of the calendar",
    "日期写作 DATE '2024-01-31'。", "Write a date as DATE '2024-01-31'.",
)  # fmt: skip
KNOWN = _refusal(
    "known", "known 的参数须是一个列", "known takes one column",
    "请写 known(列名)。", "Write known(column).",
)  # fmt: skip
SECRET = _refusal(
    "column_secret", "列 {} 的密级或共享类别不允许用于这里",
    "The column {} is too secret to be used here",
    "请换一列，或由有权限的人员来写。", "Use another column, or ask somebody who may use it.",
)  # fmt: skip
INEXACT = _refusal(
    "inexact", "近似值（双精度数）的列只能直接与写出的数值比较",
    "A column of doubles is only compared, with a written number or with another one",
    "请去掉计算，或把这个计算做成指标。",
    "Leave out what is reckoned with it, or make an indicator of it.",
)  # fmt: skip
TOO_LARGE = _refusal(
    "too_large", "这个比较可能需要超过 38 位数字",
    "This comparison could need more than 38 digits",
    "请减少相乘和相除，或把一部分做成指标。",
    "Multiply and divide less, or make an indicator of a part of it.",
)  # fmt: skip

_UNKNOWN = _refusal(
    "null", "{} 会把未知当成答案", "{} would turn what is not known into an answer",
    "是否已知请写 known(列)；未知的条件答案就是“无法判断”。",
    "Ask known(column); a condition about what is unknown answers 'cannot tell'.",
)  # fmt: skip
_CASE = _refusal(
    "case", "不支持 {}：它能把未知变成“是”", "There is no {}: it can turn unknown into yes",
    "请用 AND、OR、NOT 写出各种情形。", "Write the cases with AND, OR and NOT.",
)  # fmt: skip
_QUERY = _refusal(
    "query", "不支持 {}：判断条件不能查询别的表",
    "There is no {}: a criterion reads no other table",
    "请使用已有的列；需要新的统计请做成指标。",
    "Use the columns; make an indicator of a new figure.",
)  # fmt: skip
_PATTERN = _refusal(
    "pattern", "不支持模式匹配 {}", "There are no patterns: {}",
    "请用 = 或 IN 列出各值；代码可写 BETWEEN '13' AND '43'。",
    "List the values with = or IN; codes can be BETWEEN '13' AND '43'.",
)  # fmt: skip
_CAST = _refusal(
    "cast", "不支持类型转换 {}", "There is no cast: {}",
    "列有固定的类型；请直接比较，或换一列。", "A column has its type: compare it as it is.",
)  # fmt: skip
_NOW = _refusal(
    "clock", "不能读取系统时间 {}", "A criterion reads no clock: {}",
    "判断日期请写 :as_of。", "Write :as_of, the day on which is asked.",
)  # fmt: skip
_WINDOW = _refusal(
    "query", "不支持 {}：判断条件只看一家企业", "There is no {}: a criterion sees one enterprise",
    "跨企业的统计请做成指标。", "Make an indicator of figures over several.",
)  # fmt: skip
_DIVISION = _refusal(
    "function", "不支持 {}", "There is no {}",
    "除法请写 safe_div(a, b)。", "Write safe_div(a, b).",
)  # fmt: skip
_LOGIC = _refusal(
    "sign", "不支持 {}", "There is no {}", "请用 AND、OR、NOT。", "Use AND, OR and NOT.",
)  # fmt: skip
EMPTY = _refusal(
    "empty", "判断条件是空的", "The criterion is empty",
    "请写至少一个条件，如 tax_12m >= 500000。", "Write a condition, such as tax_12m >= 500000.",
)  # fmt: skip


def _each(names: str, refusal: Refusal) -> dict[str, Refusal]:
    return dict.fromkeys(names.split(), refusal)


#: Words of SQL that a criterion does not have.
REFUSED: Mapping[str, Refusal] = MappingProxyType(
    _each("IS NULL ISNULL NOTNULL UNKNOWN", _UNKNOWN)
    | _each("CASE WHEN THEN ELSE END IF IIF", _CASE)
    | _each("SELECT EXISTS ANY ALL SOME WITH FROM WHERE UNION JOIN VALUES TABLE HAVING", _QUERY)
    | _each("LIKE ILIKE RLIKE REGEXP SIMILAR GLOB ESCAPE", _PATTERN)
    | _each("CAST TRY_CAST CONVERT COLLATE INTERVAL TIMESTAMP", _CAST)
    | _each("OVER PARTITION DISTINCT QUALIFY GROUP ORDER LIMIT", _WINDOW)
    | _each("CURRENT_DATE CURRENT_TIMESTAMP NOW TODAY SYSDATE", _NOW)
    | _each("DIV MOD", _DIVISION)
    | _each("XOR", _LOGIC)
)
#: Functions that people try, with a word of their own.
FUNCTIONS: Mapping[str, Refusal] = MappingProxyType(
    _each("COALESCE IFNULL NVL NVL2 NULLIF ZEROIFNULL GREATEST LEAST", _UNKNOWN)
    | _each("REGEXP_MATCHES REGEXP_LIKE REGEXP_EXTRACT CONTAINS STARTS_WITH PREFIX", _PATTERN)
    | _each("SUBSTR SUBSTRING LEFT RIGHT LOWER UPPER TRIM", _PATTERN)
    | _each("COUNT SUM AVG MIN MAX ROW_NUMBER RANK LAG LEAD", _WINDOW)
    | _each("DATE_DIFF DATEDIFF DATE_ADD DATE_SUB AGE", _NOW)
    | _each("DIVIDE ROUND FLOOR CEIL TRUNC", _DIVISION)
)


def unknown_column(piece: Piece, nearest: Column | None) -> CriterionRefused:
    """There is no such column; perhaps another was meant."""
    shown = piece.text[:60]
    advice = Text(
        zh="请从列表中选择一列。",
        en="Choose one of the columns.",
    )
    if nearest is not None:
        advice = Text(
            zh=f"是否想写 {nearest.name}（{nearest.title.zh}）？",
            en=f"Did you mean {nearest.name} ({nearest.title.en})?",
        )
    return CriterionRefused(
        "criterion_column_unknown",
        piece.at,
        Text(zh=f"没有列 {shown}", en=f"There is no column {shown}"),
        advice,
    )


def too_many(code: str, at: int, most: int, what: Text) -> CriterionRefused:
    """A bound was passed."""
    return CriterionRefused(
        code,
        at,
        Text(zh=f"超过 {most:,} {what.zh}", en=f"There are more than {most:,} {what.en}"),
        Text(
            zh="请拆成几条判断条件，或把一部分做成指标。",
            en="Split it into several criteria, or make an indicator of a part.",
        ),
    )
