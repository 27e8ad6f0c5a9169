"""What every product says of one need: yes, no because, cannot tell. Nothing here is released."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from xinrong.domain.canonical import digest_of
from xinrong.domain.criteria import Change, Column, Explanation, Gap, MissingReason, Outcome
from xinrong.domain.criteria.conditions import PreparedCondition
from xinrong.domain.financing import Need
from xinrong.domain.text import Text
from xinrong.market.matching.chances import NOTHING_KNOWN, Chance, Chances
from xinrong.market.matching.districts import DISTRICT, code_of
from xinrong.market.matching.ranking import drawn, ranked
from xinrong.market.matching.shelf import Offered, Shelf

#: Near misses that are shown, and among how many refusals with several ways they are looked for.
NEAR, LOOKED_AT = 10, 10
#: A no with more unmet conditions is not near, where some of them are one of several ways.
_MOST_UNMET = 3


@dataclass(frozen=True, eq=False)
class Fit:
    """What one product says of a need. `cost`: in percent a year, for yes and cannot tell.

    `chance` is that of approval, None where it is not known; `band` the step in which it is ranked.
    """

    offered: Offered
    explanation: Explanation
    cost: Decimal | None
    chance: Chance | None
    band: int

    @property
    def name(self) -> str:
        """The id of the product."""
        return self.offered.product.id

    @property
    def outcome(self) -> Outcome:
        """Yes, no, or that it cannot be told."""
        return self.explanation.outcome

    @property
    def money_days(self) -> int:
        """Working days until the money is there."""
        return self.offered.terms.money_days


@dataclass(frozen=True, eq=False)
class Matched:
    """Every product of a shelf on one need, in the order in which they are shown."""

    shelf: Shelf
    need: Need
    row: Mapping[str, Any]
    reasons: Mapping[str, MissingReason]
    seed: str
    chances: Chances
    admitted: tuple[Fit, ...]
    open: tuple[Fit, ...]
    refused: tuple[Fit, ...]

    @cached_property
    def near(self) -> tuple[tuple[Fit, Change], ...]:
        """Products that one change would open: of the need before the firm, the smallest first."""
        plain = sorted(
            (*_order(condition.columns, condition.gap(self.row, self.shelf.day)), lot, place)
            for lot, place, condition in self._one_short()
        )[:NEAR]
        found = [(self.refused[place], self._change(self.refused[place])) for *_, place in plain]
        found += self._by_ways()
        return tuple(sorted(found, key=_first)[:NEAR])

    def _one_short(self) -> Iterator[tuple[bytes, int, PreparedCondition]]:
        """Refusals of products that need all they ask, where all but one condition is met."""
        for place, fit in enumerate(self.refused):
            if fit.offered.all_needed and (condition := self._lacking(fit)) is not None:
                yield drawn(self.seed, fit.name), place, condition

    def _lacking(self, fit: Fit) -> PreparedCondition | None:
        """The one condition that is not met; None where there are more."""
        row, day, lacking = self.row, self.shelf.day, -1
        for number, answer in enumerate(fit.offered.explainer.answers):
            if answer(row, day) is not True:
                if lacking >= 0:
                    return None
                lacking = number
        return fit.offered.explainer.conditions[lacking]

    def _change(self, fit: Fit) -> Change:
        """What has to change in the one condition that is not met."""
        row, day, condition = self.row, self.shelf.day, self._lacking(fit)
        assert condition is not None
        zh, en = (condition.change(row, day, self.reasons, tag) for tag in ("zh", "en"))
        return Change(condition.at, Text(zh=zh, en=en), condition.gap(row, day))

    def _by_ways(self) -> list[tuple[Fit, Change]]:
        """The same of products that leave several ways open: those with the fewest unmet."""
        row, day = self.row, self.shelf.day
        counted = []
        for place, fit in enumerate(self.refused):
            if fit.offered.all_needed:
                continue
            answers = fit.offered.explainer.answers
            unmet = sum(answer(row, day) is False for answer in answers)
            if unmet <= _MOST_UNMET:
                counted.append((unmet, drawn(self.seed, fit.name), place))
        found = []
        for *_, place in sorted(counted)[:LOOKED_AT]:
            changes = self.refused[place].explanation.changes
            if len(changes) == 1:
                found.append((self.refused[place], changes[0]))
        return found


def match(
    shelf: Shelf,
    need: Need,
    values: Mapping[str, Any],
    reasons: Mapping[str, MissingReason],
    chances: Chances = NOTHING_KNOWN,
) -> Matched:
    """What every product says of a need of the enterprise with these values of its profile.

    `reasons` says of a column without a value why it has none. A firm that is not registered yet
    has no values. `chances` are those of approval, as of the day.
    """
    row = {**values, **need.row(code_of(shelf.catalogue.region, values.get(DISTRICT)))}
    day = shelf.day
    found: dict[Outcome, list[Fit]] = {one: [] for one in Outcome}
    for offered in shelf.offered:
        explanation = offered.explainer.explain(row, day, reasons)
        outcome = explanation.outcome
        cost = None if outcome is Outcome.NO else offered.cost(need.amount, need.months)
        chance = chances.of(offered.lender.id, offered.product.id)
        found[outcome].append(Fit(offered, explanation, cost, chance, chances.band(chance)))
    seed = digest_of(need.told())
    return Matched(
        shelf,
        need,
        row,
        reasons,
        seed,
        chances,
        tuple(ranked(found[Outcome.YES], seed)),
        tuple(ranked(found[Outcome.UNKNOWN], seed)),
        tuple(found[Outcome.NO]),
    )


def match_unregistered(shelf: Shelf, need: Need, chances: Chances = NOTHING_KNOWN) -> Matched:
    """What every product says of a firm that is in no register yet: nothing is known of it."""
    nobody = dict.fromkeys(shelf.reads, MissingReason.OUTSIDE_POPULATION)
    return match(shelf, need, {}, nobody, chances)


def match_by_terms(shelf: Shelf, need: Need, chances: Chances = NOTHING_KNOWN) -> Matched:
    """What the terms alone say of a need, of whichever enterprise: nothing of it is known."""
    unknown = dict.fromkeys(shelf.reads, MissingReason.NOT_KNOWN)
    return match(shelf, need, {}, unknown, chances)


def _first(near: tuple[Fit, Change]) -> tuple[bool, float]:
    fit, change = near
    conditions = fit.offered.explainer.conditions
    columns = next(one.columns for one in conditions if one.at == change.at)
    return _order(columns, change.gap)


def _order(columns: Sequence[Column], gap: Gap | None) -> tuple[bool, float]:
    """What the need alone can change comes first, then by the size of the change."""
    return not all(one.name.startswith("need.") for one in columns), _size(gap)


def _size(gap: Gap | None) -> float:
    """How large a change is relative to its bound; 1 where that is no number."""
    relative = None if gap is None else gap.relative
    return 1.0 if relative is None else abs(relative)
