"""From the notice to the entry and off the list again."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.profiles import city
from tests.remedy.listing.conftest import DAY, HEARD, NOW, Town, go, hide
from xinrong.domain.criteria import Outcome
from xinrong.domain.errors import XinrongError
from xinrong.domain.process import MoveRefused
from xinrong.remedy.listing.errors import ListingRefused
from xinrong.remedy.listing.following import follow_listings
from xinrong.remedy.listing.models import ListEntry
from xinrong.remedy.listing.proposing import Person, candidates, propose
from xinrong.store import services as store
from xinrong.work.models import Case
from xinrong.work.services import deliver, emit, tick, waiting_for


def test_nobody_is_entered_before_the_time_for_a_statement_is_over(town: Town) -> None:
    case = town.propose()
    entry = ListEntry.objects.get()
    assert (entry.noticed_on, entry.statement_until) == (date(2026, 11, 2), date(2026, 11, 9))
    assert waiting_for(town.firm).get().case_id == case.pk
    with pytest.raises(MoveRefused):
        go(case, "enter", town.human_resources, NOW + DAY)
    assert go(case, "answer", town.firm, NOW + DAY, "工资已付") == "heard"
    assert go(case, "add", town.firm, NOW + 2 * DAY, "附凭证") == "heard"
    tick(HEARD)
    assert go(case, "enter", town.human_resources, HEARD) == "entered"
    entry.refresh_from_db()
    assert (entry.state, entry.live, entry.decided_on) == ("entered", 1, date(2026, 11, 10))
    assert entry.shown_until == date(2029, 11, 10)


def test_what_stands_waits_in_nobodys_inbox(town: Town) -> None:
    town.entered()
    assert not waiting_for(town.human_resources).exists()
    assert not waiting_for(town.firm).exists()


def test_what_the_department_does_not_decide_in_time_is_dropped(town: Town) -> None:
    case = town.propose()
    tick(HEARD)
    tick(HEARD + 60 * DAY)
    deliver(HEARD + 60 * DAY)
    case.refresh_from_db()
    assert case.state == "lapsed"
    assert ListEntry.objects.get().state == "dropped"


def test_a_department_drops_it_and_says_why(town: Town) -> None:
    case = town.propose()
    with pytest.raises(Exception, match="a few words"):
        go(case, "drop", town.human_resources, text=" ")
    assert go(case, "drop", town.human_resources) == "dropped"
    assert ListEntry.objects.get().state == "dropped"


WRONG = (
    ({"list": "no_list"}, "list_unknown"),
    ({"list": "tax_breach"}, "list_department"),
    ({"ground": "no_ground"}, "list_ground"),
    ({"ground": "small_enterprises"}, "list_basis"),
    ({"record": ""}, "list_basis"),
    ({"record": "wage_arrears/11"}, "list_basis"),
    ({"record": "wage_arrears/x/1"}, "list_basis"),
    ({"record": "wage_arrears/999/1"}, "list_basis"),
    ({"code": city.code(2)}, "list_basis"),
    ({"persons": ()}, "list_persons"),
    ({"persons": (Person("长" * 51, "职"),)}, "list_persons"),
    ({"code": "91110108MA0000000X"}, "unknown_enterprise"),
    ({"why": " "}, "list_why"),
    ({"why": "长" * 2001}, "list_why"),
)


def test_what_cannot_be_proposed_is_refused_and_leaves_nothing(town: Town) -> None:
    for change, code in WRONG:
        with pytest.raises(XinrongError) as refused:
            town.propose(**change)
        assert refused.value.code == code, change
    wanted = town.wanted()
    for who in (town.finance, town.firm, town.operator):
        with pytest.raises(ListingRefused) as refused:
            propose(who, wanted, now=NOW)
        assert refused.value.code in ("list_role", "list_department")
    assert not ListEntry.objects.exists()
    assert not Case.objects.exists()


def test_a_record_that_does_not_meet_the_ground_carries_nothing(town: Town) -> None:
    settled = {
        "subject": 3, "key": 13, "polarity": -1, "code": "案3", "amount": 5_000_000,
        "event_date": date(2026, 9, 1), "status": "settled", "end_date": date(2026, 10, 1),
    }  # fmt: skip
    city.put(city.rows_of("wage_arrears", settled), NOW)
    [found] = candidates(town.human_resources, "malicious_arrears", city.code(3), now=NOW)
    assert found.outcome is Outcome.NO
    with pytest.raises(ListingRefused) as refused:
        town.propose(code=city.code(3), record=found.record.ref)
    assert refused.value.code == "list_ground"


def test_an_enterprise_stands_on_a_list_once(town: Town) -> None:
    case = town.propose()
    with pytest.raises(ListingRefused) as refused:
        town.propose()
    assert refused.value.code == "list_open"
    go(case, "drop", town.human_resources)
    town.propose()


@pytest.mark.parametrize(
    ("basis", "state", "ended_by"),
    [("repair", "repaired", "repaired"), ("display_over", "basis_gone", "basis_gone")],
)
def test_an_entry_goes_with_its_basis(town: Town, basis: str, state: str, ended_by: str) -> None:
    case = town.entered()
    hide(basis)
    assert follow_listings(now=HEARD) == 1
    case.refresh_from_db()
    entry = ListEntry.objects.get()
    assert (case.state, entry.state, entry.ended_by, entry.live) == (state, "ended", ended_by, None)
    assert follow_listings(now=HEARD) == 0


def test_an_objection_suspends_an_entry_until_it_is_settled(town: Town) -> None:
    town.entered()
    record = hide("objection")
    assert follow_listings(now=HEARD) == 1
    assert ListEntry.objects.get().state == "suspended"
    store.lift([record], basis="objection", reason="查无此事", at=HEARD)
    assert follow_listings(now=HEARD) == 1
    assert ListEntry.objects.get().state == "entered"


def test_what_is_told_of_a_record_reaches_its_entries_at_once(town: Town) -> None:
    case = town.entered()
    record = hide("objection")
    about = {"category": "wage_arrears", "key": 11, "enterprise": 1}
    for kind, state in (("record_suspended", "suspended"), ("record_lifted", "entered")):
        emit(kind, about, at=HEARD)
        deliver(HEARD)
        assert ListEntry.objects.get().state == state
        store.lift([record], basis="objection", reason="查无此事", at=HEARD)
    hide("repair")
    emit("record_repaired", about, at=HEARD)
    deliver(HEARD)
    case.refresh_from_db()
    assert case.state == "repaired"


def test_an_erased_record_carries_nothing(town: Town) -> None:
    case = town.entered()
    record = store.RecordId("wage_arrears", 11, 1)
    store.erase([record], article="示例第一条", reason="测试", at=HEARD)
    follow_listings(now=HEARD)
    case.refresh_from_db()
    assert case.state == "basis_gone"


def test_what_was_only_told_is_dropped_with_its_basis(town: Town) -> None:
    case = town.propose()
    hide("repair")
    follow_listings(now=NOW)
    case.refresh_from_db()
    assert (case.state, ListEntry.objects.get().state) == ("dropped", "dropped")


def test_nobody_is_entered_on_a_record_that_is_hidden_by_then(town: Town) -> None:
    case = town.propose()
    tick(HEARD)
    hide("objection")
    with pytest.raises(ListingRefused) as refused:
        go(case, "enter", town.human_resources, HEARD)
    assert refused.value.code == "list_basis"
    assert ListEntry.objects.get().state == "noticed"


def test_an_entry_ends_on_the_day_after_its_last(town: Town) -> None:
    case = town.entered()
    ListEntry.objects.update(shown_until=date(2026, 11, 20))
    assert follow_listings(now=datetime(2026, 11, 20, 15, 59, tzinfo=UTC)) == 0
    assert follow_listings(now=datetime(2026, 11, 20, 16, tzinfo=UTC)) == 1
    case.refresh_from_db()
    assert case.state == "expired"


def test_paid_it_leaves_after_six_months_and_not_before(town: Town) -> None:
    case = town.entered()
    with pytest.raises(ListingRefused) as refused:
        go(case, "fulfil", town.human_resources, HEARD)
    assert refused.value.code == "list_early"
    paid = {
        "subject": 1, "key": 11, "polarity": -1, "code": "案1", "amount": 5_000_000, "digest": 2,
        "event_date": date(2026, 9, 1), "status": "settled", "end_date": date(2026, 11, 12),
    }  # fmt: skip
    city.put(city.rows_of("wage_arrears", paid), HEARD)
    assert go(case, "ask_exit", town.firm, HEARD + 3 * DAY) == "exit_asked"
    assert waiting_for(town.human_resources).get().case_id == case.pk
    last = datetime(2027, 5, 12, 2, tzinfo=UTC)
    tick(HEARD + 3 * DAY)
    with pytest.raises(MoveRefused):
        go(case, "fulfil", town.human_resources, HEARD + 4 * DAY)
    assert go(case, "refuse_exit", town.human_resources, HEARD + 4 * DAY) == "entered"
    with pytest.raises(ListingRefused):
        go(case, "fulfil", town.human_resources, last)
    assert go(case, "fulfil", town.human_resources, last + DAY) == "fulfilled"
    assert ListEntry.objects.get().ended_by == "fulfilled"


def test_a_request_that_nobody_answers_comes_before_the_operator(town: Town) -> None:
    case = town.entered()
    go(case, "ask_exit", town.firm, HEARD)
    tick(HEARD + 30 * DAY)
    case.refresh_from_db()
    assert case.state == "exit_late"
    assert waiting_for(town.operator).exists()
    assert go(case, "revoke", town.human_resources, HEARD + 31 * DAY) == "revoked"
    assert ListEntry.objects.get().ended_on == (HEARD + timedelta(days=31)).date()
