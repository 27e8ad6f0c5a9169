"""The register as counts of its smallest cells: month, district, industry section, form, size.

An enterprise is new on the event date of its record in the register; a conversion (个转企) counts
on the day from which it holds, as what the company is. The district is the one in the code: where
the enterprise was registered first (GB 32100-2015, digits 3 to 8). The form is its kind, the
section that of its industry (GB/T 4754-2017), the size that of its newest yearly report by
统计上大中小微型企业划分办法（2017）. What the register does not say is "unknown", never guessed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection

from xinrong.catalogue.compile import expression_of, view_sql
from xinrong.catalogue.contract import Contract
from xinrong.catalogue.region import Region
from xinrong.domain.standards.industries import industry
from xinrong.domain.standards.size import CLASSES, Size, size_class, trades
from xinrong.store import services as store
from xinrong.subjects.register.models import SuccessionKind
from xinrong.subjects.representing import register_categories
from xinrong.subjects.succession import open_at

#: What a category calls the industry of an enterprise, and the facts of its size.
INDUSTRY = "industry_code"
SIZE_FACTS = ("staff", "revenue", "assets")
#: The value of a dimension that the register does not tell.
UNKNOWN = ""

NEW, CONVERTED = "new", "converted"
MEASURES = (NEW, CONVERTED)

#: A category and a field of it: what a dimension is drawn from.
type Input = tuple[str, str]


class Cell(NamedTuple):
    """Where an enterprise is counted; `month` is its first day."""

    measure: str
    month: date
    district: str
    section: str
    form: str
    size: str


@dataclass(frozen=True)
class Facts:
    """All cells of the register as of a seq, and the days of its first and last event."""

    cells: Mapping[Cell, int]
    seq: int
    first: date | None
    last: date | None


def inputs_of(region: Region) -> dict[str, frozenset[Input]]:
    """Dimension -> the columns that it is drawn from; only those that the region can tell."""
    registers = register_categories(region)
    if not registers:
        return {}
    base = frozenset((name, "") for name in registers)
    found = {"time": base | _dated(region, registers), "district": base, "form": base}
    industries = frozenset((name, INDUSTRY) for name in register_categories(region, INDUSTRY))
    if industries:
        found["section"] = base | industries
        sized = size_category(region)
        if sized is not None:
            facts = frozenset((sized.category, name) for name in SIZE_FACTS)
            found["size"] = base | industries | facts
    return found


def size_category(region: Region) -> Contract | None:
    """The category with the facts of an enterprise's size, if the region has one."""
    for contract in region.contracts.values():
        if set(SIZE_FACTS) <= {field.name for field in contract.fields}:
            return contract
    return None


def facts_of(region: Region, *, sizes: bool) -> Facts:
    """The cells as the register stands now; `sizes` reads the yearly reports as well.

    Read once for each state of the store: some hundred milliseconds for 60,000 enterprises.
    """
    return _facts(_Pack(region), str(settings.STORE_ROOT), store.last_seq(), sizes=sizes)


@dataclass(frozen=True)
class _Pack:
    """A region as the key of a cache: by identity, since packs are loaded once."""

    region: Region

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Pack) and other.region is self.region

    def __hash__(self) -> int:
        return id(self.region)


@lru_cache(maxsize=4)
def _facts(pack: _Pack, _root: str, seq: int, *, sizes: bool) -> Facts:
    region = pack.region
    registers = register_categories(region)
    if not registers:
        return Facts({}, seq, None, None)
    with store.snapshot() as snapshot:
        told = snapshot.query(_register_sql(region, registers))
        found = snapshot.query(_size_sql(region)) if sizes else None
        seq = snapshot.seq
    reports = {} if found is None else _reports(found)
    known = _known()
    cells: Counter[Cell] = Counter()
    of_code: dict[str, tuple[str, str, str, str]] = {}
    months: dict[date, date] = {}
    columns = (told[name].to_pylist() for name in ("subject", "day", "industry"))
    for subject, day, code_of_industry in zip(*columns, strict=True):
        if day is None or subject not in known:
            continue
        code, kind = known[subject]
        place = (
            code[2:8],
            _section(code_of_industry or ""),
            kind,
            _size(code_of_industry or "", reports.get(subject)) if sizes else UNKNOWN,
        )
        month = months.get(day) or months.setdefault(day, day.replace(day=1))
        of_code[code] = place
        cells[Cell(NEW, month, *place)] += 1
    for code, kind, day in _converted():
        place = of_code.get(code, (code[2:8], UNKNOWN, kind, UNKNOWN))
        cells[Cell(CONVERTED, day.replace(day=1), *place)] += 1
    days = [cell.month for cell in cells]
    return Facts(dict(cells), seq, min(days, default=None), max(days, default=None))


