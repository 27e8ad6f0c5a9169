"""From a sample to the plan of a draft: which column is what, its field, slot and place in the key.

Every decision is a guess that a person confirms, so each carries its reason. Where a wrong guess
could harm an enterprise the draft stays on the safe side: neutral, and never shared.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from xinrong.catalogue.contract import FieldType
from xinrong.catalogue.recognise import Guess, code_rank, guess, name_rank
from xinrong.catalogue.slots import DATE_SLOTS, NUMBER_SLOTS, RESERVED, TEXT_SLOTS
from xinrong.catalogue.sniff import Sample
from xinrong.catalogue.vocabulary import YAML_WORDS, slug, words_for

_END = re.compile(r"有效期|截止|到期|终止|结束|期限|至$")
_EVENT = (
    *(
        "决定日期",
        "处罚日期",
        "判决",
        "裁定",
        "许可日期",
        "发证",
        "认定",
        "检查日期",
        "缴费",
        "开票",
    ),
    *("签订", "放款", "公示", "公告", "发布", "立案", "成立", "登记", "日期", "时间"),
)
_IDENTIFIER = re.compile(
    r"文号|文书号|编号|案号|证号|证书号|合同号|合同代码|项目代码|发票号|单号|流水号|决定书|^号"
)
_ROW_NUMBER = re.compile(r"^(序号|序|行号|no\.?|#)$", re.IGNORECASE)
_NEGATIVE = re.compile(r"处罚|失信|欠税|违法|异常|欠费|欠薪|被执行|吊销|黑名单|逾期")
_GROUPS = (
    ("penalty", re.compile(r"处罚|违法")),
    ("licence", re.compile(r"许可|资质|证书|备案")),
    ("tax", re.compile(r"税|发票")),
    ("court", re.compile(r"法院|判决|执行|失信|案")),
    ("utility", re.compile(r"电|水费|用水|燃气|用气")),
    ("social_insurance", re.compile(r"社保|社会保险|公积金")),
    ("finance", re.compile(r"贷款|担保|抵押|质押")),
    ("award", re.compile(r"表彰|奖|认定|名单|补贴")),
    ("inspection", re.compile(r"检查|抽查|监管")),
    ("registration", re.compile(r"登记|注册")),
)


@dataclass(frozen=True)
class DraftField:
    """One column that becomes a field."""

    column: str
    name: str
    title_en: str
    guess: Guess
    slot: str = ""
    future: bool = False
    required: bool = False
    example: str = ""


@dataclass(frozen=True)
class Plan:
    """What the draft will say."""

    sample: Sample
    code: str  # column, or ""
    name: str
    fields: tuple[DraftField, ...]
    key: tuple[str, ...]
    shared_keys: int  # rows of the sample that share their key with a different row
    ignored: tuple[str, ...]
    group: str
    speaks_against: bool  # the words suggest that records speak against an enterprise
    subject_sure: bool  # at least one column looks like a code or a name


def plan(sample: Sample) -> Plan:
    """Decide what each column is."""
    columns = list(dict.fromkeys(sample.columns))
    cells = {name: sample.values(sample.columns.index(name)) for name in columns}
    guesses = {name: guess(name, cells[name], len(sample.rows)) for name in columns}
    codes = _best((code_rank(name, guesses[name].type), name) for name in columns)
    rest = [name for name in columns if name != codes]
    names = _best(
        (name_rank(name, cells[name]), name)
        for name in rest
        if guesses[name].type is FieldType.TEXT
    )
    sure = bool(codes or names)
    if not sure:
        names = next((name for name in columns if guesses[name].type is FieldType.TEXT), columns[0])
    ignored = [
        name
        for name in columns
        if name not in (codes, names) and (_ROW_NUMBER.match(name.strip()) or not cells[name])
    ]
    taken = [name for name in columns if name not in (codes, names, *ignored)]
    fields = _slots(_fields(taken, guesses, cells))
    if not fields:  # a list of nothing but enterprises: the fact is that it stands there
        column = names or codes
        fields = _fields([column], guesses, cells)
    key, shared = _key(sample, codes or names, fields)
    return Plan(
        sample=sample,
        code=codes,
        name=names,
        fields=tuple(
            replace(one, required=one.guess.filled == 1.0 and one.name in key) for one in fields
        ),
        key=key,
        shared_keys=shared,
        ignored=tuple(ignored),
        group=_group([sample.path.stem, *columns]),
        speaks_against=bool(_NEGATIVE.search(" ".join([sample.path.stem, *columns]))),
        subject_sure=sure,
    )


def _best(ranked: Iterable[tuple[int | None, str]]) -> str:
    """The name with the lowest rank; the first of equals; "" when none has a rank."""
    found = [(rank, name) for rank, name in ranked if rank is not None]
    return min(found, key=lambda one: one[0])[1] if found else ""


def _fields(
    columns: list[str], guesses: dict[str, Guess], cells: dict[str, list[str]]
) -> list[DraftField]:
    fields: list[DraftField] = []
    used: set[str] = {*RESERVED, *YAML_WORDS}
    for number, column in enumerate(columns, 1):
        known = words_for(column)
        base = known[0] if known else slug(column) or f"field_{number}"
        name, count = base, 2
        while name in used:
            name, count = f"{base}_{count}", count + 1
        used.add(name)
        example = cells[column][0] if cells[column] else ""
        title = known[1] if known else column.strip()
        ends = guesses[column].type is FieldType.DATE and bool(_END.search(column))
        fields.append(DraftField(column, name, title, guesses[column], "", ends, False, example))
    return fields


def _slots(fields: list[DraftField]) -> list[DraftField]:
    """Give slots to what indicators will read: dates, sums, numbers, codes and coded words."""
    free = {
        FieldType.DATE: list(DATE_SLOTS),
        FieldType.MONEY: ["amount", *NUMBER_SLOTS],
        FieldType.TEXT: list(TEXT_SLOTS),
    }
    free[FieldType.NUMBER] = free[FieldType.INTEGER] = free[FieldType.MONEY]
    fixed = _fixed_slots(fields)
    out = []
    for one in fields:
        kind = one.guess.type
        slot = fixed.get(one.column, "")
        coded = kind is not FieldType.TEXT or one.guess.values
        if not slot and coded and kind in free:
            fitting = [s for s in free[kind] if s != "amount" or kind is FieldType.MONEY]
            if fitting:
                slot = fitting[0]
                free[kind].remove(slot)
        out.append(replace(one, slot=slot))
    return out


def _fixed_slots(fields: list[DraftField]) -> dict[str, str]:
    """The event's date, its end, the record's number and its status: one column each."""
    dates = [one.column for one in fields if one.guess.type is FieldType.DATE]
    starts = [column for column in dates if not _END.search(column)]
    ends = [column for column in dates if _END.search(column)]
    texts = [one for one in fields if one.guess.type is FieldType.TEXT]
    numbers = [one.column for one in texts if _IDENTIFIER.search(one.column)]
    states = [one.column for one in texts if "状态" in one.column and one.guess.values]
    event = min(starts, key=_event_rank, default="")
    chosen = {"event_date": event, "end_date": ends[0] if ends else ""}
    chosen["code"] = numbers[0] if numbers else ""
    chosen["status"] = states[0] if states else ""
    return {column: slot for slot, column in chosen.items() if column}


def _event_rank(column: str) -> int:
    return next((i for i, word in enumerate(_EVENT) if word in column), len(_EVENT))


def _key(sample: Sample, subject: str, fields: list[DraftField]) -> tuple[tuple[str, ...], int]:
    """The fewest fields that tell the sample's different rows apart, and how many still clash."""
    at = {name: index for index, name in reversed(list(enumerate(sample.columns)))}
    order = sorted(fields, key=_key_rank)
    rows = set(sample.rows)
    chosen: list[DraftField] = []
    shared = _clashes(rows, [at[subject]])
    for one in order:
        if not shared:
            break
        fewer = _clashes(rows, [at[subject], *(at[f.column] for f in chosen), at[one.column]])
        if fewer < shared:
            chosen.append(one)
            shared = fewer
    if not chosen and order and order[0].slot in ("code", "event_date"):
        chosen = [order[0]]  # one record per enterprise in the sample proves nothing for later
    return ("subject", *(one.name for one in chosen)), shared


def _key_rank(one: DraftField) -> tuple[int, float]:
    kinds = {"code": 0, "event_date": 1}
    by_type = {FieldType.TEXT: 2, FieldType.DATE: 3, FieldType.USCC: 3}
    return kinds.get(one.slot, by_type.get(one.guess.type, 5)), -one.guess.filled


def _clashes(rows: set[tuple[str, ...]], columns: list[int]) -> int:
    return len(rows) - len({tuple(row[index] for index in columns) for row in rows})


def _group(words: list[str]) -> str:
    for text in (words[0], " ".join(words)):
        for group, pattern in _GROUPS:
            if pattern.search(text):
                return group
    return "other"
