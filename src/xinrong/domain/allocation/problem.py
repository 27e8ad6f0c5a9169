"""How much to lend to whom at what rate: what is given.

A bank has applicants with a probability of default and a grade, a table that says which share of
the customers of a grade is lost at a rate, a budget for the year, and limits. One yuan lent for a
year at rate r earns (1 - p) r - p L - f: the interest of those who pay, less what is lost on those
who do not (p the probability of default, L the loss given default, no interest from them), less
the cost of funds f. One yuan offered is taken up by the share of customers that is not lost.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from xinrong.domain.allocation.errors import BadProblem


class Counts(StrEnum):
    """What a limit counts."""

    DRAWN = "drawn"
    """Yuan that are expected to be taken up: offers times the share of customers not lost."""
    OFFERED = "offered"
    """Yuan offered, as if everybody took up the offer."""
    EXPECTED_LOSS = "expected_loss"
    """Yuan expected to be lost to defaults on what is taken up."""
    OFFERS = "offers"
    """How many applicants get an offer."""


@dataclass(frozen=True)
class Applicant:
    """Who asks for a loan of `least` to `most` yuan.

    `default` is the probability of default within the year. `group` is any word by which a limit
    may count some of them (an industry, first loans). Raises BadProblem.
    """

    name: str
    grade: str
    default: float
    least: int
    most: int
    group: str = ""

    def __post_init__(self) -> None:
        if not self.name:
            raise BadProblem(
                "applicant",
                "an applicant has no name",
                "Name each, once.",
                zh="申请人没有名称。请逐一填写，每个名称只出现一次。",
            )
        if not 0 <= self.default <= 1:
            raise BadProblem(
                "probability_of_default",
                f"{self.name}: {self.default} is no probability",
                "Give a number from 0 to 1, or a percentage with its sign.",
                zh=f"{self.name}：{self.default} 不是概率。请填写 0 到 1 之间的数，或带百分号。",
            )
        if not 0 < self.least <= self.most:
            raise BadProblem(
                "least",
                f"{self.name}: no loan is at least {self.least:,} and at most {self.most:,} yuan",
                "Give amounts above 0, the smaller one first.",
                zh=f"{self.name}：最低额度 {self.least:,} 元与最高额度 {self.most:,} 元不成立。"
                "两者都应大于 0，且最低不超过最高。",
            )


@dataclass(frozen=True)
class RateTable:
    """The yearly rates that may be offered, rising, and by grade the share of customers lost.

    `lost[grade][k]` belongs to `rates[k]`. Raises BadProblem.
    """

    rates: tuple[float, ...]
    lost: Mapping[str, tuple[float, ...]]

    def __post_init__(self) -> None:
        if not self.rates or not self.lost:
            raise BadProblem(
                "rate",
                "the table has no rate or no grade",
                "Give at least one.",
                zh="利率表缺少利率或评级。请至少各填写一项。",
            )
        if any(not 0 < rate <= 1 for rate in self.rates):
            raise BadProblem(
                "rate",
                "a rate is not above 0 % and at most 100 %",
                "Write 0.0425 or 4.25%.",
                zh="利率应大于 0% 且不超过 100%。请写成 0.0425 或 4.25%。",
            )
        if any(one >= other for one, other in pairwise(self.rates)):
            raise BadProblem(
                "rate",
                "the rates do not rise",
                "Give each once, the lowest first.",
                zh="利率没有从低到高排列。请从最低开始，每档只写一次。",
            )
        for grade, shares in self.lost.items():
            if len(shares) != len(self.rates):
                raise BadProblem(
                    grade,
                    "the grade lacks a share for some rate",
                    "Fill its column.",
                    zh=f"评级 {grade} 缺少某档利率的流失率。请填满该列。",
                )
            if any(not 0 <= share <= 1 for share in shares):
                raise BadProblem(
                    grade,
                    "a share of lost customers is not from 0 to 1",
                    "Write 0.25 or 25%.",
                    zh=f"评级 {grade} 的客户流失率不在 0 到 1 之间。请写成 0.25 或 25%。",
                )


@dataclass(frozen=True)
class Limit:
    """What may be at most, or must be at least: of all applicants, of a grade, or of a group.

    `value` is yuan, or a number of offers. Raises BadProblem.
    """

    counts: Counts
    value: Decimal
    at_least: bool = False
    grade: str = ""
    group: str = ""

    def __post_init__(self) -> None:
        if not self.value.is_finite() or self.value < 0:
            raise BadProblem(
                self.name,
                f"{self.value} is no limit",
                "Give a number, 0 or above.",
                zh=f"限额 {self.value} 不成立。请填写不小于 0 的数。",
            )

    @property
    def name(self) -> str:
        """The limit in a few words, such as `drawn at most, grade C`."""
        of = f", grade {self.grade}" if self.grade else ""
        of += f", group {self.group}" if self.group else ""
        return f"{self.counts} {'at least' if self.at_least else 'at most'}{of}"

    def covers(self, applicant: Applicant) -> bool:
        """Whether an applicant's loan counts towards it."""
        return self.grade in ("", applicant.grade) and self.group in ("", applicant.group)


