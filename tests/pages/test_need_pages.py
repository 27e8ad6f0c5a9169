"""Stating a need page by page, and what every product answers."""

from __future__ import annotations

import csv
import io
import re
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.market.conftest import filled, taizhou
from tests.market.needs.cast import person
from tests.pages.class_support import representative, signed_in, small_city
from tests.pages.need_support import PASSWORD, begin, founder, reply, state, stated
from tests.profiles import city
from xinrong.accounts.services import Person, create_organisation, create_person, viewer_of
from xinrong.domain.clock import day_in_china
from xinrong.market import services as market
from xinrong.market.models import ApprovalDay
from xinrong.market.services import needs
from xinrong.pages.inbox.sources import tasks_of
from xinrong.pages.needs.waiting import LEFT

pytestmark = pytest.mark.django_db
__all__ = ["filled", "taizhou"]


@pytest.fixture
def town(settings: Any, store_root: Any) -> None:
    settings.REGION = "taizhou"
    small_city()


def body(client: Client, address: str, status: int = 200) -> str:
    client.cookies.load({"django_language": "en"})
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code)
    return answer.content.decode()


def test_an_enterprise_answers_a_few_questions_and_reads_what_every_product_says(
    town: None,
) -> None:
    firm = representative(3)
    assert "No need yet" in body(firm, "/needs")
    number = begin(firm)
    asked = []
    answers = {"amount": "50万", "purpose": "stock", "months": "12", "offers": "fund",
               "max_rate": "", "first_time": "yes", "area": "331002", "note": ""}  # fmt: skip
    address = f"/needs/{number}"
    while "/ask/" in (address := firm.get(address).headers.get("Location", address)):
        name = address.rsplit("/", 1)[1]
        asked.append(name)
        assert f"Question {len(asked)} of" in body(firm, address)
        address = reply(firm, number, name, answers[name])["Location"]
    assert len(asked) <= 10
    assert "area" not in asked, "the register knows it"
    shown = body(firm, f"/needs/{number}/preview")
    assert "500,000 yuan" in shown
    assert "from: " in shown
    assert state(firm, number)["Location"] == f"/needs/{number}"
    shown = body(firm, f"/needs/{number}")
    assert "What every product says" in shown
    assert "No place can be bought" in shown
    assert "in its log" in shown
    assert "500,000 yuan" in body(firm, "/needs")


def test_leaving_and_coming_back_goes_on_with_the_question_that_has_no_answer(town: None) -> None:
    firm = representative(3)
    number = begin(firm)
    reply(firm, number, "amount", "50万")
    other_device = signed_in(Person.objects.get(email="own3@example.cn"))
    assert other_device.get(f"/needs/{number}")["Location"].endswith("/ask/purpose")
    assert 'value="500000"' in body(other_device, f"/needs/{number}/ask/amount")


def test_a_founder_states_the_need_of_a_firm_yet_to_be_registered(town: None) -> None:
    somebody = founder()
    number = begin(somebody)
    reply(somebody, number, "planned_name", "新店（虚构）")
    for name, given in (("amount", "10万"), ("purpose", "start_up"), ("months", "12")):
        reply(somebody, number, name, given)
    state(somebody, number)
    shown = body(somebody, f"/needs/{number}")
    assert "nothing of any enterprise was read" in shown
    assert "新店" in body(somebody, "/needs")


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("amount", "0", "cannot be needed as a loan"),
        ("amount", "1000000000000", "cannot be needed as a loan"),
        ("amount", "about half a million", "No amount can be read"),
        ("amount", "<script>alert(1)</script>", "No amount can be read"),
        ("months", "a year", "is no number of months"),
        ("purpose", "", "No purpose is chosen"),
        ("max_rate", "cheap", "is no yearly rate"),
    ],
)
def test_what_cannot_be_read_is_said_beside_the_question_and_what_was_typed_stays(
    town: None, name: str, typed: str, said: str
) -> None:
    firm = representative(3)
    firm.cookies.load({"django_language": "en"})
    number = begin(firm)
    answer = reply(firm, number, name, typed)
    shown = answer.content.decode()
    assert (answer.status_code, said in shown) == (422, True)
    assert 'role="alert"' in shown
    assert "<script>alert" not in shown
    assert needs.need_by_number(number).steps == []


