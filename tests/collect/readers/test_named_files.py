"""JSON, JSON lines and Parquet: values keep what they say, faults cost their own record only."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.collect.readers.files import Reading, drain, read, text_file
from xinrong.catalogue.feed import Layout
from xinrong.collect.readers import Bounds, FileError, open_rows

FORMATS = ["json", "jsonl"]


def json_file(folder: Path, records: list[str], kind: str, encoding: str = "utf-8") -> Path:
    """Records, as they stand in the text, in one array or one on each line."""
    text = "\n".join(records) if kind == "jsonl" else f"[{','.join(records)}]"
    return text_file(folder, text.encode(encoding), f"file.{kind}")


def parquet_file(folder: Path, columns: dict[str, Any], **options: Any) -> Path:
    path = folder / "file.parquet"
    pq.write_table(pa.table(columns), path, **options)
    return path


def refusal(path: Path, bounds: Bounds | None = None, **layout: Any) -> FileError:
    """The error, whether the file fails at once or while it is read."""
    with pytest.raises(FileError) as caught:
        drain(open_rows(path, Layout(**layout), bounds=bounds))
    assert caught.value.words.zh
    assert caught.value.words.en
    return caught.value


# JSON, in both forms


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_records_are_counted_from_1_and_missing_keys_are_empty(
    tmp_path: Path, kind: str, encoding: str
) -> None:
    records = ['{"企业名称":"甲公司","代码":"1"}', '{"代码":"2","说明":"字"}']
    path = json_file(tmp_path, records, kind, encoding)
    reading = read(path, format=kind, encoding=encoding.removesuffix("-sig"))
    assert reading.source.columns == ("企业名称", "代码", "说明")
    assert reading.rows == [["甲公司", "1", None], [None, "2", "字"]]
    assert reading.row_nos == [1, 2]


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize(
    ("sent", "text"),
    [
        ("1.10", "1.10"),
        ("0.1", "0.1"),
        ("0.0000001", "0.0000001"),
        ("911101086723550001", "911101086723550001"),
        ("-3", "-3"),
        ("12345678901234567890.12", "12345678901234567890.12"),
        ("9.11E+17", "9.11E+17"),
        ("true", "TRUE"),
        ("false", "FALSE"),
        ("null", None),
        ('""', None),
        ('"007"', "007"),
    ],
)
def test_a_value_keeps_its_exact_text(
    tmp_path: Path, kind: str, sent: str, text: str | None
) -> None:
    path = json_file(tmp_path, [f'{{"a": {sent}, "b": "x"}}'], kind)
    assert read(path, format=kind).rows == [[text, "x"]]


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize(
    ("record", "problem"),
    [
        ('{"a": {"b": 1}}', "nested_value"),
        ('{"a": [1]}', "nested_value"),
        ('{"a": 1, "a": 1}', "duplicate_key"),
        ('{"a": 1, " a ": 2}', "duplicate_key"),
        ("5", "not_an_object"),
        ("[1]", "not_an_object"),
        ('{"a": "x\\u0000"}', "nul"),
        ('{"a": "xxxxxxxxxxx"}', "cell_too_long"),
    ],
)
def test_a_broken_record_costs_itself_only(
    tmp_path: Path, kind: str, record: str, problem: str
) -> None:
    path = json_file(tmp_path, ['{"a": "1"}', record, '{"a": "3"}'], kind)
    reading = read(path, Bounds(cell=10), format=kind)
    assert reading.rows == [["1"], ["3"]]
    assert reading.problems == [(2, problem)]
    assert reading.faults[0].original


def test_both_values_of_a_key_that_came_twice_are_kept(tmp_path: Path) -> None:
    reading = read(json_file(tmp_path, ['{"a": 1, "b": 2, "a": 3}'], "jsonl"), format="jsonl")
    assert reading.faults[0].original == ["1", "2", "3"]


@pytest.mark.parametrize("kind", FORMATS)
def test_empty_objects_are_blank(tmp_path: Path, kind: str) -> None:
    reading = read(json_file(tmp_path, ["{}", '{"a":null}', '{"a":"1"}'], kind), format=kind)
    assert (reading.row_nos, reading.source.blank) == ([3], 2)


VALUES = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=6),
    st.integers(-(10**30), 10**30),
    st.decimals(-(10**12), 10**12, allow_nan=False, places=6).map(float),
    st.booleans(),
    st.none(),
)


@given(st.lists(st.dictionaries(st.sampled_from("甲乙丙"), VALUES), min_size=1, max_size=6))
def test_the_array_and_the_lines_give_the_same(
    tmp_path_factory: pytest.TempPathFactory, records: list[dict[str, Any]]
) -> None:
    if not any(records):
        return
    folder = tmp_path_factory.mktemp("same")
    texts = [json.dumps(one, ensure_ascii=False) for one in records]

    def taken(kind: str) -> Reading:
        return read(json_file(folder, texts, kind), format=kind)

    array, lines = taken("json"), taken("jsonl")
    assert array.source.columns == lines.source.columns
    assert array.row_nos == lines.row_nos
    assert array.source.blank == lines.source.blank
    for left, right in zip(array.rows, lines.rows, strict=True):
        assert [number_or_text(cell) for cell in left] == [number_or_text(cell) for cell in right]


def number_or_text(cell: str | None) -> Any:
    """1E+22 and 1e22 are the same number; "NAN" is a text."""
    try:
        number = Decimal(cell or "")
    except ArithmeticError:
        return cell
    return number if number.is_finite() else cell


# An array


def test_the_array_may_lie_under_a_path_of_keys(tmp_path: Path) -> None:
    content = '{"meta":{"pages":[1]},"data":{"rows":[{"a":"1"},{"a":"2"}]},"end":1}'
    path = text_file(tmp_path, content)
    assert read(path, format="json", records="data.rows").rows == [["1"], ["2"]]


@pytest.mark.parametrize("records", ["", "data", "meta.pages.x", "nothing"])
def test_where_no_array_stands_the_places_of_arrays_are_told(tmp_path: Path, records: str) -> None:
    path = text_file(tmp_path, '{"meta":{"pages":[1]},"data":{"rows":[{"a":"1"}]}}')
    error = refusal(path, format="json", records=records)
    assert error.code == "no_records"
    assert "meta.pages" in error.words.en


@pytest.mark.parametrize(
    ("content", "good"),
    [
        ('[{"a":"1"},{"a":"2"},{"a":', 2),
        ('[{"a":"1"},{"a":"2"}', 2),
        ('[{"a":"1"},,{"a":"2"}]', 1),
        ('[{"a":"1"}] x', 1),
        ('[{"a":NaN}]', 0),
        ('[{"a":"1"},{"a":"甲', 1),
    ],
)
def test_a_broken_array_refuses_the_file_and_says_where(
    tmp_path: Path, content: str, good: int
) -> None:
    error = refusal(text_file(tmp_path, content), format="json")
    assert error.code == "broken_json"
    assert error.place.row == good + 1
    assert f"record {good}" in error.words.en


def test_an_array_cut_within_a_character_is_told_as_broken_off(tmp_path: Path) -> None:
    whole = '[{"a":"甲"},{"a":"乙"}]'.encode()
    error = refusal(text_file(tmp_path, whole[:-4]), format="json")
    assert (error.code, error.place.row) == ("broken_json", 2)


@pytest.mark.parametrize("content", ["[]", "[ ]\n"])
def test_an_array_without_records_is_refused(tmp_path: Path, content: str) -> None:
    assert refusal(text_file(tmp_path, content), format="json").code == "empty_file"


def test_values_where_names_belong_are_refused(tmp_path: Path) -> None:
    content = json.dumps([{f"key{number}": 1} for number in range(30)])
    error = refusal(text_file(tmp_path, content), Bounds(columns=10), format="json")
    assert error.code == "too_many_columns"


def test_a_record_without_end_is_refused_before_it_fills_the_memory(tmp_path: Path) -> None:
    path = text_file(tmp_path, '[{"a":"1"},{"a":"' + "x" * (1 << 20))
    error = refusal(path, Bounds(record=1 << 18), format="json")
    assert (error.code, error.place.row) == ("record_too_long", 2)


# Lines


def test_a_broken_line_costs_itself_only(tmp_path: Path) -> None:
    lines = ['{"a":"1"}', '{"a":"2"', '{"a":NaN}', "{'a':1}", "[" * 100_000, "", '{"a":"7"}']
    reading = read(text_file(tmp_path, "\n".join(lines)), format="jsonl")
    assert reading.rows == [["1"], ["7"]]
    assert reading.row_nos == [1, 7]
    assert reading.problems == [(number, "broken_json") for number in (2, 3, 4, 5)]
    assert reading.faults[0].original == ['{"a":"2"']


def test_a_line_with_wrong_bytes_or_half_a_character_is_a_fault(tmp_path: Path) -> None:
    content = '{"a":"甲"}\n'.encode() * 3 + b'{"a":"\xff"}\n' + b'{"a":"\\ud800"}\n'
    reading = read(text_file(tmp_path, content), format="jsonl")
    assert reading.problems == [(4, "undecodable"), (5, "undecodable")]
    assert len(reading.rows) == 3


def test_lines_cut_off_lose_the_last_one_only(tmp_path: Path) -> None:
    content = ('{"a":"甲"}\n' * 3).encode()[:-5]
    reading = read(text_file(tmp_path, content), format="jsonl")
    assert (len(reading.rows), reading.problems) == (2, [(3, "undecodable")])


# One for another


@pytest.mark.parametrize(
    ("agreed", "content"),
    [
        ("csv", b'[{"a": 1}]'),
        ("csv", b'{"a": 1}\n{"a": 2}'),
        ("csv", b"PAR1" + b"x" * 20),
        ("json", "企业名称\n甲".encode()),
        ("parquet", b"a,b\n1,2\n"),
        ("parquet", b'[{"a": 1}]'),
        ("jsonl", b"a,b\n1,2\n"),
    ],
)
def test_another_format_than_agreed_is_refused_by_what_it_is(
    tmp_path: Path, agreed: str, content: bytes
) -> None:
    assert refusal(text_file(tmp_path, content), format=agreed).code == "wrong_format"


# Parquet


def test_columns_of_every_type_become_plain_text(tmp_path: Path) -> None:
    columns = {
        "文字": ["甲", None],
        "词": pa.array(["好", "差"]).dictionary_encode(),
        "整数": [12, None],
        "小数": pa.array([Decimal("0E-8"), Decimal("-1.5")], pa.decimal128(20, 8)),
        "浮点": [0.1, 100.0],
        "日": [date(2025, 6, 30), None],
        "时": [datetime(2025, 6, 30), datetime(2025, 6, 30)],
        "刻": [datetime(2025, 6, 30, 12, 30, 1, 5), datetime(2025, 6, 30)],
        "区": pa.array([datetime(2025, 6, 30, 17, tzinfo=UTC)] * 2, pa.timestamp("us", "UTC")),
        "点": [time(12, 30), None],
        "是": [True, False],
        "无": pa.nulls(2),
        "字节": [b"abc", "甲".encode()],
    }
    reading = read(parquet_file(tmp_path, columns), format="parquet")
    assert reading.source.columns == tuple(columns)
    assert reading.row_nos == [1, 2]
    assert dict(zip(columns, reading.rows[0], strict=True)) == {
        "文字": "甲",
        "词": "好",
        "整数": "12",
        "小数": "0.00000000",
        "浮点": "0.1",
        "日": "2025-06-30",
        "时": "2025-06-30",
        "刻": "2025-06-30 12:30:01",
        "区": "2025-07-01 01:00:00",
        "点": "12:30:00.000000",
        "是": "TRUE",
        "无": None,
        "字节": "abc",
    }
    assert reading.rows[1][3:5] == ["-1.50000000", "100"]
    assert reading.rows[1][7] == "2025-06-30"


def test_a_moment_of_the_time_when_china_had_summer_time_keeps_its_day(tmp_path: Path) -> None:
    moment = datetime(1988, 7, 1, 15, 30, tzinfo=UTC)  # half past midnight in China, then
    columns = {"a": pa.array([moment], pa.timestamp("s", "UTC"))}
    rows = read(parquet_file(tmp_path, columns), format="parquet").rows
    assert rows == [["1988-07-02 00:30:00"]]


@given(st.lists(st.decimals(-(10**9), 10**9, allow_nan=False, places=6), min_size=1))
def test_decimals_keep_every_digit(
    tmp_path_factory: pytest.TempPathFactory, values: list[Decimal]
) -> None:
    columns = {"a": pa.array(values, pa.decimal128(20, 6))}
    path = parquet_file(tmp_path_factory.mktemp("decimals"), columns)
    assert read(path, format="parquet").rows == [[format(value, "f")] for value in values]


def test_broken_cells_cost_their_own_row_only(tmp_path: Path) -> None:
    raw = pa.array([b"1", b"\xff\xfe", b"x\x00y", b"x" * 11, "甲乙丙丁".encode(), b"6"])
    binary = pa.Array.from_buffers(pa.string(), 6, raw.buffers())
    columns = {"a": binary, "b": pa.array([None, None, None, None, None, {"c": 1}])}
    reading = read(parquet_file(tmp_path, columns), Bounds(cell=10), format="parquet")
    assert reading.rows == [["1", None], ["甲乙丙丁", None]]
    assert reading.row_nos == [1, 5]
    assert reading.problems == [
        (2, "undecodable"),
        (3, "nul"),
        (4, "cell_too_long"),
        (6, "nested_value"),
    ]


@pytest.mark.parametrize("dictionary", [True, False])
def test_rows_stay_in_order_over_row_groups_and_stretches(tmp_path: Path, dictionary: bool) -> None:
    names = [f"甲{number % 7}" * 50 for number in range(5000)]
    columns = {"a": names, "b": list(range(5000))}
    path = parquet_file(tmp_path, columns, row_group_size=1300, use_dictionary=dictionary)
    bounds = Bounds(chunk=100_000)
    source = open_rows(path, Layout(format="parquet"), bounds=bounds)
    chunks = list(source.chunks(700))
    assert [n for chunk in chunks for n in chunk.row_no.tolist()] == list(range(1, 5001))
    assert [a for chunk in chunks for a in chunk.cells["a"].to_pylist()] == names
    sizes = [chunk.cells["a"].nbytes for chunk in chunks]
    assert max(sizes) < 2 * bounds.chunk if dictionary else True


def test_blank_rows_are_no_rows(tmp_path: Path) -> None:
    columns = {"a": ["1", None, "", "4"], "b": [None, None, "　", None]}
    reading = read(parquet_file(tmp_path, columns), format="parquet")
    assert (reading.row_nos, reading.source.blank) == ([1, 4], 2)


def test_a_field_that_is_there_twice_refuses_the_file(tmp_path: Path) -> None:
    path = tmp_path / "file.parquet"
    pq.write_table(pa.table([["1"], ["2"]], names=["a", " a"]), path)
    assert refusal(path, format="parquet").code == "duplicate_heading"


def test_a_file_cut_off_is_refused(tmp_path: Path) -> None:
    path = parquet_file(tmp_path, {"a": ["1"] * 1000})
    whole = path.read_bytes()
    for cut in (len(whole) // 2, len(whole) - 3, 10):
        path.write_bytes(whole[:cut])
        assert refusal(path, format="parquet").code == "unreadable_parquet"


def test_a_damaged_page_refuses_the_file_and_says_after_which_record(tmp_path: Path) -> None:
    path = parquet_file(
        tmp_path, {"a": [f"甲{number}" for number in range(3000)]}, row_group_size=1000
    )
    whole = bytearray(path.read_bytes())
    start = pq.read_metadata(path).row_group(1).column(0).dictionary_page_offset
    whole[start : start + 40] = b"\xff" * 40
    path.write_bytes(bytes(whole))
    error = refusal(path, format="parquet")
    assert error.code == "damaged_parquet"
    assert "1000" in error.words.en


def test_more_rows_than_allowed_are_refused(tmp_path: Path) -> None:
    path = parquet_file(tmp_path, {"a": ["1"] * 100})
    assert refusal(path, Bounds(rows=99), format="parquet").code == "file_too_large"


def test_a_few_bytes_that_repeat_one_long_cell_do_not_fill_the_memory(tmp_path: Path) -> None:
    path = parquet_file(tmp_path, {"a": ["长" * 100_000] * 1000, "b": ["1"] * 1000})
    assert path.stat().st_size < 1_000_000
    before = pa.total_allocated_bytes()
    most = 0
    source = open_rows(path, Layout(format="parquet"))
    for chunk in source.chunks(50_000):
        most = max(most, chunk.cells.nbytes)
        assert pa.total_allocated_bytes() - before < 250 << 20
    assert source.rows_in == 1000
    assert most < 80 << 20
