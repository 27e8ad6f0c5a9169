"""Counting over the API: the same gate, the same budget; figures of the register for everybody."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.counting import Counters
from tests.trust.counting.test_counts import firms
from xinrong.api.v1.root import THROTTLE
from xinrong.trust.counting.models import CountDraft
from xinrong.trust.models import AuditRow

__all__ = ["firms"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root", "firms")]
HONOURED = {"category": "honour"}
TAXED = {"category": "tax_payment", "field": "amount", "operator": ">=", "value": "1000"}


@pytest.fixture(autouse=True)
def _nobody_has_called() -> None:
    THROTTLE.counts.clear()


def count(key: dict[str, str], *conditions: dict[str, str], **more: str) -> Any:
    body = {"conditions": list(conditions), **more}
    return Client().post("/api/v1/counts", body, content_type="application/json", headers=key)


def test_a_key_counts_and_the_answer_carries_its_proof_and_the_budget() -> None:
    answer = count(Counters().key("auditor"), HONOURED, TAXED)
    assert answer.status_code == 200, answer.content
    told = answer.json()
    row = AuditRow.objects.get(pk=told["audit_id"])
    assert (row.service, row.outcome, row.digest) == ("count", "released", told["digest"])
    assert told["content"]["draft"] == [["honour"], ["tax_payment", "amount", ">=", "1000"]]
    assert told["content"]["figure"] % 10 == 0
    assert told["budget"] == {"drafts": 199, "near": 20}


def test_a_key_without_the_scope_counts_nothing() -> None:
    answer = count(Counters().key("loan_officer", "files"), HONOURED)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "scope_missing")


def test_strangers_count_nothing() -> None:
    assert count({}, HONOURED).status_code == 401
    assert Client().get("/api/v1/counts/columns").status_code == 401


def test_a_bank_names_its_stage_and_learns_less() -> None:
    key = Counters().key("loan_officer")
    assert count(key, HONOURED).json()["error"]["code"] == "denied_stage"
    assert count(key, HONOURED, stage="approval").status_code == 200
    refused = count(key, TAXED, stage="approval")
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "denied_column")
    row = AuditRow.objects.filter(outcome="denied").latest("pk")
    assert row.reason == "denied_column"
    columns = Client().get("/api/v1/counts/columns", headers=key).json()
    [taxes] = [one for one in columns["categories"] if one["category"] == "tax_payment"]
    assert "amount" not in {one["field"] for one in taxes["fields"]}


def test_another_purpose_than_the_roles_own_is_refused() -> None:
    key = Counters().key("loan_officer")
    answer = count(key, TAXED, purpose="oversight")
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "denied_purpose")


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ({"category": "nowhere"}, "count_category"),
        ({**TAXED, "field": "nothing"}, "count_field"),
        ({**TAXED, "operator": "~"}, "count_operator"),
        ({**TAXED, "value": "much"}, "count_value"),
        ({**TAXED, "value": "1' OR '1'='1"}, "count_value"),
    ],
)
def test_what_is_no_condition_is_named(condition: dict[str, str], code: str) -> None:
    answer = count(Counters().key("auditor"), condition)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, code)
    assert not CountDraft.objects.exists()


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"conditions": []}', '{"conditions": [1]}', "x"])
def test_a_body_that_is_no_draft_is_refused(body: str) -> None:
    key = Counters().key("auditor")
    answer = Client().post("/api/v1/counts", body, content_type="application/json", headers=key)
    assert answer.status_code in (400, 422)


def test_the_registers_figures_are_for_everybody_and_the_size_class_is_not() -> None:
    told = Client().get("/api/v1/register/figures?rows=district&columns=form")
    assert told.status_code == 200, told.content
    assert told.json()["audit_id"] is None
    assert all(one is None or one % 10 == 0 for one in told.json()["row_totals"])
    refused = Client().get("/api/v1/register/figures?rows=size")
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "count_column")
    people = Counters()
    key = people.key("auditor")
    sized = Client().get("/api/v1/counts/register?rows=size", headers=key).json()
    assert AuditRow.objects.get(pk=sized["audit_id"]).service == "count"
    key = people.key("operator")
    assert Client().get("/api/v1/counts/register?rows=size", headers=key).status_code == 403


@pytest.mark.parametrize("query", ["rows=time&columns=time", "year=1950"])
def test_a_table_that_there_is_not_is_named(query: str) -> None:
    answer = Client().get(f"/api/v1/register/figures?{query}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "count_unknown")
