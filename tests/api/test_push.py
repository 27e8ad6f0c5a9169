"""Pushing records over the API: who may, what comes back, what is refused and how."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.api.support import CODES, UNKNOWN, signed_in
from tests.api.test_api import refused
from xinrong import bodies
from xinrong.api.v1 import records
from xinrong.collect.models import Push, Receipt
from xinrong.collect.push.pushing import digest_of

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/feeds/new_domestic_enterprises/records"
GOOD = {"企业名称": "丁（虚构）有限公司", "统一社会信用代码": UNKNOWN, "核准日期": "2023-04-01"}
BAD = {"企业名称": "丙（虚构）有限公司", "统一社会信用代码": "123", "核准日期": "2023-03-30"}


@pytest.fixture
def send(client, platform, keys) -> Any:
    """Sends a body (JSON unless it is bytes) with a key of the sending department."""

    def post(body: Any, key: str = "k1", who: str = "sender", **headers: str) -> Any:
        raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        given = {**keys(who), "Idempotency-Key": key, **headers}
        kind = given.pop("Content-Type", "application/json")
        return client.post(ADDRESS, raw, content_type=kind, headers=given)

    return post


def test_one_record_is_a_receipt(send):
    answer = send(GOOD)
    assert answer.status_code == 200, answer.content
    receipt = answer.json()
    assert (receipt["rows_in"], receipt["accepted"], receipt["rows"]) == (1, 1, [])
    assert (receipt["repeated"], receipt["retracted"]) == (False, False)
    assert answer["Cache-Control"] == "no-store"


def test_what_was_pushed_is_found_at_once(send, client, keys):
    send(GOOD)
    found = client.get("/api/v1/enterprises", {"q": UNKNOWN}, headers=keys("bank")).json()
    assert len(found["hits"]) == 1


def test_many_records_come_back_with_what_was_not_accepted_and_why(send):
    receipt = send([GOOD, BAD, GOOD]).json()
    assert [receipt[name] for name in ("rows_in", "accepted", "quarantined", "duplicates")] == [
        3, 1, 1, 1,
    ]  # fmt: skip
    (row,) = receipt["rows"]
    assert (row["row_no"], row["original"]) == (2, BAD)
    assert row["problems"][0]["rule"] == "code_length"


def test_the_answer_carries_the_first_rows_of_the_quarantine_only(send, client, keys, monkeypatch):
    monkeypatch.setattr(records, "ROWS_SHOWN", 2)
    receipt = send([{**BAD, "企业名称": f"丙{number}公司"} for number in range(5)]).json()
    assert (receipt["quarantined"], len(receipt["rows"])) == (5, 2)
    address = f"/api/v1/batches/{receipt['batch']}/quarantine"
    assert client.get(address, {"offset": 2}, headers=keys("sender")).json()["total"] == 5


def test_the_same_key_and_records_give_the_first_receipt(send):
    first = send([GOOD, BAD]).json()
    again = send([GOOD, BAD]).json()
    assert again == {**first, "repeated": True}


def test_the_same_key_with_other_records_is_refused(send):
    send(GOOD)
    error = refused(send(BAD), 422, "idempotency_key_reused")
    assert error["place"] == "Idempotency-Key"
    assert Receipt.objects.count() == 2  # one of the platform's own


def test_while_a_push_runs_its_repetition_is_told_to_wait(send):
    send(GOOD)
    Push.objects.update(
        batch=None, process="elsewhere 1 1", digest=digest_of([BAD]),
        claimed_at=timezone.now() - timedelta(seconds=30),
    )  # fmt: skip
    answer = send(BAD)
    refused(answer, 409, "push_running")
    assert 28 <= int(answer["Retry-After"]) <= 30


def test_a_department_pushes_to_its_own_feeds_only(send):
    for who in ("other", "operator", "bank", "firm"):
        refused(send(GOOD, who=who), 403, "denied_role")
    assert not Push.objects.exists()


def test_a_push_needs_a_key_of_its_scope_and_no_session_will_do(client, platform, keys, send):
    for scope in ("files", "batches", "quarantine"):
        answer = client.post(
            ADDRESS, "{}", content_type="application/json",
            headers={**keys("sender", (scope,)), "Idempotency-Key": "k"},
        )  # fmt: skip
        refused(answer, 403, "scope_missing")
    signed_in(client, platform, "sender", "data_officer")
    answer = client.post(
        ADDRESS, "{}", content_type="application/json", headers={"Idempotency-Key": "k"}
    )
    refused(answer, 401, "not_signed_in")


def test_an_unknown_feed_is_answered_with_near_ones(client, keys):
    answer = client.post(
        ADDRESS.replace("domestic", "dom"), json.dumps(GOOD), content_type="application/json",
        headers={**keys("sender"), "Idempotency-Key": "k"},
    )  # fmt: skip
    assert "new_domestic_enterprises" in refused(answer, 404, "unknown_feed")["remedy"]


@pytest.mark.parametrize("key", ["", "x" * 129, "two words"])
def test_a_push_without_a_key_that_can_be_kept_is_refused(send, key):
    assert refused(send(GOOD, key), 422, "invalid_parameter")["place"] == "Idempotency-Key"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b" ", 400, "body_unreadable"),
        (b"{", 400, "body_unreadable"),
        (b"\xff\xfe", 400, "body_unreadable"),
        (b"[" * 200_000, 400, "body_unreadable"),
        (b'{"a":' * 200_000, 400, "body_unreadable"),
        ('{"核准日期":"2023-04-01","核准日期":"2023-04-02"}'.encode(), 400, "body_unreadable"),
        ('{"核准日期":NaN}'.encode(), 400, "body_unreadable"),
        (b"[]", 422, "records_none"),
        (b"null", 422, "records_unreadable"),
        (b'"x"', 422, "records_unreadable"),
        (b"[[]]", 422, "records_unreadable"),
        (b'{"a": {"b": 1}}', 422, "records_unreadable"),
        (b"{}", 422, "column_missing"),
        ('{"名":"甲"}'.encode(), 422, "column_missing"),
    ],
)
def test_a_body_that_is_no_list_of_records_is_refused(send, body, status, code):
    refused(send(body), status, code)
    assert not Push.objects.exists()
    assert Receipt.objects.count() == 1


def test_too_many_records_or_too_many_bytes_are_refused(send, monkeypatch):
    refused(send([{}] * 10_001), 422, "records_too_many")
    monkeypatch.setitem(bodies.LIMITS, "/api/v1/feeds/", 100)
    refused(send([GOOD, GOOD]), 413, "body_too_large")


def test_a_body_of_another_type_is_refused(send):
    refused(send(GOOD, **{"Content-Type": "text/csv"}), 415, "body_type")
    refused(send(GOOD, **{"Content-Encoding": "gzip"}), 415, "body_type")


def test_numbers_are_read_as_they_were_written_not_as_binary_fractions(send):
    refused(send({**GOOD, "统一社会信用代码": [1]}), 422, "records_unreadable")
    receipt = send(json.dumps([{**GOOD, "统一社会信用代码": 0}]).replace(
        ": 0", ": 91110108000000000000000000.10"
    ).encode()).json()  # fmt: skip
    (row,) = receipt["rows"]
    assert row["original"]["统一社会信用代码"] == "91110108000000000000000000.10"


def test_codes_of_other_rows_are_not_told(send):
    assert CODES[0] not in json.dumps(send([GOOD, BAD]).json())