def test_anothers_need_is_not_found_and_looks_like_none(town: None) -> None:
    number = stated(representative(3))
    draft = begin(representative(4))
    stranger = representative(5)
    pages = ("", "/csv", "/compare", "/ask/amount", "/preview")
    bodies = set()
    for known in (number, draft, "0" * 32):
        for one in pages:
            bodies.add(body(stranger, f"/needs/{known}{one}", 404).replace(known, "NUMBER"))
        for act in ("state", "withdraw", "take-over", "ask/amount"):
            answer = stranger.post(f"/needs/{known}/{act}", {"version": 1, "amount": "50万"})
            assert answer.status_code == 404, (known, act)
    said = {one.split("<main")[1].split("</main>")[0] for one in bodies}
    assert len(said) == 1
    assert needs.need_by_number(number).state == "stated"


def test_forms_from_elsewhere_change_nothing(town: None) -> None:
    representative(3)
    forged = Client(enforce_csrf_checks=True)
    forged.force_login(Person.objects.get(email="own3@example.cn"))
    assert forged.post("/needs/new").status_code in (302, 403)
    assert not needs.StatedNeed.objects.exists()


def test_sent_twice_it_is_one_draft_and_stated_once(town: None) -> None:
    firm = representative(3)
    assert begin(firm) == begin(firm)
    number = stated(firm)
    once = needs.need_by_number(number)
    answer = firm.post(f"/needs/{number}/state", {"version": once.version - 1})
    assert answer.status_code == 302
    assert needs.need_by_number(number).version == once.version


def test_a_preview_that_is_out_of_date_states_nothing_and_shows_what_it_says_now(
    town: None,
) -> None:
    firm = representative(3)
    firm.cookies.load({"django_language": "en"})
    number = begin(firm)
    for name, given in (("amount", "50万"), ("purpose", "stock"), ("months", "12")):
        reply(firm, number, name, given)
    seen = needs.need_by_number(number).version
    reply(firm, number, "amount", "80万")  # in another tab
    answer = firm.post(f"/needs/{number}/state", {"version": seen})
    assert answer.status_code == 422
    assert "800,000 yuan" in answer.content.decode()
    assert "was changed since you looked at it" in answer.content.decode()
    for typed in ("", "x", "9" * 30, "-1"):
        assert firm.post(f"/needs/{number}/state", {"version": typed}).status_code == 422


def test_products_are_compared_side_by_side_by_their_cost_sheets(town: None) -> None:
    firm = representative(3)
    number = stated(firm, amount="10万")
    shown = body(firm, f"/needs/{number}")
    offered = [part.split('"')[0] for part in shown.split('name="product" value="')[1:]]
    assert len(offered) >= 4
    query = "&".join(f"product={name}" for name in offered[:4])
    sheets = body(firm, f"/needs/{number}/compare?{query}")
    assert "all-in annual cost" in sheets
    assert sheets.count("<tr") > 10
    for few in ("", f"product={offered[0]}", query + f"&product={offered[4]}", "product=none"):
        answer = firm.get(f"/needs/{number}/compare?{few}")
        assert answer["Location"] == f"/needs/{number}"


def counted(*, decided: int, offered: int) -> None:
    """So many enterprises had an outcome with every product; and of all together."""
    today = day_in_china(timezone.now())
    pair = [decided, offered]
    products = {one.product.id: pair for one in market.shelf_on("taizhou", today).offered}
    ApprovalDay.objects.create(
        day=today, products=products, lenders={}, every=pair, made_at=timezone.now()
    )


def test_the_chance_of_approval_is_shown_with_what_it_rests_on(town: None) -> None:
    firm = representative(3)
    number = stated(firm, amount="10万")
    counted(decided=38, offered=19)
    shown = body(firm, f"/needs/{number}")
    assert "50% (about 40 enterprises)" in shown
    assert "all lenders together: 50%" in shown
    names = re.findall(r'name="product" value="(\w+)"', shown)[:2]
    query = "&".join(f"product={name}" for name in names)
    assert "50% (about 40 enterprises)" in body(firm, f"/needs/{number}/compare?{query}")
    assert "50% (about 40 enterprises)" in body(firm, f"/products/{names[0]}")


