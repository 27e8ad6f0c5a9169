"""A life of the small city of `benchmarks/leaks.py`, held against its oracle at every step."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
import time_machine

from benchmarks._leaks_city import build
from benchmarks._leaks_life import Life
from benchmarks._leaks_world import START


@pytest.mark.django_db
@pytest.mark.timeout(120)
def test_nothing_leaves_the_gate_that_the_oracle_forbids(
    settings: Any, store_root: Path, tmp_path: Path
) -> None:
    settings.REGION = "taizhou"
    city = build(tmp_path)
    with time_machine.travel(START, tick=False) as clock:
        life = Life(city, random.Random(20261122), clock.move_to)
        for _ in range(100):
            life.step()
    assert life.wrong == []
    assert life.done["query"] > 20
