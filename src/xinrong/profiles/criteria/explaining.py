"""Why a criterion says what it says of one enterprise, as far as this viewer may know.

What the viewer may not see is unknown to the criterion before it is asked, with the reason that it
is withheld: no answer, sentence or near miss tells of it. An indicator is seen whole or not at
all, as on the page of indicators.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from xinrong.accounts.services import Viewer
from xinrong.domain.criteria import Criterion, Explanation, MissingReason, Outcome, Over, Version
from xinrong.profiles.columns import columns
from xinrong.profiles.criteria.answering import explainer_in_force, reasons_of
from xinrong.profiles.criteria.errors import CriteriaRefused
from xinrong.profiles.products import first_day, level_over
from xinrong.profiles.reading import profile_of
from xinrong.store.services import Snapshot
from xinrong.trust.services import Permits, Purpose, Release, Service, Stage, disclose
from xinrong.trust.types import Piece


@dataclass(frozen=True)
class Told:
    """An explanation as a viewer may read it; `shown` and `withheld` are names of columns."""

    criterion: Criterion
    version: Version
    enterprise: int
    as_of: date
    shown: tuple[str, ...]
    withheld: tuple[str, ...]
    explanation: Explanation

    @property
    def outcome(self) -> Outcome:
        """The answer from what is shown."""
        return self.explanation.outcome

    def drawn_from(self) -> set[tuple[int, str]]:
        return {(self.enterprise, columns()[name].category) for name in self.shown}

    def shown_fields(self) -> set[tuple[int, str, str]]:
        known = columns()
        return {
            (self.enterprise, category, field)
            for name in self.shown
            for category, field in known[name].fields
            if field
        }

    def pieces(self) -> Iterable[Piece]:
        known = columns()
        for name in self.shown:
            one = known[name]
            fields = frozenset(field for _category, field in one.fields if field)
            first = first_day(one, self.as_of)
            yield Piece(self.enterprise, one.category, "", first, self.as_of, fields)

    def payload(self) -> Any:
        told = self.explanation
        return {
            "enterprise": self.enterprise,
            "criterion": self.criterion.id,
            "version": self.criterion.number_of(self.version),
            "as_of": self.as_of.isoformat(),
            "outcome": str(self.outcome),
            "withheld": list(self.withheld),
            "conditions": [
                {
                    "at": one.at,
                    "outcome": str(one.outcome),
                    "zh": one.sentence.zh,
                    "en": one.sentence.en,
                    "decides": one.decides,
                }
                for one in told.conditions
            ],
            "changes": [{"zh": one.sentence.zh, "en": one.sentence.en} for one in told.changes],
        }


@dataclass(frozen=True)
class Explained:
    """The product of kind `reason`: one criterion of one enterprise on a day."""

    criterion: Criterion
    as_of: date

    @property
    def kind(self) -> str:
        """A reason."""
        return "reason"

    @property
    def parameters(self) -> dict[str, str | int]:
        """Which criterion, and on which day."""
        return {
            "product": "criterion",
            "criterion": self.criterion.id,
            "as_of": self.as_of.isoformat(),
        }

    def read(self, snapshot: Snapshot, about: tuple[int, ...], permits: Permits) -> Told:
        """The explanation over what the permits reach, as of the snapshot."""
        (enterprise,) = about
        version, explainer = explainer_in_force(self.criterion, self.as_of)
        row = profile_of(enterprise, snapshot, self.as_of)
        known = columns()
        asked = [one.name for one in explainer.expression.columns]
        shown = tuple(
            name
            for name in asked
            if known[name].level
            <= level_over(
                permits.permit(enterprise, known[name].category),
                first_day(known[name], self.as_of),
                self.as_of,
            )
        )
        withheld = tuple(name for name in asked if name not in shown)
        values = {name: row.values[name] for name in shown}
        reasons = reasons_of(row) | dict.fromkeys(withheld, MissingReason.WITHHELD)
        return Told(
            self.criterion,
            version,
            enterprise,
            self.as_of,
            shown,
            withheld,
            explainer.explain(values, self.as_of, reasons),
        )


def explain(
    viewer: Viewer,
    criterion: Criterion,
    enterprise: int,
    purpose: Purpose,
    stage: Stage | None = None,
    *,
    as_of: date,
    at_seq: int | None = None,
) -> Release:
    """What a criterion says of one enterprise, through the gate: `.content` is a Told.

    Raises Denied, CriterionMisused where no version is in force on the day, CriteriaRefused for a
    criterion that is over no profile.
    """
    if criterion.over != Over.PROFILE:
        raise CriteriaRefused(
            f"{criterion.id} is over {criterion.over}s: a profile alone cannot answer it",
            remedy="Ask a criterion over profiles.",
            code="criterion_over",
        )
    explainer_in_force(criterion, as_of)
    product = Explained(criterion, as_of)
    return disclose(
        viewer, [enterprise], product, Service.INDICATORS, purpose, stage, at_seq=at_seq
    )
