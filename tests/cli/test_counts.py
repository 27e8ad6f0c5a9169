"""`xinrong counts` and `xinrong register counts`: the same gate and the same floor on a terminal."""

from __future__ import annotations

import pytest
from click.testing import CliRunner, Result

from tests.counting import CAST, PASSWORD
from tests.trust.counting.test_counts import firms
from xinrong.accounts.services import create_organisation, create_person
from xinrong.cli.main import group
from xinrong.trust.errors import CountRefused
from xinrong.trust.models import AuditRow
from xinrong.trust.services import Denied

__all__ = ["firms"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root", "firms")]


@pytest.fixture(autouse=True)
def _auditor() -> None:
    kind, role, _ = CAST["auditor"]
    office = create_organisation("监管局二（虚构）", kind)
    create_person("a@x.cn", PASSWORD, name="a", organisation=office, role=role)


def run(*words: str) -> Result:
    return CliRunner().invoke(group, [*words])


def test_a_draft_is_counted_and_logged() -> None:
    asked = ("counts", "draft", "honour", "tax_payment.amount >= 1,000", "--as", "a@x.cn")
    dry = run(*asked, "--dry-run")
    assert "draws on: draft" in dry.output
    assert not AuditRow.objects.exists()
    done = run(*asked)
    assert "tax_payment.amount >= 1000" in done.output
    assert f"audit row {AuditRow.objects.get().pk}" in done.output
    assert "draws on: nothing" in run(*asked, "--dry-run").output


def test_columns_are_listed_with_how_they_are_compared() -> None:
    done = run("counts", "columns", "--as", "a@x.cn")
    assert "offered for the purpose oversight" in done.output


def test_what_cannot_be_counted_is_refused_in_words() -> None:
    done = run("counts", "draft", "tax_payment.amount >= much", "--as", "a@x.cn")
    assert isinstance(done.exception, CountRefused)
    done = run("counts", "draft", "bank_account", "--as", "a@x.cn")
    assert isinstance(done.exception, Denied)
    assert run("counts", "draft", "--as", "a@x.cn").exit_code == 2


def test_the_registers_figures_are_printed_behind_the_floor() -> None:
    done = run("register", "counts", "--by", "district", "--by", "form")
    assert done.exit_code == 0, done.output
    assert "district," in done.output
    refused = run("register", "counts", "--by", "size")
    assert isinstance(refused.exception, CountRefused)
    assert "audit row" in run("register", "counts", "--by", "size", "--as", "a@x.cn").output


@pytest.mark.parametrize(
    "words",
    [
        ("--by", "owner"),
        ("--by", "time", "--by", "form", "--by", "district"),
        ("--exact",),
        ("--from", "2026-01-01"),
        ("--year", "x"),
    ],
)
def test_a_wrong_question_is_a_usage_error(words: tuple[str, ...]) -> None:
    assert run("register", "counts", *words).exit_code == 2
