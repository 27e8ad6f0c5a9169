"""The list as a sheet: out as it stands, in with every row accounted for before any is written."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from xinrong.accounts.services import Viewer
from xinrong.collect.services import FileError, read_table
from xinrong.domain.cells import plain_cell, text_cell
from xinrong.domain.errors import Place
from xinrong.domain.money import yuan
from xinrong.domain.text import Text
from xinrong.market.errors import MarketRefused
from xinrong.market.needs.forms import FormFault
from xinrong.market.perms import can_keep_projects
from xinrong.market.projects.keeping import add, check_new
from xinrong.market.projects.models import KeyProject
from xinrong.market.projects.reading import FIELDS, TITLES, read_listing
from xinrong.market.projects.refusals import not_to_keep, twice
from xinrong.subjects import services as subjects

MOST_ROWS = 500
#: The heading of a column: its words, then the name of its field.
HEADINGS: Mapping[str, str] = {name: f"{TITLES[name].zh} {name}" for name in FIELDS}
_OPTIONAL = frozenset({"article"})


@dataclass(frozen=True)
class SheetRow:
    """A row that can be listed: what was typed, and whose project it is."""

    row_no: int
    told: Mapping[str, str]
    enterprise: int
    code: str
    name: str


@dataclass(frozen=True)
class SheetRead:
    """What is in a sheet. `duplicates` are rows that stand further up, or on the list already."""

    accepted: tuple[SheetRow, ...]
    held: tuple[FormFault, ...]
    duplicates: tuple[FormFault, ...]

    @property
    def rows_in(self) -> int:
        """Every row of the file, blank ones not counted."""
        return len(self.accepted) + len(self.held) + len(self.duplicates)


def rows_of(projects: Iterable[KeyProject]) -> Iterator[list[str]]:
    """A row for each project, no cell a formula; sent back, it is read as it was."""
    for one in projects:
        told = {name: str(getattr(one, name)) for name in FIELDS if name != "code"}
        told |= {"code": one.enterprise.code, "amount": f"{yuan(one.amount):f}"}
        yield [text_cell(told[name]) for name in FIELDS]


def read_sheet(who: Viewer, name: str, content: bytes, *, now: datetime) -> SheetRead:
    """The rows of a sheet; nothing is written. Raises FileError, MarketRefused (project_role)."""
    if not can_keep_projects(who):
        raise not_to_keep()
    table = read_table(name, content, most=MOST_ROWS)
    places = _places(name, table.headings)
    accepted: list[SheetRow] = []
    held = [FormFault(one.row_no, one.column, one.words) for one in table.faults]
    duplicates: list[FormFault] = []
    seen: set[tuple[int, str]] = set()
    for row_no, cells in table.rows:
        told = {field: plain_cell(cells[place].strip()) for field, place in places.items()}
        row, fault = _judged(who, row_no, told, seen, now)
        if row is not None:
            accepted.append(row)
        elif fault is not None:
            (duplicates if fault.heading == "" else held).append(fault)
    return SheetRead(tuple(accepted), tuple(sorted(held, key=lambda one: one.row_no)),
                     tuple(duplicates))  # fmt: skip


def enter_sheet(
    who: Viewer, rows: Sequence[SheetRow], *, now: datetime
) -> tuple[list[KeyProject], list[FormFault]]:
    """List rows that were read; what meanwhile cannot be listed is held back with its reason."""
    made: list[KeyProject] = []
    held: list[FormFault] = []
    for row in rows:
        try:
            made.append(add(who, row.told["code"], read_listing(row.told), now=now))
        except MarketRefused as error:
            if error.code == "project_role":
                raise
            held.append(FormFault(row.row_no, "", error.words or _plain(error)))
        except subjects.UnknownEnterprise as error:
            held.append(FormFault(row.row_no, HEADINGS["code"], _plain(error)))
    return made, held


def unknown_code(code: str) -> Text:
    """What a code is told that no enterprise has."""
    return Text(
        zh=f"平台没有代码为“{code[:30]}”的企业，请核对 18 位代码",
        en=f"No enterprise here has the code {code[:30]!r}: check its 18 signs",
    )


def _judged(
    who: Viewer, row_no: int, told: Mapping[str, str], seen: set[tuple[int, str]], now: datetime
) -> tuple[SheetRow | None, FormFault | None]:
    """A row that can be listed, or why not; one that is there already has no heading."""
    try:
        listing = read_listing(told)
        owner = check_new(who, told.get("code", ""), listing, now=now)
        if (owner.enterprise, listing.title) in seen:
            raise twice()
    except subjects.UnknownEnterprise:
        return None, FormFault(row_no, HEADINGS["code"], unknown_code(told.get("code", "")))
    except MarketRefused as error:
        heading = HEADINGS.get(error.place.field, "")
        return None, FormFault(row_no, heading, error.words or _plain(error))
    seen.add((owner.enterprise, listing.title))
    return SheetRow(row_no, dict(told), owner.enterprise, owner.code, owner.name), None


def _plain(error: Exception) -> Text:
    return Text(zh=str(error), en=str(error))


def _places(file: str, headings: Sequence[str]) -> dict[str, int]:
    """Where each column stands: by its words, its field, or both. Raises FileError."""
    found: dict[str, int] = {}
    for place, heading in enumerate(headings):
        folded = _folded(heading)
        for name, title in TITLES.items():
            if folded in (_folded(title.zh), name, _folded(HEADINGS[name])):
                found.setdefault(name, place)
    lacking = [HEADINGS[name] for name in FIELDS if name not in found and name not in _OPTIONAL]
    if lacking:
        names = "、".join(lacking)
        raise FileError(
            "sheet_headings",
            Text(zh=f"表中没有这些列：{names}。", en=f"These columns are not there: {names}."),
            Text(
                zh="请使用平台给出的空表。", en="Use the empty sheet that the platform gives out."
            ),
            place=Place(file=file),
        )
    return found


def _folded(heading: str) -> str:
    return "".join(unicodedata.normalize("NFKC", heading).lower().split())
