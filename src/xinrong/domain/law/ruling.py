"""Which rule binds in a matter, until which day, and why not the others.

Per topic the shortest duty and the shortest display bind (for keeping a log: the longest), unless
a rule cites the article by which it displaces another. A display in which a clock cannot start, for
want of a date, is undated: nobody may then act as if the period still ran. A duty whose clock has
not started leaves the other rules' clocks running.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from xinrong.domain.calendars import Calendar, Counted
from xinrong.domain.law.periods import end_of
from xinrong.domain.law.rules import (
    WITHHELD_UNDATED,
    LawRule,
    Start,
    Tier,
    Topic,
    longest_wins,
)


class Why(StrEnum):
    """Why a rule binds, or does not."""

    BINDS = "binds"
    OTHER_ENDS_FIRST = "other_ends_first"  # another rule of the topic is stricter
    DISPLACED = "displaced"  # another rule takes its place, citing its article
    NOT_IN_FORCE = "not_in_force"
    OTHER_PERSONS = "other_persons"  # it is about persons, the matter about an enterprise, or so
    OTHER_KIND = "other_kind"
    OTHER_TIER = "other_tier"
    UNDATED = "undated"  # the day from which it counts is not known


@dataclass(frozen=True)
class Matter:
    """What is asked. `on` is the day whose law is asked for, `dates` when what happened.

    `kind` is of information (`Kind`). `lasts`: what happened has not ended, so that a period from
    its end does not run yet. `listed`: on a list of serious breaches since before the period
    ended; `delisted` the day of removal, None while it stands there.
    """

    topic: Topic
    on: date
    personal: bool = False
    kind: str = ""
    tier: Tier | None = None
    dates: Mapping[Start, date] = field(default_factory=dict)
    lasts: bool = False
    listed: bool = False
    delisted: date | None = None


@dataclass(frozen=True)
class Weighed:
    """A rule of the topic, why it binds or not, and its last day where that could be counted."""

    rule: LawRule
    why: Why
    until: date | None = None
    provisional: bool = False
    by: str = ""  # the rule that displaces it


@dataclass(frozen=True)
class Ruling:
    """The answer: the rule that binds and its last day.

    `until` is None where no rule binds, where the clock cannot start (`undated`), or where the
    period does not end yet (`open_ended`: it has not begun to, or the enterprise is on a list of
    serious breaches).
    """

    binding: LawRule | None
    until: date | None
    weighed: tuple[Weighed, ...]
    undated: bool = False
    open_ended: bool = False
    provisional: bool = False
    without_pack: tuple[str, ...] = ()

    def over(self, today: date) -> bool:
        """Whether the period has ended, or cannot be counted, so that nobody may rely on it."""
        return self.undated or (self.until is not None and today > self.until)


@dataclass(frozen=True)
class Law:
    """The rules of a place, from the nation down; `without_pack` names places that have none."""

    rules: tuple[LawRule, ...]
    without_pack: tuple[str, ...]
    calendar: Calendar

    def ruling(self, matter: Matter) -> Ruling:
        """Which rule binds, and until when."""
        weighed = [self._weigh(rule, matter) for rule in self.rules if rule.topic == matter.topic]
        weighed = _displaced(weighed)
        standing = [one for one in weighed if one.why is Why.BINDS]
        lacking = any(one.why is Why.UNDATED for one in weighed)
        undated = lacking and (matter.topic in WITHHELD_UNDATED or not standing)
        if undated or not standing:
            return Ruling(None, None, tuple(weighed), undated, without_pack=self.without_pack)
        chosen = _first(standing, longest=longest_wins(matter.topic))
        told = [
            Weighed(one.rule, Why.OTHER_ENDS_FIRST, one.until, one.provisional)
            if one.why is Why.BINDS and one is not chosen
            else one
            for one in weighed
        ]
        return Ruling(
            chosen.rule,
            chosen.until,
            tuple(told),
            open_ended=chosen.until is None,
            provisional=chosen.provisional,
            without_pack=self.without_pack,
        )

    def applying(self, matter: Matter) -> tuple[LawRule, ...]:
        """The rules that speak of the matter and are not displaced, whatever days are known."""
        known = replace(matter, dates=dict.fromkeys(Start, matter.on), listed=False)
        weighed = [self._weigh(rule, known) for rule in self.rules if rule.topic == known.topic]
        return tuple(one.rule for one in _displaced(weighed) if one.why is Why.BINDS)

    def _weigh(self, rule: LawRule, matter: Matter) -> Weighed:
        """A rule as if it were the only one."""
        why = _inapplicable(rule, matter)
        if why is not None:
            return Weighed(rule, why)
        start = matter.dates.get(rule.start)
        if start is None:
            running = rule.start is Start.ENDED and matter.lasts
            return Weighed(rule, Why.BINDS if running else Why.UNDATED)
        end = end_of(start, rule.period, self.calendar)
        return Weighed(rule, Why.BINDS, *_lengthened(rule, matter, end))


def _inapplicable(rule: LawRule, matter: Matter) -> Why | None:
    """Why a rule says nothing about the matter; None when it does."""
    if not rule.in_force(matter.on):
        return Why.NOT_IN_FORCE
    if not rule.binds.holds_for(personal=matter.personal):
        return Why.OTHER_PERSONS
    if rule.kinds and matter.kind not in rule.kinds:
        return Why.OTHER_KIND
    if rule.tiers and matter.tier not in rule.tiers:
        return Why.OTHER_TIER
    return None


def _lengthened(rule: LawRule, matter: Matter, end: Counted) -> tuple[date | None, bool]:
    """The last day, where a list of serious breaches may keep the period open."""
    if not (rule.extended_by_listing and matter.listed):
        return end.day, end.provisional
    if matter.delisted is None:
        return None, False
    if matter.delisted > end.day:
        return matter.delisted, False
    return end.day, end.provisional


def _displaced(weighed: list[Weighed]) -> list[Weighed]:
    """The same, where rules that apply have displaced others."""
    applies = [one for one in weighed if one.why in (Why.BINDS, Why.UNDATED)]
    by = {name: one.rule.id for one in applies for name in one.rule.displaces}
    return [
        Weighed(one.rule, Why.DISPLACED, one.until, one.provisional, by[one.rule.id])
        if one.rule.id in by and one in applies
        else one
        for one in weighed
    ]


def _first(standing: list[Weighed], *, longest: bool) -> Weighed:
    """The one that binds; of two that end on one day the one of the higher place."""
    far = date.max
    if longest:
        return max(standing, key=lambda one: one.until or far)
    return min(standing, key=lambda one: one.until or far)
