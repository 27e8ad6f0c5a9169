"""Rebuild the shipped sample of Beijing's open data, byte for byte, from the extract.

    python scripts/samples/rebuild_beijing.py EXTRACT [--out FOLDER]

EXTRACT is a folder with `records.parquet` (the rows) and `sources.csv` (the published tables).
What is taken is said in `beijing_tables.yaml` beside this script; what a file looks like (format,
encoding, header row) is said by its feed under `regions/beijing/feeds/`, so that the two cannot
drift apart. The choice of rows depends on nothing but the extract and these files.

Rules that no table can switch off:

* only companies and other organisations: no sole trader, no masked name, no natural person;
* a row is left out when a cell holds a mobile number, an identity number, or a removed value;
* what `beijing_removed.txt` lists is never taken again;
* a negative record only with its date, and only while it may be shown on `SAMPLE_DATE`;
* an adverse finding of an inspection (no negative record in law) only while it is young;
* dates, codes and amounts are written exactly as published, mistakes included.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import xlsxwriter
import xlwt
import yaml

PROJECT = Path(__file__).resolve().parents[2]
TABLES = Path(__file__).with_name("beijing_tables.yaml")
SAMPLE_DATE = date(2026, 11, 21)
DISPLAY_YEARS = 1  # of a penalty, see its contract
FINDING_YEARS = 3  # of an inspection's finding: the longest display that any rule gives
ROWS_PER_ENTERPRISE = 8  # in one table, so that one large owner does not fill it
CREATED = datetime(2026, 11, 21, tzinfo=UTC)  # in workbooks: else their bytes change daily

MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
IDENTITY = re.compile(
    r"(?<![0-9A-Za-z])[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]"
    r"(?![0-9A-Za-z])"
)
REMOVED = Path(__file__).with_name("beijing_removed.txt")
SOLE_TRADER = re.compile(r"92\d{6}[0-9A-Za-z]{8,10}")
NOT_PLAIN = re.compile(r"[*＊×]|某|家庭农场|个体")
PLAIN_COMPANY = re.compile(r"公司|集团|合作社|研究院")
OTHER_ORGANISATION = re.compile(r"(厂|中心|院|所|社|场|站|支行|分行|银行|酒店|饭店|宾馆)$")
PUBLISHED_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})")


@dataclass(frozen=True)
class Table:
    """One table of the sample, as `beijing_tables.yaml` gives it."""

    feed: str
    source: str
    name: str  # column of the enterprise's name
    columns: tuple[str, ...]  # all columns in their order
    rows: int  # how many at most, about
    per_enterprise: int = ROWS_PER_ENTERPRISE
    name_from: str = ""  # the published column that names the enterprise, when not the first
    code_from_extract: str = ""  # a column that the extract keeps apart
    published: dict[str, str] = field(default_factory=dict)  # column -> key in the extract
    keep: dict[str, list[str]] = field(default_factory=dict)  # only these values
    drop: dict[str, list[str]] = field(default_factory=dict)  # never these values
    adverse: dict[str, list[str]] = field(default_factory=dict)  # only while young
    negative: bool = False
    bom: bool = False
    ending: str = ""


@dataclass(frozen=True)
class Row:
    """One published row of an enterprise."""

    number: int
    enterprise: str  # valid code, else the code that the name has elsewhere, else the name
    coded: bool  # has a valid code of its own: it will be linked without doubt
    cells: tuple[str, ...]


def is_organisation(name: str, code: str) -> bool:
    """Whether the name is plainly that of a company or another organisation.

    A centre or a works with an enterprise's code (91) may be one person's own firm and carry the
    person's name: it is left out. Codes 12, 52 and 93 are institutions and cooperatives.
    """
    if not name or NOT_PLAIN.search(name) or code.startswith("92"):
        return False
    if PLAIN_COMPANY.search(name):
        return True
    return code[:2] in {"12", "52", "93"} and bool(OTHER_ORGANISATION.search(name))


def has_personal_data(cells: tuple[str, ...]) -> bool:
    """Whether a cell holds a mobile number, an identity number or a value that was removed."""
    text = "\n".join(cells)
    return "[removed]" in text or bool(MOBILE.search(text)) or bool(IDENTITY.search(text))


def published_date(text: str) -> date | None:
    """The day that a text begins with, year first, or None."""
    found = PUBLISHED_DATE.match(text.strip())
    return date(int(found[1]), int(found[2]), int(found[3])) if found else None


def is_young(text: str, years: int) -> bool:
    """Whether a record is dated and not older than `years` on the day of the sample."""
    day = published_date(text)
    first = SAMPLE_DATE.replace(year=SAMPLE_DATE.year - years)
    return day is not None and first < day <= SAMPLE_DATE


def may_be_shown(fields: dict[str, str], event_date: str) -> bool:
    """Whether a negative record may be shown: dated, young, its own deadline not over.

    A warning alone is a minor matter, which is not displayed in principle.
    """
    if not is_young(event_date, DISPLAY_YEARS):
        return False
    if fields.get("处罚类别", "").strip() in {"警告", "通报批评"}:
        return False
    deadline = fields.get("公示截止期", "")
    if not deadline:
        return True
    day = published_date(deadline)
    return day is not None and day > SAMPLE_DATE


def wanted(table: Table, fields: dict[str, str], event_date: str) -> bool:
    """Whether the table's own rules take a row."""
    if any(fields.get(column, "") not in values for column, values in table.keep.items()):
        return False
    if any(fields.get(column, "") in values for column, values in table.drop.items()):
        return False
    adverse = any(fields.get(column, "") in values for column, values in table.adverse.items())
    if adverse and not is_young(event_date, FINDING_YEARS):
        return False
    return not table.negative or may_be_shown(fields, event_date)


