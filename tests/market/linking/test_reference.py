"""docs/reference/bank-link.md says what the format is."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.environment import PROJECT
from xinrong.market.linking import wire
from xinrong.market.services import linking

TEXT = (PROJECT / "docs" / "reference" / "bank-link.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    found = TEXT.partition(f"## {title}")[2].partition("\n## ")[0]
    assert found
    return found


def types_of(title: str) -> set[str]:
    cells = re.findall(r"^\| (`[^|]+`) \|", section(title), re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"`(\w+)`", cell)} - {"type"}


def test_every_type_stands_there_and_no_other() -> None:
    assert types_of("Platform → bank") == set(linking.OURS)
    assert types_of("Bank → platform") == set(linking.THEIRS)


@pytest.mark.parametrize("code", sorted(linking.STATUSES))
def test_every_code_stands_there_with_its_status(code: str) -> None:
    before = TEXT[: TEXT.index(f"`{code}`")]
    assert re.findall(r"\b(40[0-9]|422|503)\b", before)[-1] == str(linking.STATUSES[code])


def test_every_field_of_a_banks_message_stands_there() -> None:
    said = section("Bank → platform")
    schema = linking.BANK.json_schema()
    fields: set[str] = set()
    for name, part in schema["$defs"].items():
        if name.endswith(("Data", "Row")):
            fields |= set(part["properties"])
    assert {field for field in fields if f"`{field}`" not in said} == set()


def test_states_and_limits_are_the_programs() -> None:
    said: Any = section("Bank → platform")
    assert all(f"`{state}`" in said for state in wire.STATES)
    assert f"{wire.MOST_ROWS:,} rows" in said
    assert f"at most {wire.MOST_AHEAD} ahead" in TEXT
