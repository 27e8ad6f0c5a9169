"""Seals audit rows: takes those without a seal, in the order of their ids, into the next block.

On PostgreSQL rows commit out of the order of their ids: row 8 may be there before row 7. So what
is sealed is not "all up to 8" but "whatever has no seal". A sealer remembers the ids that it has
passed and not seen (`gaps`) and looks for them again until they are too old to come; a whole
search at the start, and once an hour, finds whatever was still missed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, Max, OuterRef, QuerySet

from xinrong.domain.clock import Clock
from xinrong.trust.audit.spelling import FORMATS, NEWEST, row_digest, spell
from xinrong.trust.models import AuditRow
from xinrong.trust.sealing.chain import BEGINNING, block_body, head_of
from xinrong.trust.sealing.models import AuditBlock, AuditSeal

#: Rows of a block at most; a backlog becomes several blocks.
LARGEST_BLOCK = 5_000
#: How long an id that was passed is looked for again, and how many of them at most.
GAP_LASTS = timedelta(minutes=10)
MOST_GAPS = 1_000
#: How often all rows are searched for one without a seal.
SEARCH_EVERY = timedelta(hours=1)
#: Names the advisory lock of PostgreSQL under which one sealer works at a time.
LOCK = 0x5EA1


@dataclass
class Sealer:
    """Seals what is there, pass by pass. `mark` is the highest id that it has seen.

    `form` is the format of its blocks: the newest, unless a chain is made as it was made once.
    """

    clock: Clock
    mark: int = 0
    gaps: dict[int, datetime] = field(default_factory=dict)
    searched_at: datetime | None = None
    form: int = NEWEST

    def seal(self) -> int:
        """Seal every row that has no seal; returns how many. Zero when another sealer works."""
        sealed = 0
        while True:
            now = self.clock.now()
            if self.searched_at is None or now - self.searched_at >= SEARCH_EVERY:
                self._search_everything(now)
            elif not self._something_new():
                return sealed
            done = self._pass(now)
            if not done:
                return sealed
            sealed += done

    def _search_everything(self, now: datetime) -> None:
        """Begin anew: every id without a seal is looked for, and those passed a moment ago."""
        highest = AuditRow.objects.aggregate(highest=Max("pk"))["highest"] or 0
        recent = range(max(0, highest - MOST_GAPS) + 1, highest + 1)
        there = set(AuditRow.objects.filter(pk__gte=recent.start).values_list("pk", flat=True))
        unsealed = without_seal(AuditRow.objects.filter(pk__lte=highest)).values_list("pk")
        self.gaps = dict.fromkeys((number for number in recent if number not in there), now)
        self.mark, self.searched_at = highest, now
        oldest = unsealed.order_by("pk").first()
        if oldest is not None:
            self.mark = oldest[0] - 1

    def _something_new(self) -> bool:
        newer = AuditRow.objects.filter(pk__gt=self.mark)
        found = AuditRow.objects.filter(pk__in=list(self.gaps)) if self.gaps else None
        return newer.exists() or (found is not None and found.exists())

    def _pass(self, now: datetime) -> int:
        """Seal at most one block."""
        with transaction.atomic():
            if not alone():
                return 0
            rows = self._rows()
            if rows:
                append_block(rows, now, self.form)
        self._remember([row[0] for row in rows], now)
        return len(rows)

    def _rows(self) -> list[tuple[Any, ...]]:
        """The columns of rows without a seal, by id."""
        columns = FORMATS[self.form]
        newer = without_seal(AuditRow.objects.filter(pk__gt=self.mark)).order_by("pk")
        rows = list(newer.values_list(*columns)[:LARGEST_BLOCK])
        if self.gaps:
            late = without_seal(AuditRow.objects.filter(pk__in=list(self.gaps))).order_by("pk")
            rows = [*late.values_list(*columns), *rows]
        return rows

    def _remember(self, seen: list[int], now: datetime) -> None:
        """Move the mark, and keep the ids that were passed without being seen."""
        highest = max(seen, default=self.mark)
        if highest > self.mark:
            self.gaps.update(dict.fromkeys(self._passed(highest, seen), now))
            self.mark = highest
        for number in seen:
            self.gaps.pop(number, None)
        young = sorted(one for one, since in self.gaps.items() if since > now - GAP_LASTS)
        self.gaps = {one: self.gaps[one] for one in young[-MOST_GAPS:]}

    def _passed(self, highest: int, seen: list[int]) -> set[int]:
        """The ids between the mark and the highest that have no seal and were not seen."""
        first = max(self.mark + 1, highest - MOST_GAPS)
        missing = set(range(first, highest)) - set(seen)
        if missing:
            sealed = AuditSeal.objects.filter(row_id__gte=first, row_id__lt=highest)
            missing -= set(sealed.values_list("row_id", flat=True))
        return missing


def without_seal(rows: QuerySet[AuditRow]) -> QuerySet[AuditRow]:
    """Those of the rows that are in no block."""
    return rows.filter(~Exists(AuditSeal.objects.filter(row_id=OuterRef("pk"))))


def alone() -> bool:
    """Whether this transaction is the one that seals; the database lets go at its end.

    On SQLite a transaction that writes is alone by itself.
    """
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        [[taken]] = cursor.fetchall()
    return bool(taken)


def append_block(rows: Sequence[tuple[Any, ...]], now: datetime, form: int = NEWEST) -> AuditBlock:
    """Write the next block over rows, given their columns. The caller holds the lock."""
    last = AuditBlock.objects.order_by("-number").first()
    number, previous, total = (
        (last.number + 1, last.head, last.total) if last else (1, BEGINNING, 0)
    )
    digests = [(row[0], row_digest(spell(row, form))) for row in rows]
    body = block_body(number, previous, now, form, total + len(rows), digests)
    block = AuditBlock.objects.create(
        number=number,
        previous=previous,
        head=head_of(body),
        format=form,
        count=len(rows),
        total=total + len(rows),
        at=now,
    )
    AuditSeal.objects.bulk_create(
        AuditSeal(row_id=row, block=block, position=position, digest=digest)
        for position, (row, digest) in enumerate(digests)
    )
    return block