def removed() -> set[str]:
    """Names and codes whose entries were taken out on request."""
    lines = (line.strip() for line in REMOVED.read_text(encoding="utf-8").splitlines())
    return {line for line in lines if line and not line.startswith("#")}


class Extract:
    """The rows and the titles of the published tables."""

    def __init__(self, folder: Path) -> None:
        self.records = folder / "records.parquet"
        self.database = duckdb.connect()
        self.removed = removed()
        with (folder / "sources.csv").open(encoding="utf-8-sig", newline="") as file:
            self.sources = {line["source_id"]: line for line in csv.DictReader(file)}
        self.codes = self._codes_of_names()

    def _codes_of_names(self) -> dict[str, str]:
        """The valid code of every name that has one; the smallest where it has several."""
        found = self.database.execute(
            "SELECT entity_name, min(uscc) FROM read_parquet(?) WHERE uscc_valid GROUP BY ALL",
            [str(self.records)],
        )
        return dict(found.fetchall())

    def rows(self, table: Table) -> list[Row]:
        """All rows of a table that the sample may take, in the published order."""
        found = self.database.execute(
            "SELECT row_no, entity_name, uscc, CASE WHEN uscc_valid THEN uscc ELSE '' END,"
            " event_date, fields FROM read_parquet(?) WHERE source_id = ?"
            " ORDER BY row_no, entity_name, fields",
            [str(self.records), table.source],
        )
        return [row for values in found.fetchall() if (row := self._row(table, *values))]

    def _row(
        self, table: Table, number: int, entity: str, code: str, checked: str, day: str, raw: str
    ) -> Row | None:
        fields: dict[str, str] = json.loads(raw)
        name = fields.get(table.name_from, "") if table.name_from else entity
        own = code if not table.name_from else self.codes.get(name, "")
        if not is_organisation(name, own) or not wanted(table, fields, day):
            return None
        known = {table.name: name, table.code_from_extract: code}
        cells = tuple(
            known[column]
            if column in known
            else fields.get(table.published.get(column, column), "")
            for column in table.columns
        )
        if has_personal_data(cells) or any(SOLE_TRADER.fullmatch(cell) for cell in cells):
            return None
        if self.removed & {name, own, *cells}:
            return None
        enterprise = checked if checked and not table.name_from else self.codes.get(name, name)
        return Row(number, enterprise, bool(checked) and not table.name_from, cells)


