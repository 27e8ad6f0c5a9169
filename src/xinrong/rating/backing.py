"""The records behind the reasons of a grade, as far as the viewer may know of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from xinrong.catalogue.contract import Contract
from xinrong.files.services import is_open, objections_in
from xinrong.files.types import Objection
from xinrong.profiles.services import Drawn, columns, load_indicators, records_behind
from xinrong.store.services import BatchInfo, Snapshot
from xinrong.trust.services import Permits
from xinrong.trust.types import Piece

Objections = Mapping[tuple[str, int], Objection]  # by category and key
#: So many records are named behind one reason, the newest ones; all are counted.
NAMED = 3


@dataclass(frozen=True)
class Named:
    """A record behind a reason. `ref` is its name in the file; `day` is None where it is hidden.

    `sign` is that of its polarity; `seq` that of the commit that brought it. `objection` is what
    stands beside it in the file.
    """

    ref: str
    category: str
    department: str
    day: date | None
    polarity: int
    seq: int
    objection: Objection | None = None


@dataclass(frozen=True)
class Backing:
    """The records behind one reason: how many there are, and the newest that may be named.

    `objected` counts those under objection, as far as the viewer may see them.
    """

    number: int
    newest: tuple[Named, ...]
    objected: int = 0

    @property
    def unnamed(self) -> int:
        """How many there are besides those that are named."""
        return self.number - len(self.newest)


class Backer:
    """Finds the records behind the columns of one grade."""

    def __init__(self, enterprise: int, snapshot: Snapshot, permits: Permits, region: str) -> None:
        self.enterprise, self.snapshot, self.permits = enterprise, snapshot, permits
        self.contracts = load_indicators(region).region.contracts

    def of(self, names: Iterable[str], as_of: date, among: frozenset[str]) -> dict[str, Backing]:
        """Column -> its records. A viewer who may not see one learns only that there is one."""
        found = records_behind(self.enterprise, self.snapshot, as_of, frozenset(names), among=among)
        told = objections_in(self.snapshot.marks(_records_of(found.values())))
        return {
            name: Backing(len(one), tuple(self._named(one, told)), self._objected(one, told))
            for name, one in found.items()
        }

    def _named(self, drawn: tuple[Drawn, ...], told: Objections) -> Iterator[Named]:
        for one in drawn[:NAMED]:
            info, level = self._batch_of(one), self._level_of(one)
            if not level:
                continue
            shown = dated_at(self.contracts[one.category])[1] <= level
            day = one.day if shown else None
            objection = told.get((one.category, one.key))
            named = one.ref, one.category, info.department, day, one.polarity, info.seq
            yield Named(*named, objection)

    def _objected(self, drawn: tuple[Drawn, ...], told: Objections) -> int:
        """How many are under objection, of those that the viewer may see."""
        return sum(
            is_open(told.get((one.category, one.key))) and self._level_of(one) > 0 for one in drawn
        )

    def _batch_of(self, one: Drawn) -> BatchInfo:
        return self.snapshot.batch_infos([one.batch])[one.batch]

    def _level_of(self, one: Drawn) -> int:
        """The level up to which the viewer sees a record; 0: not at all."""
        permit = self.permits.permit(self.enterprise, one.category)
        sender = self._batch_of(one).department
        return permit.level_of(sender, one.day, one.day) if permit.allowed else 0


def _records_of(found: Iterable[tuple[Drawn, ...]]) -> pa.Table:
    """Category and key of all the records, each once."""
    records = sorted({(one.category, one.key) for drawn in found for one in drawn})
    categories, keys = zip(*records, strict=True) if records else ((), ())
    return pa.table(
        {"category": pa.array(categories, pa.string()), "key": pa.array(keys, pa.int64())}
    )


def dated_at(contract: Contract) -> tuple[str, int]:
    """The field of a category that has the day of its event, and its level."""
    field = next(field for field in contract.fields if field.slot == "event_date")
    return field.name, field.level


def shown_in(
    enterprise: int, backings: Mapping[str, Backing], region: str
) -> Iterator[tuple[tuple[int, str, str], Piece]]:
    """Each record that is named: the field that stands in it, and the piece that the gate checks.

    The field is "" where even its day is hidden.
    """
    contracts = load_indicators(region).region.contracts
    for backing in backings.values():
        for one in backing.newest:
            name = dated_at(contracts[one.category])[0] if one.day else ""
            fields = frozenset({name} if name else ())
            piece = Piece(enterprise, one.category, one.department, one.day, one.day, fields)
            yield (enterprise, one.category, name), piece


def category_of(column: str) -> str:
    """The category that a column reads."""
    return columns()[column].category