def test_every_answer_is_exported_with_its_reason(town: None) -> None:
    firm = representative(3)
    number = stated(firm, amount="10万")
    counted(decided=190, offered=143)
    firm.cookies.load({"django_language": "en"})
    text = firm.get(f"/needs/{number}/csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert len(rows) == 1 + 211
    assert rows[0][7] == "Chance of approval, %"
    assert {row[7] for row in rows[1:]} == {"75"}, "of two hundred firms, pulled to the common one"
    assert {row[0] for row in rows[1:]} <= {"yes", "cannot tell", "no"}
    assert all(row[-1] for row in rows[1:] if row[0] == "no"), "no refusal without a reason"
    draft = begin(firm)
    assert firm.get(f"/needs/{draft}/csv").status_code == 400


def test_where_nothing_admits_it_the_page_says_what_comes_next(town: None) -> None:
    firm = representative(3)
    number = stated(firm, amount="9亿")
    shown = body(firm, f"/needs/{number}")
    assert "Nothing admits it today: what comes next" in shown
    assert "it answers by 20" in shown, "a dated next step"
    asked = firm.post(f"/needs/{number}/advice")
    assert "no product admits it: 900,000,000 yuan" in body(firm, asked["Location"])
    assert "On 20" in body(firm, f"/needs/{number}")
    assert firm.post(f"/needs/{number}/advice").status_code == 400, "asked already"


def test_withdrawn_it_is_matched_no_longer(town: None) -> None:
    firm = representative(3)
    number = stated(firm)
    assert firm.post(f"/needs/{number}/withdraw")["Location"] == "/needs"
    assert "matched no longer" in body(firm, f"/needs/{number}")
    assert firm.post(f"/needs/{number}/withdraw").status_code == 400


def test_who_has_no_needs_of_their_own_is_refused(town: None) -> None:
    for kind, role in (("bank", "loan_officer"), ("regulator", "auditor")):
        who = person(role, kind, role)
        client = signed_in(Person.objects.get(pk=who.person_id))
        assert client.get("/needs").status_code == 403
        assert client.post("/needs/new").status_code == 403


def test_a_draft_left_over_reminds_in_the_inbox_after_some_days(town: None) -> None:
    firm = representative(3)
    number = begin(firm)
    person = Person.objects.get(email="own3@example.cn")
    who, soon = viewer_of(person), timezone.now()
    assert tasks_of(who, soon) == []
    (task,) = tasks_of(who, soon + LEFT)
    assert task.link == f"/needs/{number}/preview"
    firm.post(f"/needs/{number}/withdraw")
    assert tasks_of(who, soon + LEFT) == []


def test_one_applies_where_the_lender_has_a_desk_and_is_told_where_else_where_it_has_none(
    town: None,
) -> None:
    lender = market.shelf_on("taizhou", day_in_china(timezone.now())).offered[0].lender.id
    person("bank", "bank", "loan_officer", lender)
    firm = representative(3)
    number = stated(firm, amount="10万")
    shown = body(firm, f"/needs/{number}")
    assert f"/applications/new?need={number}&amp;product={lender}" in shown
    assert "Apply with the lender:" in shown
    assert firm.get(f"/applications/needs/{number}").status_code == 200
    address = shown.split('href="/applications/new')[1].split('"')[0].replace("&amp;", "&")
    assert firm.get(f"/applications/new{address}").status_code == 200
    somebody = founder()
    own = stated(somebody, planned_name="新店（虚构）")
    assert "/applications/new" not in body(somebody, f"/needs/{own}")


def test_who_is_admitted_reads_yes_by_cost_and_what_one_change_would_open(filled: Any) -> None:
    firm = representative(11)
    number = stated(firm, amount="10万", purpose="working_capital")
    shown = body(firm, f"/needs/{number}")
    costs = [
        float(part.split("–")[1].split("%")[0])
        for part in shown.split('id="yes"')[1].split('id="open"')[0].split('class="figures">')[1:]
        if "–" in part[:20]
    ][::2]
    assert all(later > former - 0.11 for former, later in pairwise(costs)), "to a tenth of a point"
    assert len(costs) > 3
    assert shown.count("<dd>not known yet</dd>") > 3
    assert "Nothing was counted yet" in shown
    assert "What would open it" in shown
    assert "Nothing admits it today" not in shown


def test_a_founder_takes_the_need_over_on_the_page_of_the_firms_needs(town: None) -> None:
    somebody = founder()
    number = stated(somebody, planned_name="新店（虚构）")
    firm = create_organisation("新店", "enterprise", reference=city.code(9))
    create_person(
        "founder@example.cn", PASSWORD, name="founder", organisation=firm, role="representative"
    )
    shown = body(somebody, "/needs")
    assert "From before the firm was registered" in shown
    assert somebody.post(f"/needs/{number}/take-over")["Location"] == f"/needs/{number}"
    assert "in its log" in body(somebody, f"/needs/{number}"), "matched with the firm's file"
    assert "From before the firm was registered" not in body(somebody, "/needs")
