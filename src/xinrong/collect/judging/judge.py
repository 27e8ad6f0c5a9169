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
from xinrong.collect.judging.canonical import Sound, numbered, told
from xinrong.collect.judging.columns import Plan
from xinrong.collect.judging.identity import Owner, OwnerReader, SubjectBook, identity_of
from xinrong.collect.judging.reading import FieldReader
from xinrong.collect.judging.values import FINE, Column
from xinrong.collect.quality.meter import Measured, Meter
from xinrong.collect.readers import Note
from xinrong.collect.rejects.rejected import Rejected, as_sent


@dataclass(frozen=True)
class Looked:
    """One chunk judged by itself; only the numbers of its subjects are still to be asked for.

    `told` are the canonical columns of the sound rows, `which` the place of each one's owner in
    `owners`, `party` the place of each one's counterparty in `parties`.
    """

    told: dict[str, pa.Array]
    which: npt.NDArray[np.int64]
    owners: list[Owner]
    party: pa.Array
    parties: list[str]
    repaired: npt.NDArray[np.bool_]
    older_numbers: int
    rejected: list[Rejected]
    measured: Measured


@dataclass(frozen=True)
class Judged:
    """One chunk after judging. `repaired` marks rows of `table` whose code was repaired."""

    table: pa.Table
    repaired: npt.NDArray[np.bool_]
    older_numbers: int
    rejected: list[Rejected]


class Judge:
    """Judges the chunks of one file of one feed; `today` is the day of receipt in China.

    `look` may run in several threads at once, `settle` in that of the database's connection.
    """

    def __init__(self, feed: Feed, contract: Contract, plan: Plan, today: date) -> None:
        self.contract = contract
        self.plan = plan
        self.book = SubjectBook(feed.department)
        self.meter = Meter(feed, contract, plan, today)
        self._owners = OwnerReader(feed.department)
        self._readers = [FieldReader(entry.field, entry.source, today) for entry in plan.fields]

    def judge(self, cells: pa.Table, row_no: pa.Array) -> Judged:
        """Judge rows; `cells` holds the file's own columns as strings."""
        return self.settle(self.look(cells, row_no))

    def look(self, cells: pa.Table, row_no: pa.Array) -> Looked:
        """Everything about a chunk that needs no database."""
        owners = self._owners.read(cells, self.plan)
        columns = {"subject": owners.column()}
        for entry, reader in zip(self.plan.fields, self._readers, strict=True):
            columns[entry.field.name] = reader.read(entry.text(cells))
        bad = np.zeros(cells.num_rows, np.bool_)
        for column in columns.values():
            if column.problems:
                bad |= column.broken != FINE
        rows, party, parties = self._sound(columns, row_no, ~bad)
        older = owners.rows_where("older_number") & ~bad
        return Looked(
            told(self.contract, rows),
            owners.which[~bad],
            owners.distinct,
            party,
            parties,
            owners.rows_where("repaired")[~bad],
            int(older.sum()),
            list(_rejected(cells, row_no, columns, np.flatnonzero(bad))),
            self.meter.look(cells, row_no, columns),
        )

    def notes(self) -> list[Note]:
        """What the sender should know of cells that were read, but not as they stand there."""
        return [note for reader in self._readers for note in reader.notes()]

    def settle(self, looked: Looked) -> Judged:
        """The chunk with the numbers of its subjects, which are made when they are new."""
        self.meter.add(looked.measured)
        used = np.unique(looked.which)
        numbers = np.zeros(len(looked.owners), np.int64)
        numbers[used] = self.book.enter([looked.owners[place] for place in used])
        number_of = self.book.enter_texts(looked.parties) if looked.parties else {}
        parties = pa.array([number_of[text] for text in looked.parties], pa.int64())
        table = numbered(looked.told, pa.array(numbers[looked.which]), parties.take(looked.party))
        return Judged(table, looked.repaired, looked.older_numbers, looked.rejected)

    def _sound(
        self, columns: dict[str, Column], row_no: pa.Array, sound: npt.NDArray[np.bool_]
    ) -> tuple[Sound, pa.Array, list[str]]:
        """The sound rows, and their counterparties as `parse_enterprise` gives them."""
        whole = bool(sound.all())
        keep = pa.array(sound)
        values = {
            name: column.values if whole else column.values.filter(keep)
            for name, column in columns.items()
        }
        owner = values.pop("subject")
        keys, party, parties = self._parties(values, len(owner))
        return Sound(row_no if whole else row_no.filter(keep), owner, values, keys), party, parties

    def _parties(
        self, values: dict[str, pa.Array], rows: int
    ) -> tuple[pa.Array, pa.Array, list[str]]:
        """Key texts of the counterparties, their places in a list, and the list."""
        for field in self.contract.fields:
            if field.type is FieldType.ENTERPRISE and field.name in values:
                encoded = values[field.name].dictionary_encode()
                texts = encoded.dictionary.to_pylist()
                keys = [identity_of(text, self.book.department).key for text in texts]
                return pa.array(keys, pa.string()).take(encoded.indices), encoded.indices, texts
        return pa.nulls(rows, pa.string()), pa.nulls(rows, pa.int32()), []


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
