"""What the shipped sample of Beijing's open data promises."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import date
from functools import cache
from pathlib import Path

import pytest
import yaml

from tests.samples.sheets import PROJECT, Sheet, sheet
from xinrong.catalogue.contract import Contract
from xinrong.catalogue.feed import Feed
from xinrong.catalogue.region import Region, load_region
from xinrong.domain.dates import read_date
from xinrong.domain.display import shown_until
from xinrong.domain.uscc import read_code

FOLDER = PROJECT / "samples" / "beijing"
SAMPLE_DATE = date(2026, 11, 21)
SCRIPT = PROJECT / "scripts" / "samples" / "rebuild_beijing.py"

MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
LANDLINE = re.compile(r"(?<![\dA-Za-z-])0\d{2,3}-\d{7,8}(?![\d-])")
EIGHTEEN = re.compile(r"(?<![0-9A-Za-z])[1-9]\d{16}[\dXx](?![0-9A-Za-z])")
ADDRESS = re.compile(r"[\w.]+@[\w.]+\.\w+")
PERSONAL_COLUMN = re.compile(r"法定代表人|法人代表|负责人|联系人|姓名|电话|手机|身份证|性别|经理")
COMPANY = re.compile(r"公司|集团|合作社|研究院")
INSTITUTION = ("12", "52", "93")  # codes of institutions and cooperatives


def region() -> Region:
    """The region pack of Beijing."""
    return load_region("beijing")


def shipped() -> list[Feed]:
    """The feeds with a sample, in the order of their names."""
    return sorted((feed for feed in region().feeds.values() if feed.sample), key=lambda f: f.feed)


SHIPPED = [feed.feed for feed in shipped()]


@cache
def read(name: str) -> Sheet:
    """The sample of a feed, read once."""
    return sheet(region().feeds[name])


def subject_columns(feed: Feed) -> tuple[str, ...]:
    """The columns of code and name."""
    named: list[str] = []
    for columns in (feed.subject.code, feed.subject.name):
        named += [columns] if isinstance(columns, str) else columns
    return tuple(column for column in named if column)


def mapped_columns(feed: Feed) -> set[str]:
    """The columns that the mapping reads."""
    sources = [feed.source(field) for field in feed.mapping]
    return {column for source in sources if source for column in source.columns if column}


def field_texts(feed: Feed, field: str) -> list[str]:
    """What the file has for a field, row by row."""
    source = feed.source(field)
    if source is None or not source.columns:
        return [source.constant if source else ""] * len(read(feed.feed).rows)
    return read(feed.feed).column(source.columns[0])


def test_the_sample_is_as_large_as_it_promises() -> None:
    feeds = shipped()
    assert len(feeds) >= 40
    assert len({feed.department for feed in feeds}) >= 15
    assert len({feed.category for feed in feeds}) >= 18
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) <= 6_500_000


def test_it_is_a_mix_of_formats_encodings_and_header_rows() -> None:
    layouts = [feed.layout for feed in shipped()]
    assert {layout.format for layout in layouts} == {"csv", "xls", "xlsx"}
    assert {layout.encoding for layout in layouts} >= {"utf-8", "gb18030"}
    assert {layout.header_rows for layout in layouts} >= {(1,), (2,), (3,), ()}
    starts = {(PROJECT / feed.sample).read_bytes()[:3] == b"\xef\xbb\xbf" for feed in shipped()}
    assert starts == {True, False}


def test_no_file_lies_there_without_a_feed_that_reads_it() -> None:
    files = {path.relative_to(PROJECT).as_posix() for path in FOLDER.rglob("*.*")}
    assert files - {feed.sample for feed in shipped()} == {"samples/beijing/SOURCE.md"}


@pytest.mark.parametrize("name", SHIPPED)
def test_a_feed_accounts_for_every_column_of_its_file(name: str) -> None:
    feed = region().feeds[name]
    named = {*subject_columns(feed), *mapped_columns(feed), *feed.ignore}
    assert named == set(read(name).headings)
    assert len(set(read(name).headings)) == len(read(name).headings)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_feed_fills_what_its_contract_requires(name: str) -> None:
    feed = region().feeds[name]
    contract = region().contract_of(feed)
    assert read(name).rows
    required = {field.name for field in contract.fields if field.required}
    assert required <= set(feed.mapping)
    assert set(feed.mapping) <= {field.name for field in contract.fields}
    for field in contract.fields:
        source = feed.source(field.name)
        if field.values and source is not None:
            texts = {source.values.get(text, text) for text in field_texts(feed, field.name)}
            assert texts - {""} <= set(field.values)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_file_holds_no_personal_data(name: str) -> None:
    page = read(name)
    assert [heading for heading in page.headings if PERSONAL_COLUMN.search(heading)] == []
    codes = set(subject_columns(region().feeds[name]))
    for row in page.rows:
        for heading, text in zip(page.headings, row, strict=True):
            assert "[removed]" not in text
            assert not MOBILE.search(text), text
            assert not LANDLINE.search(text), text
            assert not ADDRESS.search(text), text
            for number in EIGHTEEN.findall(text):
                assert not is_identity_number(number) or heading in codes, text


def is_identity_number(text: str) -> bool:
    """Whether 18 characters carry a birthday and the check digit of a resident's number."""
    if read_date(text[6:14]).value is None:
        return False
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(text, weights, strict=False))
    return "10X98765432"[total % 11] == text[17].upper()


