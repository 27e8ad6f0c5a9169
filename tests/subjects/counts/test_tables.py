"""Tables of the register's figures: what is counted where, and that tables fit each other."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.subjects.people import NOW, code
from tests.subjects.register.registry import REGION, Registry, entry, trader_code
from xinrong.catalogue.region import load_region
from xinrong.domain.standards.size import size_class
from xinrong.subjects.counts import tables
from xinrong.subjects.counts.facts import CONVERTED, NEW, Cell, Facts, _size, inputs_of
from xinrong.subjects.counts.hiding import FLOOR
from xinrong.subjects.counts.tables import ELSEWHERE, RegisterAsk, RegisterTable, register_table
from xinrong.subjects.errors import CountUnknown
from xinrong.subjects.services import read_successions

TAIZHOU = load_region("taizhou")
AS_OF = date(2026, 11, 22)


def table(region: Any = TAIZHOU, **asked: Any) -> RegisterTable:
    return register_table(region, RegisterAsk(**{"as_of": AS_OF, **asked}))


def of_cells(monkeypatch: pytest.MonkeyPatch, cells: dict[Cell, int]) -> None:
    days = [cell.month for cell in cells]
    facts = Facts(cells, 7, min(days), max(days))
    monkeypatch.setattr(tables, "facts_of", lambda *_region, **_sizes: facts)


def cell(month: date, district: str = "331002", **more: str) -> Cell:
    values = {"section": "C", "form": "company", "size": "micro", "measure": NEW} | more
    return Cell(month=month, district=district, **values)


@pytest.fixture
def town(monkeypatch: pytest.MonkeyPatch) -> dict[Cell, int]:
    """Four years of a town, with many small figures."""
    dice = random.Random(9)
    cells = {
        Cell(NEW, date(year, month, 1), district, section, form, "micro"): dice.choice((0, 1, 2, 9))
        for year in (2023, 2024, 2025, 2026)
        for month in range(1, 13)
        if (year, month) < (2026, 11)
        for district in ("331002", "331003", "331004", "110101")
        for section in ("C", "F", "")
        for form in ("company", "sole_trader")
    }
    of_cells(monkeypatch, cells)
    return cells


def exact(cells: dict[Cell, int], **wanted: Any) -> int:
    return sum(
        many
        for one, many in cells.items()
        if all(getattr(one, name) == value for name, value in wanted.items())
    )


def test_figures_are_in_tens_and_near_what_is_counted(town: dict[Cell, int]) -> None:
    made = table(rows="district")
    assert made.rows == ("331002", "331003", "331004", ELSEWHERE)
    for name, figure in zip(made.rows[:3], made.row_totals, strict=False):
        assert figure is not None
        assert figure % 10 == 0
        assert abs(figure - exact(town, district=name)) <= 5


def test_what_is_not_of_this_area_is_one_line(town: dict[Cell, int]) -> None:
    assert "110101" not in str(table(rows="district", columns="time"))


@pytest.mark.parametrize("year", [None, 2024, 2026])
def test_a_total_is_hidden_in_every_table_or_in_none(
    town: dict[Cell, int], year: int | None
) -> None:
    dimensions = ("time", "district", "section", "form")
    for one in dimensions:
        alone = dict(zip((made := table(rows=one, year=year)).rows, made.row_totals, strict=True))
        for other in dimensions:
            if other != one:
                both = table(rows=one, columns=other, year=year)
                assert dict(zip(both.rows, both.row_totals, strict=True)) == alone
                turned = table(rows=other, columns=one, year=year)
                assert [list(line) for line in zip(*both.figures, strict=True)] == [
                    list(line) for line in turned.figures
                ]
                assert both.total == turned.total == made.total


@pytest.mark.parametrize("dimension", ["district", "section", "form"])
def test_the_figures_of_a_year_are_those_of_the_table_by_years(
    town: dict[Cell, int], dimension: str
) -> None:
    every = table(rows="time", columns=dimension)
    for place, year in enumerate(every.rows):
        assert table(rows=dimension, year=int(year)).row_totals == every.figures[place]
        assert table(rows="time", year=int(year)).total == every.row_totals[place]


def test_no_subtraction_leaves_a_single_hidden_figure(town: dict[Cell, int]) -> None:
    hidden_somewhere = False
    for one, other in (("time", "district"), ("time", "section"), ("district", "section")):
        for year in (None, 2023):
            made = table(rows=one, columns=other, year=year)
            sides = [
                *zip(made.figures, made.row_totals, strict=True),
                *zip(zip(*made.figures, strict=True), made.column_totals, strict=True),
            ]
            for line, total in sides:
                away = sum(figure is None for figure in line)
                hidden_somewhere |= bool(away)
                assert away != 1 or total is None
    assert hidden_somewhere


def test_the_month_that_still_runs_is_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    of_cells(monkeypatch, {cell(date(2026, 10, 1)): 50, cell(date(2026, 11, 1)): 70})
    assert table(year=2026).total == 50
    assert table(as_of=date(2026, 11, 30)).total == 120
    assert table(as_of=date(2026, 11, 29)).ask.through == date(2026, 10, 31)
    assert len(table(year=2026).rows) == 10


def test_years_before_the_first_conversion_hide_no_figure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cells = {cell(date(year, 1, 1)): 50 for year in range(2003, 2027)}
    cells |= {cell(date(year, 1, 1), measure=CONVERTED): 50 for year in (2024, 2025)}
    of_cells(monkeypatch, cells)
    made = table(measure=CONVERTED)
    assert (made.rows, made.row_totals) == (("2024", "2025"), (50, 50))
    assert made.years == tuple(range(2003, 2027))
    assert table(measure=CONVERTED, year=2010).total is None


def test_before_the_first_event_there_is_no_table(town: dict[Cell, int]) -> None:
    made = table(as_of=date(1999, 1, 1))
    assert (made.rows, made.total) == ((), None)


@pytest.mark.parametrize(
    "asked",
    [
        {"measure": "closed"},
        {"rows": "owner"},
        {"rows": "time", "columns": "time"},
        {"year": 1950},
    ],
)
def test_what_there_is_not_is_said(town: dict[Cell, int], asked: dict[str, Any]) -> None:
    with pytest.raises(CountUnknown):
        table(**asked)


def test_a_register_without_industries_tells_no_sections_and_no_sizes() -> None:
    assert set(inputs_of(load_region("beijing"))) == {"time", "district", "form"}
    with pytest.raises(CountUnknown, match="section"):
        table(load_region("beijing"), rows="section")
    assert ("annual_report", "revenue") in inputs_of(TAIZHOU)["size"]


@pytest.mark.parametrize("code_of_industry", ["C3525", "5281", "6010", "A0111", "J6621", "", "zz"])
def test_a_size_is_what_the_standard_says(code_of_industry: str) -> None:
    dice = random.Random(code_of_industry)
    for _ in range(60):
        staff = dice.choice((None, 3, 15, 150, 900))
        revenue = dice.choice((None, 10**5, 10**7, 3 * 10**8, 9 * 10**9))
        assets = dice.choice((None, 10**5, 3 * 10**7, 2 * 10**9))
        facts = (staff, revenue, assets)
        expected = size_class(code_of_industry, *facts).value
        assert _size(code_of_industry, facts) == expected
    assert _size(code_of_industry, None) == size_class(code_of_industry, None, None, None).value


# --- from files -------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.usefixtures("store_root")
def test_what_the_register_sends_is_counted_where_it_belongs(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    region = REGION
    companies = [entry(n, f"第{n}（虚构）有限公司", 成立日="2026-03-05") for n in range(1, 31)]
    traders = [
        {"代码": trader_code(n), "名称": f"第{n}（虚构）商店", "类型": "店", "成立日": "2024-02-03"}
        for n in range(100, 125)
    ]
    registry.register("2026-06-01", *companies, *traders)
    registry.changed(
        *(
            (
                trader_code(100 + n),
                f"第{100 + n}（虚构）商店",
                "个转企",
                "2026-04-01",
                code(n + 1),
            )
            for n in range(12)
        )
    )
    assert read_successions(region, at=NOW).recorded == 12
    new = table(region, rows="time", columns="form")
    assert new.rows == ("2024", "2025", "2026")
    assert dict(zip(new.rows, new.row_totals, strict=True)) == {
        "2024": None,
        "2025": None,
        "2026": 30,
    }, "2025 alone would be told by the total: the smaller of the others goes with it"
    converted = table(region, measure=CONVERTED, rows="district")
    assert converted.total == 10
    assert FLOOR == 10
    registry.register(
        "2026-06-02", entry(40, "又一（虚构）有限公司", 成立日="2026-05-09"), change="新"
    )
    assert table(region).seq > new.seq, "a commit makes the figures anew"
