"""Who is meant by a name: what was sent under it, beside those whom it may mean.

For the person who decides. It is asked about those who may be meant, and each of them finds it in
who looked; what was sent under the name is shown as far as it would be in their files.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from xinrong.domain.names import fold
from xinrong.domain.text import Text
from xinrong.files.building import FileBuilder
from xinrong.files.products import Basic, FileProduct
from xinrong.files.types import FileContent, FileRecord, NameOnFile
from xinrong.store.services import Snapshot
from xinrong.subjects.services import (
    NamePeriod,
    enterprise_by_id,
    name_periods,
    subjects_of,
)
from xinrong.trust.services import Permits

#: So many records of a name are shown, the newest first.
RECORDS = 3


@dataclass(frozen=True)
class SentCategory:
    """How many records of a category came under the name."""

    category: str
    title: Text
    records: int


@dataclass(frozen=True)
class FormerName:
    """Another name that somebody who may be meant has or had; the days are the register's."""

    name: str
    since: date | None
    until: date | None
    received_on: date


@dataclass(frozen=True)
class MayBeMeant:
    """One who may be meant, as far as the viewer may see."""

    enterprise: int
    code: str
    name: str
    kind: str
    provisional: bool
    cancelled: bool
    cancelled_on: date | None
    names: tuple[FormerName, ...]
    registration: FileRecord | None
    drawn: tuple[str, ...]  # categories on which this rests


@dataclass(frozen=True)
class BothSides(FileContent):
    """What came under a name, and those who may be meant.

    `enterprise` is the one of them under whose permits the records of the name are shown.
    """

    enterprise: int
    subject: int
    counted: tuple[SentCategory, ...]
    records: tuple[FileRecord, ...]
    candidates: tuple[MayBeMeant, ...]

    def all_records(self) -> tuple[FileRecord, ...]:
        own = [one.registration for one in self.candidates if one.registration is not None]
        return (*self.records, *own)

    def drawn_from(self) -> set[tuple[int, str]]:
        drawn = {(self.enterprise, one.category) for one in self.counted}
        drawn |= {(record.enterprise, record.category) for record in self.all_records()}
        return drawn | {
            (one.enterprise, category) for one in self.candidates for category in one.drawn
        }


@dataclass(frozen=True)
class Meant(FileProduct):
    """Both sides of one subject; those asked about are those who may be meant."""

    name: ClassVar[str] = "meant"
    subject: int

    @property
    def parameters(self) -> dict[str, str | int]:
        """Whose name is asked about as well."""
        return {**super().parameters, "subject": self.subject}

    def read(self, snapshot: Snapshot, about: tuple[int, ...], permits: Permits) -> BothSides:
        periods: dict[int, list[NamePeriod]] = {}
        for period in name_periods(about):
            periods.setdefault(period.enterprise, []).append(period)
        asked = about[0]
        builder = FileBuilder(self.region, snapshot, permits, asked, self.today)
        rows = builder.read([self.subject])
        counts = Counter(rows.table["category"].to_pylist())
        return BothSides(
            enterprise=asked,
            subject=self.subject,
            counted=tuple(
                SentCategory(category, self.region.contracts[category].title, number)
                for category, number in counts.most_common()
            ),
            records=builder.records(rows.table.slice(0, RECORDS)),
            candidates=tuple(
                self._candidate(snapshot, one, permits, periods.get(one, [])) for one in about
            ),
        )

    def _candidate(
        self, snapshot: Snapshot, number: int, permits: Permits, periods: list[NamePeriod]
    ) -> MayBeMeant:
        basic = Basic(self.today)
        builder = FileBuilder(self.region, snapshot, permits, number, self.today)
        subjects = subjects_of([number], seq=snapshot.seq, using=snapshot.using)[number]
        rows = builder.read(subjects, basic.columns)
        registers = pa.array(basic.registers, pa.string())
        entries = rows.table.filter(pc.is_in(rows.table["category"], registers))
        newest = builder.records(entries.slice(0, 1))
        enterprise = enterprise_by_id(number, seq=snapshot.seq, using=snapshot.using)
        names = [one for one in basic.names(builder) if one.name != enterprise.name]
        return MayBeMeant(
            enterprise=number,
            code=enterprise.code,
            name=enterprise.name,
            kind=enterprise.kind,
            provisional=enterprise.provisional,
            cancelled=enterprise.cancelled,
            cancelled_on=enterprise.cancelled_on,
            names=tuple(_former(one, periods) for one in names),
            registration=newest[0] if newest else None,
            drawn=tuple(sorted({one.category for one in names})),
        )


def _former(name: NameOnFile, periods: list[NamePeriod]) -> FormerName:
    folded = fold(name.name)
    known = next((one for one in periods if one.folded == folded), None)
    since, until = (known.since, known.until) if known else (None, None)
    return FormerName(name.name, since, until, name.origin.received_on)