@pytest.mark.parametrize("name", SHIPPED)
def test_a_code_column_holds_no_identity_number(name: str) -> None:
    code = region().feeds[name].subject.code
    if code:
        assert isinstance(code, str)
        assert not [text for text in read(name).column(code) if is_resident(text)]


def is_resident(text: str) -> bool:
    """An identity number that is not by chance an organisation's code."""
    return bool(EIGHTEEN.fullmatch(text)) and is_identity_number(text) and not read_code(text).code


@pytest.mark.parametrize("name", SHIPPED)
def test_rows_are_of_companies_and_organisations_only(name: str) -> None:
    feed = region().feeds[name]
    assert isinstance(feed.subject.name, str)
    names = read(name).column(feed.subject.name)
    codes = read(name).column(str(feed.subject.code)) if feed.subject.code else [""] * len(names)
    pairs = list(zip(names, codes, strict=True))
    others = [pair for pair in pairs if not COMPANY.search(pair[0])]
    assert [pair for pair in others if not pair[1].startswith(INSTITUTION)] == []
    assert [pair for pair in pairs if re.search(r"[*＊×]|某|个体", pair[0])] == []
    assert [pair for pair in pairs if pair[1].startswith("92")] == []  # sole traders


def negative_rows(feed: Feed, contract: Contract) -> list[int]:
    """The rows of a sample that speak against an enterprise."""
    rule = contract.polarity
    if rule.sign == "negative" and not rule.by:
        return list(range(len(read(feed.feed).rows)))
    if not rule.by:
        return []
    source = feed.source(rule.by)
    words = source.values if source else {}
    texts = field_texts(feed, rule.by)
    return [row for row, text in enumerate(texts) if words.get(text, text) in rule.negative]


@pytest.mark.parametrize("name", SHIPPED)
def test_a_negative_record_is_dated_and_may_be_shown(name: str) -> None:
    feed = region().feeds[name]
    contract = region().contract_of(feed)
    rows = negative_rows(feed, contract)
    if not rows:
        return
    assert contract.display is not None
    assert contract.display.source
    period = contract.display
    dated = next(field.name for field in contract.fields if field.slot == period.start)
    days = field_texts(feed, dated)
    deadlines = field_texts(feed, "display_until")
    for row in rows:
        day = read_date(days[row]).value
        assert day is not None, f"row {row} is undated"
        assert day <= SAMPLE_DATE
        assert shown_until(day, period.years, period.months, period.days) >= SAMPLE_DATE
        deadline = read_date(deadlines[row]).value
        assert deadline is None or deadline >= SAMPLE_DATE


def test_some_negative_records_are_in_the_sample() -> None:
    feeds = shipped()
    assert sum(len(negative_rows(feed, region().contract_of(feed))) for feed in feeds) > 0


def test_the_list_of_abnormal_operation_is_left_out() -> None:
    assert not [feed for feed in shipped() if feed.category == "abnormal_operation"]


def test_the_source_page_names_every_file_with_its_rows() -> None:
    page = (FOLDER / "SOURCE.md").read_text(encoding="utf-8")
    for feed in shipped():
        path = feed.sample.removeprefix("samples/beijing/")
        line = next((line for line in page.splitlines() if f"`{path}`" in line), "")
        assert f"| {len(read(feed.feed).rows)} |" in line, path


def test_the_plan_of_the_script_and_the_feeds_agree() -> None:
    plan = yaml.safe_load(SCRIPT.with_name("beijing_tables.yaml").read_text(encoding="utf-8"))
    assert sorted(table["feed"] for table in plan) == SHIPPED
    for table in plan:
        assert tuple(table["columns"]) == read(table["feed"]).headings


def shared_extract() -> Path | None:
    """The extract, where this machine has it."""
    named = os.environ.get("XINRONG_SHARED_DATA")
    folder = Path(named) if named else PROJECT.parent / "shared" / "data"
    extract = folder / "beijing-open-enterprise-records"
    return extract if (extract / "records.parquet").is_file() else None


@pytest.mark.timeout(300)
def test_the_script_rebuilds_every_file_byte_for_byte(tmp_path: Path) -> None:
    extract = shared_extract()
    if extract is None:
        pytest.skip("the extract of Beijing's open data is not on this machine")
    command = [sys.executable, str(SCRIPT), str(extract), "--out", str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True)
    for feed in shipped():
        assert (tmp_path / feed.sample).read_bytes() == (PROJECT / feed.sample).read_bytes()


def test_an_entry_removed_on_request_is_in_no_file() -> None:
    listed = SCRIPT.with_name("beijing_removed.txt").read_text(encoding="utf-8").splitlines()
    removed = {line.strip() for line in listed if line.strip() and not line.startswith("#")}
    for name in SHIPPED:
        assert not [row for row in read(name).rows if removed & set(row)]
