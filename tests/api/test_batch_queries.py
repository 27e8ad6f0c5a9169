"""Batch queries over the API: who may, row for row what comes back, what is refused and how."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.api.support import client
from tests.api.test_api import refused
from tests.files.firm import acting, code
from tests.files.test_batching import CODES, banker, clients, firms
from tests.files.test_clients import revoke
from xinrong.accounts.services import Organisation, Viewer, create_key
from xinrong.domain.clock import SystemClock
from xinrong.files import once as keyed
from xinrong.files.asked.models import BatchAsked
from xinrong.trust.models import AuditRow
from xinrong.trust.sealing.sealer import Sealer
from xinrong.trust.services import trail

__all__ = ["banker", "client", "clients", "firms"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]
ADDRESS = "/api/v1/batch-queries"
LIST = [CODES[0], CODES[3], code(77), "123", CODES[0].lower(), CODES[1]]


def key_of(who: Viewer, scope: str = "files") -> dict[str, str]:
    organisation = Organisation.objects.get(pk=who.organisation_id)
    _, token = create_key(
        organisation, "test", (scope,), valid_for=timedelta(days=3), now=timezone.now()
    )
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def send(client: Client, banker: Viewer, clients: list[int]) -> Any:
    """Asks about codes with one key of the bank."""
    headers = key_of(banker)

    def post(codes: Any = LIST, key: str | None = "k1", **more: Any) -> Any:
        asked = {"service": "signs", "purpose": "credit", "stage": "post_loan", "codes": codes}
        given = {**headers, **({"Idempotency-Key": key} if key else {}), **more.pop("headers", {})}
        body = json.dumps({**asked, **more})
        return client.post(ADDRESS, body, content_type="application/json", headers=given)

    return post


def test_each_row_has_its_status_and_they_add_up(send: Any, clients: list[int]) -> None:
    answer = send()
    assert answer.status_code == 200, answer.content
    assert answer["Cache-Control"] == "no-store"
    found = answer.json()
    statuses = [row["status"] for row in found["rows"]]
    assert statuses == ["answered", "denied", "unknown", "faulty", "duplicate", "answered"]
    counted = Counter(statuses)
    assert {name: found[name] for name in counted} == counted
    assert found["rows_in"] == len(LIST) == sum(counted.values())
    assert [row["row_no"] for row in found["rows"]] == [1, 2, 3, 4, 5, 6]
    assert [row["error"] for row in found["rows"]] == [
        "", "denied_no_consent", "unknown_enterprise", "", "", "",
    ]  # fmt: skip
    assert found["rows"][3]["why"]["en"].startswith("A code has 18 characters")
    assert found["rows"][4]["first_row"] == 1


def test_each_enterprise_is_a_query_of_its_own_in_the_log(send: Any, clients: list[int]) -> None:
    found = send().json()
    rows = AuditRow.objects.order_by("pk")
    assert [row.enterprises for row in rows] == [[clients[0]], [clients[3]], [clients[1]]]
    assert [row.outcome for row in rows] == ["released", "denied", "released"]
    assert {row.bundle for row in rows} == {found["bundle"]}
    numbers = [row["audit_id"] for row in found["rows"] if row["audit_id"]]
    assert numbers == [row.pk for row in rows]


def test_each_is_counted_in_the_usage_account(send: Any) -> None:
    send()
    month = timezone.localdate().replace(day=1)
    Sealer(SystemClock()).seal()
    trail.count_usage()
    lines = [line for line in trail.usage(month, month, None) if line.purpose == "credit"]
    counts = [sum(getattr(line, name) for line in lines) for name in ("queries", "denied")]
    assert counts == [3, 1]


def test_a_refused_enterprise_gives_nothing_but_its_refusal(send: Any) -> None:
    denied = send(content=True).json()["rows"][1]
    assert [denied[name] for name in ("figures", "proof", "content")] == [None, None, None]


def test_files_come_along_when_asked_for_as_they_were_digested(send: Any, clients: Any) -> None:
    row = send([CODES[0]], content=True).json()["rows"][0]
    assert row["content"]["enterprise"] == clients[0]
    assert AuditRow.objects.get().digest == row["proof"]["digest"]
    assert send([CODES[0]], key="k2").json()["rows"][0]["content"] is None


@pytest.mark.parametrize("service", ["basic", "comprehensive", "cube", "signs"])
def test_every_service_gives_figures(send: Any, service: str) -> None:
    figures = send([CODES[0]], service=service).json()["rows"][0]["figures"]
    assert figures["finding"] == "clean"
    assert figures["covered"] == figures["clean"] > 0
    assert (figures["negative"] is None) == (service == "basic")


def test_the_same_key_and_body_give_the_first_answer(send: Any) -> None:
    first = send(content=True).json()
    logged = AuditRow.objects.count()
    again = send(content=True).json()
    assert again["repeated"] is True
    assert AuditRow.objects.count() == logged
    for one in (first, again):
        one.pop("repeated")
        for row in one["rows"]:
            (row["proof"] or {}).pop("at", None)
    assert again == first


def test_a_repeat_after_a_revocation_leaves_that_one_out(
    send: Any, banker: Viewer, clients: list[int]
) -> None:
    send(content=True)
    revoke(banker, clients[0])
    rows = send(content=True).json()["rows"]
    assert (rows[0]["status"], rows[0]["error"]) == ("denied", "denied_revoked")
    assert (rows[0]["content"], rows[0]["figures"]) == (None, None)
    assert rows[5]["content"] is not None


def test_the_same_key_for_another_batch_is_refused(send: Any) -> None:
    send([CODES[0]])
    assert refused(send([CODES[1]]), 422, "idempotency_key_reused")["place"] == "Idempotency-Key"


def test_a_batch_at_work_says_when_to_come_back(send: Any) -> None:
    send([CODES[0]])
    BatchAsked.objects.update(done_at=None)
    answer = send([CODES[0]])
    refused(answer, 409, "batch_running")
    assert 0 < int(answer["Retry-After"]) <= keyed.LEASE.total_seconds()


def test_a_batch_names_its_key(send: Any) -> None:
    refused(send(key=None), 422, "invalid_parameter")
    refused(send(key="with space"), 422, "invalid_parameter")


def test_more_than_500_or_none_asks_nothing(send: Any) -> None:
    error = refused(send([CODES[0]] * 501), 422, "batch_too_large")
    assert "500 at a time" in error["remedy"]
    refused(send([]), 422, "invalid_parameter")
    assert not AuditRow.objects.exists()


def test_whole_comprehensive_files_are_not_asked_in_batches(send: Any) -> None:
    refused(send(service="comprehensive", content=True), 422, "batch_refused")
    assert not AuditRow.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"service": "search"}, {"purpose": "public"}, {"stage": "never"}, {"codes": "x"},
        {"codes": [1]}, {"codes": ["x" * 65]}, {"organisation": 1}, {"content": "maybe"},
    ],
)  # fmt: skip
def test_what_is_no_batch_is_refused(send: Any, wrong: dict[str, Any]) -> None:
    refused(send(**wrong), 422, "invalid_parameter")
    assert not AuditRow.objects.exists()


def test_a_lender_who_names_no_stage_is_refused_line_by_line(send: Any) -> None:
    rows = send(stage=None).json()["rows"]
    assert {row["error"] for row in rows if row["status"] == "denied"} == {"denied_stage"}
    assert not any(row["status"] == "answered" for row in rows)


def test_only_those_with_clients_ask_and_with_the_scope(
    client: Client, banker: Viewer, clients: list[int]
) -> None:
    body = {"service": "signs", "purpose": "credit", "stage": "post_loan", "codes": CODES}
    for who, scope, expected in (
        (acting("税务（虚构）", "department", "data_officer", "tax"), "files", "denied_role"),
        (banker, "consents", "scope_missing"),
    ):
        headers = {**key_of(who, scope), "Idempotency-Key": "k"}
        answer = client.post(ADDRESS, body, content_type="application/json", headers=headers)
        refused(answer, 403, expected)
    assert not AuditRow.objects.exists()


def test_a_body_of_more_than_a_mebibyte_is_not_read(send: Any) -> None:
    refused(send(["x" * 64] * 17_000), 413, "body_too_large")
