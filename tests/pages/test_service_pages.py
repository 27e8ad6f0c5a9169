"""The service centre on the pages: everybody, an enterprise, the department, the operator."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.market.centre.cast import SERVICE, WORDS, Desk, a_desk, firms
from tests.market.needs.cast import ANSWERS, person, representative
from tests.pages.support import client_of
from tests.profiles import city
from tests.profiles.conftest import taizhou
from xinrong.domain.clock import SystemClock, day_in_china
from xinrong.market.services import centre, meeting, needs

__all__ = ["taizhou"]
pytestmark = pytest.mark.django_db
as_ = client_of


@pytest.fixture
def desk(taizhou: None) -> Desk:
    """As in the tests of the market, today."""
    firms()
    made = a_desk()
    made.now = SystemClock().now()
    return made


def text_of(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()
    return str(answer.content.decode())


def test_everybody_reads_what_is_offered_and_by_when(desk: Desk) -> None:
    told = text_of(Client().get("/services"))
    for words in ("融资对接", "项目推介", "交流培训", "政策咨询", "上市培育"):
        assert words in told
    assert "受理后10个工作日内答复" in told
    assert "办事约定" in told
    assert "申请这项服务" not in told, "a stranger asks for nothing"
    assert "FROM requests" in told, "the query is the one that runs"
    assert "/services/policy_consultation/ask" in text_of(as_(desk.firm).get("/services"))


def test_a_region_without_a_centre_says_so(db: None) -> None:
    assert "没有服务中心" in text_of(Client().get("/services"))


def test_a_service_goes_from_words_to_thanks(desk: Desk) -> None:
    firm, officer = as_(desk.firm), as_(desk.officer)
    form = text_of(firm.get(f"/services/{SERVICE}/ask"))
    assert "市科学技术局会看到" in form
    asked = firm.post(f"/services/{SERVICE}/ask", {"text": WORDS})
    assert asked.status_code == 302
    address = asked["Location"]
    assert address in text_of(officer.get("/inbox"))
    shown = text_of(officer.get(address))
    assert shown.count(WORDS) == 2, "beside the service, and in the log"
    assert "受理后，您有2个工作日" in shown
    number = address.split("/")[-1]
    version = desk.case(number).version
    taken = officer.post(f"/services/requests/{number}/take-up", {"version": version})
    assert taken["Location"] == address
    answer = {"event": "answer", "version": version + 1, "text": "可以贴息。"}
    assert officer.post(f"{address}/move", answer).status_code == 302
    assert "可以贴息。" in text_of(firm.get(address))
    assert "已答复，待企业确认" in text_of(firm.get("/services/requests"))
    thanks = {"event": "confirm", "version": version + 2}
    assert firm.post(f"{address}/move", thanks).status_code == 302
    assert "已得到服务" in text_of(firm.get("/services/requests"))


@pytest.mark.parametrize(
    ("typed", "words"), [("", "请写明"), (" ", "请写明"), ("字" * 2001, "2000字")]
)
def test_what_cannot_be_asked_is_said_and_stays_in_the_form(
    desk: Desk, typed: str, words: str
) -> None:
    told = text_of(as_(desk.firm).post(f"/services/{SERVICE}/ask", {"text": typed}), 422)
    assert words in told
    assert typed in told


def test_asked_twice_it_is_said(desk: Desk) -> None:
    desk.ask()
    told = text_of(as_(desk.firm, "en").post(f"/services/{SERVICE}/ask", {"text": "x"}), 422)
    assert "asked for already" in told


def test_the_form_of_an_arrangement_offers_what_there_is(desk: Desk) -> None:
    held = day_in_china(desk.now) + timedelta(days=9)
    event = meeting.plan(desk.officer, meeting.Planned("路演（虚构）", "椒江", held, 2),
                         now=desk.now).number  # fmt: skip
    meeting.open_up(desk.officer, event, "", now=desk.now)
    need = needs.enter(desk.officer, city.code(5), ANSWERS, now=desk.now).number
    number = desk.ask("project_promotion")
    officer, address = as_(desk.officer), f"/services/requests/{number}/arrange"
    assert "请先受理" in text_of(officer.get(address))
    desk.take_up(number)
    form = text_of(officer.get(address))
    assert all(one in form for one in (event, need, "路演（虚构）"))
    version = desk.case(number).version
    typed = {"kind": "visit", "held_on": "soon", "text": "王老师上门", "version": version}
    refused = text_of(officer.post(address, typed), 422)
    assert "走访日期" in refused
    assert "王老师上门" in refused, "what was typed stands"
    sent = {"kind": "event", "event": event, "text": "请来路演", "version": version}
    assert officer.post(address, sent).status_code == 302
    assert f"/events/{event}" in text_of(as_(desk.firm).get(f"/cases/{number}"))
    assert "已安排" in text_of(as_(desk.firm).get("/services/requests"))


@pytest.mark.parametrize("kind", ["need", "product", "visit"])
def test_each_arrangement_leads_the_enterprise_on(desk: Desk, kind: str) -> None:
    need = needs.enter(desk.officer, city.code(5), ANSWERS, now=desk.now).number
    number = desk.ask("financing_matching")
    desk.take_up(number)
    product = "first_loan"
    if kind == "product":
        from xinrong.market.services import load_products

        product = next(iter(load_products("taizhou").products))
    day = day_in_china(desk.now) + timedelta(days=3)
    form = {
        "kind": kind, "need": need, "product": product, "held_on": day.isoformat(),
        "text": "请看", "version": desk.case(number).version,
    }  # fmt: skip
    sent = as_(desk.officer).post(f"/services/requests/{number}/arrange", form)
    assert sent.status_code == 302, sent.content.decode()
    page = text_of(as_(desk.firm).get(f"/cases/{number}"))
    expected = {"need": f"/needs/{need}", "product": f"/products/{product}", "visit": "顾问走访"}
    assert expected[kind] in page


def test_what_came_too_late_is_said_on_the_page(desk: Desk) -> None:
    number = desk.ask()
    version = desk.case(number).version
    desk.take_up(number)
    again = as_(desk.officer).post(f"/services/requests/{number}/take-up", {"version": version})
    assert "步骤" in text_of(again, 422) or "他人" in again.content.decode()


def test_nobody_sees_or_does_what_is_not_theirs(desk: Desk) -> None:
    number = desk.ask()
    stranger = as_(person("tax", "department", "data_officer", "tax"))
    for address in (f"/cases/{number}", f"/services/requests/{number}/arrange"):
        assert stranger.get(address).status_code == 404
    assert stranger.post(f"/services/requests/{number}/take-up").status_code == 404
    assert as_(desk.other).get(f"/cases/{number}").status_code == 404
    assert as_(desk.officer).get(f"/services/{SERVICE}/ask").status_code == 403
    assert as_(desk.firm).get(f"/services/requests/{number}/arrange").status_code == 403
    assert as_(desk.firm).get("/services/nothing/ask").status_code == 404
    assert Client().get("/services/requests").status_code == 302
    assert "尚未申请服务" in text_of(as_(desk.other).get("/services/requests"))


def test_the_operator_reads_a_request_that_nobody_took_up(desk: Desk) -> None:
    number = desk.ask()
    assert f"/cases/{number}" not in text_of(as_(desk.operator).get("/inbox"))
    desk.wait(number)
    assert f"/cases/{number}" in text_of(as_(desk.operator).get("/inbox"))


def test_who_it_concerns_finds_the_centre_in_the_navigation(desk: Desk) -> None:
    for who in (desk.firm, desk.officer):
        assert 'href="/services"' in text_of(as_(who).get("/inbox"))
    assert centre.has_services("taizhou")


def test_figures_of_ten_enterprises_stand_beside_the_service(desk: Desk) -> None:
    assert "申请的企业不足十家" in text_of(Client().get("/services"))
    city.make_enterprises(list(range(10, 21)))
    for number in range(10, 21):
        asked = desk.ask(who=representative(number))
        desk.take_up(asked)
        desk.move(asked, "answer", desk.officer)
    told = " ".join(text_of(Client().get("/services")).split())
    assert '申请 <strong class="figures">10</strong>' in told
    assert '按时答复 <strong class="figures">100%</strong>' in told
