"""Weights are counted from labelled pairs and can be learned again."""

from __future__ import annotations

import pytest

from tests.subjects.resolution.cases import features, invented
from xinrong.subjects.resolution.levels import COMPARISONS, Guard, Levels, guard_of, levels_of
from xinrong.subjects.resolution.training import LEAST, learn
from xinrong.subjects.resolution.weights import read

SAME: Levels = (0, 0, 0, 0, 0, 0, 0)


def pairs(many: int = LEAST) -> list[tuple[Levels, bool]]:
    names = [features(name) for name in invented(301)]
    met = {levels_of(left, right) for left in names for right in names}
    other = [levels for levels in sorted(met) if guard_of(levels) is Guard.REVIEW]
    never = [levels for levels in sorted(met) if guard_of(levels) is Guard.NEVER]
    assert len(other) * 2 >= LEAST
    return [(SAME, True)] * many + [(one, False) for one in other * 2 + never * 50]


def learned(found: list[tuple[Levels, bool]]) -> dict[str, object]:
    return learn(found, link=0.4, review=0.01, version="test", provenance="invented")


def test_learned_weights_can_be_read_and_tell_the_same_from_others() -> None:
    found = pairs()
    weights = read(learned(found))
    other = next(levels for levels, same in found if not same)
    assert weights.probability(SAME) > 0.9
    assert weights.probability(other) < 0.5
    assert weights.version == "test"


def test_pairs_that_are_never_asked_about_do_not_drown_the_rest() -> None:
    found = pairs()
    asked = [(one, same) for one, same in found if guard_of(one) is not Guard.NEVER]
    both = read(learned(found)), read(learned(asked))
    for number, comparison in enumerate(COMPARISONS):
        for place, level in enumerate(comparison.levels):
            if level.guard is not Guard.NEVER:
                assert both[0].u[number][place] == both[1].u[number][place]


def test_a_level_that_was_never_met_does_not_decide_alone() -> None:
    weights = read(learned(pairs()))
    assert all(0 < value < 1 for side in (weights.m, weights.u) for one in side for value in one)


def test_too_few_pairs_teach_nothing() -> None:
    with pytest.raises(ValueError, match="must be"):
        learned(pairs(LEAST - 1))
