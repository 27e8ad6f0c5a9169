"""Applying, answering, choosing and lending by the forms; nobody opens what is not theirs."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from tests.market.applying.cast import Cast, officer
from tests.market.applying.test_placing import desk, in_a_district
from tests.market.needs.cast import person, representative
from tests.pages.application_support import a_cast, act, body, client_of, ticks
from xinrong.accounts.services import Person, Viewer
from xinrong.domain.clock import day_in_china, midnight_after
from xinrong.market.services import applying
from xinrong.pages.inbox.sources import tasks_of
from xinrong.pages.inbox.tasks import Task
from xinrong.trust.services import Stage
from xinrong.work import services as work

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(settings: Any, store_root: Any) -> Cast:
    settings.REGION = "taizhou"
    return a_cast()


def version(one: Any) -> int:
    return work.Case.objects.get(number=one.number).version


def applied(cast: Cast, place: int = 0) -> Any:
    firm = client_of(cast.firm)
    form = {"need": cast.need, "product": cast.products[place], **ticks(cast)}
    answer = firm.post("/applications/new", form)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return applying.application_of(answer["Location"].rsplit("/", 1)[1])


def test_an_enterprise_reads_what_follows_ticks_and_applies(cast: Cast) -> None:
    firm = client_of(cast.firm)
    address = f"/applications/new?need={cast.need}&product={cast.products[0]}"
    shown = body(firm, address)
    assert "within one working day" in shown
    assert "What this one lender may see" in shown
    bare = firm.post("/applications/new", {"need": cast.need, "product": cast.products[0]})
    assert bare.status_code == 422
    assert "Tick at least one kind" in bare.content.decode()
    one = applied(cast)
    assert applied(cast).number == one.number  # pressed twice
    shown = body(firm, f"/applications/{one.number}")
    assert "submitted, waits to be taken on" in shown
    assert "an agreement, not a law" in shown
    assert body(firm, "/applications").count(one.number) == 1
    assert firm.get(f"/cases/{one.number}")["Location"] == f"/applications/{one.number}"
    body(firm, "/applications/new?need=x&product=y", 404)
    body(firm, f"/applications/new?need={cast.need}&product=y", 404)


def test_the_desk_counts_its_tabs_and_lists_its_borrowers_with_the_overdue_first(
    cast: Cast,
) -> None:
    one = applied(cast)
    bank = client_of(cast.officer(one))
    shown = body(bank, "/applications/desk")
    assert 'Waits for us <span class="figures">1</span>' in shown
    assert 'Running loans <span class="figures">0</span>' in shown
    assert "A loan appears here once" in body(bank, "/applications/desk?show=loans")
    cast.to_contract(one)
    cast.pay_out(one)
    shown = body(bank, "/applications/desk?show=loans")
    assert one.enterprise.name in shown
    assert "500,000.00 yuan" in shown
    assert "consent asked for" in shown
    assert 'Running loans <span class="figures">1</span>' in shown
    text = bank.get("/applications/desk.csv").content.decode("utf-8-sig")
    [heading, row] = list(csv.reader(io.StringIO(text)))
    found = dict(zip(heading, row, strict=True))
    assert found["Owed (yuan)"] == "500000.00"
    assert found["Overdue"] == "no"
    assert found["Consent after the loan"] == "consent asked for"
    assert client_of(cast.firm).get("/applications/desk.csv").status_code == 403


def test_a_look_that_is_due_within_a_week_stands_in_the_lenders_inbox(cast: Cast) -> None:
    one = cast.apply(0)
    cast.to_contract(one)
    cast.pay_out(one)
    officer = cast.officer(one)

    def found(who: Viewer, days: int) -> list[Task]:
        with translation.override("en"):
            tasks = tasks_of(who, cast.now + timedelta(days=days))
        return [task for task in tasks if task.source == "loan_looks"]

    assert found(officer, 22) == []
    (task,) = found(officer, 23)
    assert (task.link, task.title) == (
        "/applications/desk?show=loans", "1 running loan is to be looked at"
    )  # fmt: skip
    assert task.due == midnight_after(day_in_china(cast.now) + timedelta(days=30))
    assert found(cast.firm, 23) == []


def test_the_page_prefills_the_outlet_of_the_rule_and_says_why(cast: Cast) -> None:
    in_a_district(cast)
    bank = applying.bank_of(cast.lender_of(cast.products[0]))
    first = desk(cast, bank, 0)
    address = f"/applications/new?need={cast.need}&product={cast.products[0]}"
    firm = client_of(cast.firm)
    shown = body(firm, address)
    assert f'<option value="{first.pk}" selected>' in shown
    assert f"The published rule sends it to {first.name}" in shown
    assert "You may choose another" in shown
    wrong = firm.post("/applications/new", {
        "need": cast.need, "product": cast.products[0], "office": str(bank.pk),
    })  # fmt: skip
    assert wrong.status_code == 422
    assert f'<option value="{bank.pk}" selected>' in wrong.content.decode(), "as it was chosen"


def test_a_bank_takes_it_on_looks_offers_and_the_enterprise_chooses(cast: Cast) -> None:
    one = applied(cast)
    bank, firm = client_of(cast.officer(one)), client_of(cast.firm)
    assert cast.firm.organisation.split("（")[0]
    assert one.enterprise.name in body(bank, "/applications/desk")
    shown = body(bank, f"/applications/{one.number}")
    assert "Not queried yet: before the loan" in shown
    assert act(bank, one, "accept", version(one)).status_code == 302
    refused = act(bank, one, "investigate", version(one))
    assert refused.status_code == 422
    assert "queried the enterprise at the stage before the loan" in refused.content.decode()
    code = one.enterprise.code
    answer = bank.post(f"/files/{code}/open", {"tab": "basic", "stage": "pre_loan"})
    if answer.status_code == 404:
        open_file = re.search(r'action="([^"]*open[^"]*)"', shown)
        assert open_file is not None
        answer = bank.post(open_file[1], {"tab": "basic", "stage": "pre_loan"})
    body(bank, answer["Location"])
    assert "before the loan, to begin due diligence, and logged" in body(
        bank, f"/applications/{one.number}"
    )
    assert act(bank, one, "investigate", version(one)).status_code == 302
    cast.look(one, Stage.APPROVAL)
    page = f"/applications/{one.number}/offer"
    shown = body(bank, page)
    assert "all-in annual cost" in shown
    form = {
        "version": version(one), "amount": "50万", "months": "12", "rate": "3.45",
        "repayment": "interest_first", "each": "1", "security": "property",
        "until": (day_in_china(cast.now) + timedelta(days=10)).isoformat(),
        "fee_name_0": "评估费", "fee_when_0": "at_disbursement", "fee_size_0": "800",
    }  # fmt: skip
    part = bank.post(page, form, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "CNY 499,200.00" in part
    for field, typed in (("rate", "99"), ("rate", "0"), ("amount", "x"), ("until", ""),
                         ("months", "0"), ("fee_size_0", "1,5%%")):  # fmt: skip
        wrong = bank.post(page, form | {field: typed})
        assert (wrong.status_code, cast.state(one)) == (422, "due_diligence"), (field, typed)
    previewed = bank.post(page, form | {"preview": "1"})
    assert (previewed.status_code, cast.state(one)) == (200, "due_diligence")
    assert bank.post(page, form).status_code == 302
    shown = body(firm, f"/applications/needs/{cast.need}")
    assert "CNY 499,200.00" in shown
    assert "Choose this one" in shown
    assert act(firm, one, "choose", version(one)).status_code == 302
    assert act(firm, one, "choose", 1).status_code == 302  # pressed twice
    assert cast.state(one) == "chosen"


def test_a_loan_is_contracted_paid_out_repaid_and_evaluated_by_forms(cast: Cast) -> None:
    one = applied(cast)
    cast.to_offer(one)
    applying.choose(cast.firm, one.number, now=cast.tick())
    bank, firm = client_of(cast.officer(one)), client_of(cast.firm)
    today = day_in_china(cast.now).isoformat()
    assert act(bank, one, "sign", version(one), reference="", on=today).status_code == 422
    assert act(bank, one, "sign", version(one), reference="合1", on="x").status_code == 422
    assert act(bank, one, "sign", version(one), reference="合1", on=today).status_code == 302
    over = act(bank, one, "disburse", version(one), reference="放1", on=today, principal="60万")
    assert over.status_code == 422
    assert "more than the 500,000.00 of the contract" in over.content.decode()
    paid = {"reference": "放1", "on": today, "principal": "50万", "received": "499000"}
    assert act(bank, one, "disburse", version(one), **paid).status_code == 302
    for client in (bank, firm):
        assert "Not paid out as offered" in body(client, f"/applications/{one.number}")
    right = paid | {"kind": "disbursement", "received": "500000", "why": "录入错误"}
    assert act(bank, one, "correct", version(one), **right).status_code == 302
    assert "Not paid out as offered" not in body(firm, f"/applications/{one.number}")
    back = {"reference": "还1", "on": today, "principal": "500000", "interest": "17250"}
    assert act(bank, one, "repay", version(one), **back).status_code == 302
    assert "Running loans" in body(bank, "/applications/desk?show=loans")
    assert act(bank, one, "close", version(one), on=today).status_code == 302
    marks = {"time": "5", "cost": "9", "respect": "5", "words": "好"}
    assert act(firm, one, "evaluate", 0, **marks).status_code == 422
    assert act(firm, one, "evaluate", 0, **(marks | {"cost": "4"})).status_code == 302
    assert "time 5, cost 4, respect 5" in body(firm, f"/applications/{one.number}")
    assert "repaid and closed" in body(bank, "/applications/desk?show=over")


def test_a_refusal_is_read_with_its_remedies_and_appealed(cast: Cast) -> None:
    one = applied(cast)
    bank, firm = client_of(cast.officer(one)), client_of(cast.firm)
    bare = act(bank, one, "refuse", version(one), text="负债偏高。")
    assert bare.status_code == 422
    assert "负债偏高。" in bare.content.decode()  # what was typed stands there still
    answer = act(bank, one, "refuse", version(one), reasons=["debts", "sum"], text="负债偏高。")
    assert answer.status_code == 302
    shown = body(firm, f"/applications/{one.number}")
    assert "Ask for less, or for a longer term." in shown
    assert act(firm, one, "appeal", version(one), text="已还清。").status_code == 302
    own = act(bank, one, "overturn", version(one), text="再看")
    assert own.status_code == 422
    assert "somebody else than who refused" in own.content.decode()
    waits = body(bank, f"/applications/{one.number}")
    assert "a colleague decides on the appeal" in waits
    assert 'value="overturn"' not in waits
    chief = client_of(cast.chief(one))
    assert act(chief, one, "uphold", version(one), text="维持。").status_code == 302
    assert "upheld by a second person" in body(firm, f"/applications/{one.number}")


def test_silence_shows_the_operator_and_proposes_to_the_enterprise(cast: Cast) -> None:
    operator = client_of(person("operator", "operator", "operator"))
    firm = client_of(cast.firm)
    one = applied(cast)
    assert "Nothing is late" in body(operator, "/applications/stuck")
    assert cast.wait(one) == "silent"
    assert one.number in body(operator, "/applications/stuck")
    assert act(operator, one, "end_unanswered", version(one), text="").status_code == 422
    shown = body(firm, "/applications")
    assert "has not answered in time" in shown
    [proposal] = applying.proposals_of(cast.firm)
    assert "What this one lender may see" in body(firm, f"/applications/new?proposal={proposal.pk}")
    other = client_of(representative(6))
    body(other, f"/applications/new?proposal={proposal.pk}", 404)
    assert other.post(f"/applications/proposals/{proposal.pk}/leave").status_code == 404
    assert firm.post(f"/applications/proposals/{proposal.pk}/leave").status_code == 302
    assert "has not answered in time" not in body(firm, "/applications")


def test_an_officer_goes_from_applicant_to_file_and_back_and_on_to_the_next(cast: Cast) -> None:
    one = applied(cast)
    officer = client_of(cast.officer(one))
    alone = body(officer, f"/applications/{one.number}")
    assert 'data-key="f"' in alone  # the file is to be opened
    assert 'data-key="n"' not in alone  # nobody else waits
    assert "after the loan" not in alone  # no review before there is a loan
    opened = officer.post(
        f"/enterprises/{one.enterprise.code}/open", {"tab": "basic", "stage": "pre_loan"}
    )
    file = body(officer, opened.url)
    assert f'data-key="d" href="/applications/{one.number}"' in file
    chief = client_of(cast.chief(one))
    assert 'data-key="d" href="/applications/desk"' in body(chief, f"/applications/{one.number}")


def test_nobody_opens_or_moves_what_is_not_theirs(cast: Cast) -> None:
    one = applied(cast)
    lender = cast.lender_of(cast.products[1])
    for who in (
        cast.officers[lender], officer("outlet", cast.outlets[lender]),
        officer("own-outlet", cast.outlets[one.lender]), representative(6),
    ):  # fmt: skip
        client = client_of(who)
        body(client, f"/applications/{one.number}", 404)
        assert act(client, one, "accept", version(one)).status_code == 404
        if who.role == "loan_officer":
            body(client, f"/applications/{one.number}/offer", 404)
            assert one.number not in body(client, "/applications/desk")
    clerk = client_of(person("clerk", "department", "data_officer", "taxation"))
    for address in ("/applications", "/applications/desk", f"/applications/{one.number}"):
        body(clerk, address, 403)
    assert cast.state(one) == "submitted"


def test_a_forged_form_moves_nothing(cast: Cast) -> None:
    one = applied(cast)
    client = Client(enforce_csrf_checks=True)
    client.force_login(Person.objects.get(email="firm5@example.cn"))
    answer = client.post(
        f"/applications/{one.number}/act", {"event": "withdraw", "version": version(one)}
    )
    assert answer.status_code == 403
    assert cast.state(one) == "submitted"


@pytest.mark.parametrize("form", [{}, {"event": "x"}, {"event": "submit"}, {"event": "overrun"}])
def test_a_step_that_there_is_not_says_so(cast: Cast, form: dict[str, str]) -> None:
    one = applied(cast)
    answer = client_of(cast.firm).post(f"/applications/{one.number}/act", form)
    assert answer.status_code == 422
    assert "There is no such step." in answer.content.decode()
    late = act(client_of(cast.firm), one, "withdraw", 99)
    assert late.status_code == 422
    assert "Somebody moved this case" in late.content.decode()
