"""The product of a paper: a whole file in one release, each record once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from xinrong.files.products import Basic, FileProduct
from xinrong.files.types import Coverage, FileContent, FileRecord, NameOnFile
from xinrong.store.services import Snapshot
from xinrong.subjects.services import enterprise_by_id
from xinrong.trust.services import Permits
from xinrong.trust.types import Piece

#: Records on one paper, the newest first; it says how many there are besides.
MOST_ON_PAPER = 3_000


@dataclass(frozen=True)
class WholeFile(FileContent):
    """What stands on a paper: who it is, and every record that the viewer may see."""

    enterprise: int
    code: str
    name: str
    kind: str
    provisional: bool
    cancelled: bool
    cancelled_on: date | None
    names: tuple[NameOnFile, ...]
    registration: FileRecord | None  # the newest registration record
    records: tuple[FileRecord, ...]  # all others, newest first, undated ones last
    total: int  # records that may be shown, the registration among them
    undated_withheld: int  # negative, without a date: never shown as negative
    expired_withheld: int  # negative, past its display period
    coverage: Coverage

    def all_records(self) -> tuple[FileRecord, ...]:
        return (self.registration, *self.records) if self.registration else self.records

    def drawn_from(self) -> set[tuple[int, str]]:
        named = {(self.enterprise, name.category) for name in self.names}
        return super().drawn_from() | named

    def pieces(self) -> Iterable[Piece]:
        yield from super().pieces()
        for name in self.names:
            day, sender = name.origin.received_on, name.origin.department
            yield Piece(self.enterprise, name.category, sender, day, day)


@dataclass(frozen=True)
class Whole(FileProduct):
    """Reads it: the newest `limit` records."""

    name: ClassVar[str] = "paper"
    limit: int = MOST_ON_PAPER

    @property
    def parameters(self) -> dict[str, str | int]:
        """What the audit row keeps of it."""
        return {"product": self.name, "day": self.today.isoformat(), "limit": self.limit}

    def read(self, snapshot: Snapshot, about: tuple[int, ...], permits: Permits) -> WholeFile:
        builder, rows = self.open(snapshot, about, permits)
        enterprise = enterprise_by_id(builder.enterprise, using=snapshot.using)
        basic = Basic(self.today)
        registers = pa.array(basic.registers, pa.string())
        entries = rows.table.filter(pc.is_in(rows.table["category"], registers))
        first = next(iter(builder.records(entries.slice(0, 1))), None)
        others = builder.records(rows.table.slice(0, self.limit))
        return WholeFile(
            enterprise=enterprise.pk,
            code=enterprise.code,
            name=enterprise.name,
            kind=enterprise.kind,
            provisional=enterprise.provisional,
            cancelled=enterprise.cancelled,
            cancelled_on=enterprise.cancelled_on,
            names=basic.names(builder),
            registration=first,
            records=tuple(one for one in others if first is None or one.ref != first.ref),
            total=len(rows.table),
            undated_withheld=rows.undated.total(),
            expired_withheld=rows.expired.total(),
            coverage=builder.coverage(rows),
        )
