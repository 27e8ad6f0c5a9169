"""The four products that `trust.disclose` releases: one class per query service."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings

from xinrong.catalogue.region import Region, load_region
from xinrong.domain.money import yuan
from xinrong.files.building import FileBuilder, FileRows
from xinrong.files.cells import Cell, cells_of
from xinrong.files.standing import columns_for, registers_of, signed_in
from xinrong.files.types import (
    SIGNS,
    BasicInformation,
    ComprehensiveInformation,
    CreditCube,
    CubeCell,
    NameOnFile,
    PositiveNegative,
    Sign,
)
from xinrong.store.services import Snapshot, newest_first
from xinrong.subjects.services import (
    enterprise_by_id,
    known_at,
    names_of_enterprise,
    subjects_of,
)
from xinrong.trust.services import UNKNOWN_CODE, Permits


@dataclass(frozen=True)
class FileProduct:
    """What the four have in common: one enterprise, as it may be shown on one day."""

    today: date
    name: ClassVar[str] = ""  # in audit rows, for good

    @property
    def kind(self) -> str:
        return "record"

    @property
    def parameters(self) -> dict[str, str | int]:
        """What the audit row keeps of it: `files.reproducing` makes the same product of them."""
        named: dict[str, str | int] = {"product": self.name} if self.name else {}
        return {**named, "day": self.today.isoformat()}

    @property
    def region(self) -> Region:
        return load_region(settings.REGION)

    @property
    def ordered(self) -> bool:
        """Whether this service needs the rows newest first."""
        return True

    @property
    def columns(self) -> tuple[str, ...] | None:
        """The columns that this service reads beside those that every one does; None: all."""
        return None

    def open(
        self, snapshot: Snapshot, about: tuple[int, ...], permits: Permits, *, whole: bool = False
    ) -> tuple[FileBuilder, FileRows]:
        """The builder and the rows of the one enterprise asked about, `whole` with all columns."""
        (enterprise,) = about
        builder = FileBuilder(self.region, snapshot, permits, enterprise, self.today)
        subjects = subjects_of([enterprise], seq=snapshot.seq, using=snapshot.using)
        columns = None if whole else self.columns
        return builder, builder.read(subjects[enterprise], columns, ordered=self.ordered)


@dataclass(frozen=True)
class Basic(FileProduct):
    """Basic information: who it is, under which names, by which register entry."""

    name: ClassVar[str] = "basic"

    @property
    def registers(self) -> list[str]:
        """The categories that register feeds fill."""
        return registers_of(self.region)

    @property
    def ordered(self) -> bool:
        """Only the entries of registers are put in order."""
        return False

    @property
    def columns(self) -> tuple[str, ...]:
        """Those in which the register's fields lie."""
        return columns_for(self.region, self.registers)

    def read(
        self, snapshot: Snapshot, about: tuple[int, ...], permits: Permits
    ) -> BasicInformation:
        with known_at(about[0], snapshot.seq, snapshot.using):
            return self.made(snapshot, *self.open(snapshot, about, permits))

    def made(self, snapshot: Snapshot, builder: FileBuilder, rows: FileRows) -> BasicInformation:
        """What was read, as it is shown."""
        enterprise = enterprise_by_id(builder.enterprise, seq=snapshot.seq, using=snapshot.using)
        newest = builder.records(newest_of(rows.table, self.registers))
        return BasicInformation(
            enterprise=enterprise.pk,
            code=enterprise.code,
            name=enterprise.name,
            kind=enterprise.kind,
            provisional=enterprise.provisional,
            names=self.names(builder),
            registration=newest[0] if newest else None,
            coverage=builder.coverage(rows),
        )

    def names(self, builder: FileBuilder) -> tuple[NameOnFile, ...]:
        """The names under which permitted categories came, oldest first."""
        snapshot, enterprise = builder.snapshot, builder.enterprise
        found = names_of_enterprise(enterprise, seq=snapshot.seq, using=snapshot.using)
        infos = snapshot.batch_infos_of_seqs([seq for _, seq in found])
        allowed = set(builder.permits.allowed(enterprise))
        told = [
            NameOnFile(name, infos[seq].category, builder.origin(infos[seq], 0))
            for name, seq in found
            if seq in infos and infos[seq].category in allowed
        ]
        return tuple(
            one
            for one in told
            if builder.level_of(one.category, one.origin.department, one.origin.received_on)
        )


def newest_of(table: pa.Table, categories: Collection[str]) -> pa.Table:
    """The newest row of some categories, or none: mostly there is one, which is not moved."""
    held = table["category"].to_pylist()
    places = [place for place, category in enumerate(held) if category in categories]
    if len(places) < 2:
        return table.slice(places[0] if places else 0, len(places))
    return newest_first(table.take(pa.array(places))).slice(0, 1)


