"""The text of a draft contract and a draft feed, with a comment beside every guess."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from xinrong.catalogue.contract import FieldType
from xinrong.catalogue.drafting import DraftField, Plan
from xinrong.catalogue.feed import NAMED_FORMATS
from xinrong.catalogue.lint_contract import TO_FILL
from xinrong.catalogue.vocabulary import YAML_WORDS


@dataclass(frozen=True)
class Names:
    """How the draft's things are called; `department` is an id of the region's departments."""

    category: str
    feed: str
    department: str
    title_zh: str
    title_en: str
    sample: str = ""
    department_guessed: bool = True


#: What needs no quotes: words of Chinese or Latin letters, with spaces and a few marks inside.
_PLAIN = re.compile(
    r"[\u4e00-\u9fffA-Za-z](?:[\u4e00-\u9fffA-Za-z0-9_()（）/.-]| (?=[\u4e00-\u9fffA-Za-z0-9(]))*"
)


def quoted(text: str) -> str:
    """A YAML scalar that reads back as exactly this text, whatever it holds."""
    if _PLAIN.fullmatch(text) and text.lower() not in YAML_WORDS:
        return text
    escaped = json.dumps(text, ensure_ascii=False)
    return re.sub(
        r"[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]|[\ud800-\udfff]",
        lambda found: f"\\u{ord(found[0]):04x}",
        escaped,
    )


def comment(text: str) -> str:
    """Words for a comment: one line, nothing that YAML forbids."""
    plain = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(plain.split())


def both(zh: str, en: str) -> str:
    """A text in both languages."""
    return f"{{zh: {quoted(zh)}, en: {quoted(en)}}}"


def contract_yaml(plan: Plan, names: Names) -> str:
    """The draft contract."""
    lines = [
        f"# 草稿 DRAFT from {comment(plan.sample.path.name)}. “猜测 GUESS” marks what to confirm.",
        f"category: {quoted(names.category)}",
        f"title: {both(names.title_zh, names.title_en)}  # 猜测 GUESS: the file's name",
        "description:",
        f"  zh: {quoted(names.title_zh)}  # 请说明记录的是什么 say what one record is",
        f"  en: {quoted(names.title_en)}",
        f"group: {plan.group}  # 猜测 GUESS: from the words in the file",
        "basis:",
        f"- document: {TO_FILL}  # 请写法律文件名 the law on which this may be held",
        "  article: ''",
        "share: never  # 暂不共享，请改为 open、consent 或保留 open, consent or never: decide",
        *_polarity(plan),
        "fields:",
    ]
    for field in plan.fields:
        lines += _field(field)
    lines.append(f"key: [{', '.join(plan.key)}]  # 猜测 GUESS: {_key_words(plan)}")
    lines.append("absence: means_unknown  # 无记录不等于没有 nothing on record says nothing")
    return "\n".join(lines) + "\n"


def _polarity(plan: Plan) -> list[str]:
    lines = ["polarity: {sign: neutral}  # 猜测 GUESS: neutral until somebody says otherwise"]
    if plan.speaks_against:
        lines += [
            "# 文件用词像负面记录：确认后写 sign: negative，并补 display（期限与依据条款）。",
            "# The words suggest negative records. If they are: sign: negative, share: open or",
            "# consent, and `display` with the years and the article that fixes them.",
        ]
    return lines


def _field(field: DraftField) -> list[str]:
    guess = field.guess
    lines = [
        f"- name: {field.name}",
        f"  title: {both(field.column.strip() or field.name, field.title_en or field.name)}",
    ]
    example = comment(field.example)[:40]
    shown = f", e.g. {example}" if example and guess.level == 1 else ""
    lines.append(f"  type: {guess.type.value}  # 猜测 GUESS: {comment(guess.why)}{shown}")
    if field.slot:
        lines.append(f"  slot: {field.slot}")
    if guess.level > 1:
        lines.append(f"  level: {guess.level}  # 猜测 GUESS: the heading speaks of a person")
    if field.required:
        lines.append("  required: true  # 猜测 GUESS: never empty in the sample")
    if field.future:
        lines.append("  future: true  # 猜测 GUESS: an end may lie ahead")
    if guess.values:
        lines.append(
            "  values:  # 猜测 GUESS: 样本中的全部取值；不全请补充或删去 all in the sample"
        )
        lines += [f"    {quoted(value)}: {both(value, value)}" for value in guess.values]
    return lines


def _key_words(plan: Plan) -> str:
    rows = len(plan.sample.rows)
    if plan.shared_keys:
        return f"{plan.shared_keys} of {rows} sample rows still share a key: add a field"
    return f"tells all {rows} sample rows apart"


def feed_yaml(plan: Plan, names: Names) -> str:
    """The draft feed."""
    sample = plan.sample
    guessed = "  # 猜测 GUESS: who sends it?" if names.department_guessed else ""
    lines = [
        f"# 草稿 DRAFT from {comment(sample.path.name)}. “猜测 GUESS” marks what to confirm.",
        f"feed: {names.feed}",
        f"title: {both(names.title_zh, names.title_en)}",
        f"department: {quoted(names.department)}{guessed}",
        f"category: {quoted(names.category)}",
        "layout:",
        f"  format: {sample.format}",
        *_layout(plan),
        "subject:",
    ]
    doubt = (
        "" if plan.subject_sure else "  # 猜测 GUESS: 没有像代码或名称的列 no column looks like one"
    )
    if plan.code:
        lines.append(f"  code: {quoted(plan.code)}{doubt}")
    if plan.name:
        lines.append(f"  name: {quoted(plan.name)}{doubt}")
    lines.append("mapping:")
    lines += [f"  {field.name}: {_source(field)}" for field in plan.fields]
    if plan.ignored:
        lines.append("ignore:  # 猜测 GUESS: row numbers and empty columns")
        lines += [f"- {quoted(column)}" for column in plan.ignored]
    lines.append(
        "freshness: {every_days: 30, stale_after_days: 60}  # 猜测 GUESS: ask the department"
    )
    if names.sample:
        lines.append(f"sample: {quoted(names.sample)}")
    return "\n".join(lines) + "\n"


def _layout(plan: Plan) -> list[str]:
    sample = plan.sample
    lines = []
    if sample.members:
        lines.append(f"  members: {quoted(sample.members)}  # 猜测 GUESS: most files are named so")
    if sample.encoding:
        lines.append(f"  encoding: {sample.encoding}  # 猜测 GUESS: by its bytes")
    elif sample.format in ("xls", "xlsx"):
        lines.append("  encoding: ''")
    if sample.records:
        lines.append(
            f"  records: {quoted(sample.records)}  # 猜测 GUESS: the first list of records"
        )
    if sample.format in NAMED_FORMATS:
        return lines
    if sample.format == "csv" and sample.delimiter != ",":
        lines.append(f"  delimiter: {quoted(sample.delimiter)}")
    if sample.sheet:
        lines.append(f"  sheet: {quoted(sample.sheet)}  # 猜测 GUESS: the fullest sheet")
    rows = ", ".join(map(str, sample.header_rows))
    lines.append(f"  header_rows: [{rows}]  # 猜测 GUESS: counted from 1")
    if not sample.header_rows:
        lines.append("  columns:  # 文件没有表头，请给各列命名 no header: name the columns")
        lines += [f"  - {quoted(column)}" for column in sample.columns]
    return lines


def _source(field: DraftField) -> str:
    if field.guess.type is FieldType.MONEY and field.guess.unit not in ("", "元"):
        unit = field.guess.unit
        return f"{{column: {quoted(field.column)}, unit: {unit}}}  # 猜测 GUESS: the heading's unit"
    return quoted(field.column)
