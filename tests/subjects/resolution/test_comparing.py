"""Two names are weighed by what they say, and guards stand above the score."""

from __future__ import annotations

import pytest

from tests.subjects.resolution.cases import Case, cases, features, invented
from xinrong.domain.naming import parse
from xinrong.subjects.resolution.blocking import keys_of
from xinrong.subjects.resolution.comparing import compare, compare_features
from xinrong.subjects.resolution.levels import COMPARISONS, Guard, guard_of, levels_of, one_edit
from xinrong.subjects.resolution.verdicts import sentences
from xinrong.subjects.resolution.weights import weights


def outcome(case: Case) -> str:
    verdict = compare_features(
        features(case.sent, case.region), features(case.registered, case.seat)
    )
    return "link" if verdict.link else "review" if verdict.review else "none"


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.why)
def test_labelled_pairs_get_their_verdict(case: Case) -> None:
    assert outcome(case) == case.verdict


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.why)
def test_whoever_may_be_meant_is_looked_at(case: Case) -> None:
    left, right = features(case.sent, case.region), features(case.registered, case.seat)
    met = keys_of(left, sent=True) & keys_of(right, sent=False)
    assert met or case.verdict == "none" or left.folded == right.folded


def test_a_guard_stands_above_every_score() -> None:
    names = [features(name) for name in invented(97)]
    met = set()
    for left in names:
        for right in names:
            levels = levels_of(left, right)
            verdict = compare_features(left, right)
            guard = guard_of(levels)
            if left.folded == right.folded:
                continue
            met.add(guard)
            assert not (verdict.link and guard is not Guard.NONE)
            assert not (verdict.review and guard is Guard.NEVER)
            assert not (verdict.link and verdict.review)
    assert met == set(Guard)


@pytest.mark.parametrize(
    ("sent", "registered", "reason"),
    [
        ("海城恒远机械有限公司", "温岭恒远机械有限公司", "region_conflict"),
        ("海城恒远机械有限公司南关分公司", "海城恒远机械有限公司", "branch_one_side"),
        ("海城恒远机械有限公司一分公司", "海城恒远机械有限公司二分公司", "numbers_conflict"),
        ("海城恒远机械集团公司", "海城恒远机械股份有限公司", "group_conflict"),
        ("海城恒远机械有限公司", "海城青禾机械有限公司", "trade_different"),
    ],
)
def test_what_forbids_a_link_is_said_first(sent: str, registered: str, reason: str) -> None:
    verdict = compare(parse(sent), parse(registered))
    assert not verdict.link
    assert reason in verdict.reasons[:2]


def test_a_verdict_says_why_in_both_languages() -> None:
    said = {
        reason
        for one in COMPARISONS
        for level in range(len(one.levels))
        for reason in [one.reason(level)]
    }
    missing = said - sentences().keys()
    assert missing == set()
    assert all(text.zh and text.en for text in sentences().values())


def test_every_level_has_weights_and_nothing_else_does() -> None:
    learned = weights()
    assert [len(m) for m in learned.m] == [len(one.levels) for one in COMPARISONS]
    assert all(0 < value < 1 for side in (learned.m, learned.u) for one in side for value in one)
    assert 0 < learned.review < learned.link < 1


@pytest.mark.parametrize(
    ("left", "right", "apart_by_one"),
    [("恒远机械", "恒达机械", True), ("恒远机械", "恒远机", True), ("恒远机械", "远恒机械", True),
     ("恒远机械", "恒远机械", False), ("恒远机械", "达恒机械", False), ("", "恒", True), ("", "", False)],
)  # fmt: skip
def test_one_slip_is_one_character_or_two_exchanged(
    left: str, right: str, apart_by_one: bool
) -> None:
    assert one_edit(left, right) is apart_by_one
