"""Keeping the list: what can be on it, who keeps it, who is told, and what a sheet comes to."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xlsxwriter import Workbook

from tests.market.projects.cast import TOLD, Board, csv_of
from tests.profiles import city
from xinrong.collect.services import FileError
from xinrong.market.errors import MarketRefused
from xinrong.market.services import projects
from xinrong.notices.models import Notice
from xinrong.subjects.services import UnknownEnterprise, enterprise_by_code

TODAY = date(2026, 11, 2)


def told(kind: str) -> set[int]:
    return set(Notice.objects.filter(kind=kind).values_list("person_id", flat=True))


def test_what_is_listed_stands_on_the_list_of_its_days_and_its_owner_is_told(board: Board) -> None:
    made = board.add()
    assert (made.amount, made.months) == (3_000_000_000, 36)
    assert list(projects.projects_on(TODAY)) == [made]
    assert list(projects.projects_on(date(2026, 1, 1))) == [made]
    assert list(projects.projects_on(date(2027, 12, 31))) == [made]
    assert not projects.projects_on(date(2028, 1, 1))
    assert not projects.projects_on(date(2025, 12, 31))
    assert told("project_listed") == {board.firm.person_id}


@pytest.mark.parametrize(
    ("more", "field", "words"),
    [
        ({"amount": "0"}, "amount", "1,000"),
        ({"amount": "1000000000000"}, "amount", "1,000,000,000"),
        ({"amount": "-5"}, "amount", ""),
        ({"amount": "很多"}, "amount", ""),
        ({"amount": ""}, "amount", "There is no sum"),
        ({"months": "0"}, "months", "between 1 and 360"),
        ({"months": "2.5"}, "months", "no number of months"),
        ({"title": "  "}, "title", "nothing"),
        ({"title": "字" * 101}, "title", "more than 100"),
        ({"document": ""}, "document", "nothing"),
        ({"listed_from": "soon"}, "listed_from", "no day"),
        ({"listed_until": ""}, "listed_until", "no day"),
        ({"listed_until": "2025-12-31"}, "listed_until", "before it is listed from"),
        ({"listed_until": "2037-01-01"}, "listed_until", "over 10 years"),
    ],
)
def test_what_cannot_be_listed_is_said_with_its_field(
    more: dict[str, str], field: str, words: str
) -> None:
    with pytest.raises(MarketRefused) as refused:
        projects.read_listing(TOLD | more)
    assert (refused.value.code, refused.value.place.field) == ("project_wrong", field)
    assert refused.value.words is not None
    assert words in refused.value.words.en


def test_what_would_be_over_already_is_not_listed(board: Board) -> None:
    with pytest.raises(MarketRefused) as refused:
        board.add(listed_until="2026-11-01")
    assert (refused.value.code, refused.value.place.field) == ("project_wrong", "listed_until")
    assert not projects.KeyProject.objects.exists()


def test_a_title_that_names_its_owner_is_refused_as_titles_are_published(board: Board) -> None:
    name = enterprise_by_code(TOLD["code"]).name
    with pytest.raises(MarketRefused) as refused:
        board.add(title=f"{name}新厂")
    assert refused.value.place.field == "title"
    made = board.add()
    with pytest.raises(MarketRefused):
        projects.correct(board.officer, made.number,
                         projects.read_listing(TOLD | {"title": name}), now=board.now)  # fmt: skip


def test_a_code_that_nobody_has_is_refused(board: Board) -> None:
    with pytest.raises(UnknownEnterprise):
        board.add(code="91330000000000000X")


def test_the_same_project_is_listed_once_whichever_department_does(board: Board) -> None:
    made = board.add()
    for who in (board.officer, board.stranger):
        with pytest.raises(MarketRefused) as refused:
            board.add(who, title=" 智能泵阀二期 ")
        assert refused.value.code == "project_twice"
    board.add(title="智能泵阀三期")
    board.add(code=city.code(6))
    projects.end(board.officer, made.number, "并入三期", now=board.now)
    board.add()


def test_a_project_is_corrected_and_what_stood_there_is_kept(board: Board) -> None:
    made = board.add()
    mended = projects.read_listing(TOLD | {"amount": "4000万", "months": "24"})
    for _ in range(2):
        projects.correct(board.officer, made.number, mended, now=board.now)
    [change] = projects.ProjectChange.objects.filter(project=made)
    assert change.was == {"amount": "3000000000", "months": "36"}
    assert projects.project_for(board.firm, made.number).amount == 4_000_000_000
    assert told("project_changed") == {board.firm.person_id}
    other = board.add(title="另一个")
    with pytest.raises(MarketRefused) as refused:
        projects.correct(board.officer, other.number, mended, now=board.now)
    assert refused.value.code == "project_twice"


def test_what_is_taken_off_is_off_from_that_day_with_its_reason(board: Board) -> None:
    made = board.add()
    for why in ("", "  ", "长" * 501):
        with pytest.raises(MarketRefused) as refused:
            projects.end(board.officer, made.number, why, now=board.now)
        assert refused.value.place.field == "why"
    ended = projects.end(board.officer, made.number, "项目停建", now=board.now)
    assert not projects.projects_on(TODAY)
    assert not projects.is_listed(ended, TODAY)
    assert projects.is_listed(ended, TODAY - timedelta(days=1))
    assert told("project_ended") == {board.firm.person_id}
    with pytest.raises(MarketRefused) as refused:
        projects.end(board.officer, made.number, "再次", now=board.now)
    assert refused.value.code == "project_ended"
    with pytest.raises(MarketRefused) as refused:
        projects.correct(board.officer, made.number, projects.read_listing(TOLD), now=board.now)
    assert refused.value.code == "project_ended"


def test_whoever_it_is_none_of_the_business_of_learns_nothing(board: Board) -> None:
    made = board.add()
    for who in (board.other, board.stranger):
        assert not projects.projects_for(who)
        with pytest.raises(MarketRefused) as refused:
            projects.project_for(who, made.number)
        assert refused.value.code == "project_unknown"
    with pytest.raises(MarketRefused) as refused:
        projects.end(board.stranger, made.number, "不要", now=board.now)
    assert refused.value.code == "project_unknown"
    listing = projects.read_listing(TOLD)
    acts: list[Callable[[], object]] = [
        lambda: projects.add(board.firm, TOLD["code"], listing, now=board.now),
        lambda: projects.correct(board.firm, made.number, listing, now=board.now),
        lambda: projects.end(board.firm, made.number, "不要", now=board.now),
        lambda: projects.read_sheet(board.firm, "a.csv", b"x", now=board.now),
    ]
    for act in acts:
        with pytest.raises(MarketRefused) as refused:
            act()
        assert refused.value.code == "project_role"


def test_every_row_of_a_sheet_is_accounted_for_and_nothing_written_by_reading(
    board: Board,
) -> None:
    board.add(title="已在清单")
    found = board.sheet(
        csv_of({}, {}, {"title": "已在清单"}, {"code": "1" * 18, "title": "甲"},
               {"amount": "0", "title": "乙"}, {"title": "丙", "code": city.code(6)})
    )  # fmt: skip
    assert [row.row_no for row in found.accepted] == [2, 7]
    assert [(one.row_no, one.heading) for one in found.held] == [
        (5, "统一社会信用代码 code"), (6, "资金需求（元） amount")
    ]  # fmt: skip
    assert [one.row_no for one in found.duplicates] == [3, 4]
    assert found.rows_in == 6
    assert projects.KeyProject.objects.count() == 1
    board.add(title="丙", code=city.code(6))  # meanwhile
    made, held = projects.enter_sheet(board.officer, found.accepted, now=board.now)
    assert [one.title for one in made] == [TOLD["title"]]
    assert [one.row_no for one in held] == [7]


def test_a_workbook_is_read_with_its_days_and_numbers(board: Board) -> None:
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy/m/d"})
        sheet.write_row(0, 0, list(projects.HEADINGS.values()))
        sheet.write_row(1, 0, [TOLD[name] for name in projects.FIELDS])
        sheet.write_number(1, 2, 30_000_000)
        sheet.write_number(1, 3, 36)
        sheet.write_datetime(1, 6, datetime(2026, 1, 1), day)
        sheet.write_datetime(1, 7, datetime(2027, 12, 31), day)
    found = projects.read_sheet(board.officer, "list.xlsx", out.getvalue(), now=board.now)
    assert not found.held
    [made], _held = projects.enter_sheet(board.officer, found.accepted, now=board.now)
    assert (made.amount, made.months) == (3_000_000_000, 36)
    assert (made.listed_from, made.listed_until) == (date(2026, 1, 1), date(2027, 12, 31))


@pytest.mark.parametrize(
    ("content", "words"), [("名称,金额\n甲,1", "列"), ("", ""), ("\x00\x01\x02" * 50, "")]
)
def test_what_is_no_such_sheet_is_said(board: Board, content: str, words: str) -> None:
    with pytest.raises(FileError) as refused:
        board.sheet(content)
    assert words in refused.value.words.zh


def test_a_list_goes_out_without_a_formula_and_comes_back_as_it_was(board: Board) -> None:
    wild = ["=1+1", "@SUM(A1)", "+厂", "-2号线", "项目"]
    for title in wild:
        board.add(title=title, document="=cmd|' /C calc'!A0")
    rows = list(projects.rows_of(projects.projects_for(board.officer)))
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "@", "+", "-"))]
    for one in projects.projects_for(board.officer):
        projects.end(board.officer, one.number, "重列", now=board.now)
    lines = [",".join(projects.HEADINGS.values())]
    lines += [",".join(f'"{cell}"' for cell in row) for row in rows]
    found = board.sheet("\n".join(lines))
    assert not found.held
    made, _held = projects.enter_sheet(board.officer, found.accepted, now=board.now)
    assert {one.title for one in made} == set(wild)
    assert {one.document for one in made} == {"=cmd|' /C calc'!A0"}
    assert {one.amount for one in made} == {3_000_000_000}


@given(st.dictionaries(st.sampled_from(list(TOLD)), st.text(max_size=40)))
def test_whatever_is_typed_is_read_or_refused_in_both_languages(more: dict[str, str]) -> None:
    refused = None
    try:
        found: Any = projects.read_listing(TOLD | more)
    except MarketRefused as error:
        refused = error
    if refused is not None:
        assert refused.words is not None
        assert refused.words.zh
        assert refused.place.field in TOLD
    else:
        assert found.title.isprintable()
        assert 100_000 <= found.amount <= 100_000_000_000
        assert 1 <= found.months <= 360
        assert found.listed_from <= found.listed_until
