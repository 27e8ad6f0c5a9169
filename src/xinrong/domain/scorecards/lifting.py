"""What changed since last time, and what would lift an enterprise by one grade."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from xinrong.domain.scorecards.card import Card, Characteristic
from xinrong.domain.scorecards.scale import Grade, MasterScale
from xinrong.domain.scorecards.scoring import Part, Place, Scored


@dataclass(frozen=True)
class Lift:
    """One thing to change: the characteristic, its band or value then, and what that gains.

    `since` and `before` are the band's cut points, None where it has no end on that side.
    """

    column: str
    gain: int
    since: Decimal | None = None
    before: Decimal | None = None
    value: str = ""


@dataclass(frozen=True)
class Change:
    """A characteristic that gives other points than last time."""

    column: str
    then: Part
    now: Part

    @property
    def gain(self) -> int:
        """Points more than last time; negative for fewer."""
        return self.now.points - self.then.points


def changes(then: Scored, now: Scored) -> tuple[Change, ...]:
    """What gives other points than last time, the largest difference first."""
    before = {part.column: part for part in then.parts}
    found = [
        Change(part.column, before[part.column], part)
        for part in now.parts
        if part.column in before and before[part.column].points != part.points
    ]
    return tuple(sorted(found, key=lambda one: (-abs(one.gain), one.column)))


def lifts(card: Card, scale: MasterScale, scored: Scored) -> tuple[Grade | None, tuple[Lift, ...]]:
    """The next better grade, and the fewest changes that reach it, the smallest that suffices.

    Empty where there is no better grade, or where no change within reach suffices: then it is said
    that time and other records decide. What is unknown is not counted as a change.
    """
    better = scale.above(scored.grade)
    if better is None:
        return None, ()
    needed = better.since - scored.points
    possible = [lift for part in scored.parts for lift in _possible(card, part)]
    single = [lift for lift in possible if lift.gain >= needed]
    if single:
        best = min(single, key=lambda lift: (lift.gain, lift.column))
        return better, (best,)
    most: dict[str, Lift] = {}
    for lift in possible:
        if lift.column not in most or lift.gain > most[lift.column].gain:
            most[lift.column] = lift
    taken: list[Lift] = []
    for lift in sorted(most.values(), key=lambda one: (-one.gain, one.column)):
        taken.append(lift)
        needed -= lift.gain
        if needed <= 0:
            return better, tuple(taken)
    return better, ()


def _possible(card: Card, part: Part) -> list[Lift]:
    """Every better band or value of a characteristic that the enterprise could change."""
    one = card.characteristic(part.column)
    if not one.can_change or part.place in (Place.MISSING, Place.UNSEEN):
        return []
    return [*_bands(one, part), *_values(one.values, part)]


def _bands(one: Characteristic, part: Part) -> list[Lift]:
    edges: list[Decimal | None] = [None, *one.cuts, None]
    return [
        Lift(part.column, points - part.points, edges[band], edges[band + 1])
        for band, points in enumerate(one.points)
        if points > part.points
    ]


def _values(values: Mapping[str, int], part: Part) -> list[Lift]:
    return [
        Lift(part.column, points - part.points, value=value)
        for value, points in values.items()
        if points > part.points
    ]
