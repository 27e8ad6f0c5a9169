"""One file from its bytes to the store: read, judge, stage, commit with its receipt.

The receipt, the records and the links of their subjects commit in one transaction, so that rows
in = accepted + quarantined + duplicates holds of what is really there. Quarantined rows are
written before, under the number of the open batch, and count from the receipt on.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from xinrong.catalogue.contract import Contract
from xinrong.catalogue.feed import Feed
from xinrong.collect.ahead import in_order
from xinrong.collect.errors import FileChanged
from xinrong.collect.judging.columns import Plan, plan_columns
from xinrong.collect.judging.judge import Judge, Looked
from xinrong.collect.judging.rules import Problem, Rule, problem
from xinrong.collect.models import Receipt
from xinrong.collect.quality.report import QualityReport
from xinrong.collect.readers import Note, RawChunk, RowFault, RowSource
from xinrong.collect.register.taking import RegisterTaking
from xinrong.collect.rejects.rejected import (
    Quarantine,
    Rejected,
    as_sent,
    remove_left_behind,
    write_entries,
)
from xinrong.collect.renaming import Renaming, open_sent
from xinrong.domain.clock import day_in_china
from xinrong.domain.errors import Place
from xinrong.domain.text import Text
from xinrong.store import services as store
from xinrong.subjects.services import link_new

#: Told after each chunk how many rows were read so far.
Progress = Callable[[int], None]
Stamp = tuple[int, int]
CHUNK_ROWS = 50_000


def stamp_of(path: Path) -> Stamp:
    """Size and time of change of a file: other when somebody wrote to it."""
    found = path.stat()
    return found.st_size, found.st_mtime_ns


class _Staging(store.Writer):
    """A writer that has rows in conflict put aside, before the transaction begins.

    They are read again beside the writing, which asks nothing of the database either.
    """

    def __init__(
        self,
        batch: store.Batch,
        read: Callable[[store.Delta], list[Rejected]],
        put_aside: Callable[[list[Rejected]], None],
    ) -> None:
        super().__init__(batch)
        self._read, self._put_aside = read, put_aside

    def prepare(self, delta: store.Delta) -> None:
        with ThreadPoolExecutor(1) as beside:
            reading = beside.submit(self._read, delta)
            super().prepare(delta)
            self._put_aside(reading.result())


@dataclass
class Tally:
    """What was seen of a file, row by row of those offered to the store (their ordinals)."""

    subjects: list[npt.NDArray[np.int64]] = field(default_factory=list)
    parties: list[npt.NDArray[np.int64]] = field(default_factory=list)
    repaired: list[npt.NDArray[np.bool_]] = field(default_factory=list)
    older_numbers: int = 0

    def accepted(
        self, delta: store.Delta
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], int]:
        """Subjects row by row, distinct counterparties and repaired codes of rows written."""
        keep = delta.kept()
        if not len(keep):
            return np.zeros(0, np.int64), np.zeros(0, np.int64), 0
        parties = np.concatenate(self.parties)[keep]
        return (
            np.concatenate(self.subjects)[keep],
            np.unique(parties[parties != 0]),
            int(np.concatenate(self.repaired)[keep].sum()),
        )


class Intake:
    """Takes one file of one feed. `take` is called once."""

    def __init__(
        self,
        path: Path,
        feed: Feed,
        contract: Contract,
        *,
        region: str,
        received_at: datetime,
        stamp: Stamp,
        renamed: Renaming | None = None,
        unless: Callable[[], None] = lambda: None,
    ) -> None:
        """`unless` runs first in the commit's transaction; what it raises stops the commit."""
        self.path = path
        self.feed = feed
        self.contract = contract
        self.region = region
        self.received_at = received_at
        self.stamp = stamp
        self.renamed = dict(renamed or {})
        self.unless = unless
        self.register: RegisterTaking | None = None
        self._conflicts_written = False

    def take(self, source_digest: str, progress: Progress | None) -> Receipt:
        """Read, judge and commit. Raises FileError when the file as a whole is refused."""
        started = time.monotonic()
        remove_left_behind(self.received_at)
        source = self.open()
        plan = plan_columns(self.feed, self.contract, source.columns, self.path.name)
        judge = Judge(self.feed, self.contract, plan, day_in_china(self.received_at))
        if self.feed.register_feed:
            self.register = RegisterTaking(self.feed, self.contract, plan, source, self.path)
        batch = store.open_batch(
            feed=self.feed.feed,
            category=self.contract.category,
            department=self.feed.department,
            source_name=self.path.name,
            source_digest=source_digest,
            received_at=self.received_at,
        )
        self.tally, self.quarantine = Tally(), Quarantine(batch.pk)
        made: list[Receipt] = []
        out = _Staging(batch, self._conflicts, self._put_aside)
        try:
            for table in self._judged(source, judge, progress):
                out.add(table)
            quality = QualityReport.of(judge.meter, source.columns)
            if self.register is not None:
                self.register.settle(source_digest)

            def inside(delta: store.Delta, done: store.Committed) -> None:
                self.unless()
                made[:] = [self._receipt(source, plan, judge, delta, done, source_digest)]
                made[0].seconds = round(time.monotonic() - started, 3)
                self.write(made[0], delta)
                quality.save(made[0], delta.conflicts, delta.erased)
                self._link(judge, delta, done)

            store.commit_batch(out, self.received_at, inside)
        except BaseException:
            self.quarantine.discard()
            store.Batch.objects.filter(pk=batch.pk, seq=None).delete()
            raise
        finally:
            out.discard()
        return made[0]

    def open(self) -> RowSource:
        """The rows as they were sent; asked for again when rows are in conflict."""
        return open_sent(self.path, self.feed, self.renamed)

    def check(self) -> None:
        """Raises FileChanged when what was read is no longer what is there."""
        if stamp_of(self.path) != self.stamp:
            raise self._changed()

    def _judged(
        self, source: RowSource, judge: Judge, progress: Progress | None
    ) -> Iterator[pa.Table]:
        tally, rows = self.tally, 0

        def look(chunk: RawChunk) -> tuple[RawChunk, Looked | None]:
            if not chunk.cells.num_rows:
                return chunk, None
            return chunk, judge.look(chunk.cells, pa.array(chunk.row_no))

        for chunk, looked in in_order(source.chunks(CHUNK_ROWS), look):
            self.quarantine.add(_of_fault(fault, source.columns) for fault in chunk.faults)
            judge.meter.faults((one.row_no, f"row_{one.problem}") for one in chunk.faults)
            if looked is not None:
                judged = judge.settle(looked)
                if self.register is not None:
                    judged = self.register.sift(chunk, looked, judged)
                self.quarantine.add(judged.rejected)
                tally.subjects.append(judged.table["subject"].to_numpy())
                parties = judged.table["counterparty"].fill_null(0).to_numpy()
                tally.parties.append(parties)
                tally.repaired.append(judged.repaired)
                tally.older_numbers += judged.older_numbers
                if judged.table.num_rows:
                    yield judged.table
            rows += chunk.cells.num_rows + len(chunk.faults)
            if progress:
                progress(rows)
        self.quarantine.flush()
        self.check()

    def _put_aside(self, rows: list[Rejected]) -> None:
        """Quarantine rows in conflict with others of the file, while nothing is locked.

        Which they are follows from the file alone: the same at every attempt to commit.
        """
        self._conflicts_written = True
        self.quarantine.add(rows)
        self.quarantine.flush()

    def _receipt(
        self,
        source: RowSource,
        plan: Plan,
        judge: Judge,
        delta: store.Delta,
        done: store.Committed,
        source_digest: str,
    ) -> Receipt:
        subjects, _, repaired = self.tally.accepted(delta)
        unlinked = np.isin(subjects, np.fromiter(judge.book.unlinked, np.int64))
        return Receipt(
            batch=done.batch,
            region=self.region,
            feed=self.feed.feed,
            feed_version=self.feed.version,
            category=self.contract.category,
            contract_version=self.contract.version,
            department=self.feed.department,
            source_name=self.path.name,
            source_digest=source_digest,
            rows_in=source.rows_in,
            accepted=done.rows,
            corrected=done.corrected,
            quarantined=len(self.quarantine) + len(delta.erased),
            duplicates=len(delta.duplicates),
            unlinked=int(unlinked.sum()),
            repaired=repaired,
            blank=source.blank,
            notes=[note_json(note) for note in self._notes(source, plan, judge, repaired)],
            renamed=self.renamed,
            received_at=self.received_at,
            seconds=0.0,
        )

    def _notes(self, source: RowSource, plan: Plan, judge: Judge, repaired: int) -> list[Note]:
        notes = [*source.notes, *plan.notes, *judge.notes()]
        if repaired:
            text = Text(
                zh="统一社会信用代码有可以确定的小错（全角、小写、空格、O 与 0 等），已更正。",
                en="Codes had slips that can be meant in one way only (full-width or small "
                "letters, spaces, O for 0); they were put right.",
            )
            notes.append(Note("codes_repaired", text, repaired))
        if self.register is not None:
            notes += self.register.notes
        if self.tally.older_numbers:
            text = Text(
                zh="代码列填的是旧注册号或组织机构代码，按名称登记，待与企业关联。",
                en="The code column held an older number; these rows are kept under their names "
                "until they are linked.",
            )
            notes.append(Note("older_numbers", text, self.tally.older_numbers))
        return notes

    def write(self, receipt: Receipt, delta: store.Delta) -> None:
        """What is kept beside the records, in their transaction; a road adds its own rows."""
        receipt.save()
        erased = (problem(Rule.ERASED, ""),)
        rows = (Rejected(number, erased, {}) for number in delta.erased)
        write_entries(receipt.batch, (row.as_entry() for row in rows))

    def _changed(self) -> FileChanged:
        return FileChanged(
            "The file changed while it was being read.",
            place=Place(file=self.path.name),
            remedy="Copy it to a folder that nothing writes to, and send it again.",
        )

    def _conflicts(self, delta: store.Delta) -> list[Rejected]:
        """The rows in conflict with another row of the file, read once more for their cells."""
        wanted = pa.array(delta.conflicts, pa.int32())
        if not len(wanted) or self._conflicts_written:
            return []
        conflict = (problem(Rule.CONFLICT, ""),)
        found: list[Rejected] = []
        for chunk in self.open().chunks(CHUNK_ROWS):
            here = np.flatnonzero(np.isin(chunk.row_no, wanted.to_numpy()))
            rows = chunk.cells.take(pa.array(here)).to_pylist()
            numbers = chunk.row_no[here].tolist()
            found += [
                Rejected(number, conflict, as_sent(cells))
                for number, cells in zip(numbers, rows, strict=True)
            ]
        if len(found) != len(wanted):
            raise self._changed()
        return found

    def _link(self, judge: Judge, delta: store.Delta, done: store.Committed) -> None:
        """Link the subjects of accepted rows; a counterparty is never made by a register."""
        subjects, parties, _ = self.tally.accepted(delta)
        owners = {int(one) for one in np.unique(subjects)}
        names = judge.book.names
        if self.register is not None:
            self.register.write(done.batch, done.seq, (*delta.conflicts, *delta.erased))
        else:
            link_new({one: names.get(one, "") for one in owners}, done.seq, register=False)
        others = [int(one) for one in parties if int(one) not in owners]
        if others:
            link_new({one: names.get(one, "") for one in others}, done.seq, register=False)


def _of_fault(fault: RowFault, columns: tuple[str, ...]) -> Rejected:
    """A row that could not be put under the headings; cells beyond them are numbered."""
    cells = {
        columns[number] if number < len(columns) else f"+{number + 1 - len(columns)}": cell
        for number, cell in enumerate(fault.original)
    }
    wrong = Problem(f"row_{fault.problem}", fault.column, fault.words)
    return Rejected(fault.row_no, (wrong,), as_sent(cells))


def note_json(note: Note) -> dict[str, str | int]:
    """A note as the receipt keeps it."""
    return {"code": note.code, "zh": note.text.zh, "en": note.text.en, "count": note.count}
