"""What a file would give, before anything is written.

The same readers, plan and judge as the intake's look at a sample, or at the whole file when it is
small. No subject, no batch and no record is made: subjects that the platform does not know yet
get numbers of their own, below zero, for the length of the preview.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import count
from pathlib import Path

import pyarrow as pa

from xinrong.catalogue.contract import Contract
from xinrong.catalogue.feed import Feed
from xinrong.catalogue.region import Region
from xinrong.collect.feeds import find_feed
from xinrong.collect.judging.columns import plan_columns
from xinrong.collect.judging.identity import Owner, SubjectBook, identity_of
from xinrong.collect.judging.judge import Judge
from xinrong.collect.judging.rules import Problem, Rule, problem
from xinrong.collect.preview.comparing import Compared, compare_sample
from xinrong.collect.preview.guessing import MissingColumn, missing_columns
from xinrong.collect.preview.sidebyside import PreviewRow, side_by_side
from xinrong.collect.readers import FileError, Note, RawChunk, RowSource
from xinrong.collect.readers.sniff import kind_of
from xinrong.collect.renaming import Renaming, corrected_layout, open_sent
from xinrong.domain.clock import Clock, day_in_china
from xinrong.subjects.services import known_subjects

#: Rows that are judged; a file with fewer is judged whole.
SAMPLE_ROWS = 5_000
SHOWN_ROWS = 3
EXAMPLES = 3
_CHUNK = 1_000


@dataclass(frozen=True)
class Recognised:
    """What the file is, as it was read."""

    format: str  # csv, tsv, xls, xlsx …
    encoding: str  # empty for what is no text
    sheet: str  # empty where there are none, or where it is the first
    header_rows: tuple[int, ...]
    size: int  # bytes


@dataclass(frozen=True)
class ReasonCount:
    """Why rows would be quarantined: the problem as one of them has it, and how many have it."""

    problem: Problem
    rows: int
    examples: tuple[int, ...]  # row numbers, as a spreadsheet counts


@dataclass
class Preview:
    """What taking the file in would give.

    `rows` were judged; they are the whole file when `whole`. `error` is why the file would be
    refused as it stands: then there are no counts, but perhaps headings, and columns to rename.
    `duplicates` and `corrected` were looked for among `compared` rows only.
    """

    feed: Feed
    contract: Contract
    recognised: Recognised
    headings: tuple[str, ...] = ()  # the file's own
    notes: tuple[Note, ...] = ()
    missing: tuple[MissingColumn, ...] = ()  # columns of the feed, before any renaming
    unknown: tuple[str, ...] = ()  # headings of the file, before any renaming
    rows: int = 0
    whole: bool = False
    rows_expected: int | None = None
    accepted: int = 0
    corrected: int = 0
    quarantined: int = 0
    duplicates: int = 0
    compared: int = 0
    reasons: tuple[ReasonCount, ...] = ()
    shown: tuple[PreviewRow, ...] = ()
    error: FileError | None = None


def preview_file(
    path: Path, feed: str, *, clock: Clock, region: Region, renamed: Renaming | None = None
) -> Preview:
    """Look at a file of a feed without writing anything.

    A file that would be refused gives a preview with its `error`. Raises UnknownFeed.
    """
    found = find_feed(region, feed)
    preview = Preview(found, region.contract_of(found), recognise(path, found))
    today = day_in_china(clock.now())
    try:
        plain = open_sent(path, found)
        preview.headings, preview.notes = plain.columns, tuple(plain.notes)
        sample = next(iter(plain.chunks(_CHUNK)), None)
        preview.missing, preview.unknown = missing_columns(
            found, preview.contract, plain.columns, sample.cells if sample else None, today
        )
        _Sample(preview, open_sent(path, found, renamed), today).judge()
    except FileError as error:
        preview.error = error
    return preview


def recognise(path: Path, feed: Feed) -> Recognised:
    """What the bytes are, and how they are read."""
    layout = corrected_layout(path) or feed.layout
    with path.open("rb") as stream:
        kind = kind_of(stream.read(4096))
    text = kind == "text"
    return Recognised(
        layout.format if text else kind,
        (layout.encoding or "utf-8") if text else "",
        "" if text else layout.sheet,
        layout.header_rows,
        path.stat().st_size,
    )


class _Sample:
    """The rows that are judged for one preview."""

    def __init__(self, preview: Preview, source: RowSource, today: date) -> None:
        self.preview = preview
        self.source = source
        self.plan = plan_columns(preview.feed, preview.contract, source.columns, source.file)
        self.judge_of_rows = Judge(preview.feed, preview.contract, self.plan, today)
        self.judge_of_rows.book = PreviewBook(preview.feed.department)
        self.today = today
        self.rejected: dict[int, tuple[Problem, ...]] = {}
        self.bytes = 0

    def judge(self) -> None:
        """Fill the preview in. Raises FileError."""
        preview = self.preview
        tables, first = [], None
        for chunk in self._chunks():
            first = first or chunk
            self.rejected |= {
                fault.row_no: (Problem(f"row_{fault.problem}", fault.column, fault.words),)
                for fault in chunk.faults
            }
            preview.rows += chunk.cells.num_rows + len(chunk.faults)
            if chunk.cells.num_rows:
                self.bytes += chunk.cells.nbytes
                judged = self.judge_of_rows.judge(chunk.cells, pa.array(chunk.row_no))
                self.rejected |= {one.row_no: one.problems for one in judged.rejected}
                tables.append(judged.table)
        preview.notes = (*self.source.notes, *self.plan.notes)
        compared = compare_sample(tables, preview.contract.category)
        conflict = (problem(Rule.CONFLICT, ""),)
        self.rejected |= dict.fromkeys(compared.conflicts, conflict)
        self._count(compared)
        if first is not None:
            fates = {**dict.fromkeys(compared.duplicates, "duplicates"), **self._fates()}
            preview.shown = side_by_side(
                first, self.plan, preview.feed, self.today, fates, SHOWN_ROWS
            )

    def _chunks(self) -> Iterator[RawChunk]:
        """Chunks up to SAMPLE_ROWS; `whole` says whether that was all."""
        left = SAMPLE_ROWS
        for chunk in self.source.chunks(_CHUNK):
            if left <= 0:
                return
            if chunk.cells.num_rows > left:
                yield replace(chunk, row_no=chunk.row_no[:left], cells=chunk.cells.slice(0, left))
                return
            left -= chunk.cells.num_rows
            yield chunk
        self.preview.whole = True

    def _count(self, compared: Compared) -> None:
        preview = self.preview
        preview.quarantined = len(self.rejected)
        preview.duplicates = len(compared.duplicates)
        preview.accepted = preview.rows - preview.quarantined - preview.duplicates
        preview.corrected = compared.corrected
        preview.compared = compared.rows
        preview.reasons = tuple(_reasons(self.rejected))
        if preview.whole:
            preview.rows_expected = preview.rows
        elif preview.recognised.encoding and self.bytes:
            ends = preview.rows * len(self.source.columns) * 4  # Arrow's offsets are not text
            per_row = max((self.bytes - ends) / preview.rows + len(self.source.columns), 1)
            preview.rows_expected = max(int(preview.recognised.size / per_row), preview.rows)

    def _fates(self) -> dict[int, str]:
        return dict.fromkeys(self.rejected, "quarantined")


def _reasons(rejected: dict[int, tuple[Problem, ...]]) -> Iterator[ReasonCount]:
    """The reasons, the most frequent first."""
    rows: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    said: dict[tuple[str, str], Problem] = {}
    for row_no, problems in sorted(rejected.items()):
        for one in problems:
            key = (one.rule, one.field)
            said.setdefault(key, one)
            if not rows[key] or rows[key][-1] != row_no:
                rows[key].append(row_no)
    for key in sorted(rows, key=lambda key: -len(rows[key])):
        yield ReasonCount(said[key], len(rows[key]), tuple(rows[key][:EXAMPLES]))


class PreviewBook(SubjectBook):
    """Numbers of subjects for the length of a preview: nothing is made."""

    def __init__(self, department: str) -> None:
        super().__init__(department)
        self._below_zero = count(-1, -1)

    def enter(self, owners: Sequence[Owner]) -> list[int]:
        known = [owner.key for owner in owners if owner.key]
        self._number(known)
        return [self.numbers[key] for key in known]

    def enter_texts(self, texts: Sequence[str]) -> dict[str, int]:
        keys = {text: identity_of(text, self.department).key for text in texts}
        self._number(keys.values())
        return {text: self.numbers[key] for text, key in keys.items()}

    def _number(self, keys: Iterable[str]) -> None:
        new = [key for key in dict.fromkeys(keys) if key not in self.numbers]
        found = known_subjects(new)
        for key in new:
            self.numbers[key] = found[key] if key in found else next(self._below_zero)
