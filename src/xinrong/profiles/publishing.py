"""What may be said of an indicator over all enterprises: through the rules of counts.

No count under ten, the others in tens with each figure's own amount; no quantile of few; nothing
of a column that the viewer's purpose may not learn of in aggregate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from xinrong.accounts.services import Viewer
from xinrong.profiles.columns import Column, columns, region_now
from xinrong.profiles.errors import UnknownIndicator
from xinrong.profiles.models import IndicatorFigure, ProfileBatch
from xinrong.trust.services import counting

#: The fewest enterprises of whom a median is told, and quantiles further out.
FEWEST_MEDIAN, FEWEST_QUANTILES = 50, 200
MONTHS = 24


@dataclass(frozen=True)
class Bin:
    """One bar: its words, and how many enterprises; None: too few to be shown."""

    label: str
    figure: int | None


@dataclass(frozen=True)
class Month:
    """What the last batch of a month said."""

    month: str
    known: int | None
    median: float | None


@dataclass(frozen=True)
class Published:
    """An indicator over all enterprises, as it may be shown."""

    as_of: date
    enterprises: int | None
    known: int | None
    reasons: Mapping[str, int | None]
    quantiles: tuple[str, ...]  # at 5, 25, 50, 75, 95; or the median alone; or none
    bins: tuple[Bin, ...]
    months: tuple[Month, ...]


def may_see_distribution(who: Viewer, one: Column) -> bool:
    """Whether the viewer's purpose may learn of a column in aggregate."""
    contract = region_now().contracts[one.category]
    return counting.may_learn(counting.purpose_of(who), contract, one.level)


def published(name: str, who: Viewer) -> Published | None:
    """What the newest batch says of an indicator, if the viewer may learn of it.

    None before the first batch too. Raises UnknownIndicator.
    """
    one = columns().get(name)
    if one is None:
        raise UnknownIndicator(
            f"there is no indicator {name!r}", remedy="Choose one from the list of indicators."
        )
    batch = ProfileBatch.objects.order_by("-pk").first()
    if batch is None or not may_see_distribution(who, one):
        return None
    found = IndicatorFigure.objects.filter(batch=batch, indicator=name).first()
    if found is None:
        return None
    return Published(
        as_of=batch.as_of,
        enterprises=shown(batch.rows, "all"),
        known=shown(found.known, f"{name} known"),
        reasons={
            why: shown(count, f"{name} {why}") for why, count in sorted(found.reasons.items())
        },
        quantiles=_quantiles(found),
        bins=_bins(found),
        months=_months(name),
    )


def shown(count: int, key: str) -> int | None:
    """A count as it may be shown."""
    return counting.figure_of(count, f"indicator {key}".encode(), counting.secret())


def _quantiles(found: IndicatorFigure) -> tuple[str, ...]:
    words = tuple(_short(value) for value in found.quantiles)
    if found.known >= FEWEST_QUANTILES or not words:
        return words
    return (words[2],) if found.known >= FEWEST_MEDIAN else ()


def _bins(found: IndicatorFigure) -> tuple[Bin, ...]:
    bins = []
    for *edges, count in found.bins:
        label = " – ".join(_short(edge) for edge in edges)
        bins.append(Bin(label, shown(count, f"{found.indicator} {label}")))
    return tuple(bins)


def _months(name: str) -> tuple[Month, ...]:
    """The last batch of each month, oldest first."""
    last: dict[str, int] = {}
    for number, as_of in ProfileBatch.objects.order_by("pk").values_list("pk", "as_of"):
        last[f"{as_of:%Y-%m}"] = number
    months = sorted(last.items())[-MONTHS:]
    rows = IndicatorFigure.objects.filter(indicator=name, batch__in=[pk for _, pk in months])
    kept = {one.batch_id: one for one in rows}
    return tuple(
        Month(month, shown(kept[pk].known, f"{name} {month}"), _median(kept[pk]))
        for month, pk in months
        if pk in kept
    )


def _median(one: IndicatorFigure) -> float | None:
    if one.known < FEWEST_MEDIAN or not one.quantiles or isinstance(one.quantiles[2], str):
        return None
    return float(f"{one.quantiles[2]:.3g}")


def _short(value: float | str) -> str:
    """Three figures of a number: a quantile is nobody's own value. A day or a code as it is."""
    if isinstance(value, str):
        return value
    rounded = float(f"{value:.3g}")
    return f"{rounded:,.0f}" if abs(rounded) >= 100 or rounded == int(rounded) else f"{rounded:g}"
