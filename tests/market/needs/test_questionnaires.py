"""A district asks, enterprises answer once each; whoever asks sees figures and nobody's answer."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.market.needs.cast import ANSWERS, NOW, person, representative
from tests.profiles import city
from xinrong.accounts.services import Viewer
from xinrong.domain.clock import day_in_china
from xinrong.domain.financing import NeedRefused
from xinrong.market.errors import MarketRefused
from xinrong.market.services import needs

TODAY = day_in_china(NOW)
DAY = timedelta(days=1)
asks = needs.questionnaires


def refused(code: str) -> Any:
    return pytest.raises(MarketRefused, check=lambda error: error.code == code)


def wanted(**changes: Any) -> Any:
    given: dict[str, Any] = {
        "title": "第四季度需求（虚构）", "note": "", "area": "", "questions": ["offers"],
        "opens_on": TODAY, "closes_on": TODAY + 10 * DAY,
    }  # fmt: skip
    return asks.Wanted(**given | changes)


@pytest.fixture
def firms(db: None, taizhou: None) -> None:
    city.make_enterprises(range(1, 31))


@pytest.fixture
def bureau(firms: None) -> Viewer:
    return person("bureau", "department", "data_officer", "taxation")


def test_an_answer_is_a_need_stated_in_the_same_act(bureau: Viewer) -> None:
    one, firm = asks.publish(bureau, wanted(), now=NOW), representative()
    assert list(asks.open_to(firm, now=NOW)) == [one]
    need = asks.reply(firm, one.number, {**ANSWERS, "offers": ["fund"]}, now=NOW)
    assert need is not None
    assert (need.state, need.source, need.source_reference) == (
        "stated", "questionnaire", one.number,
    )  # fmt: skip
    assert need.offers == ["fund"]
    assert list(needs.needs_of(firm)) == [need]
    assert not asks.open_to(firm, now=NOW).exists()
    with refused("questionnaire_answered"):
        asks.reply(firm, one.number, ANSWERS, now=NOW)


def test_that_nothing_is_needed_is_an_answer_too(bureau: Viewer) -> None:
    one, firm = asks.publish(bureau, wanted(), now=NOW), representative()
    assert asks.reply(firm, one.number, None, now=NOW) is None
    assert not needs.StatedNeed.objects.exists()
    with refused("questionnaire_answered"):
        asks.reply(firm, one.number, ANSWERS, now=NOW)


def test_what_cannot_be_read_answers_nothing(bureau: Viewer) -> None:
    one, firm = asks.publish(bureau, wanted(), now=NOW), representative()
    for wrong in ({"amount": ["0"]}, {"amount": [""]}, {"months": ["soon"]}, {"purpose": []}):
        with pytest.raises(NeedRefused):
            asks.reply(firm, one.number, {**ANSWERS, **wrong}, now=NOW)
    assert asks.open_to(firm, now=NOW).exists()


def test_nobody_answers_before_the_first_day_or_after_the_last(bureau: Viewer) -> None:
    firm = representative()
    later = asks.publish(bureau, wanted(opens_on=TODAY + DAY), now=NOW)
    with refused("questionnaire_unknown"):
        asks.reply(firm, later.number, ANSWERS, now=NOW)
    with refused("questionnaire_closed"):
        asks.reply(firm, later.number, ANSWERS, now=NOW + 11 * DAY)
    ended = asks.close(bureau, asks.publish(bureau, wanted(), now=NOW).number, now=NOW)
    with refused("questionnaire_closed"):
        asks.reply(firm, ended.number, ANSWERS, now=NOW)
    assert asks.reply(firm, later.number, ANSWERS, now=NOW + DAY) is not None


def test_figures_are_told_of_ten_or_more_in_tens_and_of_days_that_are_over(
    bureau: Viewer,
) -> None:
    one = asks.publish(bureau, wanted(), now=NOW)
    for number in range(1, 26):
        firm = representative(number)
        given = ANSWERS if number > 9 else {**ANSWERS, "purpose": ["research"]}
        asks.reply(firm, one.number, given, now=NOW)
    _, today = asks.overview(bureau, one.number, now=NOW)
    assert (today.replies, today.until) == (None, TODAY - DAY)
    _, counted = asks.overview(bureau, one.number, now=NOW + DAY)
    assert counted.replies in (10, 20, 30, 40, 50)
    assert counted.tables["purpose"]["research"] is None, "nine are too few to be told"
    assert counted.tables["amount"]["500000"] is not None
    _, again = asks.overview(bureau, one.number, now=NOW + DAY)
    assert again == counted, "asking again tells nothing more"
    _, next_day = asks.overview(bureau, one.number, now=NOW + 2 * DAY)
    assert {name: set(rows) for name, rows in next_day.tables.items()} == {
        name: set(rows) for name, rows in counted.tables.items()
    }


def test_only_departments_and_operators_publish_and_see_their_own(bureau: Viewer) -> None:
    one = asks.publish(bureau, wanted(), now=NOW)
    operator = person("operator", "operator", "operator")
    for who in (operator, representative(), person("founder")):
        for act in (asks.overview, asks.close):
            with refused("questionnaire_unknown"):
                act(who, one.number, now=NOW)
    for kind, role in (("bank", "loan_officer"), ("adviser", "adviser"), ("", "")):
        with refused("need_role"):
            asks.publish(person(f"{kind}x", kind, role), wanted(), now=NOW)
    with refused("need_role"):
        asks.reply(bureau, one.number, ANSWERS, now=NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {"title": ""}, {"title": "长" * 101}, {"note": "长" * 501}, {"area": "110101"},
        {"questions": ["kidney"]}, {"opens_on": None}, {"closes_on": None},
        {"opens_on": TODAY - DAY}, {"closes_on": TODAY - DAY},
        {"closes_on": TODAY + timedelta(days=93)}, {"closes_on": date(9999, 12, 31)},
    ],
)  # fmt: skip
def test_what_cannot_be_published_is_refused(bureau: Viewer, changes: dict[str, Any]) -> None:
    with refused("questionnaire_wrong"):
        asks.publish(bureau, wanted(**changes), now=NOW)
