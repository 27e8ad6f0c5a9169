"""The day's ledger: what differs is listed until both sides say the same, what is lost is replayed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.market.applying.cast import Cast
from tests.market.linking.cast import System, said
from tests.market.linking.test_sending import Listening, listening, send
from xinrong.market.linking.reconciling import compare
from xinrong.market.services import applying, linking

__all__ = ["listening"]

pytestmark = pytest.mark.django_db


def ledger(bank: System, application: Any, **changed: Any) -> linking.Answer:
    """The bank's ledger of today, right but for what is changed."""
    talk = linking.Conversation.objects.get(application=application.number)
    sums = applying.sums_of([application.number]).get(application.number)
    row = {
        "application": application.number,
        "state": applying.state_of(application.number),
        "disbursed": f"{sums.disbursed:.2f}" if sums else "0",
        "repaid": f"{sums.repaid:.2f}" if sums else "0",
        "received": talk.next_ours - 1,
        "sent": talk.next_theirs - 1,
    } | changed
    return bank.post(bank.message("ledger", {"day": bank.day(), "rows": [row]}))


def test_two_ledgers_that_agree_differ_in_nothing(bank: System, application: Any) -> None:
    answer = ledger(bank, application)
    assert answer.status == 200
    assert (answer.content["differences"], answer.content["behind"]) == ([], [])


def test_a_sum_that_differs_is_listed_until_a_correction_says_it(
    bank: System, cast: Cast, application: Any
) -> None:
    cast.to_contract(application)
    cast.pay_out(application, reference="D-1")
    answer = ledger(bank, application, disbursed="450000.00", state="disbursed")
    assert answer.content["differences"] == [
        {"application": application.number, "what": "disbursed", "ours": "500000.00",
         "theirs": "450000.00"}
    ]  # fmt: skip
    ledger(bank, application, disbursed="450000.00")  # told again, listed once
    assert [one.what for one in linking.open_differences()] == ["disbursed"]
    bank.must(
        application, "correction", kind="disbursement", reference="D-1", amount="450000.00",
        on=bank.day(), words="多报了五万元。",
    )  # fmt: skip
    assert ledger(bank, application, disbursed="450000.00").content["differences"] == []
    assert not linking.open_differences().exists()
    assert linking.Difference.objects.get().resolved_at is not None


def test_a_state_that_the_bank_did_not_tell_is_listed(bank: System, application: Any) -> None:
    answer = ledger(bank, application, state="due_diligence")
    assert [one["what"] for one in answer.content["differences"]] == ["state"]


def test_states_that_only_the_platforms_clocks_tell_apart_are_one(
    bank: System, cast: Cast, application: Any
) -> None:
    assert cast.wait(application) == "silent"
    assert ledger(bank, application, state="submitted").content["differences"] == []


def test_an_application_that_the_bank_does_not_list_is_listed_here_and_sent_again(
    bank: System, application: Any, listening: Listening
) -> None:
    send()
    answer = bank.post(bank.message("ledger", {"day": bank.day(), "rows": []}))
    assert [one["what"] for one in answer.content["differences"]] == ["missing"]
    assert answer.content["behind"] == [
        {"application": application.number, "sent": 2, "received": 0}
    ]
    assert {one.state for one in said(bank.link)} == {"waiting"}


def test_an_application_of_nobody_is_refused(bank: System, application: Any) -> None:
    row = {
        "application": "0" * 32, "state": "accepted", "disbursed": "0", "repaid": "0",
        "received": 0, "sent": 0,
    }  # fmt: skip
    answer = bank.post(bank.message("ledger", {"day": bank.day(), "rows": [row]}))
    assert (answer.status, answer.content["error"]["code"]) == (404, "link_application")


def test_a_bank_that_lost_messages_is_sent_them_again_and_its_own_besides(
    bank: System, cast: Cast, application: Any, listening: Listening
) -> None:
    send()
    accepted = bank.message("state", {"state": "accepted"}, application)
    bank.post(accepted)
    answer = ledger(bank, application, received=1, sent=0, state="accepted")
    assert answer.content["behind"] == [
        {"application": application.number, "sent": 2, "received": 1}
    ]
    waiting = said(bank.link, state="waiting")
    assert [(one.type, one.sequence) for one in waiting] == [("file", 2), ("echo", 0)]
    assert waiting[1].data["message"] == accepted
    assert send() == 2
    assert [row[0] for row in listening.received()] == ["application", "file", "echo"]
    [(kind, sequence, state)] = listening.ledger.rows("SELECT type, sequence, state FROM said")
    assert (kind, sequence, state) == ("state", 1, "done")


def test_what_is_on_its_way_already_is_not_told_once_more(
    bank: System, application: Any, listening: Listening
) -> None:
    send()
    bank.post(bank.message("state", {"state": "accepted"}, application))
    for _ in range(3):  # it does not wait to be told
        ledger(bank, application, received=1, sent=0, state="accepted")
    assert [one.type for one in said(bank.link, state="waiting")] == ["file", "echo"]
    assert send() == 2
    ledger(bank, application, received=2, sent=0, state="accepted")  # and lost it again
    assert [one.type for one in said(bank.link, state="waiting")] == ["echo"]


def test_a_bank_asks_to_hear_again_by_itself(
    bank: System, cast: Cast, application: Any, listening: Listening
) -> None:
    send()
    lost = {"application": application.number, "received": 0, "sent": 0}
    answer = bank.post(bank.message("resend", lost))
    assert answer.content["behind"] == [
        {"application": application.number, "sent": 2, "received": 0}
    ]
    none = bank.post(bank.message("resend", {**lost, "application": "f" * 32}))
    assert none.status == 404


def test_what_a_bank_lost_before_its_turn_is_forgotten_here_too(
    bank: System, application: Any
) -> None:
    early = bank.message("state", {"state": "due_diligence"}, application, sequence=2)
    assert bank.post(early).status == 202
    lost = {"application": application.number, "received": 2, "sent": 0}
    answer = bank.post(bank.message("resend", lost))
    assert answer.content["behind"] == [
        {"application": application.number, "sent": 2, "received": 0}
    ]
    for number in (1, 2):
        again = bank.message("state", {"state": "accepted"}, application, sequence=number)
        assert bank.post(again).status == 200


def test_a_ledger_comes_in_parts(bank: System, application: Any) -> None:
    part = {"day": bank.day(), "part": 1, "of": 2, "rows": []}
    first = bank.post(bank.message("ledger", part))
    assert first.content["differences"] == []  # the other part may have it
    second = bank.post(bank.message("ledger", {**part, "part": 2}))
    assert [one["what"] for one in second.content["differences"]] == ["missing"]
    wrong = bank.post(bank.message("ledger", {**part, "part": 3}))
    assert wrong.status == 422


def test_the_platform_sends_its_own_ledger_once_a_day(
    bank: System, cast: Cast, application: Any, listening: Listening
) -> None:
    send()
    at = datetime.now(UTC)
    assert linking.send_ledgers(at) == 1
    assert linking.send_ledgers(at + timedelta(minutes=5)) == 0
    send()
    rows = listening.heard[-1]["data"]["rows"]
    assert [row["application"] for row in rows] == [application.number]
    assert rows[0]["state"] == "submitted"


def test_only_what_differs_is_written(bank: System, application: Any) -> None:
    assert compare.__doc__
    for _ in range(2):
        ledger(bank, application)
    assert not linking.Difference.objects.exists()
