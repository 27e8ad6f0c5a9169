"""The operator's pages on retention, and `xinrong retention`: preview, runs, certificates."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client

from tests.accounts.cast import Cast, make_cast
from tests.files.firm import FIRM, penalty, send
from tests.pages.account_support import as_, text
from xinrong.cli.retention import command
from xinrong.remedy.models import RetentionRun

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]


@pytest.fixture(autouse=True)
def place(settings: Any, tmp_path: Path) -> None:
    settings.REGION = "taizhou"
    settings.JOURNAL = tmp_path / "journal"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def operator(cast: Cast) -> Client:
    return as_(cast, "operator")


def one_over() -> None:
    send("registration", "market_registration", name_of={FIRM: "甲（虚构）有限公司"}, register=True)
    send("administrative_penalty", "health_penalties", penalty(50, date(2020, 1, 1)))


def told(*words: str) -> str:
    done = CliRunner().invoke(command, list(words), catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_before_the_first_run_the_page_says_when_it_begins(operator: Client) -> None:
    page = text(operator.get("/retention"))
    assert "尚未办理过" in page
    assert "无需办理" in text(operator.get("/retention/preview"))


def test_the_preview_names_category_rule_and_reference_and_no_content(operator: Client) -> None:
    one_over()
    page = text(operator.get("/retention/preview"))
    for words in ("行政处罚", "信用修复管理办法", "尚未核对原文", "administrative_penalty/50"):
        assert words in page
    assert "罚50" not in page
    assert "甲（虚构）" not in page
    assert not RetentionRun.objects.exists()


def test_a_run_is_listed_with_its_numbers_and_its_certificate(
    operator: Client, tmp_path: Path
) -> None:
    one_over()
    assert "1  suppressed" in told("preview")
    assert "has ended" in told("run")
    assert "Nothing is to be done" in told("preview")
    run = RetentionRun.objects.get()
    page = text(operator.get("/retention"))
    assert "已完成" in page
    assert "行政处罚" in text(operator.get(f"/retention/{run.pk}"))
    got = operator.get(f"/retention/{run.pk}/certificate")
    assert f"retention-{run.day}" in got["Content-Disposition"]
    path = tmp_path / "certificate.json"
    path.write_bytes(got.content)
    assert "The ledger says the same." in told("verify", str(path))
    assert json.loads(told("certificates", "--show", str(run.pk))) == json.loads(got.content)
    assert "1 records" in told("certificates")


def test_a_certificate_that_was_touched_or_is_none_is_refused(tmp_path: Path) -> None:
    one_over()
    told("run")
    run = RetentionRun.objects.get()
    path = tmp_path / "certificate.json"
    path.write_text(json.dumps(run.certificate).replace("2020", "2021").replace("suppressed", "x"))
    assert CliRunner().invoke(command, ["verify", str(path)]).exit_code == 1
    path.write_text("not json")
    assert CliRunner().invoke(command, ["verify", str(path)]).exit_code == 1
    assert CliRunner().invoke(command, ["certificates", "--show", "99"]).exit_code == 2


def test_a_run_that_was_stopped_stands_in_the_inbox_and_on_the_page(operator: Client) -> None:
    RetentionRun.objects.create(
        day=date(2026, 11, 1), began_at="2026-11-01T00:00Z", seq_before=0, failure="DiskFull"
    )
    assert "DiskFull" in text(operator.get("/retention"))
    assert "没有完成" in text(operator.get("/inbox"))


@pytest.mark.parametrize("who", ["clerk", "representative"])
def test_only_the_operator_and_the_auditor_come_here(cast: Cast, who: str) -> None:
    client = as_(cast, who)
    for address in ("/retention", "/retention/preview", "/retention/1"):
        assert client.get(address).status_code == 403


def test_an_unknown_run_is_not_found(operator: Client) -> None:
    assert operator.get("/retention/99").status_code == 404
    assert operator.get("/retention/99/certificate").status_code == 404
