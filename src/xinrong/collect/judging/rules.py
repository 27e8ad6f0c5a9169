"""The rules that a row must meet, and what is said to the sender when it does not.

A *problem* is one rule broken at one field of one row. Any problem quarantines its row: setting an
unreadable optional value to nothing would lose what the department said, and would turn a
re-sent record into a correction that nobody made. Only an empty optional field is nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from xinrong.domain.text import Text

#: Values in reasons are cut here: a reason is read in a table cell.
SHOWN = 40


class Rule(StrEnum):
    """Rules of the intake. Those on how a value is read are `<kind>_<problem>` (see `unread`)."""

    SUBJECT_MISSING = "subject_missing"
    NAME_TOO_LONG = "name_too_long"
    REQUIRED = "required"
    FUTURE = "date_future"
    VALUE = "value_not_in_list"
    MINIMUM = "below_minimum"
    MAXIMUM = "above_maximum"
    TOO_LARGE = "number_too_large"
    CONFLICT = "conflict_in_batch"
    ERASED = "erased"


@dataclass(frozen=True)
class Problem:
    """One rule broken: `field` is the contract's field, `subject`, or empty for the whole row."""

    rule: str
    field: str
    reason: Text

    def __hash__(self) -> int:
        return hash((self.rule, self.field, self.reason.en))

    def as_json(self) -> dict[str, str]:
        """As a quarantined row keeps it."""
        return {
            "rule": str(self.rule),
            "field": self.field,
            "reason_zh": self.reason.zh,
            "reason_en": self.reason.en,
        }


def shown(value: str) -> str:
    """A value as a reason quotes it: one line, cut when long."""
    line = " ".join(value.split())
    return line if len(line) <= SHOWN else f"{line[:SHOWN]}…"


#: rule -> (what is wrong, what to do), in Chinese and in English. {0} is the value, {1} a limit.
REASONS: dict[Rule, Text] = {
    Rule.SUBJECT_MISSING: Text(
        zh="既没有统一社会信用代码，也没有企业名称，无法确定属于哪家企业。请补填其中一项。",
        en="Neither a code nor a name says whose record this is. Fill in one of the two.",
    ),
    Rule.NAME_TOO_LONG: Text(
        zh="名称“{0}”超过 {1} 个字，可能一格写了多家企业。请每行只写一家。",
        en="The name “{0}” has more than {1} characters; perhaps one cell holds several "
        "enterprises. Write one in each row.",
    ),
    Rule.REQUIRED: Text(
        zh="必填项为空。请补填。",
        en="A required field is empty. Fill it in.",
    ),
    Rule.FUTURE: Text(
        zh="日期“{0}”晚于接收日 {1}，而此项不能是将来的日期。请核对。",
        en="The date “{0}” lies after the day of receipt, {1}; this field cannot be in the "
        "future. Check it.",
    ),
    Rule.VALUE: Text(
        zh="“{0}”不在允许的取值中：{1}。请改用其中一个。",
        en="“{0}” is not among the lawful values: {1}. Use one of these.",
    ),
    Rule.MINIMUM: Text(
        zh="“{0}”小于允许的最小值 {1}。请核对正负号和单位。",
        en="“{0}” is below the least allowed value, {1}. Check its sign and its unit.",
    ),
    Rule.MAXIMUM: Text(
        zh="“{0}”大于允许的最大值 {1}。请核对单位和位数。",
        en="“{0}” is above the greatest allowed value, {1}. Check its unit and its digits.",
    ),
    Rule.TOO_LARGE: Text(
        zh="数值“{0}”超出可以保存的范围。请核对单位和位数。",
        en="The number “{0}” is larger than can be kept. Check its unit and its digits.",
    ),
    Rule.CONFLICT: Text(
        zh="同一文件中有两行是同一条记录，但内容不同，无法判断哪一行正确。请查实后只报送正确的一行。",
        en="Two rows of this file are the same record with different content, and nothing says "
        "which is right. Look it up and send only the right one.",
    ),
    Rule.ERASED: Text(
        zh="这条记录已依法删除，不再收录，其内容没有保存。请不要再次报送。",
        en="This record was erased by order; it is not taken in again and its values are not "
        "kept. Do not send it again.",
    ),
}


def problem(rule: Rule, field: str, *values: object) -> Problem:
    """The problem of `rule` at `field`, with the offending value and the limit in its reason."""
    reason = REASONS[rule]
    words = [shown(str(value)) for value in values]
    return Problem(rule, field, Text(zh=reason.zh.format(*words), en=reason.en.format(*words)))


def unread(kind: str, found: str, field: str, value: str, words: Text) -> Problem:
    """A value that a reader of `xinrong.domain` refuses: the rule is `date_impossible` and so on.

    A citizen's identity number is never quoted: the platform does not keep it.
    """
    quoted = "" if found == "personal_id" else shown(value)
    reason = Text(
        zh=f"“{quoted}”：{words.zh}" if quoted else words.zh,
        en=f"“{quoted}”: {words.en}" if quoted else words.en,
    )
    return Problem(f"{kind}_{found}", field, reason)
