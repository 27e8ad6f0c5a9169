"""What a bank's system says: believed when it is signed, taken once, in its order, forwards."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.market.applying.cast import Cast
from tests.market.linking.cast import System, heard, linked, said
from xinrong.domain.clock import day_in_china
from xinrong.market.services import applying, linking
from xinrong.trust.services import Stage

pytestmark = pytest.mark.django_db


def refused(code: str, act: Callable[..., Any], *given: Any, **more: Any) -> str:
    with pytest.raises(linking.LinkRefused) as wrong:
        act(*given, **more)
    assert wrong.value.code == code
    return str(wrong.value)


def authentic(bank: System, message: Any, headers: Any, body: bytes, **more: Any) -> Any:
    given = {"certificate": "", "now": bank.now} | more
    return linking.authentic(bank.link.name, headers, body, **given)


def test_a_bank_hears_of_an_application_and_its_file_first(bank: System, application: Any) -> None:
    first, second = said(bank.link)
    assert [(one.type, one.sequence) for one in (first, second)] == [
        ("application", 1),
        ("file", 2),
    ]
    assert first.data["amount"] == "500000.00"
    assert second.data == {"stage": "pre_loan"}


def test_from_taken_on_to_closed_by_messages_alone(
    bank: System, cast: Cast, application: Any
) -> None:
    bank.must(application, "state", state="accepted")
    cast.look(application, Stage.PRE_LOAN)
    bank.must(application, "state", state="due_diligence")
    bank.must(application, "file_asked", stage="approval")
    assert said(bank.link)[-1].data == {"stage": "approval"}
    cast.look(application, Stage.APPROVAL)
    assert bank.offer(application).content["state"] == "offered"
    applying.choose(cast.firm, application.number, now=cast.tick())
    heard(cast)
    assert said(bank.link)[-1].type == "choice"
    assert said(bank.link)[-1].data["amount"] == "500000.00"
    bank.must(application, "contract", contract="C-1", signed_on=bank.day())
    bank.must(application, "disbursement", reference="D-1", amount="500000.00", on=bank.day())
    back = {"principal": "500000.00", "interest": "17250.00", "on": bank.day()}
    bank.must(application, "repayment", reference="R-1", **back)
    assert (
        bank.must(application, "state", state="closed", on=bank.day()).content["state"] == "closed"
    )
    sums = applying.sums_of([application.number])[application.number]
    assert (sums.disbursed, sums.repaid) == (500_000, 500_000)


def test_a_refusal_carries_its_reasons(bank: System, cast: Cast, application: Any) -> None:
    bank.must(application, "state", state="accepted")
    cast.look(application, Stage.PRE_LOAN)
    bank.must(application, "state", state="due_diligence")
    none = bank.say(application, "refusal", reasons=[], words="不行")
    assert (none.status, none.content["error"]["code"]) == (422, "link_field")
    cast.look(application, Stage.APPROVAL)
    bank.must(application, "refusal", reasons=["income"], words="收入不稳定。")
    assert applying.refusal_of(application.number).reasons == ["income"]


def test_the_same_message_gets_the_same_answer_and_does_nothing_twice(
    bank: System, application: Any
) -> None:
    message = bank.message("state", {"state": "accepted"}, application)
    first = bank.post(message)
    again = bank.post(message)
    assert again.status == first.status == 200
    assert again.content == {**first.content, "repeated": True}
    assert linking.InMessage.objects.count() == 1


def test_the_same_id_with_another_body_is_refused(bank: System, application: Any) -> None:
    message = bank.message("state", {"state": "accepted"}, application)
    bank.post(message)
    refused("link_id_reused", bank.post, {**message, "data": {"state": "due_diligence"}})


def test_a_request_that_was_copied_is_refused(bank: System, application: Any) -> None:
    message, at = bank.message("state", {"state": "accepted"}, application), bank.now
    bank.post(message, at=at)
    refused("link_replayed", bank.post, message, at=at)
    assert applying.state_of(application.number) == "accepted"


def test_a_right_signature_on_a_wrong_body_is_refused(bank: System, application: Any) -> None:
    message = bank.message("state", {"state": "accepted"}, application)
    body = json.dumps(message).encode()
    headers = bank.headers(message["id"], body)
    other = body.replace(b"accepted", b"closed")
    said = refused("link_signature", authentic, bank, message, headers, other)
    assert "does not fit this body" in said
    assert not linking.InMessage.objects.exists()


@pytest.mark.parametrize("minutes", [-6, 6])
def test_an_old_timestamp_or_one_ahead_is_refused(
    bank: System, application: Any, minutes: int
) -> None:
    message = bank.message("state", {"state": "accepted"}, application)
    body = json.dumps(message).encode()
    headers = bank.headers(message["id"], body, bank.now + timedelta(minutes=minutes))
    assert (
        "set the clock"
        in refused("link_timestamp", authentic, bank, message, headers, body).lower()
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"webhook-signature": ""},
        {"webhook-signature": "v1,AAAA"},
        {"webhook-signature": "v1,%%%"},
        {"webhook-signature": "v1,签名"},
        {"webhook-signature": "x" * 600},
        {"webhook-id": "other"},
        {"webhook-id": ""},
        {"webhook-timestamp": "now"},
        {"webhook-timestamp": "999999999999"},
    ],
)
def test_whatever_is_wrong_with_the_headers_nothing_is_taken(
    bank: System, application: Any, changed: dict[str, str]
) -> None:
    message = bank.message("state", {"state": "accepted"}, application)
    body = json.dumps(message).encode()
    headers = bank.headers(message["id"], body) | changed
    refused("link_signature", authentic, bank, message, headers, body)


def test_another_banks_key_opens_nothing(bank: System, cast: Cast, application: Any) -> None:
    other = linked(cast, type("Other", (), {"lender": list(cast.officers)[1]})())
    message = bank.message("state", {"state": "accepted"}, application)
    body = json.dumps(message).encode()
    headers = other.headers(message["id"], body)
    refused("link_signature", authentic, bank, message, headers, body)


def test_another_banks_application_is_unknown(bank: System, cast: Cast, application: Any) -> None:
    other = linked(cast, type("Other", (), {"lender": list(cast.officers)[1]})())
    foreign = other.say(application, "state", state="accepted")
    none = other.say("0" * 32, "state", state="accepted")
    assert foreign.status == none.status == 404
    assert foreign.content == none.content  # nobody learns which of the two it was
    assert applying.state_of(application.number) == "submitted"


def test_an_unknown_state_is_refused_and_kept(bank: System, application: Any) -> None:
    answer = bank.say(application, "state", state="pondering")
    assert (answer.status, answer.content["error"]["code"]) == (422, "link_state_unknown")
    kept = linking.InMessage.objects.get()
    assert (kept.outcome, "pondering" in kept.body) == ("refused", True)
    bank.must(application, "state", state="accepted")  # it has had its turn


def test_a_state_that_goes_backwards_is_refused(bank: System, cast: Cast, application: Any) -> None:
    bank.must(application, "state", state="accepted")
    cast.look(application, Stage.PRE_LOAN)
    bank.must(application, "state", state="due_diligence")
    answer = bank.say(application, "state", state="accepted")
    assert (answer.status, answer.content["error"]["code"]) == (409, "link_backwards")
    assert applying.state_of(application.number) == "due_diligence"


def test_a_step_without_a_logged_query_is_refused(bank: System, application: Any) -> None:
    bank.must(application, "state", state="accepted")
    answer = bank.say(application, "state", state="due_diligence")
    assert (answer.status, answer.content["error"]["code"]) == (409, "move_guard")


def test_a_disbursement_without_an_offer_or_above_it_is_refused(
    bank: System, cast: Cast, application: Any
) -> None:
    paid = {"reference": "D-1", "amount": "500000.00", "on": bank.day()}
    assert bank.say(application, "disbursement", **paid).status == 409
    bank.numbers.clear()
    bank.numbers[application.number] = 1
    bank.must(application, "state", state="accepted")
    cast.look(application, Stage.PRE_LOAN)
    bank.must(application, "state", state="due_diligence")
    cast.look(application, Stage.APPROVAL)
    assert bank.offer(application).status == 200
    applying.choose(cast.firm, application.number, now=cast.tick())
    bank.must(application, "contract", contract="C-1", signed_on=bank.day())
    more = bank.say(application, "disbursement", **{**paid, "amount": "500000.01"})
    assert more.content["error"]["code"] == "payment_over"
    bank.must(application, "disbursement", **paid)


def test_messages_out_of_order_wait_for_their_turn(
    bank: System, cast: Cast, application: Any
) -> None:
    cast.look(application, Stage.PRE_LOAN)
    first = bank.message("state", {"state": "accepted"}, application)
    second = bank.message("state", {"state": "due_diligence"}, application)
    third = bank.message("file_asked", {"stage": "approval"}, application)
    for early in (third, second):
        answer = bank.post(early)
        assert (answer.status, answer.content["outcome"]) == (202, "parked")
        assert answer.content["waiting_for"] == 1
    assert applying.state_of(application.number) == "submitted"
    bank.post(first)
    assert applying.state_of(application.number) == "due_diligence"
    assert set(linking.InMessage.objects.values_list("outcome", flat=True)) == {"applied"}


def test_what_was_forgotten_and_is_said_all_the_same_is_taken_anew(
    bank: System, cast: Cast, application: Any
) -> None:
    cast.look(application, Stage.PRE_LOAN)
    first = bank.message("state", {"state": "accepted"}, application)
    second = bank.message("state", {"state": "due_diligence"}, application)
    assert bank.post(second).status == 202
    lost = {"application": application.number, "received": 0, "sent": 0}
    assert bank.post(bank.message("resend", lost)).status == 200
    assert bank.post(second).status == 202  # on its way when the bank asked
    assert bank.post(first).status == 200
    assert applying.state_of(application.number) == "due_diligence"


def test_what_was_parked_and_is_refused_later_is_told_to_the_bank(
    bank: System, application: Any
) -> None:
    first = bank.message("state", {"state": "accepted"}, application)
    second = bank.message("state", {"state": "due_diligence"}, application)  # no query is logged
    bank.post(second)
    bank.post(first)
    told = said(bank.link, type="not_taken")[0]
    assert (told.data["message"], told.data["code"]) == (second["id"], "move_guard")


def test_a_number_is_used_once(bank: System, application: Any) -> None:
    bank.must(application, "state", state="accepted")
    again = bank.message("state", {"state": "accepted"}, application, sequence=1)
    answer = bank.post(again)
    assert (answer.status, answer.content["error"]["code"]) == (409, "link_sequence_taken")


def test_a_bank_cannot_park_without_end(bank: System, application: Any) -> None:
    far = bank.message("state", {"state": "accepted"}, application, sequence=102)
    refused("link_too_far", bank.post, far)
    assert not linking.InMessage.objects.exists()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"not json", "link_unreadable"),
        (b"[1]", "link_unreadable"),
        (b'{"type": "state", "type": "offer"}', "link_unreadable"),
        (b'{"a": ' * 30_000 + b"1" + b"}" * 30_000, "link_unreadable"),
        (b'{"type": "state", "amount": 1.5}', "link_unreadable"),
        (b'{"type": "greeting"}', "link_type"),
        (b'{"type": "state"}', "link_field"),
    ],
)
def test_a_body_that_is_no_message_is_refused_and_kept(
    bank: System, body: bytes, code: str
) -> None:
    headers = bank.headers("bank_1", body)
    link, signed = linking.authentic(bank.link.name, headers, body, certificate="", now=bank.now)
    answer = linking.take(link, signed, body, now=bank.now)
    assert (answer.status, answer.content["error"]["code"]) == (422, code)
    assert linking.InMessage.objects.get().code == code


def test_the_officer_who_is_gone_stops_the_link_and_loses_nothing(
    bank: System, cast: Cast, application: Any
) -> None:
    from xinrong.accounts.services import Membership, everywhere

    roles = everywhere(Membership, because="a test").filter(person=bank.link.officer)
    roles.update(suspended_at=bank.now)
    message = bank.message("state", {"state": "accepted"}, application)
    refused("link_busy", bank.post, message)
    roles.update(suspended_at=None)
    assert bank.post(message).status == 200


def test_a_certificate_other_than_the_pinned_one_is_refused(bank: System, application: Any) -> None:
    linking.Link.objects.update(theirs="ab" * 32)
    message = bank.message("state", {"state": "accepted"}, application)
    body = json.dumps(message).encode()
    headers = bank.headers(message["id"], body)
    for shown in ("", "cd" * 32):
        refused("link_certificate", authentic, bank, message, headers, body, certificate=shown)
    authentic(bank, message, headers, body, certificate="ab" * 32)


def test_two_secrets_hold_while_one_is_renewed(bank: System, application: Any) -> None:
    old = bank.secret()
    linking.rotate(
        bank.link, linking.Direction.THEIRS, None, overlap=timedelta(days=1), now=bank.now
    )
    assert bank.secret() != old
    bank.must(application, "state", state="accepted")
    secrets = linking.secrets_of(bank.link, linking.Direction.THEIRS, now=bank.now)
    assert old in secrets
    later = bank.now + timedelta(days=2)
    assert old not in linking.secrets_of(bank.link, linking.Direction.THEIRS, now=later)


def test_withdrawal_reaches_the_bank(bank: System, cast: Cast, application: Any) -> None:
    applying.withdraw(cast.firm, application.number, now=cast.tick())
    heard(cast)
    assert said(bank.link)[-1].type == "withdrawal"
    assert bank.say(application, "state", state="accepted").status == 409


def test_a_correction_puts_a_payment_right(bank: System, cast: Cast, application: Any) -> None:
    cast.to_contract(application)
    cast.pay_out(application, reference="D-1")
    bank.must(
        application, "correction", kind="disbursement", reference="D-1", amount="450000.00",
        on=day_in_china(cast.now).isoformat(), words="多报了五万元。",
    )  # fmt: skip
    assert applying.sums_of([application.number])[application.number].disbursed == 450_000
