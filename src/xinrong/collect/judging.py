"""One chunk judged: sound rows become canonical, the others are put aside with reasons."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from xinrong.catalogue.contract import Contract, FieldType
from xinrong.catalogue.feed import Feed
from xinrong.collect.canonical import Sound, canonical
from xinrong.collect.columns import Plan
from xinrong.collect.identity import OwnerReader, Owners, SubjectBook, identity_of
from xinrong.collect.reading import FieldReader
from xinrong.collect.rejected import Rejected, as_sent
from xinrong.collect.values import FINE, Column


@dataclass(frozen=True)
class Judged:
    """One chunk after judging. `repaired` marks rows of `table` whose code was repaired."""

    table: pa.Table
    repaired: npt.NDArray[np.bool_]
    older_numbers: int
    rejected: list[Rejected]


class Judge:
    """Judges the chunks of one file of one feed; `today` is the day of receipt in China."""

    def __init__(self, feed: Feed, contract: Contract, plan: Plan, today: date) -> None:
        self.contract = contract
        self.plan = plan
        self.book = SubjectBook(feed.department)
        self._owners = OwnerReader(feed.department)
        self._readers = [FieldReader(entry.field, entry.source, today) for entry in plan.fields]

    def judge(self, cells: pa.Table, row_no: pa.Array) -> Judged:
        """Judge rows; `cells` holds the file's own columns as strings."""
        owners = self._owners.read(cells, self.plan)
        columns = {"subject": owners.column()}
        for entry, reader in zip(self.plan.fields, self._readers, strict=True):
            columns[entry.field.name] = reader.read(entry.text(cells))
        bad = np.zeros(cells.num_rows, np.bool_)
        for column in columns.values():
            bad |= column.broken != FINE
        table = self._canonical(columns, owners, row_no, ~bad)
        older = owners.rows_where("older_number") & ~bad
        return Judged(
            table,
            owners.rows_where("repaired")[~bad],
            int(older.sum()),
            list(_rejected(cells, row_no, columns, np.flatnonzero(bad))),
        )

    def _canonical(
        self,
        columns: dict[str, Column],
        owners: Owners,
        row_no: pa.Array,
        sound: npt.NDArray[np.bool_],
    ) -> pa.Table:
        whole = bool(sound.all())
        keep = pa.array(sound)
        values = {
            name: column.values if whole else column.values.filter(keep)
            for name, column in columns.items()
        }
        owner = values.pop("subject")
        parties, numbers = self._parties(values, len(owner))
        rows = Sound(row_no if whole else row_no.filter(keep), owner, values, parties)
        return canonical(self.contract, rows, self._subjects(owners, sound), numbers)

    def _subjects(self, owners: Owners, sound: npt.NDArray[np.bool_]) -> pa.Array:
        """Numbers of the owners of the sound rows; only these enter the book."""
        which = owners.which[sound]
        used = np.unique(which)
        numbers = np.zeros(len(owners.distinct), np.int64)
        numbers[used] = self.book.enter([owners.distinct[place] for place in used])
        return pa.array(numbers[which])

    def _parties(self, values: dict[str, pa.Array], rows: int) -> tuple[pa.Array, pa.Array]:
        """Key texts and numbers of the counterparties, if the contract has a field for one."""
        for field in self.contract.fields:
            if field.type is FieldType.ENTERPRISE and field.name in values:
                encoded = values[field.name].dictionary_encode()
                texts = encoded.dictionary.to_pylist()
                number_of = self.book.enter_texts(texts)
                keys = [identity_of(text, self.book.department).key for text in texts]
                numbers = pa.array([number_of[text] for text in texts], pa.int64())
                return pa.array(keys, pa.string()).take(encoded.indices), numbers.take(
                    encoded.indices
                )
        return pa.nulls(rows, pa.string()), pa.nulls(rows, pa.int64())


def _rejected(
    cells: pa.Table, row_no: pa.Array, columns: dict[str, Column], rows: npt.NDArray[np.intp]
) -> Iterator[Rejected]:
    if not len(rows):
        return
    originals = cells.take(pa.array(rows)).to_pylist()
    numbers = row_no.take(pa.array(rows)).to_pylist()
    for row, number, original in zip(rows, numbers, originals, strict=True):
        found = (column.problem_at(int(row)) for column in columns.values())
        problems = tuple(problem for problem in found if problem is not None)
        yield Rejected(number, problems, as_sent(original))
