"""Records of an enterprise and of those that it follows: joined in time, each saying of whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from xinrong.files.building import FileBuilder, FileRows
from xinrong.files.products import FileProduct, Slice, departments_of
from xinrong.files.types import ComprehensiveInformation, FileRecord
from xinrong.store.services import Snapshot, newest_first
from xinrong.subjects.services import as_known_at, predecessors_of
from xinrong.trust.services import Permits


@dataclass(frozen=True)
class Whose:
    """An enterprise whose records are joined: how, and from which day it was followed."""

    enterprise: int
    code: str
    name: str
    kind: str
    on: date | None


@dataclass(frozen=True)
class JoinedInformation(ComprehensiveInformation):
    """Query service 2 over several: `enterprise` of a record says of whom it is.

    The coverage is that of the one asked about; `counted` are the categories of the others that
    the total rests on.
    """

    predecessors: tuple[Whose, ...]
    counted: tuple[tuple[int, str], ...]

    def drawn_from(self) -> set[tuple[int, str]]:
        return super().drawn_from() | set(self.counted)


@dataclass(frozen=True)
class JoinedRecords(FileProduct):
    """The records of `enterprise` and of those among the asked about that it follows."""

    name: ClassVar[str] = "joined"
    enterprise: int
    part: Slice
    offset: int = 0
    limit: int = 50

    @property
    def parameters(self) -> dict[str, str | int]:
        """Whose records are joined, filters and page as well."""
        page = {"offset": self.offset, "limit": self.limit, "enterprise": self.enterprise}
        return {**super().parameters, **self.part.parameters(self.region), **page}

    def read(
        self, snapshot: Snapshot, about: tuple[int, ...], permits: Permits
    ) -> JoinedInformation:
        found = predecessors_of(self.enterprise, seq=snapshot.seq, using=snapshot.using)
        joined = [one for one in found if one.enterprise.pk in about]
        named = [as_known_at(one.enterprise, snapshot.seq, using=snapshot.using) for one in joined]
        numbers = (self.enterprise, *(one.enterprise.pk for one in joined))
        opened = [self.open(snapshot, (number,), permits) for number in numbers]
        table = pa.concat_tables(
            [rows.table for _builder, rows in opened], promote_options="default"
        )
        departments = departments_of(snapshot, table) if self.part.department else {}
        fitting = self.part.of(newest_first(table), departments)
        builder, own = opened[0]
        return JoinedInformation(
            enterprise=self.enterprise,
            records=_records(opened, fitting.slice(self.offset, self.limit)),
            total=len(fitting),
            offset=self.offset,
            undated_withheld=sum(rows.undated.total() for _builder, rows in opened),
            expired_withheld=sum(rows.expired.total() for _builder, rows in opened),
            coverage=builder.coverage(own),
            predecessors=tuple(
                Whose(who.pk, who.code, who.name, one.succession.kind, one.succession.on)
                for who, one in zip(named, joined, strict=True)
            ),
            counted=tuple(
                sorted(
                    (each.enterprise, category)
                    for each, rows in opened[1:]
                    for category in pc.unique(rows.table["category"]).to_pylist()
                )
            ),
        )


def _records(
    opened: Sequence[tuple[FileBuilder, FileRows]], table: pa.Table
) -> tuple[FileRecord, ...]:
    """Rows as records in their order, each by the builder, and so the permits, of its own."""
    records: dict[int, FileRecord] = {}
    for builder, rows in opened:
        own = pc.is_in(table["subject"], pc.unique(rows.table["subject"]))
        places = pc.indices_nonzero(own)
        records |= zip(places.to_pylist(), builder.records(table.take(places)), strict=True)
    return tuple(records[place] for place in sorted(records))
