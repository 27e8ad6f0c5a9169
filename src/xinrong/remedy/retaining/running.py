"""A run of retention: range by range over the store, each act in a transaction with its count.

Whoever is killed goes on where it was: what is done is no longer found, so that doing it again
does nothing. One run is under way at a time; several processes may carry it on and step back for
each other. It never waits for a person: what the law ends, ends on its day.

What was suppressed because its display was over stays so when a later law shows such records for
longer: whose record it is was told that it ended, and a law has no effect on what had ended before
it. It is lifted only where the source has corrected the record since, and by its new dates and
today's law it may be shown.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from itertools import batched

from django.conf import settings
from django.db import IntegrityError, transaction

from xinrong.catalogue.law_terms import RecordLaw, record_law
from xinrong.catalogue.region import load_region
from xinrong.collect.services import erase_records, erasure_orders, finish_erasures
from xinrong.domain.clock import CHINA, Clock, FixedClock, day_in_china
from xinrong.domain.law import Limit
from xinrong.remedy.retaining.certifying import certify
from xinrong.remedy.retaining.correcting import corrected
from xinrong.remedy.retaining.finding import Over, Owners, Sweep
from xinrong.remedy.retaining.models import RetentionRun
from xinrong.store import services as store

DISPLAY_OVER = "display_over"
#: What a run does, as its counts and its certificate name it.
SUPPRESSED, ERASED, LIFTED = "suppressed", "erased", "lifted"
#: Records suppressed in one transaction: profiles and files follow commit by commit.
AT_ONCE = 1_000
#: Seconds of work after which a task lets others have the worker; the next one goes on.
PATIENCE = 60.0
LONGEST_ARTICLE = 200
#: Hours in China in which few people wait for a table.
NIGHT = range(1, 5)


@dataclass
class Run:
    """One run with what it needs: the law of its day, the owners of its snapshot."""

    row: RetentionRun
    clock: Clock
    law: RecordLaw | None = None
    sweep: Sweep = field(init=False)

    def __post_init__(self) -> None:
        region = load_region(settings.REGION)
        self.sweep = Sweep(region, self.law or record_law(region), self.row.day)

    def step(self) -> bool:
        """Carry out one range; whether another one is left."""
        with store.snapshot() as shown:
            owners = Owners.of(shown)
            low = self.row.place
            high = min(low + self.sweep.step(shown), store.bucket_count()) - 1
            display = self.sweep.display(shown, owners, low, high)
        with store.snapshot(suppressed=True) as whole:
            retention = self.sweep.retention(whole, owners, low, high)
            lifts = corrected(self.sweep, whole, owners, _since(self.row)) if low == 0 else []
        gone = {(one.record.category, one.record.key) for one in retention}
        self._lift(lifts)
        self._suppress(one for one in display if (one.record.category, one.record.key) not in gone)
        self._erase(retention)
        return self._move_on(low, high + 1)

    # -- acts -------------------------------------------------------------------------------

    def _suppress(self, found: Iterable[Over]) -> None:
        for (category, limit), records in _by_rule(found).items():
            for few in batched(records, AT_ONCE):
                act = partial(self._suppressed, few, limit)
                self._act(SUPPRESSED, category, limit.name, few, act)

    def _suppressed(self, records: Sequence[Over], limit: Limit) -> None:
        seq = store.suppress(
            [one.record for one in records],
            basis=DISPLAY_OVER,
            article=limit.words[:LONGEST_ARTICLE],
            reason=self._reason(limit),
            at=self.clock.now(),
        )
        self.row.seqs.append(seq)

    def _lift(self, records: Sequence[store.RecordId]) -> None:
        by_category: dict[str, list[store.RecordId]] = defaultdict(list)
        for record in records:
            by_category[record.category].append(record)
        for category, held in by_category.items():
            for few in batched(held, AT_ONCE):
                self._act(LIFTED, category, "", few, partial(self._lifted, few))

    def _lifted(self, records: Sequence[store.RecordId]) -> None:
        reason = f"corrected by its source: retention run {self.row.pk}"
        seq = store.lift(records, basis=DISPLAY_OVER, reason=reason, at=self.clock.now())
        self.row.seqs.append(seq)

    def _erase(self, found: Sequence[Over]) -> None:
        by_owner: dict[tuple[int, str, Limit], list[Over]] = defaultdict(list)
        for one in found:
            by_owner[one.enterprise, one.record.category, one.limit].append(one)
        for (enterprise, category, limit), records in by_owner.items():
            act = partial(self._erased, enterprise, records, limit)
            self._act(ERASED, category, limit.name, records, act)

    def _erased(self, enterprise: int, records: Sequence[Over], limit: Limit) -> None:
        ids = [one.record for one in records]
        article, reason = limit.words[:LONGEST_ARTICLE], self._reason(limit)
        if not enterprise:  # linked to nobody: there is no order to be made about anybody
            seq = store.erase(ids, article=article, reason=reason, at=self.clock.now())
            self.row.seqs.append(seq)
            return
        order = erase_records(enterprise, ids, article=article, reason=reason, clock=self.clock)
        self.row.orders.append(order.pk)
        if order.seq is not None:
            self.row.seqs.append(order.seq)

    def _act(
        self, what: str, category: str, rule: str, records: Sequence[object], do: Callable[[], None]
    ) -> None:
        """Do something with its count, unless another process has carried the run on."""
        with transaction.atomic():
            now = RetentionRun.objects.select_for_update().get(pk=self.row.pk)
            if now.place != self.row.place or now.ended_at is not None:
                raise CarriedOn
            self.row.seqs, self.row.orders, self.row.done = now.seqs, now.orders, now.done
            do()
            _count(self.row.done, what, category, rule, len(records))
            self.row.save(update_fields=["seqs", "orders", "done"])

    def _move_on(self, low: int, place: int) -> bool:
        """Note that a range is done; whether there are more."""
        moved = RetentionRun.objects.filter(pk=self.row.pk, place=low, ended_at=None)
        if not moved.update(place=place, failure=""):
            raise CarriedOn
        self.row.place = place
        if place < store.bucket_count():
            return True
        with transaction.atomic():
            row = RetentionRun.objects.select_for_update().get(pk=self.row.pk)
            if row.ended_at is None:
                certify(row, self.sweep.law, now=self.clock.now())
            self.row = row
        return False

    def _reason(self, limit: Limit) -> str:
        return f"{limit.name or 'the contract'}: retention run {self.row.pk}"


class CarriedOn(Exception):
    """Another process has carried the run on meanwhile."""


def begin(now: datetime) -> RetentionRun:
    """The run that is under way, or a new one of today."""
    day = day_in_china(now)
    try:
        with transaction.atomic():
            return RetentionRun.objects.create(day=day, began_at=now, seq_before=store.last_seq())
    except IntegrityError:
        return RetentionRun.objects.get(open=True)


def is_due(today: date) -> bool:
    """Whether today's law has not been carried out yet."""
    if RetentionRun.objects.filter(open=True).exists():
        return True
    return not RetentionRun.objects.filter(day__gte=today).exists()


