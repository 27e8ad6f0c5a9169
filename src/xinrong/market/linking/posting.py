"""Posting one signed message to a bank: a bounded answer, and what it means.

A bank has a message when it says so: a status of success and JSON that names the message. Whatever
else it says, however long, nothing has arrived.
"""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx2

from xinrong.domain.errors import Place
from xinrong.market.linking.errors import LinkBroken
from xinrong.market.linking.models import Link
from xinrong.market.linking.pinning import context_of

#: Bytes that are read of an answer.
LONGEST_ANSWER = 64 << 10
LOOPBACK = ("localhost", "127.0.0.1", "::1")
#: Statuses that say: never this message. What may pass (a wrong key, a full queue) is tried again.
NEVER = frozenset({400, 409, 410, 413, 415, 422})


@dataclass(frozen=True)
class Said:
    """What a bank answered. `arrived`; `never`: it will not take this message, however often.

    `late`: nothing came in time. `error` says what was wrong, in one line.
    """

    arrived: bool
    never: bool = False
    error: str = ""
    content: Mapping[str, Any] | None = None
    late: bool = False


def check_url(url: str) -> None:
    """Where a bank listens: https, or this machine. Raises LinkBroken."""
    parts = urlsplit(url)
    try:
        _ = parts.port
    except ValueError:
        parts = urlsplit("")
    plain = parts.scheme == "http" and parts.hostname in LOOPBACK
    if not (parts.hostname and (parts.scheme == "https" or plain)) or parts.username is not None:
        raise LinkBroken(
            f"{url[:100]!r} is no address of a bank's system",
            place=Place(field="url"),
            remedy="Write https://host/path; http:// is for this machine only.",
        )


@contextmanager
def client_of(link: Link) -> Iterator[httpx2.Client]:
    """Connections to one bank: no redirects, no proxies of the environment, no cookies kept."""
    secure = urlsplit(link.url).scheme == "https"
    nobody = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # whom to trust is read from disk: not in vain
    with httpx2.Client(
        verify=context_of(link) if secure else nobody,
        timeout=httpx2.Timeout(link.timeout),
        follow_redirects=False,
        trust_env=False,
        limits=httpx2.Limits(max_connections=16, max_keepalive_connections=16, keepalive_expiry=20),
        headers={"User-Agent": "xinrong-bank-link/1", "Accept": "application/json"},
    ) as client:
        yield client


def post(
    client: httpx2.Client, link: Link, name: str, body: bytes, headers: Mapping[str, str]
) -> Said:
    """Post it and read what comes back, at most LONGEST_ANSWER bytes of it."""
    sent = {"Content-Type": "application/json", **headers}
    try:
        with client.stream("POST", link.url, content=body, headers=sent) as response:
            status, text = response.status_code, _read(response)
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
        late = isinstance(error, httpx2.TimeoutException)
        return Said(arrived=False, error=f"{type(error).__name__}: {error}"[:300], late=late)
    return judged(status, text, name)


def _read(response: httpx2.Response) -> bytes | None:
    """The body; None where it is longer than an answer can be."""
    found = bytearray()
    for piece in response.iter_raw(8192):
        found += piece
        if len(found) > LONGEST_ANSWER:
            return None
    return bytes(found)


def judged(status: int, text: bytes | None, name: str) -> Said:
    """What an answer means."""
    content = _object(text)
    if 200 <= status < 300:
        if text is None:
            return Said(arrived=False, error=f"{status}, and more than {LONGEST_ANSWER} bytes")
        if content is None or content.get("id") != name:
            return Said(arrived=False, error=f"{status}, and the answer does not name the message")
        return Said(arrived=True, content=content)
    code = _code(content)
    if status == 409 and code == "sequence_taken":  # it has this number, under another name
        return Said(arrived=True, content=content)
    return Said(arrived=False, never=status in NEVER, error=f"{status} {code}".strip())


def _object(text: bytes | None) -> dict[str, Any] | None:
    try:
        found = json.loads(text) if text else None
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _code(content: Mapping[str, Any] | None) -> str:
    """The bank's word for what is wrong, if it said one."""
    error = content.get("error") if content else None
    code = error.get("code") if isinstance(error, dict) else None
    return code[:64] if isinstance(code, str) and code.isprintable() else ""
