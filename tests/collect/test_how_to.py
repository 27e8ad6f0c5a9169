"""The how-to names every rule that a row can break, and no other."""

from __future__ import annotations

import re
from pathlib import Path

from xinrong.collect.judging.rules import Rule
from xinrong.collect.readers import faults
from xinrong.domain import dates, money, numbers, uscc

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "send-a-file.md"


def rules() -> set[str]:
    """Every rule of the intake: its own, those of the readers, those of each kind of value."""
    found = {rule.value for rule in Rule} | {f"row_{problem}" for problem in faults._WORDS}
    found |= {f"date_{problem}" for problem in dates._WORDS}
    found |= {f"money_{problem}" for problem in money._WORDS}
    found |= {f"code_{problem}" for problem in uscc._WORDS} - {"code_empty"}
    shared = set(numbers._WORDS)
    found |= {f"integer_{problem}" for problem in shared}
    found |= {f"number_{problem}" for problem in shared - {"not_whole"}}
    return found | {"boolean_unreadable"}


def test_the_how_to_names_every_rule_and_no_other() -> None:
    table = PAGE.read_text(encoding="utf-8").split("### Rules")[1].split("## ")[0]
    cells = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    assert set(re.findall(r"`([a-z_]+)`", " ".join(cells))) == rules()
