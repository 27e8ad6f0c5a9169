"""How far the parts agree with names that others took apart by hand."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from xinrong.domain.names import fold
from xinrong.domain.naming import parse
from xinrong.domain.naming.tables import tables

#: Share of equal parts that must be reached; what was reached when it was set, rounded down.
REACHED = {"place": 0.95, "brand": 0.92, "trade": 0.82, "suffix": 0.97}


def _piece(label: dict[str, list[list[object]]], kind: str) -> str:
    pieces = sorted(label.get(kind, []), key=lambda piece: int(str(piece[1])))
    return fold("".join(str(piece[0]) for piece in pieces))


def _ours(text: str) -> dict[str, str]:
    parsed = parse(text)
    branches = tables().branches
    kind = parsed.branch_text[len(parsed.branch_text) - branches.longest(parsed.branch_text) :]
    return {
        "place": parsed.region,
        "brand": parsed.trade_name,
        "trade": parsed.industry,
        "suffix": parsed.form_text + kind,
    }


def test_the_parts_agree_with_names_segmented_by_hand(shared_data: Path) -> None:
    names = shared_data / "cn-company-names" / "annotated_names.jsonl"
    if not names.exists():
        pytest.skip("needs the shared data cn-company-names")
    equal: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for line in names.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        ours = _ours(row["text"])
        for part, value in ours.items():
            label = _piece(row["label"], part)
            if part == "brand" and not label:
                continue  # a name without one: ours always has a trade name
            asked[part] += 1
            equal[part] += label == value
    reached = {part: equal[part] / asked[part] for part in asked}
    assert {part: share for part, share in reached.items() if share < REACHED[part]} == {}, reached
