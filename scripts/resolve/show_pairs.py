"""Print pairs of the benchmark `resolve` to read and label: number, published name, registry name.

    python scripts/resolve/show_pairs.py [--kind KIND] [--doubtful] [FIRST [LAST]]

Prints names of data that must not be shipped: for the terminal only.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(PROJECT), str(PROJECT / "src")]

from benchmarks._resolve_data import Absent, labelled_pairs  # noqa: E402


def main() -> int:
    """0; 2 where the data are absent."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kind", default="")
    parser.add_argument("--doubtful", action="store_true")
    parser.add_argument("first", nargs="?", type=int, default=0)
    parser.add_argument("last", nargs="?", type=int, default=10_000)
    asked = parser.parse_args()
    try:
        pairs = labelled_pairs()
    except Absent as absent:
        print(absent)
        return 2
    for number, pair in enumerate(pairs):
        if not asked.first <= number <= asked.last:
            continue
        if asked.kind and asked.kind not in pair.label.kinds:
            continue
        if asked.doubtful and not pair.label.doubtful:
            continue
        kinds = "+".join(pair.label.kinds)
        print(f"{number}\t{pair.label.verdict}\t{kinds}\t{pair.published}\t{pair.registered}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
