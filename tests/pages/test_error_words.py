"""What a page says of an error: what is wrong and what to do, by its code where that says more."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.pages.support import Town
from xinrong.api.errors import STATUSES as API
from xinrong.files import services as files
from xinrong.pages.errors import OF_CODE, STATUSES
from xinrong.trust.services import Denied


def test_pages_and_api_refuse_with_the_same_status() -> None:
    for code in [code for code in API if code.startswith("denied")]:
        assert STATUSES[code] == API[code], code


def test_every_code_with_words_of_its_own_has_a_status() -> None:
    assert set(OF_CODE) <= set(STATUSES)


@pytest.mark.parametrize(
    ("code", "status", "words"),
    [
        ("denied_column", 403, ("不符合您的用途", "删去该条件")),
        ("denied_budget", 429, ("次数已用完", "明天再试")),
        ("denied_role", 403, ("账号管理",)),
    ],
)
def test_a_refusal_is_told_with_what_to_do(
    town: Town, monkeypatch: pytest.MonkeyPatch, code: str, status: int, words: tuple[str, ...]
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise Denied("no", remedy="", code=code)

    client = Client()
    client.force_login(town.people["loan_officer"])
    monkeypatch.setattr(files, "find", refuse)
    answer = client.get("/search", {"q": "恒远"})
    assert answer.status_code == status
    for one in words:
        assert one in answer.content.decode()
