"""Signatures of the Standard Webhooks scheme, by the library of that name."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from standardwebhooks.webhooks import Webhook, WebhookVerificationError


def read_secret(file: str | Path) -> str:
    """The secret in a file, `whsec_…`. Raises SystemExit with what is wrong."""
    try:
        secret = Path(file).read_text(encoding="utf-8").strip()
        Webhook(secret)
    except (OSError, ValueError, RuntimeError) as error:
        raise SystemExit(f"{file}: no secret of a link can be read: {error}") from None
    return secret


def sign(secret: str, name: str, stamp: int, body: bytes) -> dict[str, str]:
    """The three headers; `stamp` in seconds since 1970."""
    signature = Webhook(secret).sign(name, datetime.fromtimestamp(stamp, UTC), body.decode())
    return {
        "webhook-id": name,
        "webhook-timestamp": str(stamp),
        "webhook-signature": signature,
    }


def holds(secret: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether these headers are by who holds the secret, about this body, of these minutes."""
    given = {name.lower(): value for name, value in headers.items()}
    try:
        Webhook(secret).verify(body, given, json_parse=False)
    except (WebhookVerificationError, ValueError):
        return False
    return True


def new_name() -> str:
    """The name of a message."""
    return f"bank_{os.urandom(16).hex()}"
