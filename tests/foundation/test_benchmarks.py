from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from benchmarks.harness import Figure, machine, result
from tests.environment import PROJECT


@pytest.mark.parametrize(
    ("bar", "value", "ok"),
    [
        (">= 3", 3, True),
        (">= 3", 2.99, False),
        ("<= 30", 30.0, True),
        ("<= 30", 30.01, False),
        ("= 1", 1, True),
        ("= 1", 0, False),
        ("", 5, None),
    ],
)
def test_a_figure_is_held_against_its_bar(bar: str, value: float, ok: bool | None) -> None:
    assert Figure("x", value, "ms", bar).ok() is ok


def test_a_bar_that_cannot_be_read_is_an_error() -> None:
    with pytest.raises(ValueError, match="must begin with"):
        Figure("x", 1, "ms", "about 3").ok()


def test_a_small_run_has_no_bars() -> None:
    shown = result("x", [Figure("p95", 99, "ms", "<= 30")], small=True)["figures"]["p95"]
    assert (shown["bar"], shown["ok"]) == ("not applicable", None)


def test_the_machine_is_described_without_naming_it() -> None:
    told = json.dumps(machine())
    assert os.uname().nodename not in told
    assert "/" not in told


def test_an_unknown_benchmark_is_an_error_that_lists_those_there_are() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.run", "nothing_like_it"],
        cwd=PROJECT, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 2
    assert "no benchmark is called nothing_like_it; there are:" in done.stdout
