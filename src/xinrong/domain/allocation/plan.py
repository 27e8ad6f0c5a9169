"""An allocation: who is offered how much at what rate, and what comes of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from xinrong.domain.allocation.problem import Applicant, Counts, Limit, Problem


class Why(StrEnum):
    """Why an applicant is offered what it is."""

    OFFERED = "offered"
    NEVER = "never"
    """The bank never lends to its grade."""
    EARNS_NOTHING = "earns_nothing"
    """At no rate of the table is its loan expected to earn anything."""
    OTHERS_FIRST = "others_first"
    """Within the limits the others earn more."""


@dataclass(frozen=True)
class Offer:
    """A whole number of yuan offered to an applicant at the rate of number `k` of the table."""

    applicant: Applicant
    k: int
    amount: int


@dataclass(frozen=True)
class Row:
    """What one applicant gets, and what the bank expects of it: yuan, fractions."""

    applicant: Applicant
    why: Why
    amount: int = 0
    rate: float | None = None
    taken_up: float = 0.0
    drawn: float = 0.0
    profit: float = 0.0


@dataclass(frozen=True)
class Use:
    """A limit and how much of it is used."""

    limit: Limit
    used: float

    @property
    def is_kept(self) -> bool:
        """Whether the limit is kept, up to a hundredth of a fen per yuan of it."""
        value = float(self.limit.value)
        slack = 1e-6 * max(1.0, value)
        return self.used >= value - slack if self.limit.at_least else self.used <= value + slack


@dataclass(frozen=True)
class Allocation:
    """The offers, recomputed from the problem: nothing here is the solver's word alone.

    `bound` is the most that any allocation can earn, where it is known.
    """

    problem: Problem
    offers: tuple[Offer, ...]
    bound: float | None = None

    @property
    def profit(self) -> float:
        """Yuan expected to be earned in the year."""
        return sum(profit_of(self.problem, one) for one in self.offers)

    @property
    def drawn(self) -> float:
        """Yuan expected to be taken up."""
        return sum(one.amount * self.problem.kept_at(one.applicant, one.k) for one in self.offers)

    @property
    def offered(self) -> int:
        """Yuan offered."""
        return sum(one.amount for one in self.offers)

    @property
    def mean_rate(self) -> float:
        """The rate of a yuan that is expected to be taken up."""
        rates = self.problem.table.rates
        earned = sum(
            one.amount * self.problem.kept_at(one.applicant, one.k) * rates[one.k]
            for one in self.offers
        )
        return earned / self.drawn if self.drawn else 0.0

    @property
    def gap(self) -> float | None:
        """How far another allocation could be better, as a share of this one's profit."""
        if self.bound is None:
            return None
        return max(0.0, self.bound - self.profit) / max(abs(self.profit), 1e-9)

    @property
    def uses(self) -> tuple[Use, ...]:
        """Every limit and how much of it is used."""
        return tuple(
            Use(limit, used(self.problem, limit, self.offers)) for limit in self.problem.all_limits
        )

    def rows(self) -> list[Row]:
        """Every applicant with its offer or the reason why it has none, in the given order."""
        offered = {one.applicant.name: one for one in self.offers}
        return [self._row(one, offered.get(one.name)) for one in self.problem.applicants]

    def _row(self, applicant: Applicant, offer: Offer | None) -> Row:
        if offer is None:
            return Row(applicant, self._why_not(applicant))
        kept = self.problem.kept_at(applicant, offer.k)
        return Row(
            applicant,
            Why.OFFERED,
            offer.amount,
            self.problem.table.rates[offer.k],
            kept,
            offer.amount * kept,
            profit_of(self.problem, offer),
        )

    def _why_not(self, applicant: Applicant) -> Why:
        if applicant.grade in self.problem.never:
            return Why.NEVER
        best = best_rate(self.problem, applicant)
        if best is None or self.problem.margin_at(applicant, best) <= 0:
            return Why.EARNS_NOTHING
        return Why.OTHERS_FIRST


def profit_of(problem: Problem, offer: Offer) -> float:
    """Yuan that an offer is expected to earn."""
    kept = problem.kept_at(offer.applicant, offer.k)
    return offer.amount * kept * problem.margin_at(offer.applicant, offer.k)


def used(problem: Problem, limit: Limit, offers: Iterable[Offer]) -> float:
    """How much of a limit some offers use."""
    counted = [one for one in offers if limit.covers(one.applicant)]
    if limit.counts is Counts.OFFERS:
        return float(len(counted))
    return sum(one.amount * problem.weight(limit, one.applicant, one.k) for one in counted)


def best_rate(problem: Problem, applicant: Applicant) -> int | None:
    """The number of the rate at which an offer to an applicant earns most by itself."""
    if applicant.grade in problem.never:
        return None
    return max(
        range(len(problem.table.rates)),
        key=lambda k: problem.kept_at(applicant, k) * problem.margin_at(applicant, k),
    )