def run(
    clock: Clock, *, patience: float | None = None, law: RecordLaw | None = None
) -> RetentionRun:
    """Carry the run of today out, or for so many seconds; the run as it stands then.

    A run that was begun on an earlier day ends by the law of its day; the next one follows. What
    stops it is kept in `failure`, and raised.
    """
    began = time.monotonic()
    row = begin(clock.now())
    going = Run(row, clock, law)
    try:
        while going.step():
            if patience is not None and time.monotonic() - began > patience:
                break
    except CarriedOn:
        pass
    except Exception as error:
        kind = f"{type(error).__name__}: {error}"[:200]
        RetentionRun.objects.filter(pk=row.pk, ended_at=None).update(failure=kind)
        raise
    return RetentionRun.objects.get(pk=row.pk)


def keep(now: datetime) -> bool:
    """What the platform does by itself: today's run, once; whether anything was to be done.

    By night it rids the disks of what was erased, for which tables are locked for a while.
    """
    if is_due(day_in_china(now)):
        run(FixedClock(now), patience=PATIENCE)
        return True
    if now.astimezone(CHINA).hour in NIGHT and erasure_orders(open_only=True):
        finish_erasures(clock=FixedClock(now))
        return True
    return False


def _by_rule(found: Iterable[Over]) -> dict[tuple[str, Limit], list[Over]]:
    rules: dict[tuple[str, Limit], list[Over]] = defaultdict(list)
    for one in found:
        rules[one.record.category, one.limit].append(one)
    return rules


def _count(done: list[list[object]], what: str, category: str, rule: str, records: int) -> None:
    for row in done:
        if row[:3] == [what, category, rule]:
            row[3] = int(str(row[3])) + records
            return
    done.append([what, category, rule, records])


def _since(row: RetentionRun) -> int:
    """The seq after which corrections have not been looked at yet."""
    before = RetentionRun.objects.filter(pk__lt=row.pk).exclude(ended_at=None).first()
    return before.seq_before if before is not None else 0
