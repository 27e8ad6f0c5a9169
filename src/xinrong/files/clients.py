"""A list of an institution's own clients, sorted before anybody is asked about."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from xinrong.accounts.services import Viewer
from xinrong.domain.text import Text
from xinrong.domain.uscc import read_code, words
from xinrong.subjects.services import enterprises_by_codes
from xinrong.trust.gate import Purpose, Service, Stage, log_shown
from xinrong.trust.services import active_consents

#: What stands between the codes of one line.
_BETWEEN = re.compile(r"[\s,，;；、|]+")


class Fate(StrEnum):
    """What a row of the list is, before anybody is asked about."""

    CLIENT = "client"  # known here, and a consent in force covers purpose and stage
    NO_CONSENT = "no_consent"  # known here; the gate would refuse
    UNKNOWN = "unknown"  # a lawful code that no enterprise here has
    FAULTY = "faulty"  # no code
    DUPLICATE = "duplicate"  # the enterprise of an earlier row


#: Those about whom the gate can be asked.
KNOWN = frozenset({Fate.CLIENT, Fate.NO_CONSENT})


@dataclass(frozen=True)
class ListedRow:
    """One row: where it stood, what stood there, and what it is.

    `enterprise` is 0 where none is known; `first_row` is the row that a duplicate repeats.
    """

    row_no: int
    text: str
    fate: Fate
    code: str = ""
    enterprise: int = 0
    name: str = ""
    why: Text | None = None
    first_row: int = 0


@dataclass(frozen=True)
class Entry:
    """A row as it came; `why` where it was no row at all."""

    row_no: int
    text: str
    why: Text | None = None


def entries_of(text: str) -> list[Entry]:
    """The codes that somebody typed or pasted, each with its line, counted from 1.

    A line may hold several. Words without a digit beside them, such as a name, are passed over;
    a line of a pasted sheet counts as one: its first cell that is a code.
    """
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        found += [Entry(number, piece[:100]) for piece in _pieces(line)]
    return found


def _pieces(line: str) -> list[str]:
    if not line.strip():
        return []
    if "\t" in line:
        cells = [cell.strip() for cell in line.split("\t") if cell.strip()]
        return [next((cell for cell in cells if read_code(cell).code), cells[0])]
    whole = line.strip()
    if read_code(whole).code:  # one code, written with spaces in it
        return [whole]
    pieces = [piece for piece in _BETWEEN.split(whole) if any(map(str.isdigit, piece))]
    return pieces or [whole]


def sort_out(
    entries: Iterable[Entry],
    who: Viewer,
    purpose: Purpose,
    stage: Stage | None,
    *,
    now: datetime,
) -> list[ListedRow]:
    """Each row with its fate. Nothing about anybody is read but code, name and own consents."""
    read = [(entry, read_code(entry.text)) for entry in entries]
    found = enterprises_by_codes({reading.code for _, reading in read if reading.code})
    numbers = {number for number, _, _ in found.values()}
    clients = clients_among(numbers, who, purpose, stage, now=now)
    rows: list[ListedRow] = []
    first: dict[int | str, int] = {}
    for entry, reading in read:
        row = ListedRow(entry.row_no, entry.text, Fate.FAULTY, reading.code or "", why=entry.why)
        if entry.why is not None or not reading.code:
            rows.append(replace(row, why=entry.why or words(reading.problem)))
            continue
        number, _, name = found.get(reading.code, (0, "", ""))
        key: int | str = number or reading.code
        if key in first:
            row = replace(row, fate=Fate.DUPLICATE, first_row=first[key])
        elif number:
            row = replace(row, fate=Fate.CLIENT if number in clients else Fate.NO_CONSENT)
        else:
            row = replace(row, fate=Fate.UNKNOWN)
        first.setdefault(key, entry.row_no)
        rows.append(replace(row, enterprise=number, name=name))
    return rows


def clients_among(
    enterprises: Collection[int],
    who: Viewer,
    purpose: Purpose,
    stage: Stage | None,
    *,
    now: datetime,
) -> set[int]:
    """Those of whom a consent to this viewer is in force now for the purpose and stage."""
    found: set[int] = set()
    for part in _parts(sorted(enterprises)):
        consents = active_consents(part, who.grantees, purpose, stage, now)
        found.update(consent.grantor_id for consent in consents)
    return found


def log_listed(who: Viewer, rows: Sequence[ListedRow]) -> None:
    """Log that codes were looked up: the names shown beside them leave a row, like a search.

    Raises AuditUnavailable.
    """
    shown = [[row.enterprise, row.code, row.name] for row in rows if row.enterprise]
    if shown:
        log_shown(who, shown, service=Service.SEARCH, purpose=Purpose.PUBLIC)


def _parts(numbers: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(numbers), 500):
        yield numbers[start : start + 500]
