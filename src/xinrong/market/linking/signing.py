"""Signatures over a link: those of the Standard Webhooks scheme, in both directions.

Headers webhook-id, webhook-timestamp (seconds since 1970) and webhook-signature: `v1,` and the
base64 of HMAC-SHA256 over "id.timestamp.body". Several signatures, separated by a space, may stand
beside each other while a secret is renewed.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from standardwebhooks.webhooks import Webhook

from xinrong.market.linking.errors import LinkRefused

#: How old or how far ahead a signature may be, in seconds.
WITHIN = 300
NAME = re.compile(r"[!-~]{1,64}")
STAMP = re.compile(r"[0-9]{1,12}")
#: Characters of all signatures of a request together.
LONGEST = 512


@dataclass(frozen=True)
class Signed:
    """What the headers of a request say, once they hold."""

    name: str
    stamp: int
    signature: str


def sign(secrets: Iterable[str], name: str, at: datetime, body: bytes) -> dict[str, str]:
    """The three headers, signed with each secret (`whsec_…`)."""
    text = body.decode()
    moment = at.astimezone(UTC).replace(microsecond=0)
    signatures = [Webhook(secret).sign(name, moment, text) for secret in secrets]
    return {
        "webhook-id": name,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def verified(
    secrets: Iterable[str], headers: Mapping[str, str], body: bytes, *, now: datetime
) -> Signed:
    """Who signed it holds one of these secrets, and did it within these minutes.

    Raises LinkRefused: link_signature, link_timestamp. Every secret and signature is compared,
    in constant time, so that nothing is learned from how long it takes.
    """
    name = headers.get("webhook-id", "")
    stamp = headers.get("webhook-timestamp", "")
    signature = headers.get("webhook-signature", "")
    if not (NAME.fullmatch(name) and STAMP.fullmatch(stamp) and 0 < len(signature) <= LONGEST):
        raise _unsigned("the request is not signed")
    if not signature.isascii():
        raise _unsigned("the signature is no signature")
    given = [one.encode() for one in signature.split(" ")]
    holds = False
    try:
        body.decode()
        at = datetime.fromtimestamp(int(stamp), UTC)
    except (ValueError, OverflowError, OSError):
        raise _unsigned("the signed body is no UTF-8 text, or its time is none") from None
    for secret in secrets:
        expected = sign([secret], name, at, body)["webhook-signature"].encode()
        for one in given:
            holds |= hmac.compare_digest(expected, one)
    if not holds:
        raise _unsigned("the signature does not fit this body, id and timestamp")
    if abs(now.timestamp() - int(stamp)) > WITHIN:
        raise LinkRefused(
            "the signature is too old, or of a moment that has not come",
            remedy="Set the clock by a time server and sign the request anew.",
            code="link_timestamp",
        )
    return Signed(name, int(stamp), signature)


def _unsigned(wrong: str) -> LinkRefused:
    return LinkRefused(
        wrong,
        remedy="Sign id, timestamp and the body's bytes as sent with the secret of this link.",
        code="link_signature",
    )
