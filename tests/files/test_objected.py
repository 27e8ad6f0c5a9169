"""A record under objection is flagged wherever it shows, and the past is made again as it was."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.files.firm import (
    CLOCK,
    FIRM,
    acting,
    banker,
    by_bank,
    consent,
    firm,
    honour,
    owner,
    penalty,
    send,
    taizhou,
    tax,
)
from tests.files.printing.pdf_text import lines_of
from tests.files.printing.support import CHECK_AT, needs_fonts
from tests.store.rows import row
from xinrong.accounts.services import Viewer
from xinrong.domain.canonical import canonical_json
from xinrong.domain.clock import SystemClock
from xinrong.files import services as files
from xinrong.files.figures import figures_of
from xinrong.store.services import MarkKind, RecordId, mark, unmark
from xinrong.subjects.services import subjects_of
from xinrong.trust.services import Purpose, Stage

__all__ = ["banker", "firm", "owner", "taizhou"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root", "taizhou")]
NOW = datetime(2026, 11, 1, 4, tzinfo=UTC)
PENALTY = "administrative_penalty"


@pytest.fixture
def filed(firm: int, banker: Viewer) -> int:
    """Two penalties and an honour, which the bank sees."""
    send(PENALTY, "health_penalties", penalty(10, date(2026, 1, 5)), penalty(11, date(2026, 2, 5)))
    send("honour", "reform_honours", honour(30, date(2026, 3, 1)))
    consent(banker, firm, 4, PENALTY, "honour", "registration")
    return firm


def object_to(enterprise: int, category: str = PENALTY, key: int = 10, **more: Any) -> RecordId:
    record = RecordId(category, key, subjects_of([enterprise])[enterprise][0])
    given = {
        "kind": MarkKind.OBJECTION,
        "on": date(2026, 11, 1),
        "statement": "“不是”我方",
        "at": NOW,
    }
    mark(record, **(given | more))  # fmt: skip
    return record


def told(content: Any) -> dict[str, str]:
    """Key of a record -> the state of its objection, of those that have one."""
    found = [one for one in content.all_records() if one.objection is not None]
    return {one.ref.split("/")[1]: one.objection.state for one in found}


def test_each_service_that_shows_it_flags_it_and_flags_nothing_else(
    filed: int, banker: Viewer
) -> None:
    object_to(filed)
    object_to(filed, "registration", 1)
    for service, flagged in (
        (files.comprehensive, {"10", "1"}), (files.signs, {"10"}), (files.basic, {"1"}),
    ):  # fmt: skip
        content = by_bank(service, banker, filed).content
        assert set(told(content)) == flagged
        assert content.spelled() == canonical_json(content.payload())
        records = json.loads(content.spelled())
        text = json.dumps(records, ensure_ascii=False)
        assert text.count('"state": "under_objection"') == len(flagged)
        assert text.count('\\"不是') == 0
        assert text.count("“不是”我方") == len(flagged)


def test_a_record_without_one_says_nothing_of_it(filed: int, banker: Viewer) -> None:
    before = by_bank(files.comprehensive, banker, filed).content
    assert b"objection" not in before.spelled()
    spelled = before.spelled()
    record = object_to(filed)
    unmark(record, at=NOW)
    assert by_bank(files.comprehensive, banker, filed).content.spelled() == spelled


def test_a_line_of_a_batch_counts_them(filed: int, banker: Viewer) -> None:
    def line(service: Any) -> int | None:
        return figures_of(by_bank(service, banker, filed).content).objected

    services = files.signs, files.comprehensive, files.cube
    assert [line(one) for one in services] == [0, 0, 0]
    assert line(files.basic) is None
    object_to(filed)
    object_to(filed, key=11, kind=MarkKind.STATEMENT)
    assert [line(one) for one in services] == [1, 1, 1], "a statement is no objection"


def test_a_cell_of_the_cube_says_how_many_of_its_records_are_under_objection(
    filed: int, banker: Viewer
) -> None:
    def cells() -> Any:
        return by_bank(files.cube, banker, filed).content

    assert b"objected" not in cells().spelled()
    record = object_to(filed)
    content = cells()
    assert content.spelled() == canonical_json(content.payload())
    told = {(one.category, one.year): (one.records, one.objected) for one in content.cells}
    assert told[PENALTY, 2026] == (2, 1)
    assert [both for both in told.values() if both[1] is not None] == [(2, 1)]
    unmark(record, at=NOW)
    assert b"objected" not in cells().spelled()


def test_the_cube_counts_no_record_that_the_viewer_may_not_see(firm: int, banker: Viewer) -> None:
    send("tax_payment", "tax_payments", tax(20, date(2026, 1, 5)))
    send("honour", "reform_honours", honour(30, date(2026, 3, 1)))
    consent(banker, firm, 4, "honour")
    object_to(firm, "tax_payment", 20)
    cells = by_bank(files.cube, banker, firm).content.cells
    assert "honour" in {one.category for one in cells}
    assert all(one.objected is None for one in cells)


def test_every_version_of_a_register_entry_under_objection_says_so(
    filed: int, banker: Viewer
) -> None:
    send("registration", "market_registration", row(FIRM, 1, 2, t1="y"), register=True)

    def entries() -> list[Any]:
        [history] = by_bank(files.register_history, banker, filed).content.histories
        return list(history.entries)

    assert [one.objection for one in entries() if one.objection] == []
    record = object_to(filed, "registration", 1)
    content = by_bank(files.register_history, banker, filed).content
    assert content.spelled() == canonical_json(content.payload())
    flagged = [one.objection.state for one in entries() if one.changes]
    assert len(flagged) == 2, "both versions"
    assert set(flagged) == {"under_objection"}
    assert [one.statement for one in content.histories[0].objections] == ["“不是”我方"]
    mark(record, kind=MarkKind.STATEMENT, on=date(2026, 11, 2), statement="仍有异议", at=NOW)
    assert {one.objection.state for one in entries() if one.changes} == {"statement"}
    unmark(record, at=NOW)
    assert [one.objection for one in entries() if one.objection] == []


def test_what_was_released_is_made_again_before_and_after(filed: int, banker: Viewer) -> None:
    auditor = acting("监管局（虚构）", "regulator", "auditor")
    numbers = []

    def look() -> None:
        numbers.append(by_bank(files.signs, banker, filed).audit_id)
        numbers.append(by_bank(files.comprehensive, banker, filed).audit_id)
        numbers.append(by_bank(files.cube, banker, filed).audit_id)
        numbers.append(by_bank(files.register_history, banker, filed).audit_id)

    look()
    record = object_to(filed)
    look()
    mark(record, kind=MarkKind.STATEMENT, on=date(2026, 11, 2), statement="仍有异议", at=NOW)
    look()
    unmark(record, at=NOW)
    for number in numbers:
        found = files.reproduce(auditor, number, clock=SystemClock())
        assert found.verdict == "same", number


def test_marks_cost_one_statement_where_there_are_some_and_none_elsewhere(
    filed: int, banker: Viewer
) -> None:
    def statements(category: str) -> int:
        by_bank(files.comprehensive, banker, filed, category=category)
        with CaptureQueriesContext(connection) as caught:
            by_bank(files.comprehensive, banker, filed, category=category)
        return len([one for one in caught.captured_queries if "recordmark" in one["sql"].lower()])

    assert statements(PENALTY) == 0
    object_to(filed)
    assert statements("honour") == 0
    assert statements(PENALTY) == 1


@needs_fonts
def test_a_printed_file_says_so(filed: int, banker: Viewer) -> None:
    object_to(filed)
    object_to(filed, "registration", 1, kind=MarkKind.STATEMENT)
    paper = files.issue_paper(
        banker,
        filed,
        Purpose.CREDIT,
        Stage.PRE_LOAN,
        language="zh-hans",
        check_at=CHECK_AT,
        clock=CLOCK,
    )
    text = "".join(lines_of(paper.pdf))
    assert "自2026-11-01起存在异议" in text
    assert "企业说明：“不是”我方" in text
    assert "报送部门核实后维持" in text


def test_the_day_is_that_of_the_mark_and_not_of_the_look(filed: int, banker: Viewer) -> None:
    object_to(filed, on=date(2026, 10, 3), at=NOW + timedelta(days=9))
    [one] = by_bank(files.comprehensive, banker, filed, category=PENALTY).content.records[-1:]
    assert one.objection.since == date(2026, 10, 3)
