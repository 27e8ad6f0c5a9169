"""Vectorised short ways are held equal to the scalar functions, which are the only truth."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinrong.catalogue.contract import RecordField
from xinrong.catalogue.feed import Source
from xinrong.collect.judging.reading import FieldReader
from xinrong.collect.judging.values import REMEMBERED, DistinctReader, tidy, translate
from xinrong.domain import dates, money, numbers
from xinrong.domain.text import Text

FAR = date.max  # a day of receipt after which nothing is the future


def reader(kind: str, unit: str = "", **more: object) -> FieldReader:
    field = RecordField.model_validate(
        {"name": "f", "title": Text(zh="f", en="f"), "type": kind, **more}
    )
    return FieldReader(field, Source(column="f", unit=unit), FAR)


def read(one: FieldReader, texts: list[str]) -> list[tuple[object, str]]:
    """Value and problem code per text, problems without the name of the type."""
    column = one.read(tidy(pa.array(texts, pa.string())))
    found = [column.problem_at(row) for row in range(len(texts))]
    codes = ["" if problem is None else problem.rule.partition("_")[2] for problem in found]
    return list(zip(column.values.to_pylist(), codes, strict=True))


PLAIN_DATES = st.dates(date(1890, 1, 1), date(2250, 1, 1)).map(date.isoformat)
ODD_DATES = st.from_regex(r"(19|20|99)[0-9]{2}-[0-3][0-9]-[0-3][0-9]", fullmatch=True)
OTHER_DATES = st.sampled_from(
    ["2024年3月5日", "20240305", "2024/3/5", "45000", "长期", "2024", "x", "-"]
)
AMOUNTS = st.from_regex(r"-?[0-9]{1,17}(\.[0-9]{1,8})?", fullmatch=True)
OTHER_AMOUNTS = st.sampled_from(
    ["3,000 万元", "1.5亿", "(100)", "USD 5", "1e5", "无", "..", "１２", "5."]
)


@given(st.lists(PLAIN_DATES | ODD_DATES | OTHER_DATES, max_size=30))
def test_dates_by_column_are_dates_by_cell(texts: list[str]) -> None:
    scalar = [dates.read_date(text) for text in texts]
    assert read(reader("date"), texts) == [(one.value, one.problem) for one in scalar]


@pytest.mark.parametrize("unit", list(money.UNITS))
@given(texts=st.lists(AMOUNTS | OTHER_AMOUNTS, max_size=30))
def test_amounts_by_column_are_amounts_by_cell(unit: str, texts: list[str]) -> None:
    scalar = [money.read_money(text, unit) for text in texts]
    assert read(reader("money", unit), texts) == [(one.fen, one.problem) for one in scalar]


@given(st.lists(AMOUNTS | OTHER_AMOUNTS, max_size=30))
def test_numbers_by_column_are_numbers_by_cell(texts: list[str]) -> None:
    scalar = [numbers.read_number(text) for text in texts]
    assert read(reader("number"), texts) == [(one.value, one.problem) for one in scalar]


@given(st.lists(st.from_regex(r"-?[0-9]{1,20}(\.0)?", fullmatch=True) | OTHER_AMOUNTS, max_size=30))
def test_whole_numbers_by_column_are_whole_numbers_by_cell(texts: list[str]) -> None:
    scalar = [numbers.read_integer(text) for text in texts]
    assert read(reader("integer"), texts) == [(one.value, one.problem) for one in scalar]


def test_a_text_is_parsed_once_however_often_it_comes() -> None:
    asked: list[str] = []

    def parse(text: str) -> tuple[int, None]:
        asked.append(text)
        return len(text), None

    distinct = DistinctReader(pa.int64(), parse)
    for _ in range(3):
        column = distinct.read(pa.array(["a", "bb", "a", None]))
    assert asked == ["a", "bb"]
    assert column.values.to_pylist() == [1, 2, 1, None]


def test_what_is_remembered_is_bounded() -> None:
    distinct = DistinctReader(pa.int64(), lambda text: (len(text), None))
    for start in range(0, REMEMBERED + 60_000, 50_000):
        distinct.read(pa.array([str(number) for number in range(start, start + 50_000)]))
    assert len(distinct._known) <= REMEMBERED


def test_spaces_of_every_kind_around_a_cell_are_no_content() -> None:
    cells = pa.array([" a ", "\u3000甲 乙\u00a0", "\ufeffx\u200b", " \t\r\n", "", None])
    assert tidy(cells).to_pylist() == ["a", "甲 乙", "x", None, None, None]


def test_what_the_department_writes_becomes_the_lawful_value_and_the_rest_stays() -> None:
    texts = pa.array(["好", "坏", None, "good"])
    assert translate(texts, {"好": "good"}).to_pylist() == ["good", "坏", None, "good"]


def test_an_empty_optional_field_is_nothing_and_a_required_one_a_problem() -> None:
    assert read(reader("date"), [" "]) == [(None, "")]
    (column,) = [reader("date", required=True).read(tidy(pa.array([" "])))]
    problem = column.problem_at(0)
    assert problem is not None
    assert problem.rule == "required"


def test_marks_for_nothing_are_no_text_and_words_are() -> None:
    assert read(reader("text"), ["-", "/", "NULL", "无"]) == [(None, "")] * 3 + [("无", "")]


def test_limits_hold_in_yuan_and_at_the_limit_itself() -> None:
    one = reader("money", min=Decimal("0.01"), max=Decimal(1000))
    rules = [problem for _, problem in read(one, ["0", "0.01", "1000", "1000.01"])]
    assert rules == ["minimum", "", "", "maximum"]


def test_a_date_after_the_day_of_receipt_needs_the_contracts_leave() -> None:
    field = {"name": "f", "title": Text(zh="f", en="f"), "type": "date"}
    strict = RecordField.model_validate(field)
    open_end = RecordField.model_validate({**field, "future": True})
    today, cells = date(2026, 3, 1), pa.array(["2026-03-01", "2026-03-02"])
    refused = FieldReader(strict, Source(column="f"), today).read(cells)
    assert [refused.problem_at(0), getattr(refused.problem_at(1), "rule", "")] == [
        None,
        "date_future",
    ]
    assert FieldReader(open_end, Source(column="f"), today).read(cells).problem_at(1) is None


def test_a_count_that_its_slot_cannot_hold_is_a_problem_of_the_row() -> None:
    found = read(reader("integer", slot="n1"), ["99999999999999", "100000000000000"])
    assert [problem for _, problem in found] == ["", "too_large"]
