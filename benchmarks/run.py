"""Run one benchmark: `python -m benchmarks.run NAME`. SMALL=1 runs it small.

Prints what the benchmark prints, a table of its figures, and as the last line JSON. The exit
status is 1 when a bar was not cleared.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from pathlib import Path

from benchmarks.harness import Figure, result, surroundings

#: Modules in this folder that are not benchmarks.
NOT_BENCHMARKS = {"__init__", "harness", "run"}


def names() -> list[str]:
    """The benchmarks that exist: modules here with a function `run`."""
    return sorted(
        path.stem
        for path in Path(__file__).parent.glob("*.py")
        if path.stem not in NOT_BENCHMARKS
        and not path.stem.startswith("_")
        and "\ndef run(" in path.read_text(encoding="utf-8")
    )


def table(figures: list[Figure], *, small: bool) -> str:
    """The figures for a person to read."""
    lines = []
    for figure in figures:
        bar = "" if small or not figure.bar else f"  bar {figure.bar}"
        verdict = {True: "  ok", False: "  MISSED", None: ""}[None if small else figure.ok()]
        lines.append(f"{figure.name:32} {figure.value:>16,.4g} {figure.unit}{bar}{verdict}")
    return "\n".join(lines)


def main() -> int:
    """0 when every bar was cleared, 1 when one was missed, 2 for a wrong call."""
    if len(sys.argv) != 2 or sys.argv[1] not in names():
        given = " ".join(sys.argv[1:]) or "nothing"
        print(f"error: no benchmark is called {given}; there are: {', '.join(names())}")
        return 2
    name = sys.argv[1]
    small = os.environ.get("SMALL", "") not in ("", "0")
    module = importlib.import_module(f"benchmarks.{name}")
    with surroundings(module):
        figures: list[Figure] = module.run(small)
    print(table(figures, small=small))
    print(json.dumps(result(name, figures, small=small), ensure_ascii=False))
    missed = [] if small else [figure for figure in figures if figure.ok() is False]
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
