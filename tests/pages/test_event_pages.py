"""Financing events on the pages: the organiser, a bank and an enterprise, to the loan."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.market.applying.cast import Cast, made_cast
from tests.market.needs.cast import person
from tests.pages.support import client_of
from tests.profiles.conftest import filled, taizhou
from xinrong.accounts.services import Viewer
from xinrong.domain.clock import day_in_china
from xinrong.market.services import meeting
from xinrong.pages.inbox.events import waiting

__all__ = ["filled", "taizhou"]
pytestmark = pytest.mark.django_db
as_ = client_of


@pytest.fixture
def cast(filled: dict[str, Any]) -> Cast:
    return made_cast()


@pytest.fixture
def organiser(cast: Cast) -> Viewer:
    return person("organiser", "operator", "operator")


def form(cast: Cast, **more: Any) -> dict[str, Any]:
    return {
        "title": "百行进万企（虚构）",
        "place": "椒江会议中心",
        "slots": "2",
        "held_on": (day_in_china(cast.now) + timedelta(days=5)).isoformat(),
        "lender": list(cast.officers),
        **more,
    }


def test_an_event_goes_from_its_plan_to_its_leads(cast: Cast, organiser: Viewer) -> None:
    desk = as_(organiser)
    page = desk.get("/events/new").content.decode()
    assert all(f'value="{lender}"' in page for lender in cast.officers)
    made = desk.post("/events/new", form(cast))
    assert made.status_code == 302, made.content.decode()
    address = made["Location"]
    assert desk.post(f"{address}/act", {"act": "open", "criterion": ""}).status_code == 302
    bank = as_(cast.officers[cast.lender_of(cast.products[0])])
    assert "贵行是否参加" in bank.get(address).content.decode()
    assert bank.post(f"{address}/act", {"act": "answer", "slots": "1"}).status_code == 302
    firm = as_(cast.firm)
    assert "百行进万企" in firm.get("/events").content.decode()
    assert cast.need in firm.get(address).content.decode()
    assert firm.post(f"{address}/act", {"act": "come", "need": cast.need}).status_code == 302
    name = desk.get(address).content.decode()
    assert cast.firm.reference in name, "who said yes is named to the organiser"
    assert cast.firm.reference not in bank.get(address).content.decode()
    assert desk.post(f"{address}/act", {"act": "pair"}).status_code == 302
    assert cast.firm.reference in bank.get(address).content.decode()
    assert "您将与" in firm.get(address).content.decode()
    sheet = desk.get(f"{address}/csv").content.decode("utf-8-sig")
    assert cast.firm.reference in sheet
    assert "尚未申请" in desk.get(address).content.decode()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"held_on": "tomorrow"}, "请选择日期"),
        ({"held_on": "2020-01-01"}, "一年以内"),
        ({"slots": "0"}, "1 至 50"),
        ({"title": " "}, "活动名称"),
        ({"programme": "x"}, "没有这个专项"),
    ],
)
def test_what_cannot_be_an_event_is_said_beside_the_form(
    cast: Cast, organiser: Viewer, change: dict[str, str], words: str
) -> None:
    answer = as_(organiser).post("/events/new", form(cast, **change))
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_nobody_sees_or_does_what_is_not_theirs(cast: Cast, organiser: Viewer) -> None:
    made = meeting.plan(
        organiser,
        meeting.Planned("活动（虚构）", "某处", day_in_china(cast.now) + timedelta(days=3), 2),
        now=cast.now,
    )
    address = f"/events/{made.number}"
    bank = as_(next(iter(cast.officers.values())))
    assert bank.get(address).status_code == 404, "not invited"
    assert as_(cast.firm).get(address).status_code == 404, "not open yet"
    assert bank.get("/events/new").status_code == 403
    assert as_(organiser).post(f"{address}/act", {"act": "pair"}).status_code == 422
    assert as_(organiser).post(f"{address}/act", {"act": "blow up"}).status_code == 302
    assert Client().get("/events").status_code == 302
    assert "No events" in as_(cast.firm, "en").get("/events").content.decode()


def test_an_invitation_waits_in_the_inbox_of_its_bank_and_then_for_its_organiser(
    cast: Cast, organiser: Viewer
) -> None:
    held = day_in_china(cast.now)
    lender = next(iter(cast.officers))
    made = meeting.plan(
        organiser, meeting.Planned("活动（虚构）", "某处", held, 2, "", (lender,)), now=cast.now
    )
    bank = cast.officers[lender]
    assert f"/events/{made.number}" in as_(bank).get("/inbox").content.decode()
    meeting.answer_for_bank(bank, made.number, 1)
    assert f"/events/{made.number}" not in as_(bank).get("/inbox").content.decode()
    meeting.open_up(organiser, made.number, "", now=cast.now)
    meeting.pair(organiser, made.number, now=cast.now)
    assert [one.link for one in waiting(organiser, cast.now)] == []
    [task] = waiting(organiser, cast.now + timedelta(days=1))
    assert task.link == f"/events/{made.number}"
