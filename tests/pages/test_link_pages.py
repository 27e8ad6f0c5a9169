"""The pages of bank links: the operator sees what did not arrive and sends it again."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.accounts.cast import PASSWORD
from tests.market.applying.conftest import cast
from tests.market.linking.cast import System, said
from tests.market.linking.conftest import application, bank
from tests.pages.application_support import client_of
from tests.profiles.conftest import filled, taizhou
from xinrong.accounts.services import create_organisation, create_person, viewer_of
from xinrong.market.services import applying, linking
from xinrong.pages.inbox.sources import tasks_of
from xinrong.pages.links.words import REFUSED

__all__ = ["application", "bank", "cast", "filled", "taizhou"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(bank: System) -> Client:
    platform = create_organisation("平台（虚构）", "operator")
    person = create_person(
        "operator@example.cn", PASSWORD, name="操作员", organisation=platform, role="operator"
    )
    return client_of(viewer_of(person))


def officer(bank: System, which: int = 0) -> Client:
    lender = list(bank.cast.officers)[which]
    return client_of(bank.cast.officers[lender])


def text(response: Any) -> str:
    found: str = response.content.decode()
    return found


def give_up(bank: System) -> None:
    linking.OutMessage.objects.update(state=linking.Standing.DEAD, error="500 down")


def test_the_operator_sees_every_link_and_what_was_given_up(
    bank: System, application: Any, operator: Client
) -> None:
    give_up(bank)
    page = text(operator.get("/bank-links"))
    assert bank.link.organisation.name in page
    assert "needs a look" in page
    page = text(operator.get(f"/bank-links/{bank.link.name}"))
    assert "500 down" in page
    assert application.number in page
    assert "the credit file" in page


def test_a_dead_letter_is_sent_again_by_the_operator(
    bank: System, application: Any, operator: Client
) -> None:
    give_up(bank)
    row = said(bank.link)[0]
    answer = operator.post(f"/bank-links/{bank.link.name}/resend/{row.pk}", follow=True)
    assert "It is being sent again" in text(answer)
    assert {one.state for one in said(bank.link)} == {"waiting"}
    again = operator.post(f"/bank-links/{bank.link.name}/resend/{row.pk}", follow=True)
    assert "sent again meanwhile" in text(again)
    give_up(bank)
    answer = operator.post(f"/bank-links/{bank.link.name}/resend", follow=True)
    assert "2 messages are queued again" in text(answer)


def test_a_bank_sees_its_own_link_only_and_resends_nothing(bank: System, application: Any) -> None:
    give_up(bank)
    own, other = officer(bank), officer(bank, 1)
    page = text(own.get(f"/bank-links/{bank.link.name}"))
    assert "500 down" in page
    assert "Send again" not in page
    assert own.post(f"/bank-links/{bank.link.name}/resend").status_code == 403
    assert other.get(f"/bank-links/{bank.link.name}").status_code == 404
    assert "No bank" in text(other.get("/bank-links"))


def test_differences_refusals_and_disputes_are_on_the_page(
    bank: System, application: Any, operator: Client
) -> None:
    bank.say(application, "state", state="<script>alert(1)</script>"[:32])
    bank.must(application, "dispute", about="D-1", words="<b>金额不符</b>")
    row = {
        "application": application.number, "state": "due_diligence", "disbursed": "0",
        "repaid": "0", "received": 2, "sent": 2,
    }  # fmt: skip
    bank.post(bank.message("ledger", {"day": bank.day(), "rows": [row]}))
    page = text(operator.get(f"/bank-links/{bank.link.name}"))
    assert "due diligence" in page
    assert "link_state_unknown" in page
    assert "It names a state that there is not." in page
    assert "金额不符" in page
    assert "<b>金额" not in page
    assert "<script>alert" not in page


def test_why_a_message_was_refused_stands_in_words(
    bank: System, application: Any, operator: Client
) -> None:
    bank.say(application, "disbursement", reference="D-1", amount="1.00", on=bank.day())
    operator.cookies.load({"django_language": "zh-hans"})
    page = text(operator.get(f"/bank-links/{bank.link.name}"))
    assert "按申请现在的状态，不能这样办理。" in page


@pytest.mark.parametrize("code", ["link_unreadable", "link_type", "link_field", "link_application"])
def test_every_code_that_is_kept_has_words(code: str) -> None:
    assert code in REFUSED


def test_the_inbox_of_the_operator_leads_there(
    bank: System, application: Any, operator: Client
) -> None:
    give_up(bank)
    page = text(operator.get("/inbox"))
    assert f"/bank-links/{bank.link.name}" in page
    assert tasks_of.__name__


def test_states_that_differ_and_disputes_stand_in_words(
    bank: System, application: Any, operator: Client
) -> None:
    linking.Difference.objects.create(
        link=bank.link, day=bank.now.date(), application=application.number, what="state",
        ours="disbursed", theirs="somewhere", found_at=bank.now,
    )  # fmt: skip
    bank.must(application, "dispute", about="O-1", words="额度有误")
    words = applying.APPLICATION.state_words["disbursed"]
    for language, expected in (("zh-hans", words.zh), ("en", words.en)):
        operator.cookies.load({"django_language": language})
        page = text(operator.get(f"/bank-links/{bank.link.name}"))
        assert expected in page
        assert ">disbursed<" not in page
        assert "somewhere" in page, "what only the bank knows stands as it said it"
        assert "O-1" in page
        assert "额度有误" in page


def test_the_operator_settles_a_dispute_in_words_and_the_bank_reads_them(
    bank: System, application: Any, operator: Client
) -> None:
    bank.must(application, "dispute", about="O-1", words="额度有误")
    one = linking.disputes(bank.link).get()
    where, address = (
        f"/bank-links/{bank.link.name}",
        f"/bank-links/{bank.link.name}/settle/{one.pk}",
    )
    assert officer(bank).post(address, {"words": "x"}).status_code == 403
    assert operator.post(f"{where}/settle/999999", {"words": "x"}).status_code == 400
    operator.post(address, {"words": "  "})
    assert "Write 1 to 500" in text(operator.get(where, headers={"Accept-Language": "en"}))
    operator.post(address, {"words": "已与银行核对，按更正办理"})
    operator.post(address, {"words": "另一说法"})
    page = text(officer(bank).get(where))
    assert "已与银行核对，按更正办理" in page
    assert "另一说法" not in page, "as it was settled first"
    assert "settle/" not in text(operator.get(where))
