"""Criteria asked of one enterprise, and of all in one scan. Nothing here is released to anybody.

An answer is True, False, or None: it cannot be told. Both ways give the same for one profile.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import pyarrow as pa
from django.conf import settings

from xinrong.domain.criteria import (
    Criterion,
    Explainer,
    Explanation,
    MissingReason,
    Outcome,
    Over,
    Version,
    parameters,
    parse,
    to_sql,
)
from xinrong.profiles.building import batch_now
from xinrong.profiles.columns import columns
from xinrong.profiles.criteria.columns import REASONS, schema_of
from xinrong.profiles.criteria.errors import CriteriaRefused
from xinrong.profiles.enums import Reason
from xinrong.profiles.reading import profile_of, query_profiles
from xinrong.profiles.rows import ProfileRow
from xinrong.profiles.single import ALL, statements_of
from xinrong.store.engine import Engine
from xinrong.store.services import Snapshot, snapshot

#: Texts that a process keeps compiled.
KEPT = 10_000
ANSWERS: Mapping[Outcome, bool | None] = MappingProxyType(
    {Outcome.YES: True, Outcome.NO: False, Outcome.UNKNOWN: None}
)
_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class Answered:
    """What a criterion says of one enterprise: which version was asked, as of which day and seq."""

    criterion: Criterion
    version: Version
    enterprise: int
    as_of: date
    seq: int
    explanation: Explanation

    @property
    def outcome(self) -> Outcome:
        """Yes, no, or that it cannot be told."""
        return self.explanation.outcome

    @property
    def answer(self) -> bool | None:
        """The same as True, False or None."""
        return ANSWERS[self.outcome]


@lru_cache(maxsize=KEPT)
def explainer_of(text: str, region: str, over: Over, category: str = "") -> Explainer:
    """A text that was read and compiled, kept for every row. Raises CriterionRefused."""
    return Explainer(parse(text, schema_of(region, over, category)))


def explainer_in_force(criterion: Criterion, on: date) -> tuple[Version, Explainer]:
    """The version in force on a day, compiled. Raises CriterionMisused, CriterionRefused."""
    version = criterion.must_hold(on)
    return version, explainer_of(
        version.text, settings.REGION, criterion.over, criterion.category
    )  # fmt: skip


def answer_of_enterprise(
    criterion: Criterion,
    enterprise: int,
    as_of: date,
    *,
    snap: Snapshot | None = None,
    more: Mapping[str, Any] = _NOTHING,
) -> Answered:
    """What a criterion says of one enterprise on a day, with its explanation.

    `more` holds what is asked besides the profile: `need.amount` and so on as they are stored.
    Raises CriterionMisused where no version is in force, CriterionRefused for a text that the
    columns of today no longer carry.
    """
    [found] = answers_of_enterprise([criterion], enterprise, as_of, snap=snap, more=more)
    return found


def answers_of_enterprise(
    criteria: Iterable[Criterion],
    enterprise: int,
    as_of: date,
    *,
    snap: Snapshot | None = None,
    more: Mapping[str, Any] = _NOTHING,
) -> list[Answered]:
    """The same for several criteria over one profile, in their order."""
    if snap is None:
        with snapshot() as opened:
            return answers_of_enterprise(criteria, enterprise, as_of, snap=opened, more=more)
    row = profile_of(enterprise, snap, as_of)
    values = {**row.values, **more}
    reasons = reasons_of(row)
    found = []
    for one in criteria:
        version, explainer = explainer_in_force(one, as_of)
        explanation = explainer.explain(values, as_of, reasons)
        found.append(Answered(one, version, enterprise, as_of, snap.seq, explanation))
    return found


def reasons_of(row: ProfileRow, names: frozenset[str] = ALL) -> dict[str, MissingReason]:
    """Column → why a profile has no value for it; `names` are those that it was read with."""
    made = statements_of(settings.REGION, names)
    letters = dict(zip(made.categories, row.reasons, strict=True))
    known = columns()
    return {
        name: REASONS[Reason(letters[known[name].category])]
        for name, value in row.values.items()
        if value is None
    }


def answers_of_all(criteria: Sequence[Criterion], *, on: Engine | None = None) -> pa.Table:
    """Every answer of all enterprises: `enterprise`, and a boolean column for each criterion's id.

    One scan of the batch with what was computed since in its place; the day asked on is the
    batch's. Ordered by enterprise. Raises NoProfile before the first batch, CriterionMisused where
    no version is in force on its day, CriteriaRefused for a criterion that is over no profile.
    """
    batch = batch_now()
    expressions = {}
    for one in criteria:
        if one.over != Over.PROFILE:
            raise CriteriaRefused(
                f"{one.id} is over {one.over}s: it cannot be asked of profiles alone",
                remedy="Ask it of one enterprise, with what it is over.",
                code="criterion_over",
            )
        expressions[one.id] = explainer_in_force(one, batch.as_of)[1].expression
    told = "".join(f', {to_sql(each)} AS "{name}"' for name, each in expressions.items())
    return query_profiles(
        f"SELECT enterprise{told} FROM profile ORDER BY enterprise",  # noqa: S608 - of checked trees
        parameters(expressions.values(), batch.as_of),
        on=on,
    )


def enterprises_admitted(criterion: Criterion, *, on: Engine | None = None) -> list[int]:
    """The enterprises of whom a criterion says yes, in order."""
    told = answers_of_all([criterion], on=on)
    admitted: list[int] = told.filter(told[criterion.id])["enterprise"].to_pylist()
    return admitted
