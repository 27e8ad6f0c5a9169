"""A firm with records of every sign, and reports of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.files.firm import honour, penalty, send, tax
from xinrong.accounts.services import Viewer
from xinrong.domain.clock import day_in_china
from xinrong.domain.portable import PARTS, Checked, read_keys, verify_report
from xinrong.files.services import portable
from xinrong.trust.services import key_document

ALL = frozenset(PARTS) - {"grade"}


def ago(days: int) -> date:
    return day_in_china(timezone.now()) - timedelta(days=days)


@pytest.fixture
def filled(firm: int) -> int:
    """The firm, with two tax payments, one honour, one penalty, one without a date, one too old."""
    send("tax_payment", "tax_payments", tax(10, ago(90)), tax(11, ago(60), 250_50))
    send("honour", "reform_honours", honour(30, ago(200)))
    send("administrative_penalty", "health_penalties", penalty(50, ago(100)))
    send("administrative_penalty", "health_penalties", penalty(51, None), penalty(52, ago(4000)))
    return firm


def wanted(*parts: str, days: int = 30, to: str = "", **more: Any) -> portable.Wanted:
    return portable.Wanted(portable.Choice(frozenset(parts or ALL), **more), days, to)


def made(owner: Viewer, firm: int, *parts: str, **more: Any) -> portable.PortableReport:
    return portable.make(owner, firm, wanted(*parts, **more))


def handed(owner: Viewer, report: portable.PortableReport) -> bytes:
    return json.dumps(portable.hand_out(owner, report).file, ensure_ascii=False).encode()


def keys() -> Any:
    return read_keys(json.dumps(key_document()))


def checked(text: bytes, **more: Any) -> Checked:
    return verify_report(text, keys(), now=more.pop("now", timezone.now()), **more)


def listed(now: datetime | None = None) -> bytes:
    return json.dumps(portable.status_list(now or timezone.now())).encode()


def state(text: bytes, minutes: int = 1) -> str:
    """What a verifier is told of a report's standing, by a list that is fetched in some minutes."""
    at = timezone.now() + timedelta(minutes=minutes)
    answer = checked(text, now=at, status=listed(at))
    return answer.findings[-1].code


def says(answer: Checked, part: str) -> list[Mapping[str, Any]]:
    return [claim.says for claim in answer.claims if claim.part == part]