def _known() -> dict[int, tuple[str, str]]:
    """Subject -> code and kind of the enterprise that the register knows by that code."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.id, e.code, e.kind FROM subjects_subject AS s "
            "JOIN subjects_enterprise AS e ON e.code = s.code WHERE s.code <> ''"
        )
        return {subject: (code, kind) for subject, code, kind in cursor.fetchall()}


def _converted() -> Iterator[tuple[str, str, date]]:
    """(code and kind of the company, day) of every conversion that holds."""
    found = open_at().filter(kind=SuccessionKind.CONVERSION, on__isnull=False)
    for code, kind, day in found.values_list("successor__code", "successor__kind", "on"):
        assert day is not None
        yield code, kind, day


# -- SQL ------------------------------------------------------------------------------------


def _register_sql(region: Region, registers: list[str]) -> str:
    """Subject, first day and industry of everybody in the register."""
    parts = []
    for name in registers:
        contract = region.contracts[name]
        told = {field.name for field in contract.fields}
        written = expression_of(contract, INDUSTRY) if INDUSTRY in told else "NULL"
        parts.append(
            f"SELECT subject, event_date AS day, {written} AS industry "  # noqa: S608 - of the catalogue
            f"FROM record WHERE category = '{name}'"
        )
    every = " UNION ALL ".join(parts)
    return (
        "SELECT subject, min(day) AS day, max(industry) AS industry "  # noqa: S608 - the same
        f"FROM ({every}) AS r GROUP BY subject ORDER BY subject"
    )


def _size_sql(region: Region) -> str:
    """Subject and the facts of its newest yearly report."""
    contract = size_category(region)
    if contract is None:
        return "SELECT subject FROM record WHERE false"
    names = ", ".join(f'max_by("{name}", day) AS "{name}"' for name in SIZE_FACTS)
    dated = next((one.name for one in contract.fields if one.slot == "event_date"), "key")
    return (
        f'WITH report AS (SELECT *, "{dated}" AS day FROM ({view_sql(contract)}) AS v) '  # noqa: S608 - the same
        f"SELECT subject, {names} FROM report GROUP BY subject ORDER BY subject"
    )


def _reports(found: Any) -> dict[int, tuple[Decimal | None, ...]]:
    if "staff" not in found.column_names:
        return {}
    columns = [found[name].to_pylist() for name in ("subject", *SIZE_FACTS)]
    return {
        row[0]: tuple(None if value is None else Decimal(value) for value in row[1:])
        for row in zip(*columns, strict=True)
    }


def _dated(region: Region, registers: list[str]) -> frozenset[Input]:
    """The fields that are the day of a record of the register."""
    return frozenset(
        (name, field.name)
        for name in registers
        for field in region.contracts[name].fields
        if field.slot == "event_date"
    )


# -- what a code means ----------------------------------------------------------------------


@cache
def _section(code: str) -> str:
    return industry(code).section if code else UNKNOWN


@cache
def _trade(code: str) -> tuple[str, str]:
    """The row of the standard for an industry; else why there is none."""
    found = size_class(code, 0, Decimal(0), Decimal(0))
    return (found.trade.zh, "") if found.trade is not None else ("", str(found.value))


def _size(code: str, facts: tuple[Decimal | None, ...] | None) -> str:
    """As `size_class` says, without its sentences: it is asked for everybody."""
    trade, without = _trade(code)
    if not trade:
        return without
    given = dict(zip(SIZE_FACTS, facts or (None, None, None), strict=True))
    figures = [(bounds, given[bounds.indicator]) for bounds in trades()[trade].bounds]
    reached = [bounds.class_of(value) for bounds, value in figures if value is not None]
    lowest = min(reached, key=CLASSES.index, default=None)
    if lowest is None or (len(reached) < len(figures) and lowest != Size.MICRO):
        return str(Size.NOT_KNOWN)
    return str(lowest)
