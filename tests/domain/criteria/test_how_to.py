"""The how-to is run: its rules must answer what the page says they answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import yaml

from tests.environment import PROJECT
from xinrong.domain.criteria import (
    OUTCOME_WORDS,
    Column,
    Criterion,
    CriterionRefused,
    Explainer,
    MissingReason,
    Schema,
    Type,
    lint,
    lint_criterion,
    parse,
)
from xinrong.domain.text import Text

PAGE = (PROJECT / "docs" / "how-to" / "write-a-rule.md").read_text(encoding="utf-8")
ON = date(2026, 3, 31)
REASONS = {"revenue_12m": MissingReason.STALE, "licence_until": MissingReason.UNDATED}


def columns() -> Iterator[Column]:
    for line in re.findall(r"^\| `.*$", PAGE, re.MULTILINE):
        name, of, unit, en, zh = (cell.strip() for cell in line.strip("|").split("|"))
        yield Column(name.strip("`"), Type(of), Text(zh=zh, en=en), unit=unit)


SCHEMA = Schema(columns())


def block(name: str) -> Any:
    (found,) = re.findall(rf"^```yaml {name}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return yaml.safe_load(found)


def stored(column: Column, value: Any) -> Any:
    if value is None or not column.numeric:
        return value
    return int(Decimal(value) * 10**column.scale) if column.whole else Decimal(str(value))


ROW = {name: stored(SCHEMA[name], value) for name, value in block("row").items()}
EXAMPLES = re.findall(r"^```sql\n(.*?)\n```\n\n```text\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def said(text: str) -> str:
    """What the platform says of a rule, as the page shows it."""
    try:
        expression = parse(text, SCHEMA)
    except CriterionRefused as error:
        return f"refused: {error.in_language('en')}\n"
    odd = lint(expression)
    if odd:
        return "".join(f"{one.severity}: Character {one.at}: {one.text.en}\n" for one in odd)
    found = Explainer(expression).explain(ROW, ON, REASONS)
    lines = [OUTCOME_WORDS[found.outcome].en]
    lines += [f"  {OUTCOME_WORDS[one.outcome].en}: {one.sentence.en}" for one in found.conditions]
    lines += [f"  change: {one.sentence.en}" for one in found.changes]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(("text", "expected"), EXAMPLES, ids=[text for text, _ in EXAMPLES])
def test_each_rule_of_the_page_answers_what_the_page_says(text: str, expected: str) -> None:
    assert said(text) == expected


def test_every_block_of_the_page_is_run() -> None:
    assert len(EXAMPLES) >= 15
    assert PAGE.count("```sql") == PAGE.count("```text") == len(EXAMPLES)


def test_the_criterion_of_the_page_is_good() -> None:
    criterion = Criterion.model_validate(block("criterion"))
    assert lint_criterion(criterion, SCHEMA) == ()
    version = criterion.must_hold(ON)
    assert Explainer(version.read(SCHEMA)).explain(ROW, ON).outcome == "yes"


def test_the_sentence_in_chinese_is_the_one_shown() -> None:
    found = Explainer(parse("tax_12m >= 500000", SCHEMA)).explain(ROW, ON)
    assert found.sentences("zh")[0] in PAGE
