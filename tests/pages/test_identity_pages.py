"""The review of names: who may, two sides, two keys, one way back."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.pages.support import HOSTILE, Town
from tests.pages.test_access import as_
from tests.pages.test_browser import WIDTHS, blocked, violations
from tests.subjects.judging.names import doubtful, item, state
from tests.subjects.people import code
from xinrong.subjects.models import IdentityLink
from xinrong.subjects.services import judging
from xinrong.trust.services import who_looked

PAGE = "/identity"


def hidden(page: str, name: str) -> str:
    [value] = set(re.findall(rf'name="{name}" value="([^"]*)"', page))
    return str(value)


def send(client: Client, subject: int, choice: str, **more: str) -> Any:
    now = item(subject).named
    said = {"revision": str(now.revision), "choice": choice, **more}
    return client.post(f"{PAGE}/{now.pk}/decide", said, follow=True)


@pytest.mark.parametrize("address", [PAGE, f"{PAGE}/judgements.csv"])
def test_only_the_operator_reviews_names(town: Town, address: str) -> None:
    assert Client().get(address).status_code == 302
    assert as_(town, "operator").get(address).status_code == 200
    for other in ("loan_officer", "data_officer", "representative"):
        assert as_(town, other).get(address).status_code == 403


def test_nobody_else_decides_or_takes_back(town: Town) -> None:
    subject, *_ = doubtful()
    client = as_(town, "data_officer")
    assert send(client, subject, "1").status_code == 403
    assert client.post(f"{PAGE}/undo", {"act": "x"}).status_code == 403
    assert state(subject) == "review"
    assert as_(town, "operator").get(f"{PAGE}/1/decide").status_code == 405


def test_a_forged_decision_is_refused(town: Town) -> None:
    subject, *_ = doubtful()
    client = Client(enforce_csrf_checks=True)
    client.force_login(town.people["operator"])
    assert send(client, subject, "1").status_code == 403
    assert state(subject) == "review"


def test_the_page_shows_both_sides_and_whoever_may_be_meant_finds_it_logged(town: Town) -> None:
    subject, one, other = doubtful(records=3)
    page = as_(town, "operator").get(PAGE).content.decode()
    assert item(subject).subject.name in page
    assert code(11) in page
    assert code(12) in page
    assert "名称相同" in page or "/ 100" in page
    for enterprise in (one, other):
        [look] = who_looked(enterprise)
        assert (look.purpose, look.outcome) == ("operation", "released")


def test_nothing_to_review_says_how_many_wait(town: Town) -> None:
    assert "没有待复核的名称" in as_(town, "operator").get(PAGE).content.decode()


def test_a_candidate_is_chosen_and_the_choice_taken_back(town: Town) -> None:
    subject, *_ = doubtful()
    chosen = item(subject).choices[1].enterprise
    client = as_(town, "operator")
    answer = send(client, subject, "2", why="地址相同").content.decode()
    assert f"已关联到 {chosen.code}" in answer
    assert IdentityLink.objects.get(subject=subject, to_seq=None).enterprise == chosen
    [act] = judging.recent_acts(5)
    assert (act.row.by, act.row.why) == (str(town.people["operator"]), "地址相同")
    back = client.post(f"{PAGE}/undo", {"act": hidden(answer, "act")}, follow=True)
    assert "已撤回" in back.content.decode()
    assert state(subject) == "review"
    assert item(subject).subject.name in back.content.decode()


def test_none_of_them_and_unsure(town: Town) -> None:
    first, *_ = doubtful(3, first=11)
    second, *_ = doubtful(1, first=21)
    client = as_(town, "operator")
    assert item(second).subject.name in send(client, first, "unsure").content.decode()
    send(client, first, "0")
    assert (state(first), state(second)) == ("settled", "review")
    assert "今日已判定" in client.get(PAGE).content.decode()


@pytest.mark.parametrize("choice", ["", "3", "9", "-1", "x", "²", "00001000"])
def test_a_choice_that_is_none_changes_nothing(town: Town, choice: str) -> None:
    subject, *_ = doubtful()
    assert "请先选择" in send(as_(town, "operator"), subject, choice).content.decode()
    assert state(subject) == "review"


def test_the_second_of_two_operators_is_told(town: Town) -> None:
    subject, *_ = doubtful()
    stale = {"revision": str(item(subject).named.revision), "choice": "1"}
    client = as_(town, "operator")
    send(client, subject, "0")
    address = f"{PAGE}/{item(subject).named.pk}/decide"
    answer = client.post(address, stale, follow=True).content.decode()
    assert "您的判定未生效" in answer
    assert not IdentityLink.objects.filter(subject=subject, to_seq=None).exists()


def test_nonsense_in_the_address_is_no_error(town: Town) -> None:
    doubtful()
    client = as_(town, "operator")
    for query in ("item=x", "item=99999", "department=%27", "item=-1"):
        assert client.get(f"{PAGE}?{query}").status_code == 200
    assert client.post(f"{PAGE}/undo", {"act": "x"}).status_code == 302
    assert client.post(f"{PAGE}/99999/decide", {"choice": "1"}).status_code in (400, 404)


def test_a_department_can_be_chosen_and_stays_chosen(town: Town) -> None:
    doubtful(5, "taxation", first=11)
    subject, *_ = doubtful(1, "market_regulation", first=21)
    doubtful(1, "market_regulation", first=31)
    client = as_(town, "operator")
    page = client.get(f"{PAGE}?department=market_regulation").content.decode()
    assert item(subject).subject.name in page
    answer = send(client, subject, "0", department="market_regulation")
    assert answer.redirect_chain[-1][0] == f"{PAGE}?department=market_regulation"


def test_the_ledger_downloads_as_csv(town: Town) -> None:
    subject, *_ = doubtful()
    client = as_(town, "operator")
    send(client, subject, "0")
    body = b"".join(client.get(f"{PAGE}/judgements.csv")).decode("utf-8-sig")
    assert [row["判定 verdict"] for row in csv.DictReader(io.StringIO(body))] == ["different"] * 2


def test_a_hostile_name_is_text(town: Town) -> None:
    subject, *_ = doubtful()
    row = item(subject).subject
    row.name = HOSTILE
    row.save()
    page = as_(town, "operator").get(PAGE).content.decode()
    assert "<img src=x" not in page


@pytest.mark.big
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_review_has_no_accessibility_violation(
    browser_page: Any, axe: Callable[[Any], list[dict[str, Any]]], live_site: str,
    live_town: Town, sign_in: Callable[[str], None], faults: list[str], language: str, width: str,
) -> None:  # fmt: skip
    page = browser_page
    subject, *_ = doubtful(3, "taxation", first=11)
    doubtful(1, "market_regulation", first=21)
    page.set_viewport_size({"width": WIDTHS[width], "height": 800})
    page.goto(live_site)
    page.context.add_cookies([{"name": "django_language", "value": language, "url": live_site}])
    sign_in("operator")
    found = violations(page, axe, live_site + PAGE)
    page.check("input[data-key='1']")
    found += [entry["id"] for entry in axe(page)]
    page.check("input[data-key='0']")
    page.click("[data-confirm]")
    page.wait_for_selector(".acts")
    found += violations(page, axe, live_site + PAGE)
    found += violations(page, axe, f"{live_site}{PAGE}?department=market_regulation")
    assert state(subject) == "settled"
    assert not found, "\n".join(found)
    assert not blocked(faults)


def test_two_keys_decide_and_one_takes_back(
    browser_page: Any, live_site: str, live_town: Town, sign_in: Callable[[str], None]
) -> None:
    subject, *_ = doubtful(3, first=11)
    second, *_ = doubtful(1, first=21)
    # Taken before the first key: while the page's request writes, a second reading may find neither row.
    first_name, second_name = item(subject).subject.name, item(second).subject.name
    sign_in("operator")
    page, keys = browser_page, browser_page.keyboard
    page.goto(live_site + PAGE)
    keys.press("2")
    assert page.is_checked("input[data-key='2']")
    keys.press("Enter")
    page.wait_for_selector(".note")
    assert state(subject) == "linked"
    keys.press("u")
    page.wait_for_selector(f".sent-name:has-text('{first_name}')")
    assert state(subject) == "review"
    keys.press("s")
    page.wait_for_selector(f".sent-name:has-text('{second_name}')")
    keys.press("0")
    keys.press("Enter")
    page.wait_for_selector(f".sent-name:has-text('{first_name}')")
    assert state(second) == "settled"
    page.fill("#why", "2 号楼")
    assert not page.is_checked("input[data-key='2']"), "a digit in a field chooses nothing"
