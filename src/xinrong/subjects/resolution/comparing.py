"""Two names weighed against each other, without regard to any third."""

from __future__ import annotations

import math
from functools import lru_cache

from xinrong.domain.naming import ParsedName
from xinrong.subjects.resolution.features import Features, features_of
from xinrong.subjects.resolution.levels import COMPARISONS, Guard, Levels, guard_of, levels_of
from xinrong.subjects.resolution.verdicts import Verdict
from xinrong.subjects.resolution.weights import weights

#: Both names fold to the same text: nothing is left to be weighed.
SAME = Verdict(link=True, review=False, score=1.0, reasons=("same_name",))
#: What was written is the code itself.
CODE = Verdict(link=True, review=False, score=1.0, reasons=("same_code",))
#: The same of a text that does not look like the name of an enterprise: a person says whether.
SAME_UNSURE = Verdict(link=False, review=True, score=0.9, reasons=("same_name", "no_body"))


def compare(left: ParsedName, right: ParsedName, *, region: str = "") -> Verdict:
    """Whether a name as sent (`left`) means the enterprise that has the name `right`.

    `region` is the GB/T 2260 code of the region for which the sender answers, where known.
    """
    return compare_features(features_of(left, region=region), features_of(right))


def compare_features(left: Features, right: Features) -> Verdict:
    """`compare` for names whose features are known."""
    if left.folded == right.folded:
        return SAME
    return judge(levels_of(left, right))


@lru_cache(maxsize=100_000)
def judge(levels: Levels) -> Verdict:
    """The verdict that levels of agreement give: score, then guards, then thresholds."""
    learned = weights()
    guard = guard_of(levels)
    # Two different bodies by the rules of naming are not the same, however much agrees besides.
    score = 0.0 if guard is Guard.NEVER else learned.probability(levels)
    return Verdict(
        link=guard is Guard.NONE and score >= learned.link,
        review=_review(guard, score),
        score=round(score, 4),
        reasons=reasons_of(levels),
    )


def _review(guard: Guard, score: float) -> bool:
    learned = weights()
    if guard is Guard.NEVER or score < learned.review:
        return False
    return guard is Guard.REVIEW or score < learned.link


def reasons_of(levels: Levels) -> tuple[str, ...]:
    """What speaks for and against, guards first, then by weight; what says nothing is left out."""
    learned = weights()
    found = []
    for number, (one, level) in enumerate(zip(COMPARISONS, levels, strict=True)):
        held = one.levels[level]
        weight = abs(math.log2(learned.m[number][level] / learned.u[number][level]))
        if held.silent:
            continue
        found.append((held.guard is Guard.NONE, -weight, one.reason(level)))
    return tuple(reason for _, _, reason in sorted(found))
