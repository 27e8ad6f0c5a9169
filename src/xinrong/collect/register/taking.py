"""Taking in a file of the business register: all enterprises, or what changed since.

Beside the records, which any feed brings, such a file says which enterprises there are, under
which name, of which kind, and whether they still stand. A row that is older than what is known of
its enterprise is put aside, so that files may come late and in any order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from xinrong.catalogue.contract import Contract
from xinrong.catalogue.feed import Feed
from xinrong.catalogue.register import RegisterFile
from xinrong.collect.judging.columns import Plan, first_filled, flat
from xinrong.collect.judging.counterparties import LONGEST_NAME
from xinrong.collect.judging.judge import Judged, Looked
from xinrong.collect.judging.rules import Problem
from xinrong.collect.judging.values import tidy
from xinrong.collect.readers import Note, RawChunk, RowSource
from xinrong.collect.register import words
from xinrong.collect.register.absent import absent, refuse_too_many
from xinrong.collect.register.entries import Book, write_missing
from xinrong.collect.rejects.rejected import Rejected, as_sent
from xinrong.domain.dates import read_date
from xinrong.subjects.services import (
    Standing,
    follow_later,
    known_subjects,
    link_new,
    linked_among,
    record_standings,
)

type Ints = npt.NDArray[np.int64]
NOTHING = RegisterFile()
#: Note of a source of rejects that come back.
CORRECTED = "corrected_rejects"


class RegisterTaking:
    """What one file of a register feed says of enterprises. Used by one intake, once."""

    def __init__(
        self, feed: Feed, contract: Contract, plan: Plan, source: RowSource, path: Path
    ) -> None:
        """Raises FileError when a column that a delta needs is not in the file."""
        self.feed, self.contract, self.plan, self.file = feed, contract, plan, path.name
        columns = source.columns
        self.says = feed.register_file or NOTHING
        self.mode = self._mode(columns)
        if self.mode == "full" and not _whole(source, path):
            self.mode = "rows"
        self.book = Book(contract.category, feed.department)
        self.notes: list[Note] = []
        self.missing: list[int] = []
        order = self.says.order
        self._order = order if order is not None and order.column in columns else None
        self._parts: list[pa.Table] = []
        self._newest: dict[int, int] = {}  # subject -> order, of earlier chunks
        self._present: set[int] = set()  # subjects and keys of those whose rows are quarantined
        self._elsewhere: set[str] = set()
        self._floor: int | None = None
        self._asked = False

    def _mode(self, columns: Sequence[str]) -> str:
        mode, change = self.says.mode, self.says.change
        if mode == "either":
            mode = "delta" if change is not None and change.column in columns else "full"
        if mode == "delta":
            for column in self.says.columns:
                if column not in columns:
                    raise words.column_missing(column, self.file)
        return mode

    # -- row by row -------------------------------------------------------------------------

    def sift(self, chunk: RawChunk, looked: Looked, judged: Judged) -> Judged:
        """The chunk without the rows that are overtaken or do not say what happened when."""
        sound = set(np.unique(looked.which).tolist())
        self._elsewhere |= {
            one.key for place, one in enumerate(looked.owners) if one.key and place not in sound
        }
        table = judged.table
        if not table.num_rows:
            return judged
        at = np.searchsorted(chunk.row_no, table["row_no"].to_numpy())
        cells = chunk.cells.take(pa.array(at))
        subjects = table["subject"].to_numpy()
        change, problems = self._changes(cells)
        orders = self._orders(cells, problems)
        self._overtaken(subjects, orders, problems)
        bad = np.zeros(len(at), np.bool_)
        bad[list(problems)] = True
        self._remember(table, cells, change, orders, ~bad)
        if not problems:
            return judged
        self._present |= set(subjects[bad].tolist())
        rows = sorted(problems)
        sent = cells.take(pa.array(rows)).to_pylist()
        numbers = table["row_no"].to_pylist()
        rejected = [
            Rejected(numbers[row], (problems[row],), as_sent(cell))
            for row, cell in zip(rows, sent, strict=True)
        ]
        return replace(
            judged,
            table=table.filter(pa.array(~bad)),
            repaired=judged.repaired[~bad],
            rejected=[*judged.rejected, *rejected],
        )

    def _changes(self, cells: pa.Table) -> tuple[pa.Array, dict[int, Problem]]:
        """What happened by row, and the rows that do not say it."""
        change = self.says.change
        if self.mode != "delta" or change is None:
            return pa.nulls(cells.num_rows, pa.string()), {}
        encoded = tidy(flat(cells[change.column])).dictionary_encode()
        said = encoded.dictionary.to_pylist()
        meant = pa.array([change.values.get(word) for word in said], pa.string())
        found = meant.take(encoded.indices)
        lawful = tuple(change.values)
        texts = encoded.to_pylist()
        return found, {
            int(row): words.change_unknown(texts[row] or "", change.column, lawful)
            for row in np.flatnonzero(pc.is_null(found).to_numpy(zero_copy_only=False))
        }

    def _orders(self, cells: pa.Table, problems: dict[int, Problem]) -> Ints:
        """As of when by row (0 where nothing says so)."""
        if self._order is None:
            return np.zeros(cells.num_rows, np.int64)
        encoded = tidy(flat(cells[self._order.column])).fill_null("").dictionary_encode()
        texts = encoded.dictionary.to_pylist()
        values = np.array([self._ordinal(text) for text in texts], np.int64)
        orders: Ints = values[encoded.indices.to_numpy()]
        for row in np.flatnonzero(orders < 0):
            text = texts[encoded.indices[int(row)].as_py()]
            problems.setdefault(int(row), words.order_unreadable(text, self._order.column))
        return orders

    def _ordinal(self, text: str) -> int:
        if self._day:
            found = read_date(text).value
            return found.toordinal() if found is not None else -1
        return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else -1

    @property
    def _day(self) -> bool:
        return self._order is not None and self._order.kind == "day"

    def _overtaken(self, subjects: Ints, orders: Ints, problems: dict[int, Problem]) -> None:
        """Rows of whose enterprise something newer is known: earlier, or from this file."""
        if self._order is None or not len(orders):
            return
        if not self._asked:
            self._floor, self._asked = self.book.floor(), True
        newest = dict(self._newest)
        for subject, order in zip(subjects.tolist(), orders.tolist(), strict=True):
            if order > newest.get(subject, -1):
                newest[subject] = order
        known = self.book.newer_than(int(orders.min()))
        floor = -1 if self._floor is None or self.mode == "full" else self._floor
        for row, (subject, order) in enumerate(
            zip(subjects.tolist(), orders.tolist(), strict=True)
        ):
            newer = max(newest.get(subject, -1), known.get(subject, -1), floor)
            if newer > order >= 0:
                problems.setdefault(row, self._older(order, newer))
        self._newest = newest

    def _older(self, order: int, newer: int) -> Problem:
        assert self._order is not None
        was, now = (words.ordinal_words(one, day=self._day) for one in (order, newer))
        return words.overtaken(was, now, self._order.column)

    def _remember(
        self,
        table: pa.Table,
        cells: pa.Table,
        change: pa.Array,
        orders: Ints,
        keep: npt.NDArray[np.bool_],
    ) -> None:
        status = self.says.status
        gone = pa.array(np.zeros(len(table), np.bool_))
        since = pa.nulls(len(table), pa.date32())
        if status is not None:
            slot = self.contract.field(status.field).slot
            gone = pc.is_in(table[slot], pa.array(status.cancelled, pa.string()))
            if status.since:
                since = table[self.contract.field(status.since).slot]
        gone = pc.or_(gone, pc.equal(change.fill_null(""), "cancelled"))
        kind = pa.nulls(len(table), pa.string())
        if self.says.kind:
            kind = table[self.contract.field(self.says.kind).slot]
        part = pa.table(
            {
                "subject": table["subject"],
                "row_no": table["row_no"],
                "name": first_filled(cells, self.plan.name),
                "kind": kind,
                "gone": gone,
                "since": since,
                "change": change,
                "order": pa.array(orders),
            }
        )
        self._parts.append(part.filter(pa.array(keep)))

    # -- the whole file ---------------------------------------------------------------------

    def settle(self, source_digest: str) -> None:
        """Compare the file with what is known, before anything is locked.

        Raises FileError when a full file lacks more enterprises than the feed allows.
        """
        self._said = self._all()
        if self.mode == "full":
            present = self._present | set(self._said["subject"].to_pylist())
            present |= set(known_subjects(self._elsewhere).values())
            known = absent(self.says, self.contract, self.feed.department, present)
            self.missing = known.missing
            refuse_too_many(self.says, self.feed.feed, known, self.file, source_digest)
            if known.missing:
                self.notes.append(words.missing_enterprises(len(known.missing), known.known))
        elif self.mode == "delta":
            self._notice()

    def _notice(self) -> None:
        """Files that did not come, and enterprises that should have been known."""
        span, last = self.span, self.book.last()
        every = self.feed.freshness.every_days if self._day else 1
        if span is not None and last is not None and span[0] > last + every:
            self.notes.append(words.gap(last, span[0], day=self._day))
        old = self._said.filter(pc.not_equal(self._said["change"], "new"))["subject"].to_pylist()
        unknown = len(set(old) - linked_among(old))
        if unknown:
            self.notes.append(words.changed_unknown(unknown))

    def _all(self) -> pa.Table:
        """The last word on every enterprise."""
        if not self._parts:
            return _EMPTY
        table = pa.concat_tables(self._parts).combine_chunks()
        self._parts = []
        return table

    @property
    def span(self) -> tuple[int, int] | None:
        """As of when the file's first and last rows are; None when it does not say."""
        if self._order is None or not len(self._said):
            return None
        found = pc.min_max(self._said["order"]).as_py()
        return found["min"], found["max"]

    # -- inside the commit ------------------------------------------------------------------

    def write(self, batch: int, seq: int, without: Sequence[int]) -> None:
        """Enterprises as the register has them now; `without` are numbers of rows not taken in.

        Raises FileError when another file of the register committed something newer meanwhile.
        """
        said = self._said
        if len(without):
            out = pc.is_in(said["row_no"], pa.array(without, said["row_no"].type))
            said = said.filter(pc.invert(out))
        subjects = said["subject"].to_pylist()
        orders = said["order"].to_pylist()
        if self._order is not None and subjects:
            newer = self.book.newer_than(min(orders))
            if any(newer.get(one, -1) > at for one, at in zip(subjects, orders, strict=True)):
                raise words.overtaken_meanwhile(self.file)
        days = self._days(subjects, orders)
        names = [_name(text) for text in said["name"].to_pylist()]
        kinds = [self.says.kinds.get(kind, kind) for kind in said["kind"].to_pylist()]
        link_new(
            dict(zip(subjects, names, strict=True)),
            seq,
            register=True,
            kinds={one: kind for one, kind in zip(subjects, kinds, strict=True) if kind},
            days=days,
        )
        if self.says.status is not None or self.mode == "delta":
            gone, since = said["gone"].to_pylist(), said["since"].to_pylist()
            record_standings(
                {
                    one: Standing(bool(cancelled), when, days.get(one))
                    for one, cancelled, when in zip(subjects, gone, since, strict=True)
                },
                seq,
            )
        named = dict(zip(subjects, orders, strict=True)) if self.mode == "delta" else {}
        if self.mode != "rows":
            self.book.write(batch, self.mode, self.span, named)
        write_missing(batch, self.missing)
        follow_later()  # whoever acts for them may have to be confirmed

    def _days(self, subjects: list[int], orders: list[int]) -> dict[int, date]:
        if not self._day:
            return {}
        return {one: date.fromordinal(order) for one, order in zip(subjects, orders, strict=True)}


def _whole(source: RowSource, path: Path) -> bool:
    """Is this a file as the department sent it: no push, no rejects that come back corrected?"""
    return path.is_file() and all(note.code != CORRECTED for note in source.notes)


def _name(text: str | None) -> str:
    """A name that is kept (as `collect.identity` does)."""
    return text if text and len(text) <= LONGEST_NAME and any(map(str.isalnum, text)) else ""


_EMPTY = pa.table(
    {
        "subject": pa.array([], pa.int64()),
        "row_no": pa.array([], pa.int32()),
        "name": pa.array([], pa.string()),
        "kind": pa.array([], pa.string()),
        "gone": pa.array([], pa.bool_()),
        "since": pa.array([], pa.date32()),
        "change": pa.array([], pa.string()),
        "order": pa.array([], pa.int64()),
    }
)
