"""Firms with penalties, an honour, and everybody around."""

from __future__ import annotations

from typing import Any

import pytest

from tests.remedy.repair_support import build, penalty
from tests.remedy.repairing.steps import FRESH, OLD, PENALTY


@pytest.fixture
def cast(db: None, settings: Any, store_root: Any) -> Any:
    settings.REGION = "taizhou"
    made = build()
    firm = made.subjects["firm"]
    rows = [
        penalty(firm, 1, OLD),
        penalty(firm, 2, FRESH),
        penalty(firm, 3, OLD, "other_kind"),
        penalty(made.subjects["other"], 4, OLD),
        penalty(made.subjects["trader"], 5, OLD),
    ]
    made.send(PENALTY, rows, feed="ecology_penalties", department="ecology")
    honour = {"subject": firm, "key": 9, "event_date": OLD, "polarity": 1, "code": "A", "t1": "x"}
    made.send("honour", [honour], feed="economy_honours", department="economy")
    return made
