"""Words, figures and the cube's arithmetic, without a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import pytest
from django.utils import translation

from xinrong.accounts.enums import Role
from xinrong.catalogue.region import load_region
from xinrong.domain.text import Text
from xinrong.files.types import Coverage, CreditCube, CubeCell, Sign
from xinrong.pages import words
from xinrong.pages.bank.cube import HEATS, heat_of, tabulate
from xinrong.pages.department.batches import shares
from xinrong.pages.paging import number
from xinrong.pages.public.display_law import length
from xinrong.pages.templatetags import xinrong as tags
from xinrong.subjects.models import EnterpriseKind
from xinrong.trust.services import Purpose, Stage

COVERAGE = Coverage(date(2026, 11, 21), (), 0, 0)
TITLES = {"tax": Text(zh="税", en="tax"), "court": Text(zh="诉", en="court")}
CELLS = (
    CubeCell("tax", 2024, "bureau", Sign.NEUTRAL, 3, Decimal("10.50")),
    CubeCell("tax", 2025, "bureau", Sign.NEGATIVE, 1, Decimal("4.25")),
    CubeCell("court", 2025, "court", Sign.NEGATIVE, 2, None),
    CubeCell("court", None, "court", Sign.NEGATIVE, 1, None),
)
CUBE = CreditCube(1, CELLS, TITLES, {"bureau": TITLES["tax"], "court": TITLES["court"]}, COVERAGE)


@pytest.fixture(autouse=True)
def _in_chinese() -> Iterator[None]:
    with translation.override("zh-hans"):
        yield


def table(**query: str) -> Any:
    return tabulate(CUBE, query, enterprise="X")


def test_every_enum_has_words() -> None:
    assert set(words.SIGNS) == set(Sign)
    assert set(words.STAGES) == set(Stage)
    assert set(words.PURPOSES) == set(Purpose)
    assert set(words.KINDS) == set(EnterpriseKind)
    assert set(words.ROLES) == {*Role, "public"}


def test_every_table_is_found_by_its_name_and_by_no_other() -> None:
    found: dict[str, str] = {}
    for one in iter_modules(words.__path__):
        module = import_module(f"{words.__name__}.{one.name}")
        for name in filter(str.isupper, vars(module)):
            assert getattr(words, name) is getattr(module, name), f"{name} is not in words/__init__"
            assert name not in found, f"{name} is in {found[name]} and in {one.name}"
            found[name] = one.name
    assert len(found) > 40


def test_every_table_that_a_template_names_is_there() -> None:
    templates = Path(words.__file__).parents[1] / "templates"
    named = {
        name
        for path in templates.rglob("*.html")
        for name in re.findall(r'\|word:"(\w+)"', path.read_text(encoding="utf-8"))
    }
    assert {name for name in named if not hasattr(words, name)} == set()
    assert "KINDS" in named


@pytest.mark.parametrize("name", ["beijing", "taizhou"])
def test_every_group_of_a_region_has_words(name: str) -> None:
    groups = {contract.group for contract in load_region(name).contracts.values()}
    assert groups <= set(words.GROUPS)


def test_totals_of_the_cube_agree_along_both_axes() -> None:
    made = table()
    assert made.columns == ("2024", "2025", "无日期或不可见")
    assert sum(cell.figure for cell in made.totals) == made.total.figure == 7
    assert sum(row.total.figure for row in made.rows) == 7


def test_money_is_summed_exactly_and_only_where_there_is_money() -> None:
    made = table(measure="amount")
    assert [row.title for row in made.rows] == ["税"]
    assert made.total.figure == Decimal("14.75")


def test_a_sign_narrows_the_cube_and_goes_along_to_the_records() -> None:
    made = table(sign="negative")
    assert made.total.figure == 4
    assert "sign=negative" in made.rows[0].total.address


def test_undated_records_are_asked_for_as_such() -> None:
    assert table().rows[-1].cells[-1].address.endswith("category=court&year=undated")


@pytest.mark.parametrize(("figure", "most"), [(1, 10), (1, 10_000), (9_999, 10_000)])
def test_heat_has_five_steps(figure: int, most: int) -> None:
    assert 1 <= heat_of(figure, most) <= HEATS
    assert heat_of(most, most) == HEATS
    assert heat_of(5, 0) == 0
    assert heat_of(1, 1) < HEATS


def test_the_bar_of_a_receipt_fills_its_width() -> None:
    class Receipt:
        rows_in, accepted, duplicates, quarantined = 3, 1, 1, 1

    made = shares(Receipt)
    assert made[-1].start + made[-1].width == pytest.approx(1000, abs=0.1)
    Receipt.rows_in = Receipt.accepted = Receipt.duplicates = Receipt.quarantined = 0
    assert [share.width for share in shares(Receipt)] == [0, 0, 0]


def test_figures_read_as_people_write_them() -> None:
    assert tags.yuan(Decimal("1234567.5")) == "1,234,567.50 元"
    assert tags.yuan(None) == "—"
    assert tags.count(1234567) == "1,234,567"
    assert tags.value(Decimal("0.1200")) == "0.1200"
    assert tags.value(True) == "是"
    assert tags.value("") == "—"
    assert tags.day(date(2026, 1, 2)) == "2026-01-02"


def test_moments_are_told_in_the_platforms_time_zone() -> None:
    late = datetime(2026, 11, 21, 17, 30, tzinfo=UTC)
    assert tags.moment(late) == "2026-11-22 01:30"
    assert tags.day(late) == "2026-11-22"


@pytest.mark.parametrize(("text", "found"), [("7", 7), ("0", 0), ("", None), ("-1", None),
                                             ("²", None), ("99999999", None)])  # fmt: skip
def test_a_number_in_an_address_is_a_number_or_nothing(text: str, found: int | None) -> None:
    assert number(text, 0, 100) == found


def test_periods_are_told_in_words() -> None:
    from xinrong.domain.law import Period

    assert length(Period(years=3, months=6)) == "3 年 6 个月"
    assert length(Period()) == "至该日止"