def choose(table: Table, rows: list[Row], tables_of: dict[str, tuple[int, int]]) -> list[Row]:
    """Whole enterprises, those with the richest files first, until the table is full."""
    by_enterprise: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if len(by_enterprise[row.enterprise]) < table.per_enterprise:
            by_enterprise[row.enterprise].append(row)

    def order(enterprise: str) -> tuple[int, int, str]:
        lot = hashlib.sha256(f"{table.feed}/{enterprise}".encode()).hexdigest()
        coded, named = tables_of[enterprise]
        return -coded, -named, lot

    chosen: list[Row] = []
    for enterprise in sorted(by_enterprise, key=order):
        if len(chosen) >= table.rows:
            break
        chosen += by_enterprise[enterprise]
    return sorted(chosen, key=lambda row: (row.number, row.cells))


def grid(table: Table, layout: dict[str, Any], title: str, rows: list[Row]) -> list[list[str]]:
    """The cells of a file: title lines above the header, the header, the rows."""
    width = len(table.columns)
    header_rows: list[int] = layout.get("header_rows", [1])
    above = (header_rows[0] - 1) if header_rows else 0
    lines = [[title if number == 0 else ""] + [""] * (width - 1) for number in range(above)]
    if header_rows:
        lines.append(list(table.columns))
    return lines + [list(row.cells) for row in rows]


def as_csv(lines: list[list[str]], encoding: str, *, bom: bool) -> bytes:
    """Comma-separated text as the platform publishes it."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(lines)
    return text.getvalue().encode("utf-8-sig" if bom else encoding)


def as_xlsx(lines: list[list[str]]) -> bytes:
    """A workbook of text cells."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_numbers": False})
    book.set_properties({"created": CREATED})
    sheet = book.add_worksheet("Sheet1")
    for number, line in enumerate(lines):
        for column, text in enumerate(line):
            if text:
                sheet.write_string(number, column, text)
    book.close()
    return out.getvalue()


def as_xls(lines: list[list[str]]) -> bytes:
    """A workbook in the old binary format."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("Sheet1")
    for number, line in enumerate(lines):
        for column, text in enumerate(line):
            if text:
                sheet.write(number, column, text)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def written(table: Table, layout: dict[str, Any], lines: list[list[str]]) -> bytes:
    """The bytes of one file."""
    match layout.get("format", "csv"):
        case "xlsx":
            return as_xlsx(lines)
        case "xls":
            return as_xls(lines)
        case _:
            return as_csv(lines, layout["encoding"], bom=table.bom)


def read_tables() -> list[Table]:
    """The plan of the sample."""
    plan = yaml.safe_load(TABLES.read_text(encoding="utf-8"))
    return [Table(**{**entry, "columns": tuple(entry["columns"])}) for entry in plan]


def feed_of(table: Table) -> dict[str, Any]:
    """The feed that reads a table."""
    path = PROJECT / "regions" / "beijing" / "feeds" / f"{table.feed}.yaml"
    loaded: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


def richness(candidates: dict[str, list[Row]]) -> dict[str, tuple[int, int]]:
    """Per enterprise: the tables that give its code, and all tables that name it."""
    coded: dict[str, int] = defaultdict(int)
    named: dict[str, int] = defaultdict(int)
    for rows in candidates.values():
        for enterprise in {row.enterprise for row in rows}:
            named[enterprise] += 1
        for enterprise in {row.enterprise for row in rows if row.coded}:
            coded[enterprise] += 1
    return {enterprise: (coded[enterprise], count) for enterprise, count in named.items()}


def rebuild(extract: Path, out: Path) -> dict[str, int]:
    """Write every file of the sample below `out`; the number of rows of each."""
    source = Extract(extract)
    plan = read_tables()
    candidates = {table.feed: source.rows(table) for table in plan}
    tables_of = richness(candidates)
    counts = {}
    for table in plan:
        feed = feed_of(table)
        rows = choose(table, candidates[table.feed], tables_of)
        title = source.sources[table.source]["title"]
        path = out / feed["sample"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(written(table, feed["layout"], grid(table, feed["layout"], title, rows)))
        counts[table.feed] = len(rows)
    return counts


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Rebuild samples/beijing from the extract.")
    parser.add_argument("extract", type=Path, help="folder with records.parquet and sources.csv")
    parser.add_argument("--out", type=Path, default=PROJECT, help="project folder to write into")
    arguments = parser.parse_args()
    counts = rebuild(arguments.extract, arguments.out)
    for feed, rows in counts.items():
        print(f"{rows:6} {feed}")
    print(f"{sum(counts.values()):6} rows in {len(counts)} files")


if __name__ == "__main__":
    main()
