"""`xinrong market cost` and `allocate` as a person calls them, and with bad input."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from xinrong.cli.market_allocate import allocate
from xinrong.cli.market_cost import cost
from xinrong.domain.errors import XinrongError

DOCS = Path(__file__).resolve().parents[2] / "docs"
GUIDE = (DOCS / "how-to" / "decide-how-much-to-whom.md").read_text(encoding="utf-8")


def ran(command: object, *words: str) -> Result:
    done = CliRunner().invoke(command, list(words))
    if done.exception is not None and not isinstance(done.exception, SystemExit | XinrongError):
        raise done.exception
    return done


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    """The two files that the guide shows."""
    found = re.findall(r"```csv\n(.*?)```", GUIDE, re.DOTALL)
    assert len(found) == 2
    for name, text in zip(("applicants.csv", "rates.csv"), found, strict=True):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return str(tmp_path / "applicants.csv"), str(tmp_path / "rates.csv")


def test_the_guide_does_what_it_says(files: tuple[str, str], tmp_path: Path) -> None:
    line = re.search(r"xinrong market allocate applicants.csv rates.csv (.*)", GUIDE)
    out = tmp_path / "plan.csv"
    done = ran(allocate, *files, *line[1].split(), "--prices", "--sensitivity", "--baselines",
               "--limit", "offers 5", "--out", str(out))  # fmt: skip
    assert done.exit_code == 0, done.output
    for told in (
        "建议放款",
        "该评级不予放款",
        "expected to earn",
        "one rate for all",
        "drawn at most",
    ):
        assert told in done.output
    assert out.read_text(encoding="utf-8-sig").count("\n") == 8


@pytest.mark.parametrize("limit", re.findall(r"^\| `\"(.*?)\"` \|", GUIDE, re.MULTILINE))
def test_every_limit_of_the_guide_can_be_written(limit: str) -> None:
    from decimal import Decimal

    from xinrong.market import deciding

    assert deciding.limit_from_text(limit, Decimal(1_000_000)).value > 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--budget", "0"], "budget"),
        (["--budget", "-5"], "budget"),
        (["--budget", "much"], "budget"),
        (["--lgd", "145%"], "loss_given_default"),
        (["--lgd", "0.2"], "lgd"),
        (["--funds", "-1%"], "cost_of_funds"),
        (["--least", "0"], "applicants.csv, row 2, least"),
        (["--limit", "everything"], "limit"),
        (["--never", "A"], "applicants.csv, grade"),
        (["--limit", "offers group none 5"], "applicants.csv, limit"),
    ],
)
def test_bad_numbers_are_told(files: tuple[str, str], words: list[str], told: str) -> None:
    given = {"--budget": "3000000", "--lgd": "45%", "--funds": "2.2%"} | {words[0]: words[1]}
    Path(files[0]).write_text("applicant,grade,pd\nE1,D,0.1\n", encoding="utf-8")
    if words[0] != "--never":
        given["--never"] = "D"
    done = ran(allocate, *files, *(word for pair in given.items() for word in pair))
    assert done.exit_code == 1
    assert isinstance(done.exception, XinrongError)
    assert str(done.exception).startswith(told)
    assert done.exception.remedy


def test_an_empty_file_is_told_by_its_name(files: tuple[str, str]) -> None:
    Path(files[0]).write_text("", encoding="utf-8")
    done = ran(allocate, *files, "--budget", "1", "--lgd", "45%", "--funds", "2%")
    assert str(done.exception).startswith("applicants.csv: the file is empty")


def test_nothing_is_solved_for_a_file_that_cannot_be_written(files: tuple[str, str]) -> None:
    words = ["--budget", "1000000", "--lgd", "45%", "--funds", "2%", "--never", "D"]
    for out in ("nowhere/plan.csv", "plan.txt"):
        done = ran(allocate, *files, *words, "--out", out)
        assert done.exit_code == 2
        assert "--out" in done.output
        assert "proven" not in done.output


def test_a_cost_sheet_is_printed() -> None:
    done = ran(cost, "--amount", "500,000", "--months", "12", "--rate", "3.85", "--fee",
               "guarantee fee yearly 1%", "--fee", "appraisal at_disbursement 800",
               "--repayment", "interest_first", "--language", "en")  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "CNY 494,200.00" in done.output
    assert "all-in annual cost" in done.output


def test_a_cost_is_told_to_programs_without_losing_a_fen() -> None:
    done = ran(cost, "--amount", "100000", "--months", "12", "--rate", "6", "--repayment",
               "at_end", "--fee", "at_disbursement 2%", "--since", "2026-03-01", "--json")  # fmt: skip
    told = json.loads(done.output)
    assert told["annual"] == "0.08163265"
    assert told["received"] == "98000.00"
    assert told["timed_by"] == "days"
    assert [one["on"] for one in told["instalments"]] == ["2027-03-01"]
    assert told["instalments"][0]["total"] == "106000.00"


def test_the_guide_of_costs_prints_what_it_shows() -> None:
    guide = (DOCS / "how-to" / "say-what-a-loan-costs.md").read_text(encoding="utf-8")
    line = re.search(r"xinrong market cost (.*)", guide)
    done = ran(cost, *shlex.split(line[1]))
    shown = re.search(r"^    (all-in annual cost.*)$", guide, re.MULTILINE)
    assert shown[1] in done.output


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--amount", "0"], "amount"),
        (["--amount", "1000000000000"], "amount"),
        (["--rate", "0"], "rate"),
        (["--rate", "-1"], "rate"),
        (["--rate", "0.0385"], "rate"),
        (["--rate", "385"], "rate"),
        (["--months", "0"], "term"),
        (["--fee", "yearly"], "fee"),
        (["--fee", "at_disbursement 100%"], "fees"),
        (["--deposit", "100%"], "deposit"),
    ],
)
def test_terms_of_no_loan_are_told(words: list[str], told: str) -> None:
    given = {"--amount": "100000", "--rate": "3.85", "--months": "12"} | {words[0]: words[1]}
    done = ran(cost, *(word for pair in given.items() for word in pair))
    assert isinstance(done.exception, XinrongError)
    assert done.exception.place.field == told
    assert done.exception.remedy
