"""The two peers of the benchmark `resolve`: plain rapidfuzz and plain Splink.

Their settings are all here; resolve/README.md says them in words. Each query is linked to its best
candidate, and each peer is given the threshold at which its F1 is highest on the very data that it
is scored on. That is more than anybody could reach who has no codes to choose it by.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa
import splink.comparison_library as cl
from rapidfuzz import fuzz, process
from splink import Linker, SettingsCreator, block_on
from splink.backends.duckdb import DuckDBAPI

from benchmarks._resolve_data import Gold, folded

#: Queries compared at once with the whole registry.
CHUNK = 1_000
NEAREST = 20
LEAST = 60.0
SEED = 20261122
JARO_WINKLER = [0.95, 0.9, 0.8]
RANDOM_PAIRS = 5e6
#: Splink keeps pairs that are at least as likely as this.
LEAST_LIKELY = 0.01
#: What a plain preparation takes off: the region's word in front, the legal form behind.
_FRONT = re.compile(r"^(北京市|北京|中国)")
_BEHIND = re.compile(r"(股份有限公司|有限责任公司|集团有限公司|有限公司|总公司|公司)$")


@dataclass(frozen=True, slots=True)
class Best:
    """The best candidate of a query: place in the registry and score."""

    enterprise: int
    score: float


Found = dict[str, Best]


@dataclass(frozen=True, slots=True)
class Score:
    """Precision, recall of all pairs and their F1 at the threshold."""

    precision: float
    recall: float
    f1: float
    threshold: float


def best_threshold(found: Found, gold: Gold) -> Score:
    """The score at the threshold with the highest F1."""
    possible = len(gold.pairs)
    ranked = sorted(found.items(), key=lambda item: -item[1].score)
    best, right = Score(0.0, 0.0, 0.0, 1.0), 0
    for place, (name, link) in enumerate(ranked, 1):
        right += gold.right(name, link.enterprise)
        follows = ranked[place][1].score if place < len(ranked) else -1.0
        if follows == link.score:  # a threshold takes all equal scores or none
            continue
        precision, recall = right / place, right / possible
        f1 = 2 * precision * recall / (precision + recall) if right else 0.0
        if f1 > best.f1:
            best = Score(precision, recall, f1, link.score)
    return best


def plain_rapidfuzz(gold: Gold) -> dict[str, Found]:
    """The best candidate of each query by `ratio` and by `WRatio`."""
    left, right = folded(gold.names), folded([name for name, _ in gold.registry])
    whole: dict[str, int] = {name: place for place, name in reversed(list(enumerate(right)))}
    by_ratio, by_wratio = {}, {}
    for first in range(0, len(left), CHUNK):
        some = left[first : first + CHUNK]
        scores = process.cdist(
            some, right, scorer=fuzz.ratio, score_cutoff=LEAST, workers=-1, dtype=np.float32
        )
        for number, row in enumerate(scores):
            name, query = gold.names[first + number], some[number]
            nearest = np.argpartition(-row, NEAREST)[:NEAREST]
            top = int(nearest[np.argmax(row[nearest])])
            by_ratio[name] = Best(top, float(row[top]))
            held = {whole[part] for part in parts(query) if part in whole}
            by_wratio[name] = max(
                (
                    Best(place, fuzz.WRatio(query, right[place]))
                    for place in {*map(int, nearest), *held}
                ),
                key=lambda best: (best.score, best.enterprise == top),
            )
    return {"ratio": by_ratio, "WRatio": by_wratio}


def parts(name: str) -> set[str]:
    """Every piece of a name that could be a whole name: four characters and more."""
    return {
        name[first:last]
        for first in range(len(name) - 3)
        for last in range(first + 4, len(name) + 1)
    }


def plain_splink(gold: Gold) -> Found:
    """The best candidate of each query by Splink's match probability."""
    connection = duckdb.connect()
    connection.execute("SET threads = 2")
    connection.execute("SET memory_limit = '3GB'")
    api = DuckDBAPI(connection)
    published = api.register(_table(folded(gold.names)), dataset_display_name="a_published")
    registered = api.register(
        _table(folded([name for name, _ in gold.registry])), dataset_display_name="b_registered"
    )
    logging.getLogger("splink").setLevel(logging.ERROR)
    linker = Linker([published, registered], settings(), log_level=None)
    train(linker)
    predicted = linker.inference.predict(threshold_match_probability=LEAST_LIKELY)
    rows = connection.execute(
        f"SELECT unique_id_l, unique_id_r, match_weight FROM {predicted.physical_name}"
        " ORDER BY match_weight, unique_id_r DESC"
    ).fetchall()
    # The last row of a query is its heaviest. Weights, because probabilities round to one.
    return {gold.names[left]: Best(right, weight) for left, right, weight in rows}


def _table(names: list[str]) -> pa.Table:
    stems = [_BEHIND.sub("", _FRONT.sub("", name)) or name for name in names]
    return pa.table(
        {
            "unique_id": list(range(len(names))),
            "name": names,
            "stem": stems,
            "tail": [name[-6:] for name in names],
        }
    )


def settings() -> SettingsCreator:
    """Splink's own comparisons; nothing of Xinrong's knowledge of names but the folding."""
    return SettingsCreator(
        link_type="link_only",
        comparisons=[
            cl.JaroWinklerAtThresholds("name", JARO_WINKLER).configure(
                term_frequency_adjustments=True
            ),
            cl.LevenshteinAtThresholds("stem", [1, 2]).configure(term_frequency_adjustments=True),
            cl.ExactMatch("tail").configure(term_frequency_adjustments=True),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("name"),
            block_on("substr(stem, 1, 4)"),
            block_on("substr(stem, 3, 4)"),
            block_on("right(stem, 6)"),
            block_on("substr(name, 1, 6)"),
        ],
        retain_matching_columns=False,
    )


def train(linker: Linker) -> None:
    """The steps of Splink's own guide: the prior, u from random pairs, m by two passes of EM."""
    linker.training.estimate_probability_two_random_records_match([block_on("name")], recall=0.85)
    linker.training.estimate_u_using_random_sampling(
        max_pairs=RANDOM_PAIRS, seed=SEED, min_count_per_level=None
    )
    for rule in (block_on("right(stem, 6)"), block_on("substr(name, 1, 6)")):
        linker.training.estimate_parameters_using_expectation_maximisation(
            rule, record_sample_proportion=1.0
        )
