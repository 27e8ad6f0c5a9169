"""Asking for consent by API, as rules."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from xinrong.accounts.services import create_key, create_organisation
from xinrong.domain.uscc import check_digit
from xinrong.subjects.models import Enterprise
from xinrong.trust.models import ConsentRequest

pytestmark = pytest.mark.django_db
BODY = "91330108MA01ABCD1"
CODE = BODY + check_digit(BODY)


@pytest.fixture
def token(settings: Any, tmp_path: Any) -> Any:
    """`token("bank", "consents")`: a key of a new organisation of that kind."""
    settings.REGION = "taizhou"
    settings.SIGNING_KEY_FILE = tmp_path / "key.pem"
    settings.PUBLIC_KEYS_FILE = tmp_path / "keys.json"
    Enterprise.objects.create(code=CODE, name="恒远", folded_name="恒远")

    def make(kind: str, scope: str, name: str = "某机构") -> dict[str, str]:
        made = create_organisation(name, kind)
        _, text = create_key(made, "key", [scope], valid_for=timedelta(days=1), now=timezone.now())
        return {"Authorization": f"Bearer {text}"}

    return make


def ask(headers: dict[str, str], **changes: Any) -> Any:
    body = {
        "code": CODE, "template": "credit", "stages": ["pre_loan"],
        "categories": {"tax_payment": 3}, "days": 30, "keep_days": 90,
        "data_from": (timezone.now() - timedelta(days=300)).date().isoformat(), **changes,
    }  # fmt: skip
    return Client().post(
        "/api/v1/consents", json.dumps(body), content_type="application/json", headers=headers
    )


def test_a_bank_asks_and_reads_what_became_of_it(token):
    bank, rival = token("bank", "consents"), token("bank", "consents", "别家")
    made = ask(bank)
    assert made.status_code == 201, made.content
    number = made.json()["number"]
    assert made.json()["state"] == "asked"
    papers = Client().get(f"/api/v1/consents/{number}", headers=bank).json()
    assert [one["payload"]["kind"] for one in papers["receipts"]] == ["request"]
    assert Client().get(f"/api/v1/consents/{number}", headers=rival).status_code == 404
    assert Client().get("/api/v1/consents", headers=rival).json()["total"] == 0


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"days": 999}, 422),
        ({"categories": {"tax_payment": 4}}, 422),
        ({"categories": {"tax_payment": "3"}}, 422),
        ({"max_level": 4}, 422),
        ({"grantee": 1}, 422),
        ({"purpose": "guarantee"}, 422),
    ],
    ids=str,
)
def test_more_than_may_be_asked_is_refused(token, changes, status):
    assert ask(token("bank", "consents"), **changes).status_code == status
    assert not ConsentRequest.objects.exists()


def test_the_scope_and_the_role_are_needed(token):
    assert ask(token("bank", "files")).status_code == 403
    assert ask(token("operator", "consents", "平台")).status_code == 403
