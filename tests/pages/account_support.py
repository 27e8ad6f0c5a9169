"""Steps that the tests of the account pages share."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

from tests.accounts.cast import Cast

NEW = {"email": "wu@bank.cn", "role": "loan_officer"}
REASON = "电话求助：找不到批次"


def as_(cast: Cast, name: str, **more: Any) -> Client:
    client = Client(**more)
    client.force_login(cast.people[name])
    return client


def text(response: Any) -> str:
    return response.content.decode()


def link_in(response: Any) -> str:
    found = re.search(r"/invitations/[\w-]+", text(response))
    assert found, text(response)
    return found.group()


def invited(cast: Cast, **changes: Any) -> str:
    typed = {**NEW, "organisation": cast.bank.pk, **changes}
    response = as_(cast, "manager").post("/account/people/invite", typed)
    assert response.status_code == 200, text(response)
    return link_in(response)


def key_made(cast: Cast, **changes: Any) -> Any:
    typed = {"title": "核心系统", "scopes": ["files"], "days": "90", "organisation": cast.bank.pk}
    return as_(cast, "manager").post("/account/keys/new", {**typed, **changes})


def token_in(response: Any) -> str:
    found = re.search(r"xr_[0-9a-f]{8}_[\w-]+", text(response))
    assert found, text(response)
    return found.group()


def supporting(cast: Cast) -> Client:
    client = as_(cast, "operator")
    typed = {"organisation": cast.bank.pk, "reason": REASON, "minutes": "10"}
    assert client.post("/support", typed)["Location"] == "/"
    return client
