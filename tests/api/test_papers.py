"""Printed files through the API."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

import pytest
from django.test import Client

from tests.api.support import CODES, UNKNOWN, Keys, Platform, signed_in
from tests.files.printing.support import needs_fonts
from xinrong.files.printing.checking import MISSES
from xinrong.files.printing.models import IssuedPaper
from xinrong.trust.models import AuditRow

PAPERS = "/api/v1/papers"
WANTED = {"code": CODES[0], "purpose": "credit", "stage": "pre_loan"}


def ask(client: Client, headers: Any = None, **wanted: Any) -> Any:
    body = json.dumps({**WANTED, **wanted})
    return client.post(PAPERS, body, content_type="application/json", headers=headers)


@needs_fonts
def test_a_key_gets_a_pdf_whose_number_anybody_checks(
    client: Client, platform: Platform, keys: Keys
) -> None:
    answer = ask(client, keys("bank"))
    assert answer.status_code == 200, answer.content
    pdf = b"".join(answer) if answer.streaming else answer.content
    number = answer["X-Xinrong-Paper"]
    assert pdf.startswith(b"%PDF-")
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Xinrong-Paper-Digest"] == sha256(pdf).hexdigest()
    assert answer["X-Xinrong-Audit"] == str(AuditRow.objects.get().pk)
    told = Client().get(f"{PAPERS}/{number}").json()
    row = AuditRow.objects.get()
    assert told == {
        "genuine": True,
        "number": number,
        "issued_at": told["issued_at"],
        "institution": "海丰银行（虚构）",
        "content_digest": row.digest,
        "file_digest": sha256(pdf).hexdigest(),
    }


@pytest.mark.parametrize("number", ["XR-2026-000001-0000-0000-0000", "x", "%00", "9" * 90, "甲"])
def test_a_wrong_number_is_not_genuine_and_nothing_more(platform: Platform, number: str) -> None:
    told = Client().get(f"{PAPERS}/{number}").json()
    assert told.pop("genuine") is False
    assert set(told.values()) == {None}


def test_guessing_is_answered_with_429(platform: Platform, client: Client) -> None:
    for _ in range(MISSES):
        assert client.get(f"{PAPERS}/x").status_code == 200
    answer = client.get(f"{PAPERS}/x")
    assert (answer.status_code, answer.json()["error"]["code"]) == (429, "paper_locked")


@pytest.mark.parametrize(
    ("wanted", "status", "code"),
    [
        ({"code": UNKNOWN}, 404, "unknown_enterprise"),
        ({"code": "\x00"}, 404, "unknown_enterprise"),
        ({"code": "x" * 65}, 422, "invalid_parameter"),
        ({"stage": None}, 403, "denied_stage"),
        ({"purpose": "self", "stage": None}, 403, "denied_purpose"),
        ({"purpose": "love"}, 422, "invalid_parameter"),
        ({"language": "tlh"}, 422, "invalid_parameter"),
        ({"more": 1}, 422, "invalid_parameter"),
    ],
)
def test_a_wrong_question_gets_the_one_error_shape_and_no_number(
    client: Client, platform: Platform, keys: Keys, wanted: Any, status: int, code: str
) -> None:
    answer = ask(client, keys("bank"), **wanted)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert not IssuedPaper.objects.exists()


def test_a_stranger_and_a_key_without_the_scope_get_none(
    client: Client, platform: Platform, keys: Keys
) -> None:
    assert ask(client).status_code == 401
    assert ask(client, keys("bank", ("batches",))).status_code == 403
    assert not AuditRow.objects.exists()


def test_a_session_needs_the_token_of_the_form(platform: Platform) -> None:
    client = Client(enforce_csrf_checks=True)
    signed_in(client, platform, "bank", "loan_officer")
    assert ask(client).status_code == 403
    assert not IssuedPaper.objects.exists()
