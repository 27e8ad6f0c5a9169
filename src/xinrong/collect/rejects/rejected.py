"""Rows that are not accepted, written beside the upload that is still open.

A file may be bad from end to end, and its rows must neither fill the memory nor be written while
the commit holds the ledger. So they go to the database as they are met, under the number of the
open batch. They count for nobody until the receipt of that number is there, and are removed when
it never comes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connections, router, transaction

from xinrong.collect.judging.rules import Problem
from xinrong.collect.models import QuarantinedRow, Receipt
from xinrong.domain.uscc import LENGTH, is_lawful, is_personal_id
from xinrong.store import services as store

#: Written in place of what the platform may not keep, such as a citizen's identity number.
REMOVED = "[removed]"
#: Rows, and characters of them, that are held before they are written.
WRITTEN_AT_ONCE = 5_000
HELD_CHARACTERS = 8 << 20
#: A batch that was opened so long ago and is not committed was left behind by a killed process.
LEFT_BEHIND = timedelta(days=1)
#: Eighteen characters that may be a citizen's identity number, written together or in groups.
_EIGHTEEN = re.compile(r"(?<![0-9A-Za-z])(?:[0-9] ?){17}[0-9Xx](?![0-9A-Za-z])")
_TABLE = "collect_quarantinedrow"
_COLUMNS = "receipt_id, row_no, problems, original"

#: A row as the database takes it: row number, and problems and cells as JSON.
Entry = tuple[int, str, str]


@dataclass(frozen=True)
class Rejected:
    """A row that is not accepted: everything that is wrong with it, and the row as it came."""

    row_no: int
    problems: tuple[Problem, ...]
    original: dict[str, str]

    def as_entry(self) -> Entry:
        """The row as it is written."""
        problems = [problem.as_json() for problem in self.problems]
        return self.row_no, _json(problems), _json(self.original)


class Quarantine:
    """The rejected rows of one open batch. `flush` before the receipt, `discard` without one."""

    def __init__(self, batch: int) -> None:
        self.batch = batch
        self._held: list[Entry] = []
        self._size = 0
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, rows: Iterable[Rejected]) -> None:
        """Take more rows; what is held is written when it grows large."""
        for row in rows:
            entry = row.as_entry()
            self._held.append(entry)
            self._size += len(entry[1]) + len(entry[2])
            self._count += 1
            if len(self._held) >= WRITTEN_AT_ONCE or self._size >= HELD_CHARACTERS:
                self.flush()

    def flush(self) -> None:
        """Write what is held."""
        if self._held:
            write_entries(self.batch, self._held)
        self._held, self._size = [], 0

    def discard(self) -> None:
        """Remove what was written: the batch will not come."""
        self._held, self._size, self._count = [], 0, 0
        QuarantinedRow.written.filter(receipt_id=self.batch).delete()


def write_entries(batch: int, entries: Iterable[Entry]) -> None:
    """Write rows under a batch's number, many at once and past the query builder."""
    connection = connections[router.db_for_write(QuarantinedRow)]
    rows = ((batch, *entry) for entry in entries)
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {_TABLE} ({_COLUMNS}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            insert = f"INSERT INTO {_TABLE} ({_COLUMNS}) VALUES (%s, %s, %s, %s)"  # noqa: S608
            cursor.executemany(insert, list(rows))


def remove_left_behind(now: datetime) -> int:
    """Remove rows of batches that a killed process left open; the number of such batches.

    An intake that is alive after all cannot commit any more: its batch is gone.
    """
    open_batches = store.Batch.objects.filter(seq=None, received_at__lt=now - LEFT_BEHIND)
    numbers = list(open_batches.values_list("pk", flat=True))
    for number in numbers:
        if not Receipt.objects.filter(batch=number).exists():
            Quarantine(number).discard()
            store.Batch.objects.filter(pk=number, seq=None).delete()
    return len(numbers)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def as_sent(cells: Mapping[str, str | None]) -> dict[str, str]:
    """A row as it came, in a form that every database keeps; identity numbers taken out."""
    return {name: _kept(cell) for name, cell in cells.items() if cell}


def _kept(cell: str) -> str:
    if len(cell) >= LENGTH:
        cell = _EIGHTEEN.sub(_without_identity, cell)
    elif cell.isascii() and cell.isprintable():
        return cell
    return cell.replace("\x00", "\u2400").encode("utf-8", "replace").decode("utf-8")


def _without_identity(found: re.Match[str]) -> str:
    number = found[0].replace(" ", "").upper()
    return REMOVED if is_personal_id(number) and not is_lawful(number) else found[0]
