"""Sums over the measurements of standing batches, by day, feed, category and department.

Everything is summed in the database over a row per batch; a retracted batch leaves all figures.
Shares are None where nothing was counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum

from xinrong.collect.models.quality import BatchQuality, FieldQuality, RuleQuality
from xinrong.collect.quality.history import standing

#: Days before a span that its figures are compared with.
BEFORE = 28
#: Dimensions that figures may be grouped by.
BY = ("day", "department", "feed", "category")
_RECEIPT = ("rows_in", "accepted", "corrected", "quarantined", "duplicates", "unlinked")
_OWN = ("conflicts", "judged", "lag_rows", "lag_days", "late_rows")


@dataclass(frozen=True)
class Scope:
    """Which batches: received from `first` to `last` (days in China), and whose."""

    first: date
    last: date
    department: str = ""
    feed: str = ""
    category: str = ""

    def batches(self) -> QuerySet[BatchQuality]:
        """The standing batches in scope."""
        found = standing().filter(day__gte=self.first, day__lte=self.last)
        for name in ("department", "feed", "category"):
            if value := getattr(self, name):
                found = found.filter(**{name: value})
        return found

    def before(self) -> Scope:
        """The 28 days before."""
        return replace(
            self, first=self.first - timedelta(days=BEFORE), last=self.first - timedelta(days=1)
        )


@dataclass(frozen=True)
class Figures:
    """Sums over some batches. Rows, but for `batches`, `arrivals` and `lag_days` (days)."""

    batches: int = 0
    rows_in: int = 0
    accepted: int = 0
    corrected: int = 0
    quarantined: int = 0
    duplicates: int = 0
    unlinked: int = 0
    conflicts: int = 0
    judged: int = 0
    lag_rows: int = 0
    lag_days: int = 0
    late_rows: int = 0
    arrivals: int = 0  # batches that had one before them
    on_time: int = 0  # of these, within the feed's freshness
    last_day: date | None = None

    @property
    def validity(self) -> float | None:
        """Share of rows that were not quarantined: accepted, or known already."""
        return share(self.accepted + self.duplicates, self.rows_in)

    @property
    def mean_lag(self) -> float | None:
        """Mean days from the event to the receipt."""
        return share(self.lag_days, self.lag_rows)

    @property
    def punctuality(self) -> float | None:
        """Share of batches that came within the feed's freshness after the one before."""
        return share(self.on_time, self.arrivals)

    @property
    def duplicate_share(self) -> float | None:
        return share(self.duplicates, self.rows_in)


@dataclass(frozen=True)
class Filled:
    """How many cells of required and of optional fields are filled."""

    required: float | None = None
    optional: float | None = None


@dataclass(frozen=True)
class FieldFigures:
    """One field over some batches."""

    feed: str
    field: str
    required: bool
    rows: int
    filled: int
    broken: int

    @property
    def completeness(self) -> float | None:
        return share(self.filled, self.rows)


@dataclass(frozen=True)
class RuleFigures:
    """One rule over some batches: rows that break it, and those that break nothing else."""

    rule: str
    field: str
    rows: int
    sole: int


def share(part: int, whole: int) -> float | None:
    """A share, or None of nothing."""
    return part / whole if whole else None


def total(scope: Scope) -> Figures:
    """The sums of everything in scope."""
    return _figures(scope.batches().aggregate(**_sums()))


def by(scope: Scope, *dimensions: str) -> dict[tuple[Any, ...], Figures]:
    """The sums by some of BY, in their order."""
    rows = scope.batches().values(*dimensions).annotate(**_sums()).order_by(*dimensions)
    return {tuple(row[name] for name in dimensions): _figures(row) for row in rows}


def _sums() -> dict[str, Any]:
    return {
        "sum_batches": Count("pk"),
        **{f"sum_{name}": Sum(f"receipt__{name}") for name in _RECEIPT},
        **{f"sum_{name}": Sum(name) for name in _OWN},
        "sum_arrivals": Count("pk", filter=Q(on_time__isnull=False)),
        "sum_on_time": Count("pk", filter=Q(on_time=True)),
        "newest": Max("day"),
    }


def _figures(row: Mapping[str, Any]) -> Figures:
    names = ("batches", *_RECEIPT, *_OWN, "arrivals", "on_time")
    return Figures(**{name: row[f"sum_{name}"] or 0 for name in names}, last_day=row["newest"])


def fields_of(scope: Scope) -> list[FieldFigures]:
    """Each field of each feed in scope."""
    rows = (
        FieldQuality.objects.filter(quality__in=scope.batches())
        .values("quality__feed", "field", "required")
        .annotate(all_rows=Sum("rows"), all_filled=Sum("filled"), all_broken=Sum("broken"))
        .order_by("quality__feed", "-required", "field")
    )
    return [
        FieldFigures(
            row["quality__feed"],
            row["field"],
            row["required"],
            row["all_rows"],
            row["all_filled"],
            row["all_broken"],
        )
        for row in rows
    ]


def filled(fields: Sequence[FieldFigures]) -> Filled:
    """Completeness over fields: filled cells of all cells."""

    def over(*, required: bool) -> float | None:
        some = [one for one in fields if one.required is required]
        return share(sum(one.filled for one in some), sum(one.rows for one in some))

    return Filled(over(required=True), over(required=False))


def rules_of(scope: Scope) -> list[RuleFigures]:
    """Each rule that rows in scope break, the most rows first."""
    rows = (
        RuleQuality.objects.filter(quality__in=scope.batches())
        .values("rule", "field")
        .annotate(all_rows=Sum("rows"), all_sole=Sum("sole"))
        .order_by("-all_rows", "rule", "field")
    )
    return [
        RuleFigures(row["rule"], row["field"], row["all_rows"], row["all_sole"]) for row in rows
    ]


def last_day() -> date | None:
    """The day of the latest standing batch."""
    return standing().order_by("-day").values_list("day", flat=True).first()
