"""Rows that are not accepted, held until they are written with their receipt.

A file may be bad from end to end, so they are held as lines of JSON that overflow into a
temporary file: memory stays bounded however many there are.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from xinrong.collect.models import QuarantinedRow, Receipt
from xinrong.collect.rules import Problem
from xinrong.domain.uscc import LENGTH, is_lawful, is_personal_id

#: Written in place of what the platform may not keep, such as a citizen's identity number.
REMOVED = "[removed]"
#: Bytes that are held in memory.
IN_MEMORY = 32 << 20
#: Eighteen characters that may be a citizen's identity number, written together or in groups.
_EIGHTEEN = re.compile(r"(?<![0-9A-Za-z])(?:[0-9] ?){17}[0-9Xx](?![0-9A-Za-z])")


@dataclass(frozen=True)
class Rejected:
    """A row that is not accepted: everything that is wrong with it, and the row as it came."""

    row_no: int
    problems: tuple[Problem, ...]
    original: dict[str, str]

    def as_line(self) -> str:
        """The row as one line of JSON."""
        problems = [problem.as_json() for problem in self.problems]
        return json.dumps([self.row_no, problems, self.original], ensure_ascii=False) + "\n"


class RejectedRows:
    """All rejected rows of one file, in the order in which they were met. Close it."""

    def __init__(self) -> None:
        self._held = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - see close
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._held.close()

    def add(self, rows: Iterable[Rejected]) -> None:
        """Hold more rows."""
        for row in rows:
            self._held.write(row.as_line().encode())
            self._count += 1

    def entries(self, receipt: Receipt) -> Iterator[QuarantinedRow]:
        """The rows as they are written for a receipt; may be asked for again."""
        self._held.seek(0)
        for line in self._held:
            yield entry(receipt, line.decode())
        self._held.seek(0, 2)


def entry(receipt: Receipt, line: str) -> QuarantinedRow:
    """A line of JSON as a row of the quarantine."""
    row_no, problems, original = json.loads(line)
    return QuarantinedRow(receipt=receipt, row_no=row_no, problems=problems, original=original)


def as_sent(cells: Mapping[str, str | None]) -> dict[str, str]:
    """A row as it came, in a form that every database keeps; identity numbers taken out."""
    return {name: _kept(cell) for name, cell in cells.items() if cell}


def _kept(cell: str) -> str:
    kept = _EIGHTEEN.sub(_without_identity, cell) if len(cell) >= LENGTH else cell
    return kept.replace("\x00", "\u2400").encode("utf-8", "replace").decode("utf-8")


def _without_identity(found: re.Match[str]) -> str:
    number = found[0].replace(" ", "").upper()
    return REMOVED if is_personal_id(number) and not is_lawful(number) else found[0]
