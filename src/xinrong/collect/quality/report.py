"""From a meter to the rows that commit with the receipt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from xinrong.collect.judging.rules import Rule
from xinrong.collect.models.quality import BatchQuality, FieldQuality, RuleQuality
from xinrong.collect.models.receipts import Receipt
from xinrong.collect.quality.alarms import settle
from xinrong.collect.quality.causes import Cause, causes_of
from xinrong.collect.quality.departure import departure
from xinrong.collect.quality.history import History, counted_shapes, history_of, standing
from xinrong.collect.quality.meter import Meter, RuleCount
from xinrong.domain.clock import day_in_china


@dataclass(frozen=True)
class FieldReport:
    """One field: its counts, its profile and what is suspicious about it."""

    field: str
    required: bool
    rows: int
    filled: int
    broken: int
    profile: dict[str, Any]
    suspicion: dict[str, Any]


@dataclass(frozen=True)
class QualityReport:
    """Everything measured of one file before it commits; `save` writes it in the transaction.

    Only what the comparison with the store finds, conflicts, is known later than that.
    """

    meter: Meter
    fields: tuple[FieldReport, ...]
    columns: tuple[str, ...]
    history: History

    @classmethod
    def of(cls, meter: Meter, columns: Sequence[str]) -> QualityReport:
        """Profile the sample and compare it with the feed's history."""
        profiles, numbers = meter.profiles()
        history = history_of(meter.feed, meter.contract, profiles=bool(profiles))
        made = []
        for name, count in meter.fields.items():
            content: dict[str, Any] = {}
            suspicion: dict[str, Any] = {}
            if name in profiles:
                profile = profiles[name]
                content = profile.as_json()
                shapes = {
                    **counted_shapes(count.rows, count.filled, count.broken),
                    **profile.shapes,
                }
                found = departure(shapes, history.fields.get(name, []))
                if found:
                    suspicion = asdict(found)
                    if found.shape in profile.codes:
                        suspicion["rows"] = profile.rows_with(found.shape, found.code, numbers)
            made.append(
                FieldReport(
                    name, count.required, count.rows, count.filled, count.broken, content, suspicion
                )
            )
        return cls(meter, tuple(made), tuple(columns), history)

    def save(
        self, receipt: Receipt, conflicts: Sequence[int], erased: Sequence[int] = ()
    ) -> BatchQuality:
        """Write the measurements of a receipt, and open and close the alarms of its feed.

        May be called again when the transaction before failed.
        """
        quality = self._batch(receipt, len(conflicts))
        quality.save()
        FieldQuality.objects.bulk_create(
            FieldQuality(quality=quality, usual=not one.suspicion, **asdict(one))
            for one in self.fields
        )
        rules = dict(self.meter.rules)
        if conflicts:
            rules[str(Rule.CONFLICT), ""] = RuleCount(len(conflicts), len(conflicts), conflicts[0])
        if erased:
            rules[str(Rule.ERASED), ""] = RuleCount(len(erased), 0, erased[0])
        RuleQuality.objects.bulk_create(
            RuleQuality(quality=quality, rule=rule, field=name, **asdict(count))
            for (rule, name), count in rules.items()
        )
        settle(receipt, self._causes(receipt))
        return quality

    def _causes(self, receipt: Receipt) -> list[Cause]:
        return causes_of(
            self.history,
            columns=self.columns,
            rows=receipt.rows_in,
            suspicions={one.field: one.suspicion for one in self.fields if one.suspicion},
        )

    def _batch(self, receipt: Receipt, conflicts: int) -> BatchQuality:
        feed, lag = self.meter.feed, self.meter.lag
        day = day_in_china(receipt.received_at)
        before = last_day_of(feed.feed, receipt.received_at)
        gap = None if before is None or feed.by_platform else (day - before).days
        return BatchQuality(
            receipt=receipt,
            feed=feed.feed,
            category=receipt.category,
            department=receipt.department,
            day=day,
            conflicts=conflicts,
            judged=self.meter.rows,
            lag_rows=lag.rows,
            lag_days=lag.days,
            late_rows=lag.late,
            gap_days=gap,
            on_time=None if gap is None else gap <= feed.freshness.stale_after_days,
            columns=list(self.columns),
        )


def last_day_of(feed: str, before: datetime) -> date | None:
    """The day of the latest standing batch of a feed that came before a moment."""
    found = standing().filter(feed=feed, receipt__received_at__lt=before).order_by("-day")
    return found.values_list("day", flat=True).first()
