"""The clocks of an objection: rules of the law packs, by the topics `objection_…`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xinrong.domain.law import Topic
from xinrong.domain.process import Source
from xinrong.remedy.law import Rule, shortest

#: The right to object, and to have the own words stand beside what stays disputed.
RIGHT = Source("征信业管理条例（国务院令第631号）", "第十五条、第二十五条")
#: Where nobody has laid down how long a step of an objection takes, that step of a correction runs.
OTHERWISE = {
    Topic.OBJECTION_OWN: Topic.CORRECTION_OWN,
    Topic.OBJECTION_FORWARD: Topic.CORRECTION_OWN,
    Topic.OBJECTION_SOURCE: Topic.CORRECTION_ANSWER,
    Topic.OBJECTION_FIX: Topic.CORRECTION_CARRY,
}


@dataclass(frozen=True)
class Clocks:
    """The rules that run in a place. `extended` is None where nobody may extend the answer."""

    own: Rule
    forward: Rule
    source: Rule
    fix: Rule
    answer: Rule
    extended: Rule | None
    supply: Rule
    overdue: Rule
    reopen: Rule


def clocks_of(jurisdictions: Sequence[str]) -> Clocks:
    """The clocks of a place, from its law packs, the nation's where it has none."""

    def rule(topic: Topic) -> Rule:
        try:
            return shortest(topic, jurisdictions)
        except KeyError:
            return shortest(OTHERWISE[topic], jurisdictions)

    return Clocks(
        own=rule(Topic.OBJECTION_OWN),
        forward=rule(Topic.OBJECTION_FORWARD),
        source=rule(Topic.OBJECTION_SOURCE),
        fix=rule(Topic.OBJECTION_FIX),
        answer=rule(Topic.OBJECTION_ANSWER),
        extended=_extended(jurisdictions),
        supply=rule(Topic.CORRECTION_SUPPLY),
        overdue=rule(Topic.CORRECTION_OVERDUE),
        reopen=rule(Topic.CORRECTION_REOPEN),
    )


def _extended(jurisdictions: Sequence[str]) -> Rule | None:
    try:
        return shortest(Topic.OBJECTION_EXTENDED, jurisdictions)
    except KeyError:
        return None
