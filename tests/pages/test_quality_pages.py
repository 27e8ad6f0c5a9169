"""Boards of quality: who sees what, that figures are those of the receipts, how they look."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.pages.support import Town
from tests.pages.test_access import as_
from tests.pages.test_browser import BOTH_WAYS, WIDTHS, blocked, violations
from xinrong.collect.models import Alarm, AlarmKind, Receipt
from xinrong.collect.services import quality
from xinrong.domain.clock import SystemClock

BOARD, EXPORT, COVERAGE = "/quality/board", "/quality/board.csv", "/quality/coverage"
REGISTER, VIOLATIONS = "new_domestic_enterprises", "major_tax_violations"


def alarm(town: Town, feed: str = VIOLATIONS, department: str = "taxation") -> Alarm:
    receipt = Receipt.objects.get(feed=feed)
    return Alarm.objects.create(
        feed=feed,
        department=department,
        category=receipt.category,
        kind=AlarmKind.CONTENT,
        field="subject.name",
        figures={"shape": "length", "code": 3, "found": 0.2, "usual": 0.01, "rows": [2, 3]},
        receipt=receipt,
        opened_at=receipt.received_at,
        seen_at=receipt.received_at,
    )


@pytest.mark.parametrize("address", ["/quality", BOARD, EXPORT, COVERAGE])
def test_a_stranger_and_a_loan_officer_see_no_quality(town: Town, address: str) -> None:
    assert Client().get(address).status_code == 302
    assert as_(town, "loan_officer").get(address).status_code == 403


@pytest.mark.parametrize("address", [BOARD, EXPORT, COVERAGE])
def test_only_the_operator_sees_all_departments(town: Town, address: str) -> None:
    assert as_(town, "operator").get(address).status_code == 200
    assert as_(town, "data_officer").get(address).status_code == 403


def test_a_department_sees_its_own_feeds_only(town: Town) -> None:
    client = as_(town, "data_officer")
    assert client.get(f"/quality/feeds/{VIOLATIONS}").status_code == 200
    assert client.get(f"/quality/feeds/{REGISTER}").status_code == 403
    assert client.get("/quality/feeds/no_such_feed").status_code == 404
    page = client.get("/quality").content.decode()
    assert VIOLATIONS in page
    assert REGISTER not in page


def test_the_operator_is_led_from_the_own_board_to_that_of_all(town: Town) -> None:
    assert as_(town, "operator").get("/quality")["Location"] == BOARD


def test_what_to_mend_names_rule_row_and_file_and_leads_to_the_rejects(town: Town) -> None:
    page = as_(town, "registrar").get("/quality").content.decode()
    assert "“123”" in page
    assert f"{REGISTER}.csv" in page
    assert f"/batches/{town.batches['register']}/rejects" in page


def test_the_operator_reads_no_cell_of_a_refused_row(town: Town) -> None:
    page = as_(town, "operator").get(f"/quality/feeds/{REGISTER}").content.decode()
    assert "123”" not in page
    assert "/rejects" not in page


def test_the_export_adds_up_to_the_receipts(town: Town) -> None:
    body = as_(town, "operator").get(EXPORT).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(body)))
    for heading, name in (("收到行数 rows_in", "rows_in"), ("隔离 quarantined", "quarantined")):
        wanted = sum(Receipt.objects.values_list(name, flat=True))
        assert sum(int(row[heading]) for row in rows) == wanted


def test_nonsense_in_the_address_is_no_error(town: Town) -> None:
    client = as_(town, "operator")
    for query in ("from=2026-13-40&to=x", "from=2030-01-01&to=2001-01-01", "department=%27",
                  "category=../x", "from=0001-01-01"):  # fmt: skip
        assert client.get(f"{BOARD}?{query}").status_code == 200


def test_an_alarm_is_acknowledged_by_its_department_with_a_note(town: Town) -> None:
    made = alarm(town)
    address = f"/quality/alarms/{made.pk}"
    assert as_(town, "registrar").post(address, {"note": "x"}).status_code == 403
    assert as_(town, "data_officer").get(address).status_code == 405
    client = as_(town, "data_officer")
    client.post(address, {"note": "  "})
    made.refresh_from_db()
    assert made.acknowledged_at is None
    client.post(address, {"note": "新系统上线", "expected": "yes"})
    made.refresh_from_db()
    assert (made.note, made.expected) == ("新系统上线", True)
    assert made.acknowledged_by == town.people["data_officer"]
    assert "新系统上线" in client.get(f"/quality/feeds/{VIOLATIONS}").content.decode()
    assert as_(town, "operator").post("/quality/alarms/999999", {"note": "x"}).status_code == 404


def test_few_enterprises_are_not_numbered_on_the_coverage_page(town: Town) -> None:
    assert as_(town, "operator").get(COVERAGE).status_code == 200
    quality.count_coverage(clock=SystemClock())
    page = as_(town, "operator").get(COVERAGE).content.decode()
    assert "少于 10" in page


@pytest.mark.big
@pytest.mark.parametrize(("language", "width"), BOTH_WAYS)
def test_no_board_has_an_accessibility_violation(
    browser_page: Any, axe: Callable[[Any], list[dict[str, Any]]], live_site: str,
    live_town: Town, sign_in: Callable[[str], None], faults: list[str], language: str, width: str,
) -> None:  # fmt: skip
    page = browser_page
    quality.count_coverage(clock=SystemClock())
    alarm(live_town)
    page.set_viewport_size({"width": WIDTHS[width], "height": 800})
    page.goto(live_site)
    page.context.add_cookies([{"name": "django_language", "value": language, "url": live_site}])
    sign_in("operator")
    found = []
    for address in (BOARD, COVERAGE, f"/quality/feeds/{REGISTER}", f"{BOARD}?to=2001-01-01"):
        found += violations(page, axe, live_site + address)
    page.context.clear_cookies()
    page.context.add_cookies([{"name": "django_language", "value": language, "url": live_site}])
    sign_in("registrar")
    found += violations(page, axe, f"{live_site}/quality")
    assert not found, "\n".join(found)
    assert not blocked(faults)
