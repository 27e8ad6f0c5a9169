"""Learn the weights of resolution again, from names whose codes say who they are.

    python scripts/resolve/learn_weights.py --version names-2 [--write]

Names that departments of Beijing published are compared with the names of the register that share
a key with them; a pair is right when the codes agree. Only counts are kept. Prints what each
combination of levels would come to, the likeliest first; with --write the shipped weights are
replaced. docs/resolution.md says how the thresholds were chosen.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, defaultdict
from pathlib import Path

from benchmarks._resolve_data import Absent, gold
from xinrong.domain.naming import parse
from xinrong.subjects.resolution.blocking import keys_of
from xinrong.subjects.resolution.features import features_of, seat_of
from xinrong.subjects.resolution.levels import COMPARISONS, Guard, Levels, guard_of, levels_of
from xinrong.subjects.resolution.training import learn
from xinrong.subjects.resolution.weights import read

FILE = Path(__file__).parents[2] / "src/xinrong/subjects/resolution/weights.json"
#: The department that sent a name answers for this region.
REGION = "110000"
LINK, REVIEW = 0.4, 0.006
PROVENANCE = (
    "Counted on pairs that share a key and whose folded names differ: names published by "
    "departments of Beijing (data.beijing.gov.cn) against names of the business register, right "
    "when the codes agree; only counts were kept. See docs/resolution.md."
)


def pairs() -> Counter[tuple[Levels, bool]]:
    """The levels of all pairs that share a key, and whether the codes agree."""
    asked = gold()
    known = [features_of(parse(name), region=seat_of(code)) for name, code in asked.registry]
    equal = {one.folded for one in known}
    holders: dict[str, list[int]] = defaultdict(list)
    for number, one in enumerate(known):
        for key in keys_of(one, sent=False):
            holders[key].append(number)
    met: Counter[tuple[Levels, bool]] = Counter()
    for name in asked.names:
        left = features_of(parse(name), region=REGION)
        if left.folded in equal:
            continue
        for number in {n for key in keys_of(left, sent=True) for n in holders.get(key, ())}:
            met[levels_of(left, known[number]), asked.right(name, number)] += 1
    return met


def words(levels: Levels) -> str:
    """Levels in words; those that say that all is equal are left out."""
    named = zip(COMPARISONS, levels, strict=True)
    return " ".join(f"{one.key}:{one.levels[level].key}" for one, level in named if level) or "-"


def main() -> int:
    """Learn, print, and write when asked to."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--version", required=True)
    asked.add_argument("--write", action="store_true")
    given = asked.parse_args()
    try:
        met = pairs()
    except Absent as absent:
        print(absent)
        return 1
    learned = learn(
        met.elements(), link=LINK, review=REVIEW, version=given.version, provenance=PROVENANCE
    )
    weights = read(learned)
    print("score  right wrong guard levels")
    for levels in sorted({levels for levels, _ in met}, key=weights.bits, reverse=True):
        guard = guard_of(levels)
        if guard is not Guard.NEVER and weights.probability(levels) >= REVIEW:
            right, wrong = met[levels, True], met[levels, False]
            score = weights.probability(levels)
            print(f"{score:.4f} {right:5} {wrong:5} {guard or '-':6} {words(levels)}")
    if given.write:
        FILE.write_text(json.dumps(learned, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        print(f"written to {FILE}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
