"""Print what the benchmark `resolve` would count as wrong: wrong links, and form-only pairs missed.

    python scripts/resolve/show_mistakes.py [--all-kinds]

Prints names of data that must not be shipped: for the terminal only.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(PROJECT), str(PROJECT / "src")]

from benchmarks import _resolve_data as data  # noqa: E402
from benchmarks._resolve_ours import Answer, resolve_many  # noqa: E402
from benchmarks.resolve import BEIJING, meets  # noqa: E402


def main() -> int:
    """0; 2 where the data are absent."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all-kinds", action="store_true", help="pairs that differ in more, too")
    asked = parser.parse_args()
    try:
        gold = data.gold()
    except data.Absent as absent:
        print(absent)
        return 2
    found = resolve_many(gold.names, gold.registry, region=BEIJING)
    answers = dict(zip(gold.names, found, strict=True))
    known = {name for name, _, _ in gold.pairs}
    for name, answer in answers.items():
        if answer.enterprise is not None and not gold.right(name, answer.enterprise):
            sort = "known" if name in known else "stranger"
            print(f"wrong\t{sort}\t{name}\t{_best(answer, gold)}")
    names_of = {code: name for name, code in gold.registry}
    for pair in gold.pairs:
        name, code, label = pair
        form = label is None or label.verdict == "form_only"
        if (form or asked.all_kinds) and not meets(answers, gold, pair):
            kinds = "+".join(label.kinds) if label else "equal"
            best = _best(answers[name], gold)
            print(f"missed\t{answers[name].outcome}\t{kinds}\t{name}\t{names_of[code]}\t{best}")
    return 0


def _best(answer: Answer, gold: data.Gold) -> str:
    if not answer.candidates:
        return "nobody"
    return f"{gold.registry[answer.candidates[0]][0]} ({answer.score}: {' '.join(answer.reasons)})"


if __name__ == "__main__":
    sys.exit(main())
