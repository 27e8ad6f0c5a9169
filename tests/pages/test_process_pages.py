"""Everybody reads how each matter runs: its states, who may act, its clocks and their articles."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from xinrong.domain.process import registered
from xinrong.pages.processes.showing import known, process

pytestmark = pytest.mark.django_db
NAMES = [one.name for one in known()]


def read(address: str, language: str = "en") -> str:
    client = Client(headers={"accept-language": language})
    return unescape(client.get(address).content.decode())


def test_the_list_names_every_process() -> None:
    said = read("/processes")
    for one in registered():
        assert one.title is not None
        assert one.title.en in said
        assert f'href="/processes/{one.name}"' in said


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_process_shows_each_state_in_its_picture_and_in_words(name: str, language: str) -> None:
    said = read(f"/processes/{name}", language)
    table = next(one for one in registered() if one.name == name)
    assert said.count('<rect class="state') == len(table.states) + sum(
        len(one.table.states) for one in table.parallels
    )
    for state in table.states:
        assert table.state_words[state].in_language(language) in said
        assert f'id="state-1-{state}"' in said


@pytest.mark.parametrize("name", NAMES)
def test_every_link_within_a_page_leads_to_a_state_of_it(name: str) -> None:
    said = read(f"/processes/{name}")
    assert set(re.findall(r'href="#(state-[^"]+)"', said)) <= set(re.findall(r'id="([^"]+)"', said))


def test_a_clock_tells_its_article_its_length_and_what_happens_if_nobody_acts() -> None:
    said = read("/processes/correction")
    table = next(one for one in registered() if one.name == "correction")
    for clock in table.deadlines:
        assert clock.otherwise.en in said
        assert str(clock.source) in said
        assert clock.length.in_language("en") in said


def test_a_clock_that_a_case_names_itself_says_so() -> None:
    assert "the end that the consent names; else 1098 days" in read("/processes/consent")


def test_an_agreement_is_not_called_a_law() -> None:
    assert "an agreement, not a law" in read("/processes/consent")


def test_who_acts_side_by_side_has_a_picture_of_their_own(monkeypatch: Any, rf: Any) -> None:
    from tests.work.support import QUESTION
    from xinrong.domain.process import registry
    from xinrong.pages.processes.showing import drawn

    monkeypatch.setitem(registry._PROCESSES, "question", QUESTION)
    with translation.override("en"):
        assert [one.name for one in drawn(QUESTION, "en").states] == list(QUESTION.states)
        said = process(rf.get("/processes/question"), "question").content.decode()
    assert said.count('<svg class="flow"') == 1 + len(QUESTION.parallels)
    assert "Side by side: " in said


@pytest.mark.parametrize("name", ["nowhere", "1", "-" * 200])
def test_there_is_no_page_of_a_process_that_is_not(name: str) -> None:
    assert Client().get(f"/processes/{name}").status_code == 404