@dataclass(frozen=True)
class Slice:
    """Which records of a file: the drill-down of the cube uses the same four as its cells."""

    category: str = ""
    department: str = ""
    sign: Sign | None = None
    year: int | None = None
    undated: bool = False

    def parameters(self, region: Region) -> dict[str, str | int]:
        """The filters that are set; a code that the catalogue does not know is not written down."""
        found: dict[str, str | int] = {}
        if self.category:
            known = self.category in region.contracts
            found["category"] = self.category if known else UNKNOWN_CODE
        if self.department:
            known = self.department in region.departments
            found["department"] = self.department if known else UNKNOWN_CODE
        if self.sign is not None:
            found["sign"] = self.sign.value
        if self.year is not None:
            found["year"] = self.year
        if self.undated:
            found["undated"] = 1
        return found

    def of(self, table: pa.Table, departments: dict[int, str]) -> pa.Table:
        """The rows that fit."""
        if self.category:
            table = table.filter(pc.equal(table["category"], self.category))
        if self.sign is not None:
            polarity = next(number for number, sign in SIGNS.items() if sign == self.sign)
            table = table.filter(pc.equal(table["polarity"], polarity))
        if self.year is not None:
            table = table.filter(pc.equal(pc.year(table["event_date"]), self.year))
        if self.undated:
            table = table.filter(pc.is_null(table["event_date"]))
        if self.department:
            fits = [number for number, name in departments.items() if name == self.department]
            table = table.filter(pc.is_in(table["batch"], pa.array(fits, pa.int32())))
        return table


@dataclass(frozen=True)
class Comprehensive(FileProduct):
    """Comprehensive information: the records, newest first, a page at a time."""

    name: ClassVar[str] = "comprehensive"
    part: Slice
    offset: int = 0
    limit: int = 50

    @property
    def parameters(self) -> dict[str, str | int]:
        """Filters and page as well."""
        page = {"offset": self.offset, "limit": self.limit}
        return {**super().parameters, **self.part.parameters(self.region), **page}

    def read(
        self, snapshot: Snapshot, about: tuple[int, ...], permits: Permits
    ) -> ComprehensiveInformation:
        builder, rows = self.open(snapshot, about, permits)
        departments = departments_of(snapshot, rows.table) if self.part.department else {}
        fitting = self.part.of(rows.table, departments)
        return ComprehensiveInformation(
            enterprise=builder.enterprise,
            records=builder.sheet(fitting.slice(self.offset, self.limit)),
            total=len(fitting),
            offset=self.offset,
            undated_withheld=rows.undated.total(),
            expired_withheld=rows.expired.total(),
            coverage=builder.coverage(rows),
        )


def departments_of(snapshot: Snapshot, table: pa.Table) -> dict[int, str]:
    """Batch → the department that sent it, of the rows of a table."""
    infos = snapshot.batch_infos(pc.unique(table["batch"]).to_pylist())
    return {batch: info.department for batch, info in infos.items()}


@dataclass(frozen=True)
class Cube(FileProduct):
    """The credit cube: category × time × department × sign."""

    name: ClassVar[str] = "cube"

    @property
    def columns(self) -> tuple[str, ...]:
        """The sums."""
        return ("amount",)

    def read(self, snapshot: Snapshot, about: tuple[int, ...], permits: Permits) -> CreditCube:
        builder, rows = self.open(snapshot, about, permits)
        departments = departments_of(snapshot, rows.table)
        objected = {
            cell[:4]: cell.records
            for cell in cells_of(builder.under_objection(rows.table), departments)
        }
        found = cells_of(rows.table, departments)
        cells = tuple(cell_of(cell, objected.get(cell[:4])) for cell in found)
        return CreditCube(
            enterprise=builder.enterprise,
            cells=cells,
            categories={
                cell.category: self.region.contracts[cell.category].title for cell in cells
            },
            departments={
                cell.department: self.region.departments[cell.department].title for cell in cells
            },
            coverage=builder.coverage(rows),
        )


def cell_of(cell: Cell, objected: int | None) -> CubeCell:
    """A cell as it is shown, with how many of its records are under objection."""
    return CubeCell(
        category=cell.category,
        year=cell.year,
        department=cell.department,
        sign=SIGNS[cell.polarity],
        records=cell.records,
        amount=None if cell.fen is None else yuan(cell.fen),
        objected=objected,
    )


@dataclass(frozen=True)
class Signs(FileProduct):
    """Positive and negative information: red and black apart, newest first."""

    name: ClassVar[str] = "signs"

    @property
    def ordered(self) -> bool:
        """Red and black are put in order apart."""
        return False

    @property
    def columns(self) -> tuple[str, ...]:
        """Those of the categories that may speak for or against an enterprise."""
        return columns_for(self.region, signed_in(self.region))

    def read(
        self, snapshot: Snapshot, about: tuple[int, ...], permits: Permits
    ) -> PositiveNegative:
        builder, rows = self.open(snapshot, about, permits)
        signed = signed_of(rows.table)
        if not set(signed["category"].to_pylist()) <= set(signed_in(self.region)):
            # Some came while the contract of their category still gave them a sign.
            builder, rows = self.open(snapshot, about, permits, whole=True)
            signed = signed_of(rows.table)
        red, black = (
            newest_first(signed.filter(mask))
            for mask in (pc.greater(signed["polarity"], 0), pc.less(signed["polarity"], 0))
        )
        return PositiveNegative(
            enterprise=builder.enterprise,
            red=builder.sheet(red),
            black=builder.sheet(black),
            undated_withheld=rows.undated.total(),
            expired_withheld=rows.expired.total(),
            coverage=builder.coverage(rows),
        )


def signed_of(table: pa.Table) -> pa.Table:
    """The rows that speak for or against the enterprise."""
    return table.filter(pc.not_equal(table["polarity"], 0))
