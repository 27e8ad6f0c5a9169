"""Asking an identity service over HTTP: a short while, a small answer, and no detours."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import ip_address
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

from xinrong.accounts.oidc.errors import IdentityUnreachable

TIMEOUT = 5  # seconds, for connecting and for each read
LONGEST = 256 * 1024  # bytes of an answer
OK = 200


def fetch(
    address: str,
    *,
    form: Mapping[str, str] | None = None,
    credentials: tuple[str, str] | None = None,
) -> dict[str, Any]:
    """The JSON object at an address, by GET, or by POST with a form.

    Only https, or http on this machine; redirects and proxies are not followed. Raises
    IdentityUnreachable.
    """
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname)):
        raise unreachable(f"{address} is not https")
    connects = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = connects(parts.hostname or "", parts.port, timeout=TIMEOUT)
    target = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
    headers = {"Accept": "application/json"}
    if credentials:
        # RFC 6749, section 2.3.1: both parts are form-encoded before they are joined.
        pair = ":".join(quote_plus(part) for part in credentials)
        headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
    body = None
    if form is not None:
        body = urlencode(form)
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    try:
        connection.request("POST" if body is not None else "GET", target, body, headers)
        response = connection.getresponse()
        content = response.read(LONGEST + 1)
    except (OSError, HTTPException) as error:
        raise unreachable(f"{parts.hostname} does not answer: {error}") from error
    finally:
        connection.close()
    if response.status != OK or len(content) > LONGEST:
        raise unreachable(f"{address} answered with status {response.status}")
    try:
        answer = json.loads(content)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise unreachable(f"{address} answered with something else than a JSON object")
    return answer


def is_loopback(host: str | None) -> bool:
    """Whether the host is this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return False


def unreachable(what: str) -> IdentityUnreachable:
    """The error, with what to do."""
    return IdentityUnreachable(
        f"the identity service cannot be asked: {what}",
        remedy="Try again in a minute, or sign in with e-mail address and password.",
    )
