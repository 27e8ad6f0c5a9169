"""SMS through an HTTP gateway: one POST a message, signed, under a name that makes repeats safe.

The request is JSON; its signature is that of the Standard Webhooks scheme (headers webhook-id,
webhook-timestamp and webhook-signature: HMAC-SHA256 over "id.timestamp.body"), so a gateway can
check it with any of that scheme's libraries. `docs/how-to/send-notices.md` describes both sides.
"""

from __future__ import annotations

import hmac
import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from xinrong.domain.clock import Clock, SystemClock
from xinrong.notices.channels.port import Outgoing
from xinrong.notices.errors import AddressRefused, ChannelDown, Later, Refused

LONGEST_ANSWER = 4096  # bytes
#: Stable words of a gateway's answer 422 that speak of the number itself.
NO_NUMBER = frozenset({"number_unknown", "number_unreachable", "number_blocked"})


@dataclass(frozen=True)
class Gateway:
    """Where the gateway is, and how it knows us. `timeout` in seconds, for each step."""

    url: str
    secret: str
    sign: str  # the sender's registered signature, such as 信融
    template: str = ""  # the provider's name of the text that it has approved
    timeout: float = 5.0


class SmsChannel:
    """Hands each message to the gateway over a connection of its own."""

    def __init__(self, settings: Mapping[str, str], *, clock: Clock | None = None) -> None:
        self._gateway = Gateway(
            url=settings["url"],
            secret=settings["secret"],
            sign=settings["sign"],
            template=settings.get("template", ""),
            timeout=float(settings.get("timeout", "5")),
        )
        self._clock = clock or SystemClock()

    def send(self, message: Outgoing) -> None:
        """POST the message. Raises NotSent: what came of it, by the gateway's status."""
        body = self._body(message)
        stamp = str(int(self._clock.now().timestamp()))
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": message.name,
            "webhook-id": message.name,
            "webhook-timestamp": stamp,
            "webhook-signature": signature_of(self._gateway.secret, message.name, stamp, body),
        }
        status, said = self._post(body, headers)
        if status in (200, 201, 202, 204):
            return
        if status == 422:
            if said in NO_NUMBER:
                raise AddressRefused("number_refused", said)
            raise Refused("message_refused", said)
        if status in (400, 413):
            raise Refused("message_refused", f"{status} {said}")
        if status == 429:
            raise Later("server_busy", f"{status} {said}")
        raise ChannelDown(
            "sign_in_refused" if status in (401, 403) else "server_refused", f"{status} {said}"
        )

    def close(self) -> None:
        """Nothing is held open."""

    def _body(self, message: Outgoing) -> bytes:
        text = f"【{self._gateway.sign}】{' '.join(message.lines)} {message.link}"
        return json.dumps(
            {
                "to": message.to,
                "template": self._gateway.template,
                "sign": self._gateway.sign,
                "text": text.strip(),
                "params": {"words": " ".join(message.lines), "link": message.link},
                "language": message.language,
            },
            ensure_ascii=False,
        ).encode()

    def _post(self, body: bytes, headers: Mapping[str, str]) -> tuple[int, str]:
        parts = urlsplit(self._gateway.url)
        connects = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        connection = connects(parts.hostname or "", parts.port, timeout=self._gateway.timeout)
        target = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
        try:
            connection.request("POST", target, body, dict(headers))
            response = connection.getresponse()
            return response.status, _code_in(response.read(LONGEST_ANSWER))
        except (OSError, HTTPException) as error:
            raise ChannelDown(
                "server_unreachable", f"{type(error).__name__}: {error}"[:200]
            ) from error
        finally:
            connection.close()


def signature_of(secret: str, name: str, stamp: str, body: bytes) -> str:
    """`v1,` and the base64 of HMAC-SHA256 over name, seconds since 1970 and body."""
    signed = b".".join((name.encode(), stamp.encode(), body))
    return f"v1,{b64encode(hmac.digest(secret.encode(), signed, sha256)).decode()}"


def signature_holds(
    secret: str, headers: Mapping[str, str], body: bytes, *, now: datetime, within: float = 300
) -> bool:
    """Whether a request is from who holds the secret, and of these minutes: the gateway's side."""
    stamp = headers.get("webhook-timestamp", "")
    if not stamp.isdecimal() or abs(now.timestamp() - int(stamp)) > within:
        return False
    expected = signature_of(secret, headers.get("webhook-id", ""), stamp, body)
    return hmac.compare_digest(expected, headers.get("webhook-signature", ""))


def _code_in(answer: bytes) -> str:
    """The gateway's word for what is wrong, if it said one."""
    try:
        found = json.loads(answer or b"{}")
    except ValueError:
        return ""
    code = found.get("code", "") if isinstance(found, dict) else ""
    return code[:64] if isinstance(code, str) else ""
