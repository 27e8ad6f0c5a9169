"""The labelled cases: one CSV for each kind of reading, the last column says why."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def labelled(name: str, *columns: str) -> list[object]:
    """The cases of one file as parameters of a test."""
    with (HERE / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, strict=True))
    assert rows, f"no case in {name}.csv"
    return [
        pytest.param(*(row[column] for column in columns), id=f"{number}: {row['why']}")
        for number, row in enumerate(rows, 2)
    ]