@dataclass(frozen=True)
class Economics:
    """The loss given default, as a share of the loan, and the yearly cost of funds."""

    loss_given_default: float
    cost_of_funds: float

    def __post_init__(self) -> None:
        if not 0 <= self.loss_given_default <= 1:
            raise BadProblem(
                "loss_given_default",
                f"{self.loss_given_default} is no share of a loan",
                "Give a number from 0 to 1.",
                zh="违约损失率应在 0 到 1 之间，如 0.45 或 45%。",
            )
        if not 0 <= self.cost_of_funds < 1:
            raise BadProblem(
                "cost_of_funds",
                f"{self.cost_of_funds} is no yearly cost of funds",
                "Give a fraction such as 0.022 for 2.2 %.",
                zh="资金成本应不小于 0 且小于 1，如 0.022 或 2.2%。",
            )

    def margin(self, default: float, rate: float) -> float:
        """What one yuan lent for a year is expected to earn."""
        return (1 - default) * rate - default * self.loss_given_default - self.cost_of_funds


@dataclass(frozen=True)
class Problem:
    """Everything that is given. The first limit is the budget. `never` are grades not lent to.

    Raises BadProblem for no applicant, one twice, a grade that the table does not know, a budget
    of 0.
    """

    applicants: tuple[Applicant, ...]
    table: RateTable
    economics: Economics
    budget: Limit
    limits: tuple[Limit, ...] = ()
    never: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not self.applicants:
            raise BadProblem(
                "applicant",
                "nobody asks for a loan",
                "Give at least one applicant.",
                zh="没有申请人。请至少提供一个。",
            )
        name, times = Counter(one.name for one in self.applicants).most_common(1)[0]
        if times > 1:
            raise BadProblem(
                "applicant",
                f"{name} stands there {times} times",
                "Name each once.",
                zh=f"{name} 出现了 {times} 次。每个申请人只能出现一次。",
            )
        if self.budget.value <= 0 or self.budget.at_least:
            raise BadProblem(
                "budget",
                f"nothing can be lent on a budget of {self.budget.value}",
                "Raise it.",
                zh=f"预算为 {self.budget.value} 元时无法放贷。请提高预算。",
            )
        for one in self.applicants:
            if one.grade not in self.table.lost and one.grade not in self.never:
                raise BadProblem(
                    "grade",
                    f"{one.name}: the table of rates has no grade {one.grade or '(empty)'}",
                    f"It has {', '.join(self.table.lost)}; name grades that are never lent to.",
                    zh=f"{one.name}：利率表中没有评级 {one.grade or '（空）'}，"
                    f"只有 {'、'.join(self.table.lost)}。不予放款的评级请另行注明。",
                )
        self._check_limits()

    def _check_limits(self) -> None:
        for limit in self.all_limits:
            if not any(limit.covers(one) for one in self.applicants):
                raise BadProblem(
                    "limit",
                    f"{limit.name}: no applicant is counted by it",
                    "Look at its name.",
                    zh=f"限额“{limit.name}”不涉及任何申请人。请检查其评级或分组名称。",
                )

    @property
    def all_limits(self) -> tuple[Limit, ...]:
        """The budget and the limits."""
        return (self.budget, *self.limits)

    def kept_at(self, applicant: Applicant, k: int) -> float:
        """The share of an applicant's grade that takes up an offer at the rate of number k."""
        return 1 - self.table.lost[applicant.grade][k]

    def margin_at(self, applicant: Applicant, k: int) -> float:
        """What one yuan lent to an applicant at the rate of number k is expected to earn."""
        return self.economics.margin(applicant.default, self.table.rates[k])

    def weight(self, limit: Limit, applicant: Applicant, k: int) -> float:
        """What one yuan offered at the rate of number k counts to a limit that is not of offers."""
        if limit.counts is Counts.OFFERED:
            return 1.0
        kept = self.kept_at(applicant, k)
        if limit.counts is Counts.EXPECTED_LOSS:
            return kept * applicant.default * self.economics.loss_given_default
        return kept
