"""Files of the bank: read with the row and the column of what is wrong, written without formulas."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook

from xinrong.domain.allocation import (
    Applicant,
    BadProblem,
    Counts,
    Economics,
    Limit,
    Problem,
    RateTable,
    prices,
    solve,
)
from xinrong.market import deciding

RATES = "rate,A,B\n4%,0,0\n0.06,20%,0.15\n9%,0.45,0.5\n"
TABLE = RateTable((0.04, 0.06, 0.09), {"A": (0.0, 0.2, 0.45), "B": (0.0, 0.15, 0.5)})


def read(text: str) -> tuple[Applicant, ...]:
    return deciding.read_applicants("a.csv", text.encode(), least=100_000, most=1_000_000)


def test_applicants_are_read_as_banks_write_them() -> None:
    told = read(
        "applicant,grade,probability_of_default,least,most,group\n"
        "E1,A,0.03,,,\n"
        'E2,B,3%,"200,000",500000.00,first\n'
        "\n"
    )
    assert told == (
        Applicant("E1", "A", 0.03, 100_000, 1_000_000),
        Applicant("E2", "B", 0.03, 200_000, 500_000, "first"),
    )
    chinese = "企业,评级,违约概率\n甲公司,A,３％\n".encode("gb18030")
    assert deciding.read_applicants("b.csv", chinese, least=1, most=2) == (
        Applicant("甲公司", "A", 0.03, 1, 2),
    )


def test_a_table_of_rates_is_read_with_its_grades() -> None:
    assert deciding.read_rates("r.csv", RATES.encode("utf-8-sig")) == TABLE
    named = "annual_rate,churn_rating_A,信誉评级B\n0.04,0,0\n0.06,0.2,0.15\n0.09,0.45,0.5\n"
    assert deciding.read_rates("r.csv", named.encode()) == TABLE


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", "a.csv"),
        ("\n\n", "a.csv"),
        ("applicant,grade,probability_of_default\n", "a.csv"),
        ("applicant,grade\nE1,A\n", "a.csv, row 1, probability_of_default"),
        ("applicant,grade,pd\nE1,A,-0.1\n", "a.csv, row 2, probability_of_default"),
        ("applicant,grade,pd\nE1,A,3\n", "a.csv, row 2, probability_of_default"),
        ("applicant,grade,pd\nE1,A,\n", "a.csv, row 2, probability_of_default"),
        ("applicant,grade,pd\nE1,A,low\n", "a.csv, row 2, probability_of_default"),
        ("applicant,grade,pd\nE1,A,1e999\n", "a.csv, row 2, probability_of_default"),
        ("applicant,grade,pd\n\n,A,0.1\n", "a.csv, row 3, applicant"),
        ("applicant,grade,pd\nE1,A\n", "a.csv, row 2"),
        ("applicant,grade,pd,least\nE1,A,0.1,0.5\n", "a.csv, row 2, least"),
        ("applicant,grade,pd,least\nE1,A,0.1,-5\n", "a.csv, row 2, least"),
        ("applicant,grade,pd,most\nE1,A,0.1,5\n", "a.csv, row 2, least"),
        ("applicant,grade,pd,most\nE1,A,0.1,=1+1\n", "a.csv, row 2, most"),
        ("applicant\0", "a.csv"),
    ],
)
def test_what_is_wrong_with_applicants_has_its_place(text: str, place: str) -> None:
    with pytest.raises(BadProblem) as caught:
        read(text)
    assert str(caught.value.place) == place
    assert str(caught.value).startswith(place)
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", "r.csv"),
        ("A,B\n0,0\n", "r.csv, row 1, rate"),
        ("rate\n0.04\n", "r.csv, rate"),
        ("rate,A\n0.05,0\n0.04,0.1\n", "r.csv, rate"),
        ("rate,A\n0.04,-0.1\n", "r.csv, A"),
        ("rate,A\n0.04,\n", "r.csv, row 2, A"),
        ("rate,A\n0,0\n", "r.csv, rate"),
    ],
)
def test_what_is_wrong_with_a_table_has_its_place(text: str, place: str) -> None:
    with pytest.raises(BadProblem) as caught:
        deciding.read_rates("r.csv", text.encode())
    assert str(caught.value.place) == place


def test_limits_are_read_as_a_person_writes_them() -> None:
    budget = Decimal(1_000_000)
    assert deciding.limit_from_text("offers 150", budget) == Limit(Counts.OFFERS, Decimal(150))
    assert deciding.limit_from_text("drawn grade C 30%", budget) == Limit(
        Counts.DRAWN, Decimal(300_000), grade="C"
    )
    assert deciding.limit_from_text("offers at least group first loans 20", budget) == Limit(
        Counts.OFFERS, Decimal(20), at_least=True, group="first loans"
    )
    assert deciding.limit_from_text("expected_loss at most 2,000,000", budget) == Limit(
        Counts.EXPECTED_LOSS, Decimal(2_000_000)
    )


@pytest.mark.parametrize(
    "text", ["", "offers", "loans 5", "offers many", "drawn grade 5", "drawn of C 5", "offers -5"]
)
def test_what_is_no_limit_is_refused(text: str) -> None:
    with pytest.raises(BadProblem) as caught:
        deciding.limit_from_text(text, Decimal(1))
    assert caught.value.remedy


def test_no_spreadsheet_runs_what_an_applicant_is_called() -> None:
    evil = Applicant('=HYPERLINK("x")', "A", 0.01, 100_000, 1_000_000, "+1")
    problem = Problem(
        (evil, Applicant("-2", "B", 0.9, 100_000, 200_000)),
        TABLE,
        Economics(0.45, 0.02),
        Limit(Counts.DRAWN, Decimal(500_000)),
        (Limit(Counts.OFFERS, Decimal(2), at_least=True),),
    )
    found = solve(problem)
    rows = list(csv.reader(io.StringIO(deciding.as_csv(found).decode("utf-8-sig"))))
    assert rows[1][0] == '\'=HYPERLINK("x")'
    assert rows[1][2] == "'+1"
    assert rows[2][0] == "'-2"
    assert float(rows[2][-1]) < 0  # a loss stays a number
    assert int(rows[1][5]) >= 100_000
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(deciding.as_xlsx(found, prices(found), deciding.sensitivity_of(found)))
    )
    assert book.sheet_names == ["decisions", "limits", "sensitivity"]
    cells = book.get_sheet_by_name("decisions").to_python()
    assert cells[1][0] == evil.name
    assert cells[1][5] == float(rows[1][5])
    assert len(book.get_sheet_by_name("sensitivity").to_python()) == 10
