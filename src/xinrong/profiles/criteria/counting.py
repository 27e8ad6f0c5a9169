"""How many enterprises a criterion admits: through the gate, by the rules of every count.

None under ten, in tens, an amount of the criterion's own drowned in it, and the day's budget. Two
criteria are near each other whatever they ask, since a condition that everybody meets can be
written in any number of ways: after the first, every new one draws on the drafts that feel their
way. What says the same in another order has one spelling, and costs nothing when asked again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from xinrong.accounts.services import Viewer
from xinrong.catalogue.contract import Contract
from xinrong.domain.criteria import Expression, parameters, to_sql
from xinrong.domain.criteria.writing import canonical
from xinrong.profiles.building import current_batch
from xinrong.profiles.columns import columns
from xinrong.profiles.criteria.limits import Hurried
from xinrong.profiles.errors import NoProfile
from xinrong.profiles.reading import query_profiles
from xinrong.store.engine import Engine
from xinrong.store.services import Snapshot
from xinrong.trust.services import Permits, Release, Service, Stage, counting, disclose


@dataclass(frozen=True)
class CriterionDraft(counting.Draft):
    """A criterion as the draft of a count. Columns are checked by the fields they are made of."""

    conditions: frozenset[counting.Condition] = frozenset()
    expression: Expression = field(kw_only=True)

    def spelled(self) -> list[list[str]]:
        """One line: everything that says the same in another order is one draft."""
        return [["criterion", "profile", "=", canonical(self.expression.condition)]]

    def sql_of(self, contracts: Any) -> list[tuple[str, str]]:
        """For each field that it is made of, a query that has the same lineage."""
        known = columns()
        read = {pair for one in self.expression.columns for pair in known[one.name].fields}
        return [(category, _sql(contracts[category], name)) for category, name in sorted(read)]


def _sql(contract: Contract, name: str) -> str:
    table = f'SELECT DISTINCT subject FROM "{contract.category}"'  # noqa: S608 - of the catalogue
    return f'{table} WHERE "{name}" IS NOT NULL' if name else table


@dataclass(frozen=True)
class Admitted:
    """The product of kind `count`: how many enterprises a criterion says yes of."""

    draft: CriterionDraft

    @property
    def kind(self) -> str:
        """A count."""
        return "count"

    @property
    def parameters(self) -> dict[str, str | int]:
        """Which criterion: a digest, since conditions hold values."""
        return {"product": "criterion_count", "draft": sha256(self.draft.key).hexdigest()}

    def read(
        self, snapshot: Snapshot, about: tuple[int, ...], permits: Permits
    ) -> counting.Counted:
        """Nobody in particular is asked about; broken off after two seconds."""
        admitted = count_admitted(self.draft.expression, on=Hurried())
        figure = counting.figure_of(admitted, self.draft.key, counting.secret())
        return counting.Counted(self.draft, figure)


def count_admitted(expression: Expression, *, on: Engine | None = None) -> int:
    """How many enterprises it admits, exactly: for the gate's product, never shown as it is.

    Raises NoProfile before the first batch.
    """
    batch = current_batch()
    if batch is None:
        raise NoProfile(
            "there is no profile of all enterprises yet", remedy="Run `xinrong profile build`."
        )
    found = query_profiles(
        f"SELECT count(*) AS admitted FROM profile WHERE {to_sql(expression)}",  # noqa: S608 - of a tree
        parameters([expression], batch.as_of),
        on=on,
    )
    admitted: int = found["admitted"][0].as_py()
    return admitted


def count(who: Viewer, expression: Expression, *, stage: Stage | None = None) -> Release:
    """How many enterprises a criterion over profiles admits: `.content.figure`, None under ten.

    Raises Denied: a column that the purpose may not learn (denied_column), the day's budget
    (denied_budget), a stage that is missing (denied_stage); CriteriaRefused (criterion_too_slow).
    """
    product = Admitted(CriterionDraft(expression=expression))
    return disclose(who, (), product, Service.COUNT, counting.purpose_of(who), stage)


def cost_of(who: Viewer, expression: Expression) -> str:
    """What counting it would draw on: "nothing", "near" or "draft"."""
    return counting.cost_of(who, CriterionDraft(expression=expression))
