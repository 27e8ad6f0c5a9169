"""A service from the enterprise's words to its confirmation, and what is refused on the way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from tests.market.centre.cast import NOW, SERVICE, WORDS, Desk
from tests.market.needs.cast import ANSWERS, person, representative
from tests.profiles import city
from xinrong.domain.clock import day_in_china
from xinrong.domain.process import MoveRefused
from xinrong.market.errors import MarketRefused
from xinrong.market.services import centre, load_products, meeting, needs
from xinrong.work import services as work

pytestmark = pytest.mark.django_db


def code_of(act: Callable[[], object]) -> str:
    with pytest.raises((MarketRefused, MoveRefused, work.CaseRefused)) as wrong:
        act()
    return str(wrong.value.code)


def test_a_service_is_asked_for_taken_up_answered_and_confirmed(desk: Desk) -> None:
    number = desk.ask()
    assert [one.number for one in centre.requests_of(desk.firm)] == [number]
    assert [side.case.number for side in work.waiting_for(desk.officer)] == [number]
    desk.take_up(number)
    case = desk.case(number)
    assert case.due_at is not None
    assert day_in_china(case.due_at - timedelta(seconds=1)).isoformat() == "2026-11-04"
    desk.move(number, "answer", desk.officer, "可以申请首贷贴息，找人行窗口。")
    assert work.waiting_for(desk.firm).count() == 1
    desk.move(number, "confirm", desk.firm)
    assert desk.state(number) == "served"
    said = [move.text for move in work.log_of(desk.case(number)) if move.text]
    assert said[:2] == [WORDS, "可以申请首贷贴息，找人行窗口。"]


def test_the_days_are_those_that_the_service_promises(desk: Desk) -> None:
    number = desk.ask("listing_cultivation")
    desk.take_up(number)
    due = desk.case(number).due_at
    assert due is not None
    assert day_in_china(due - timedelta(seconds=1)).isoformat() == "2026-11-16"


def test_what_is_answered_may_be_asked_again_and_its_clocks_start_anew(desk: Desk) -> None:
    number = desk.ask()
    desk.take_up(number)
    desk.move(number, "answer", desk.officer)
    desk.now += timedelta(days=4)
    desk.move(number, "ask_again", desk.firm, "还想知道期限")
    assert desk.state(number) == "asked"
    assert code_of(lambda: desk.move(number, "take_up", desk.officer)) == "move_guard"
    desk.take_up(number)
    due = desk.case(number).due_at
    assert due is not None
    assert day_in_china(due - timedelta(seconds=1)).isoformat() == "2026-11-10"


def test_silence_goes_before_the_operator_who_answers_in_its_place(desk: Desk) -> None:
    number = desk.ask()
    assert desk.wait(number) == "silent"
    assert [side.case.number for side in work.waiting_for(desk.operator)] == [number]
    desk.move(number, "answer", desk.operator, "已督办，答复如下……")
    assert desk.state(number) == "answered"


def test_what_nobody_answers_ends_unresolved_and_can_be_reopened(desk: Desk) -> None:
    number = desk.ask()
    desk.take_up(number)
    assert desk.wait(number) == "late"
    assert desk.wait(number) == "unresolved"
    desk.move(number, "reopen", desk.firm, "仍未得到答复")
    assert desk.state(number) == "asked"
    assert desk.wait(number) == "silent"
    desk.take_up(number)
    assert desk.state(number) == "taken_up"


def test_an_answer_that_nobody_confirms_lapses(desk: Desk) -> None:
    number = desk.ask()
    desk.take_up(number)
    desk.move(number, "answer", desk.officer)
    assert desk.wait(number) == "unconfirmed"
    desk.now += timedelta(days=40)
    assert code_of(lambda: desk.move(number, "reopen", desk.firm, "还要")) == "move_late"


def test_a_service_of_a_district_is_for_its_enterprises(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def of_the_district(area: str) -> None:
        wanted = centre.service_of("taizhou", SERVICE).model_copy(update={"area": area})
        monkeypatch.setattr("xinrong.market.centre.asking.service_of", lambda *_: wanted)

    of_the_district("331002")
    assert desk.ask(who=desk.other), "whose district nobody has sent is not turned away"
    city.fill({"registration": city.city_rows()["registration"]})
    own = needs.prefilled_for(desk.firm, as_of=day_in_china(NOW))["area"].value
    of_the_district("331002" if own != "331002" else "331003")
    assert code_of(desk.ask) == "service_district"
    of_the_district(own)
    assert desk.ask()


@pytest.mark.parametrize("steps", [0, 1, 2, 3])
def test_the_enterprise_withdraws_wherever_it_stands(desk: Desk, steps: int) -> None:
    number = desk.ask()
    walk: list[Callable[[], object]] = [
        lambda: desk.take_up(number),
        lambda: desk.wait(number),
        lambda: desk.move(number, "answer", desk.officer),
    ]
    for one in walk[:steps]:
        one()
    desk.move(number, "withdraw", desk.firm)
    assert desk.state(number) == "withdrawn"
    assert desk.ask() != number, "and it may ask anew"


def test_a_visit_is_arranged_and_confirmed_after_its_day(desk: Desk) -> None:
    number = desk.ask("exchange_training")
    desk.take_up(number)
    day = day_in_china(desk.now) + timedelta(days=7)
    made = centre.arrange(
        desk.officer, number, centre.Arranged("visit", held_on=day), "王老师上门讲财务",
        version=None, now=desk.now,
    )  # fmt: skip
    assert (made.kind, made.held_on, made.reference) == ("visit", day, "")
    case = desk.case(number)
    assert case.state == "arranged"
    assert case.due_at is not None
    assert case.due_at > desk.now + timedelta(days=7 + 13), "ten working days after the visit"
    desk.move(number, "confirm", desk.firm)


def test_an_open_event_of_the_own_department_is_arranged(desk: Desk) -> None:
    held = day_in_china(desk.now) + timedelta(days=9)
    planned = meeting.Planned("项目路演（虚构）", "椒江", held, 2)
    event = meeting.plan(desk.officer, planned, now=desk.now).number
    number = desk.ask("project_promotion")
    desk.take_up(number)

    def arrange() -> centre.Arrangement:
        return centre.arrange(
            desk.officer, number, centre.Arranged("event", event), "请报名路演", version=None,
            now=desk.now,
        )  # fmt: skip

    assert code_of(arrange) == "arrangement_wrong", "not open yet"
    meeting.open_up(desk.officer, event, "", now=desk.now)
    assert arrange().held_on == held
    assert meeting.meeting_for(desk.firm, event).number == event


def test_a_need_that_was_written_down_for_this_enterprise_is_arranged(desk: Desk) -> None:
    number = desk.ask("financing_matching")
    desk.take_up(number)
    own = needs.enter(desk.officer, city.code(5), ANSWERS, now=desk.now).number
    foreign = needs.enter(desk.officer, city.code(6), ANSWERS, now=desk.now).number
    kind = centre.ArrangementKind.NEED
    refused = centre.Arranged(kind, foreign)
    assert code_of(lambda: centre.arrange(
        desk.officer, number, refused, "已代填", version=None, now=desk.now
    )) == "arrangement_wrong"  # fmt: skip
    made = centre.arrange(
        desk.officer, number, centre.Arranged(kind, own), "已代填，请确认", version=None,
        now=desk.now,
    )  # fmt: skip
    assert made.reference == own
    assert needs.need_for(desk.firm, own).number == own


@pytest.mark.parametrize(
    ("kind", "reference", "days"),
    [
        ("", "", None),
        ("party", "", 3),
        ("visit", "", None),
        ("visit", "", -1),
        ("visit", "", 181),
        ("visit", "FE2026-0001", 3),
        ("event", "", None),
        ("event", "FE2026-9999", None),
        ("need", "0" * 32, None),
        ("product", "no_such_product", None),
    ],
)
def test_what_cannot_be_arranged_is_refused_and_nothing_moves(
    desk: Desk, kind: str, reference: str, days: int | None
) -> None:
    number = desk.ask()
    desk.take_up(number)
    day = None if days is None else day_in_china(desk.now) + timedelta(days=days)
    wanted = centre.Arranged(kind, reference, day)
    assert code_of(lambda: centre.arrange(
        desk.officer, number, wanted, "安排", version=None, now=desk.now
    )) == "arrangement_wrong"  # fmt: skip
    assert desk.state(number) == "taken_up"
    assert not centre.Arrangement.objects.exists()


def test_an_arrangement_without_words_leaves_nothing(desk: Desk) -> None:
    number = desk.ask()
    desk.take_up(number)
    product = next(iter(load_products("taizhou").products))
    wanted = centre.Arranged("product", product)
    assert code_of(lambda: centre.arrange(
        desk.officer, number, wanted, " ", version=None, now=desk.now
    )) == "case_text"  # fmt: skip
    assert not centre.Arrangement.objects.exists()
    centre.arrange(desk.officer, number, wanted, "看看这个", version=None, now=desk.now)


def test_whoever_it_is_none_of_the_business_of_learns_nothing(desk: Desk) -> None:
    number = desk.ask()
    stranger = person("tax", "department", "data_officer", "tax")
    for who in (stranger, desk.other):
        assert code_of(partial(centre.request_for, who, number)) == "case_unknown"
    assert list(centre.requests_of(desk.other)) == []
    assert list(centre.requests_of(desk.officer)) == []
    assert code_of(lambda: desk.take_up("0" * 32)) == "case_unknown"
    assert code_of(lambda: centre.take_up(
        desk.firm, number, version=None, now=desk.now
    )) == "move_role"  # fmt: skip


@pytest.mark.parametrize(
    ("service", "text", "code"),
    [
        ("no_such_service", WORDS, "service_unknown"),
        ("", WORDS, "service_unknown"),
        (SERVICE, "", "service_words"),
        (SERVICE, "  \n ", "service_words"),
        (SERVICE, "贴" * 2001, "service_words"),
    ],
)
def test_what_cannot_be_asked_is_said(desk: Desk, service: str, text: str, code: str) -> None:
    assert code_of(lambda: desk.ask(service, text)) == code


def test_a_service_is_asked_for_once_at_a_time(desk: Desk) -> None:
    desk.ask()
    assert code_of(desk.ask) == "service_open"
    desk.ask("financing_matching")
    desk.ask(who=desk.other)


def test_who_represents_nobody_asks_for_nothing(desk: Desk) -> None:
    for who in (desk.officer, desk.operator, person("nobody")):
        assert code_of(partial(desk.ask, who=who)) == "service_role"


@pytest.mark.usefixtures("taizhou")
def test_a_department_that_is_not_here_is_said() -> None:
    city.make_enterprises([7])
    firm = representative(7)
    assert code_of(lambda: centre.ask(firm, SERVICE, WORDS, now=NOW)) == "service_source"


def test_two_officers_at_once_and_one_finds_it_taken_up(desk: Desk) -> None:
    number = desk.ask()
    version = desk.case(number).version
    centre.take_up(desk.officer, number, version=version, now=desk.now)
    second = partial(centre.take_up, desk.officer, number, version=version, now=desk.now)
    assert code_of(second) in ("move_stale", "move_unknown")
