"""How many boundaries of the size classes are answered wrongly, for the benchmark `resolve`."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

from xinrong.domain.standards.size import size_class

CASES = Path(__file__).parents[1] / "tests" / "cases" / "size" / "cases.csv"


def size_class_errors() -> tuple[int, int]:
    """(wrong answers, cases): both sides of every boundary, as written by hand from the law.

    Raises FileNotFoundError without the cases: no case is no proof.
    """
    with CASES.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, strict=True))
    wrong = sum(_answer(row) != row["size"] for row in rows)
    return wrong, len(rows)


def _answer(row: dict[str, str]) -> str:
    staff = int(row["staff"]) if row["staff"] else None
    revenue, assets = (
        Decimal(row[name]) * 10_000 if row[name] else None for name in ("revenue", "assets")
    )
    return size_class(row["industry_code"], staff, revenue, assets).value
