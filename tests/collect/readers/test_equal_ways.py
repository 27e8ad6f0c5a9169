"""The quick way and the careful way through a text file give the same."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.collect.readers.files import HEADER, Reading, drain
from xinrong.catalogue.feed import Layout
from xinrong.collect.readers import delimited, records
from xinrong.collect.readers.types import Bounds

CELLS = st.text(alphabet='甲a1 "\u3000é', max_size=4)
LINES = st.one_of(
    st.tuples(CELLS, CELLS, CELLS).map(",".join),
    st.tuples(CELLS, CELLS, CELLS).map(lambda row: ",".join(f'"{cell}"' for cell in row)),
    st.text(alphabet='甲a,"\r', max_size=8),
    st.just('"a","b","c""d"'),
)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("ways") / "file.csv"


def way(path: Path, encoding: str, *, quick: bool) -> Reading:
    layout = Layout(encoding=encoding)
    return drain(delimited.open_delimited(path, layout, [], Bounds(), quick=quick))


@given(
    lines=st.lists(LINES, max_size=12),
    end=st.sampled_from(["\n", "\r\n"]),
    last=st.booleans(),
    encoding=st.sampled_from(["utf-8", "gb18030"]),
    wrong=st.sampled_from([b"", b"", b"\xff,b,c\n", b"\x00,b,c\n"]),
)
@example(lines=["a,b,c", "", "d,e,f"], end="\n", last=False, encoding="utf-8", wrong=b"")
@example(lines=['"a,b,c', 'd,"e",f'], end="\n", last=True, encoding="utf-8", wrong=b"")
def test_both_ways_give_the_same_rows_numbers_and_faults(
    path: Path, lines: list[str], end: str, last: bool, encoding: str, wrong: bytes
) -> None:
    content = end.join([HEADER, "甲,乙,丙", *lines]) + (end if last else "")
    path.write_bytes(content.encode(encoding) + (wrong if last else b""))
    quick, careful = way(path, encoding, quick=True), way(path, encoding, quick=False)
    assert quick.row_nos == careful.row_nos
    assert quick.rows == careful.rows
    assert quick.faults == careful.faults
    assert quick.source.blank == careful.source.blank


ROWS = st.lists(
    st.lists(st.text(alphabet='甲a1," \n', min_size=1, max_size=5), min_size=3, max_size=3),
    max_size=8,
)


@given(rows=ROWS, quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]))
def test_what_a_csv_writer_writes_is_read_back(
    path: Path, rows: list[list[str]], quoting: int
) -> None:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, quoting=quoting, lineterminator="\n")
    writer.writerows([HEADER.split(","), *rows])
    path.write_text(stream.getvalue(), encoding="utf-8", newline="")
    reading = way(path, "utf-8", quick=True)
    assert reading.faults == []
    assert reading.rows == [row for row in rows if any(cell.strip() for cell in row)]


@given(st.text(alphabet='a," ', max_size=12))
def test_both_splitters_agree_on_every_line(text: str) -> None:
    def split(careful: bool) -> list[str] | str:
        try:
            return records._split_slowly(text, ",") if careful else records.split_cells(text, ",")
        except (records._OpenQuoteError, records._BrokenQuoteError) as error:
            return type(error).__name__

    assert split(careful=True) == split(careful=False)


def test_the_quick_way_is_really_taken(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [f"甲公司{number},1,无" for number in range(1000)]
    path.write_text("\n".join([HEADER, *rows]), encoding="utf-8")
    monkeypatch.setattr(delimited.DelimitedSource, "_take", None)
    assert len(way(path, "utf-8", quick=True).rows) == 1000


def test_blocks_meet_without_losing_a_row(path: Path) -> None:
    rows = [f"甲公司{number},{number},{'说' * (number % 50)}" for number in range(40_000)]
    rows[20_000] = '甲公司20000,"跨\n行",'
    path.write_text("\n".join([HEADER, *rows]), encoding="utf-8")
    reading = way(path, "utf-8", quick=True)
    assert [row[0] for row in reading.rows] == [f"甲公司{number}" for number in range(40_000)]
    expected = [*range(2, 20_003), *range(20_004, 40_003)]
    assert reading.row_nos == expected


@given(text=st.text(alphabet='"",;a\n', max_size=40))
def test_looking_only_at_lines_with_quotes_says_the_same(text: str) -> None:
    data, pattern = text.encode(), delimited._well_quoted(",")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delimited, "_RARE", 0)
        few = delimited._is_well_quoted(data, pattern)
        patch.setattr(delimited, "_RARE", 1 << 40)
        assert few == delimited._is_well_quoted(data, pattern)
