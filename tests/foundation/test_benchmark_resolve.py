"""The labels of the benchmark `resolve`, and the arithmetic by which its peers are scored."""

from __future__ import annotations

import csv
import re
from collections import Counter

import pytest

from benchmarks import _resolve_data as data
from benchmarks._resolve_baselines import Best, best_threshold, parts
from benchmarks.harness import Figure
from xinrong.domain.uscc import is_lawful

GUIDE = data.LABELS.with_name("README.md").read_text(encoding="utf-8")
KINDS = set(re.findall(r"^\| ([a-z_]+) \| [^|\d]+ \|$", GUIDE, re.MULTILINE)) - {"kind"}


def test_labels_name_pairs_by_code_and_row_and_hold_no_names() -> None:
    with data.LABELS.open(encoding="utf-8") as lines:
        rows = list(csv.reader(lines))
    assert rows[0] == ["uscc", "source_id", "row_no", "verdict", "kinds", "doubtful"]
    assert all(re.fullmatch(r"[\x20-\x7e]*", ",".join(row)) for row in rows)
    assert all(is_lawful(row[0]) for row in rows[1:])
    assert len({tuple(row[:3]) for row in rows}) == len(rows)


def test_the_506_pairs_that_differ_are_labelled_with_kinds_that_the_guide_defines() -> None:
    labels = data.labels()
    assert len(labels) == 506
    assert {kind for label in labels for kind in label.kinds} <= KINDS
    assert data.FORM < KINDS


def test_the_counts_of_the_guide_are_those_of_the_labels() -> None:
    labels = data.labels()
    verdicts = Counter(label.verdict for label in labels)
    doubtful = sum(label.doubtful for label in labels)
    said = f"506 pairs: {verdicts['form_only']} form only, {verdicts['other']} other; {doubtful}"
    assert said in GUIDE
    counts = Counter(kind for label in labels for kind in label.kinds)
    form = Counter(kind for label in labels if label.verdict == "form_only" for kind in label.kinds)
    for kind in data.FORM:
        assert f"| {kind} | {counts[kind]} | {form[kind]} |" in GUIDE


def gold() -> data.Gold:
    codes = {"甲": frozenset({"1"}), "乙": frozenset({"2"}), "丙": frozenset({"9"})}
    pairs: list[tuple[str, str, data.Label | None]] = [("甲", "1", None), ("乙", "2", None)]
    return data.Gold(["丙", "乙", "甲"], codes, [("甲", "1"), ("乙", "2")], pairs)


def test_a_peer_gets_the_threshold_at_which_its_f1_is_highest() -> None:
    found = {"甲": Best(0, 0.9), "乙": Best(1, 0.8), "丙": Best(1, 0.7)}
    score = best_threshold(found, gold())
    assert (score.precision, score.recall, score.f1, score.threshold) == (1.0, 1.0, 1.0, 0.8)


def test_a_threshold_takes_all_links_of_one_score_or_none() -> None:
    found = {"甲": Best(0, 0.9), "乙": Best(1, 0.9), "丙": Best(1, 0.9)}
    score = best_threshold(found, gold())
    assert (score.precision, score.recall) == (2 / 3, 1.0)


def test_a_link_of_a_name_whose_enterprise_the_registry_lacks_is_wrong() -> None:
    assert not gold().right("丙", 0)
    assert gold().right("甲", 0)


def test_parts_are_every_piece_of_four_signs_and_more() -> None:
    assert parts("甲乙丙丁戊") == {"甲乙丙丁", "乙丙丁戊", "甲乙丙丁戊"}


@pytest.mark.parametrize(("value", "cleared"), [(0.0, False), (0.001, True), (-0.1, False)])
def test_a_bar_may_ask_for_more_than_a_value(value: float, cleared: bool) -> None:
    assert Figure("f1_minus_splink", value, "share", "> 0").ok() is cleared


def test_the_labels_join_the_names_of_the_data() -> None:
    try:
        pairs = data.labelled_pairs()
    except data.Absent as absent:
        pytest.skip(str(absent))
    assert len(pairs) == 506
    assert all(pair.published != pair.registered for pair in pairs)
