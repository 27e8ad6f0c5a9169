"""How surprising counts are: against the peers of the same weeks, and the person's own past.

The expected share of visits that meet a rule is that of the peers (same institution and role,
drawn towards everybody of the role where they are few) mixed with the person's own share before
the window. Season, campaigns of a whole institution and a busy month are in the peers' counts
already. The surprise is -log10 of the negative binomial tail; surprises are weighted and added.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from xinrong.trust.snooping.counting import WEEK, PersonWeek
from xinrong.trust.snooping.rules import Rule, Rules

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
#: How many visits of everybody in the role an institution's own figures are drawn towards.
PEERS = 300.0
#: How many weeks of the peers' volume weigh as much as the person's own past.
PEER_WEEKS = 4.0
#: Surprises below this are not told: everybody has some.
TOLD = 0.5


@dataclass(frozen=True)
class Reason:
    """One rule that stands out: how often in how many weeks, and how often was to be expected."""

    rule: str
    count: int
    expected: float
    weeks: int
    surprise: float


@dataclass(frozen=True)
class Finding:
    """Somebody whose looks stand out; the most telling reason first."""

    person: int
    score: float
    reasons: tuple[Reason, ...]


class History:
    """Counts by week, person and rule, as arrays; weeks are added in order."""

    def __init__(self, rules: Rules) -> None:
        self._rules, self._places = rules, {rule.name: n for n, rule in enumerate(rules.rules)}
        self._keep = rules.longest + rules.history_weeks
        self.people: dict[int, int] = {}
        self._group: list[tuple[int, str]] = []  # institution and role, by place
        self._weeks: list[tuple[date, Ints, Ints]] = []  # Monday, visits, counts

    @property
    def last(self) -> date | None:
        """The Monday of the last week that was added."""
        return self._weeks[-1][0] if self._weeks else None

    def add(self, monday: date, found: Sequence[PersonWeek]) -> None:
        """Add a week."""
        for one in found:
            place = self.people.setdefault(one.person, len(self.people))
            if place == len(self._group):
                self._group.append((one.institution, one.role))
            else:
                self._group[place] = (one.institution, one.role)
        visits = np.zeros(len(self.people), dtype=np.int64)
        counts = np.zeros((len(self._places), len(self.people)), dtype=np.int64)
        for one in found:
            place = self.people[one.person]
            visits[place] = one.visits
            for name, count in one.counts.items():
                if name in self._places:
                    counts[self._places[name], place] = count
        self._weeks = [*self._weeks, (monday, visits, counts)][-self._keep :]

    def findings(self, cleared: Mapping[int, date]) -> list[Finding]:
        """Whoever stands out in the last week added, the most surprising first.

        `cleared`: person -> Monday of the first week that still counts, because what came
        before is in an alert already.
        """
        size, weeks = len(self.people), len(self._weeks)
        visits = np.zeros((weeks, size), dtype=np.int64)
        counts = np.zeros((weeks, len(self._places), size), dtype=np.int64)
        for n, (_monday, seen, met) in enumerate(self._weeks):
            visits[n, : len(seen)], counts[n, :, : met.shape[1]] = seen, met
        begin = np.maximum(self._first_weeks(cleared, weeks), self._settled(visits))
        total = np.zeros(size)
        reasons: dict[int, list[Reason]] = {}
        for rule in self._rules.rules:
            best = self._best(rule, visits, counts[:, self._places[rule.name]], begin)
            told = np.minimum(best.surprise, rule.cap) * rule.weight
            total += np.where(best.surprise >= TOLD, told, 0.0)
            for place in np.flatnonzero((best.surprise >= TOLD) & (told > 0)):
                reasons.setdefault(int(place), []).append(best.reason(rule.name, int(place)))
        active = visits[-1] > 0
        names = list(self.people)
        out = [
            Finding(
                names[place], round(float(total[place]), 2),
                tuple(sorted(reasons[place], key=lambda one: -one.surprise)),
            )
            for place in np.flatnonzero((total >= self._rules.threshold) & active).tolist()
        ]  # fmt: skip
        return sorted(out, key=lambda one: (-one.score, one.person))

    def _first_weeks(self, cleared: Mapping[int, date], weeks: int) -> Ints:
        first = self._weeks[0][0]
        begin = np.zeros(len(self.people), dtype=np.int64)
        for person, monday in cleared.items():
            if person in self.people:
                begin[self.people[person]] = min(weeks, max(0, (monday - first) // WEEK))
        return begin

    def _settled(self, visits: Ints) -> Ints:
        """The first week of each person that has enough weeks of their own before it."""
        worked = (visits > 0).cumsum(axis=0)
        return (worked < self._rules.past_weeks).sum(axis=0) + 1

    def _best(self, rule: Rule, visits: Ints, counts: Ints, begin: Ints) -> _Best:
        best: _Best | None = None
        for length, shape in rule.windows:
            start = np.maximum(len(visits) - length, begin)
            inside = np.arange(len(visits))[:, None] >= start[None, :]
            seen, met = (visits * inside).sum(axis=0), (counts * inside).sum(axis=0)
            before = ~inside
            if rule.counts == "true":
                expected = self._usual_volume(visits, inside)
            else:
                past = (visits * before).sum(axis=0), (counts * before).sum(axis=0)
                expected = seen * self._share(seen, met, *past)
            surprise = surprise_of(met, expected, shape)
            # Who looks through more windows finds something sooner.
            surprise -= np.log10(len(rule.windows))
            one = _Best(surprise, met, expected, (len(visits) - start).astype(np.int64))
            best = one if best is None else best.or_better(one)
        assert best is not None  # a rule has a window: rules.py
        return best

    def _share(self, seen: Ints, met: Ints, past_seen: Ints, past_met: Ints) -> Floats:
        """The share of visits that was to be expected to meet the rule."""
        everybody = _sums(self._role(), seen, met)
        peers = _sums(self._peer(), seen, met)
        # Without the person: nobody is an excuse for themselves.
        role = (everybody[1] - met + 0.5) / (everybody[0] - seen + 50.0)
        share = (peers[1] - met + PEERS * role) / (peers[0] - seen + PEERS)
        prior = self._rules.prior_visits
        mixed: Floats = (prior * share + past_met) / (prior + past_seen)
        return mixed

    def _usual_volume(self, visits: Ints, inside: NDArray[np.bool_]) -> Floats:
        """Visits to be expected: one's own past, scaled by how the peers' have changed."""
        peer = self._peer()
        worked = visits > 0
        weeks = inside.sum(axis=0)
        now, _ = _sums(peer, (visits * inside).sum(axis=0), weeks)
        there, _ = _sums(peer, (worked & inside).sum(axis=0), weeks)
        then, _ = _sums(peer, (visits * ~inside).sum(axis=0), weeks)
        there_then, _ = _sums(peer, (worked & ~inside).sum(axis=0), weeks)
        mean_now = (now + 1) / (there + 1)
        season = mean_now / ((then + 1) / (there_then + 1))
        own, own_weeks = (visits * ~inside).sum(axis=0), (worked & ~inside).sum(axis=0)
        weekly = (PEER_WEEKS * mean_now + own * season) / (PEER_WEEKS + own_weeks)
        volume: Floats = weekly * (worked & inside).sum(axis=0)
        return volume

    def _peer(self) -> Ints:
        """A number for each institution and role."""
        known = {group: n for n, group in enumerate(sorted(set(self._group)))}
        return np.array([known[group] for group in self._group], dtype=np.int64)

    def _role(self) -> Ints:
        known = {role: n for n, role in enumerate(sorted({role for _, role in self._group}))}
        return np.array([known[role] for _, role in self._group], dtype=np.int64)


@dataclass(frozen=True)
class _Best:
    """The most telling window of one rule, by person."""

    surprise: Floats
    count: Ints
    expected: Floats
    weeks: Ints

    def or_better(self, other: _Best) -> _Best:
        takes = other.surprise > self.surprise
        names = ("surprise", "count", "expected", "weeks")
        return _Best(*(np.where(takes, getattr(other, n), getattr(self, n)) for n in names))

    def reason(self, rule: str, place: int) -> Reason:
        return Reason(
            rule, int(self.count[place]), round(float(self.expected[place]), 2),
            int(self.weeks[place]), round(float(self.surprise[place]), 2),
        )  # fmt: skip


def _sums(group: Ints, *values: Ints) -> tuple[Floats, ...]:
    """The sums over everybody of the same group, for each person."""
    return tuple(np.bincount(group, weights=one)[group] for one in values)


def surprise_of(count: Ints, expected: Floats, shape: float) -> Floats:
    """-log10 of the chance of so many or more; 0 where no more came than was to be expected.

    Negative binomial of the given mean and shape: people of one role differ, so a Poisson tail
    would call every busy one a snooper.
    """
    mean = np.maximum(expected, 1e-6)
    ratio = mean / (mean + shape)
    term = (shape / (mean + shape)) ** shape
    below = np.zeros(len(count))
    for number in range(int(count.max(initial=0))):
        below += np.where(number < count, term, 0.0)
        term = term * ratio * (shape + number) / (number + 1)
    tail = np.clip(1.0 - below, 1e-12, 1.0)
    surprise: Floats = np.where(count > expected, -np.log10(tail), 0.0)
    return surprise
