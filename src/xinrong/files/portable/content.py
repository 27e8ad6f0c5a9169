"""The product of a portable report: an enterprise's own file, as far as it chose.

It reads at the level of others, not at the enterprise's own: fields deeper than the choice are
masked here, and a counterparty is named only where it is open, for the report is made to be shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from xinrong.domain.canonical import canonical_json
from xinrong.domain.money import yuan
from xinrong.domain.text import Text
from xinrong.files.building import FileBuilder
from xinrong.files.portable.choosing import Choice
from xinrong.files.products import Basic, FileProduct
from xinrong.files.types import (
    ABSENT,
    NO_DAYS,
    Coverage,
    FileContent,
    FileRecord,
    NameOnFile,
    field_in_slot,
)
from xinrong.store.services import Snapshot
from xinrong.subjects.services import enterprise_by_id, known_at
from xinrong.trust.services import Permits
from xinrong.trust.types import Piece

#: Records of one sign in a report, the newest first; it says how many there are besides.
MOST_EACH = 400
#: Sums in a report.
MOST_SUMS = 400
POLARITY = {"negative": -1, "other": 0, "positive": 1}


@dataclass(frozen=True)
class YearSum:
    """What the records of one category come to in one year; `amount` in yuan."""

    category: str
    title: Text
    year: int | None  # None: undated
    records: int
    amount: Decimal | None
    objected: int | None = field(default=None, metadata=ABSENT)  # of them, under objection


@dataclass(frozen=True)
class Held:
    """The records of one sign, and how many there are beyond them."""

    records: tuple[FileRecord, ...] = ()
    more: int = 0


NONE_HELD = Held()


@dataclass(frozen=True)
class OwnCopy(FileContent):
    """What goes into a report. Parts that were not chosen are empty."""

    enterprise: int
    code: str
    name: str
    kind: str
    registration: FileRecord | None
    names: tuple[NameOnFile, ...]
    negative: Held
    positive: Held
    other: Held
    figures: tuple[YearSum, ...]
    undated: int  # negative, without a date: never shown as negative
    coverage: Coverage

    def held(self, part: str) -> Held:
        """The records of a part."""
        held: Held = getattr(self, part)
        return held

    def all_records(self) -> tuple[FileRecord, ...]:
        first = (self.registration,) if self.registration else ()
        return (*first, *self.negative.records, *self.positive.records, *self.other.records)

    def drawn_from(self) -> set[tuple[int, str]]:
        found = {(self.enterprise, name.category) for name in self.names}
        found |= {(self.enterprise, one.category) for one in self.figures}
        return super().drawn_from() | found

    def shown_fields(self) -> set[tuple[int, str, str]]:
        found = super().shown_fields()
        for one in self.figures:
            found |= {(self.enterprise, one.category, field) for field in behind(one)}
        return found

    def pieces(self) -> Iterable[Piece]:
        yield from super().pieces()
        for name in self.names:
            day, sender = name.origin.received_on, name.origin.department
            yield Piece(self.enterprise, name.category, sender, day, day)
        for one in self.figures:
            first, last = (date(one.year, 1, 1), date(one.year, 12, 31)) if one.year else NO_DAYS
            yield Piece(self.enterprise, one.category, "", first, last, frozenset(behind(one)))

    def spelled(self) -> bytes:
        return canonical_json(self.payload())


def behind(one: YearSum) -> Iterator[str]:
    """The fields of the contract that a sum shows."""
    for slot, value in (("event_date", one.year), ("amount", one.amount)):
        name = field_in_slot(one.category, slot)
        if name and value is not None:
            yield name


@dataclass(frozen=True)
class OwnCopies(FileProduct):
    """Reads it, for one day and one choice; `choice_digest` is what the audit row keeps of it."""

    name: ClassVar[str] = "own_copy"

    choice: Choice
    choice_digest: str
    limit: int = MOST_EACH

    @property
    def parameters(self) -> dict[str, str | int]:
        """The day, and the digest of the choice: `files.reproducing` finds it by that."""
        kept = {"choice": self.choice_digest}
        return {"product": self.name, "day": self.today.isoformat(), **kept}

    def read(self, snapshot: Snapshot, about: tuple[int, ...], permits: Permits) -> OwnCopy:
        with known_at(about[0], snapshot.seq, snapshot.using):
            return self._read(snapshot, about, narrowed(permits, about[0], self.choice.level))

    def _read(self, snapshot: Snapshot, about: tuple[int, ...], permits: Permits) -> OwnCopy:
        builder, rows = self.open(snapshot, about, permits)
        enterprise = enterprise_by_id(builder.enterprise, seq=snapshot.seq, using=snapshot.using)
        basic, chosen = Basic(self.today), self.choice.parts
        registers = pa.array(basic.registers, pa.string())
        is_register = pc.is_in(rows.table["category"], registers)
        entries = builder.records(rows.table.filter(is_register).slice(0, 1))
        table = rows.table.filter(pc.invert(is_register))
        kept = self._chosen(table)
        return OwnCopy(
            enterprise=enterprise.pk,
            code=enterprise.code,
            name=enterprise.name,
            kind=enterprise.kind,
            registration=entries[0] if entries and "register" in chosen else None,
            names=basic.names(builder) if "register" in chosen else (),
            # What speaks against it is whole: no category is left out of it.
            negative=self._held(builder, table, "negative"),
            positive=self._held(builder, kept, "positive"),
            other=self._held(builder, kept, "other"),
            figures=self._sums(builder, kept) if "figures" in chosen else (),
            undated=rows.undated.total(),
            coverage=builder.coverage(rows),
        )

    def _chosen(self, table: pa.Table) -> pa.Table:
        """Without the categories that were left out."""
        without = pa.array(sorted(self.choice.without), pa.string())
        return table.filter(pc.invert(pc.is_in(table["category"], without)))

    def _held(self, builder: FileBuilder, table: pa.Table, part: str) -> Held:
        if part not in self.choice.parts:
            return NONE_HELD
        fitting = table.filter(pc.equal(table["polarity"], POLARITY[part]))
        records = builder.records(fitting.slice(0, self.limit))
        return Held(records, max(len(fitting) - self.limit, 0))

    def _sums(self, builder: FileBuilder, table: pa.Table) -> tuple[YearSum, ...]:
        """What is not negative, by category and year, the latest year first."""
        table = table.filter(pc.greater_equal(table["polarity"], 0))
        years = pc.year(table["event_date"]).to_pylist()
        held = zip(table["category"].to_pylist(), years, table["amount"].to_pylist(), strict=True)
        found: dict[tuple[str, int | None], tuple[int, int | None]] = {}
        for category, year, fen in held:
            number, sum_ = found.get((category, year), (0, None))
            found[category, year] = number + 1, sum_ if fen is None else (sum_ or 0) + fen
        rows = sorted(found.items(), key=lambda row: (row[0][0], -(row[0][1] or 0)))
        under = builder.under_objection(table)
        both = under["category"].to_pylist(), pc.year(under["event_date"]).to_pylist()
        objected = Counter(zip(*both, strict=True))
        return tuple(
            YearSum(
                category,
                self.region.contracts[category].title,
                year,
                number,
                None if fen is None else yuan(fen),
                objected.get((category, year)),
            )
            for (category, year), (number, fen) in rows[:MOST_SUMS]
        )


def narrowed(permits: Permits, enterprise: int, level: int) -> Permits:
    """The permits of an enterprise about itself, for what it shows to others.

    No deeper than `level`; counterparties as in anybody's file.
    """
    found = {
        name: replace(permit, max_level=min(permit.max_level, level))
        for name, permit in permits.by_enterprise[enterprise].items()
    }
    return Permits({enterprise: found}, all_parties=False, parties=permits.parties)
