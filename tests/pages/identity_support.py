"""Steps that the tests of identity services share."""

from __future__ import annotations

from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.test import Client

from tests.accounts.oidc.issuer import CLIENT, SECRET
from xinrong.accounts.oidc import config, discovery
from xinrong.accounts.services import Person

BEGIN, BACK = "/sign-in/with/provincial", "/sign-in/with/provincial/back"
LINK = "/account/security/identity/provincial"
DESCRIPTION = """
- id: provincial
  title: {zh: 省统一身份认证（虚构）, en: invented provincial service}
  scopes: [openid, profile, enterprise]
  claims: {name: name, enterprise_code: enterprise.code, role: enterprise.role}
  roles: {"01": legal_representative, "02": agent}
- id: other
  title: {zh: 另一服务（虚构）, en: another invented service}
"""


def configure(settings: Any, folder: Path, monkeypatch: Any, **issuers: str) -> None:
    (folder / settings.REGION).mkdir()
    path = folder / settings.REGION / config.FILE
    path.write_text(DESCRIPTION, encoding="utf-8")
    monkeypatch.setattr(config, "regions_root", lambda: folder)
    config.described.cache_clear()
    discovery.forget()
    settings.IDENTITY_SERVICES = {
        name: {"issuer": address, "client_id": CLIENT, "client_secret": SECRET}
        for name, address in issuers.items()
    }


def go(address: str, method: str = "GET", body: str = "", header: str = "") -> str:
    """Where a server sends the browser, as path and query."""
    parts = urlsplit(address)
    connection = HTTPConnection(parts.netloc)
    headers = {"Content-Type": header} if header else {}
    connection.request(method, f"{parts.path}?{parts.query}", body, headers)
    response = connection.getresponse()
    response.read()
    connection.close()
    there = urlsplit(response.getheader("Location") or "")
    return f"{there.path}?{there.query}"


def out(client: Client, address: str = BEGIN) -> str:
    """Begin, and let the provider answer: the address at which it sends the browser back."""
    return go(client.get(address)["Location"])


def whole(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def outcome(client: Client, back: str) -> tuple[int, bool]:
    """(status, whether a sign-in was begun)."""
    answer = client.get(back)
    return answer.status_code, "_auth_user_id" in client.session
