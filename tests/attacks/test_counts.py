"""Somebody tries to make out one enterprise by counting, over the pages and the API."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.counting import Counters, figure_on
from tests.trust.counting.test_counts import firms
from xinrong.api.v1.root import THROTTLE
from xinrong.trust.counting import budget
from xinrong.trust.counting.models import CountDraft
from xinrong.trust.models import AuditRow

__all__ = ["firms"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root", "firms")]


@pytest.fixture(autouse=True)
def _few_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small budget, so that it is soon used up."""
    THROTTLE.counts.clear()
    monkeypatch.setattr(budget, "NEAR_A_DAY", 3)


def steps(least: int) -> str:
    return f"tax_payment.amount >= {least}"


def post(client: Client, *conditions: str) -> Any:
    return client.post("/counts/count", {"c": conditions})


def by_api(key: dict[str, str], *conditions: dict[str, str]) -> Any:
    body = {"conditions": list(conditions)}
    return Client().post("/api/v1/counts", body, content_type="application/json", headers=key)


def test_one_firm_is_not_differenced_out_on_the_pages() -> None:
    client = Counters().client("auditor")
    answers = [post(client, "honour", steps(least)).status_code for least in range(1, 9)]
    assert answers == [200] * 4 + [429] * 4
    denied = AuditRow.objects.filter(outcome="denied", reason="denied_budget")
    assert denied.count() == 4, "each attempt is in the log"


def test_conditions_that_all_meet_do_not_make_a_draft_another_one() -> None:
    """Padding varied by twos: many figures of one question, whose mean would be exact."""
    client = Counters().client("auditor")
    answers = [
        post(
            client, "honour", f"tax_payment.amount >= {n}", f"tax_payment.paid_on >= 19{n}-01-01"
        ).status_code
        for n in range(70, 78)
    ]
    assert answers == [200] * 4 + [429] * 4


def test_nor_over_the_api() -> None:
    key = Counters().key("auditor")
    taxed = {"category": "tax_payment", "field": "amount", "operator": ">="}
    answers = [
        by_api(key, {"category": "honour"}, {**taxed, "value": str(least)}).status_code
        for least in range(1, 9)
    ]
    assert answers == [200] * 4 + [429] * 4


WAYS = ["1000", "1,000", "1000.0", "1000.00", "1e3", "+1000", " 1000", "001000", "1000.0000"]


def test_writing_the_same_otherwise_brings_no_second_figure() -> None:
    """Figures of one question under many names would give the exact one in the mean."""
    client = Counters().client("auditor")
    figures = {
        figure_on(post(client, f"tax_payment.amount >= {one}").content.decode()) for one in WAYS
    }
    assert len(figures) == 1
    assert CountDraft.objects.count() == 1


def test_nor_does_it_over_the_api() -> None:
    key = Counters().key("auditor")
    taxed = {"category": "tax_payment", "field": "amount", "operator": ">="}
    figures = {by_api(key, {**taxed, "value": one}).json()["content"]["figure"] for one in WAYS}
    assert len(figures) == 1
    assert CountDraft.objects.count() == 1


def test_neither_does_the_order_nor_a_condition_twice() -> None:
    client = Counters().client("auditor")
    drafts = [
        ("honour", steps(1)),
        (steps(1), "honour"),
        ("honour", steps(1), "honour"),
        (" honour ", steps(1)),
    ]
    assert len({figure_on(post(client, *one).content.decode()) for one in drafts}) == 1
    assert CountDraft.objects.count() == 1


def test_signing_in_anew_or_in_another_language_brings_no_new_budget() -> None:
    people = Counters()
    client = people.client("auditor")
    for least in range(1, 5):
        post(client, "honour", steps(least))
    person = client.session["_auth_user_id"]
    from xinrong.accounts.services import Person

    other = Client(raise_request_exception=False, headers={"Accept-Language": "en"})
    other.force_login(Person.objects.get(pk=person))
    assert post(other, "honour", steps(9)).status_code == 429


FORGED: list[dict[str, Any]] = [
    {"c": ["bank_account"]},
    {"c": ["bank_account.account_no = 1"]},
    {"c": ["honour"], "purpose": "oversight", "role": "auditor", "stage": "approval"},
    {"c": [steps(1)], "stage": "approval"},
]


@pytest.mark.parametrize("fields", FORGED)
def test_a_form_that_says_more_than_it_may_learns_nothing_more(fields: dict[str, Any]) -> None:
    client = Counters().client("loan_officer")
    answer = client.post("/counts/count", {"stage": "pre_loan", **fields})
    if answer.status_code == 200:
        row = AuditRow.objects.latest("pk")
        assert (row.role, row.purpose) == ("loan_officer", "credit")
    else:
        assert answer.status_code in (403, 422)
        assert not CountDraft.objects.exists()


def test_a_form_from_elsewhere_counts_nothing() -> None:
    people = Counters()
    inside = people.client("auditor")
    from xinrong.accounts.services import Person

    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(Person.objects.get(pk=inside.session["_auth_user_id"]))
    assert post(client, "honour").status_code == 403
    assert not CountDraft.objects.exists()
    body = {"conditions": [{"category": "honour"}]}
    answer = client.post("/api/v1/counts", body, content_type="application/json")
    assert answer.status_code == 403
    assert not CountDraft.objects.exists()


def test_looking_at_a_draft_counts_nothing() -> None:
    """What a draft costs is told before; nothing of its figure."""
    client = Counters().client("auditor")
    page = client.get("/counts", {"c": ["honour", steps(80_000)]}).content.decode()
    assert "counted-figure" not in page
    assert client.get("/counts/count", {"c": "honour"}).status_code == 405
    assert not AuditRow.objects.filter(service="count").exists()
