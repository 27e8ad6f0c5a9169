"""Time-based one-time passwords of RFC 6238: SHA-1, six digits, thirty seconds.

These three values are what every authenticator app understands; others are silently ignored by
some, which then show codes that never fit.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import b32decode, b32encode
from datetime import datetime
from hashlib import sha1
from io import BytesIO
from urllib.parse import quote, urlencode

import qrcode  # type: ignore[import-untyped]
from qrcode.image.svg import SvgPathImage  # type: ignore[import-untyped]

STEP = 30  # seconds
DIGITS = 6
SEED_BYTES = 20  # RFC 4226, section 4, R6
#: A phone's clock may be one step off either way (RFC 6238, section 5.2).
STEPS_OFF = 1


def new_seed() -> str:
    """A fresh seed in base 32, as apps take it."""
    return b32encode(secrets.token_bytes(SEED_BYTES)).decode()


def step_of(moment: datetime) -> int:
    """The number of the time step that holds this moment."""
    return int(moment.timestamp()) // STEP


def code_of(seed: str, step: int) -> str:
    """The code of one time step (RFC 4226, section 5.3)."""
    mac = hmac.new(b32decode(seed), step.to_bytes(8, "big"), sha1).digest()
    offset = mac[-1] & 0x0F
    number = int.from_bytes(mac[offset : offset + 4], "big") & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def fitting_step(seed: str, code: str, now: datetime) -> int | None:
    """The time step whose code this is, among those near `now`; None when it is none of them."""
    present = step_of(now)
    found = None
    for step in range(present - STEPS_OFF, present + STEPS_OFF + 1):
        if hmac.compare_digest(code_of(seed, step).encode(), code.encode()):
            found = step
    return found


def address_of(seed: str, *, account: str, issuer: str) -> str:
    """The otpauth:// address that an app reads from the picture."""
    label = quote(f"{issuer}:{account}")
    return (
        f"otpauth://totp/{label}?{urlencode({'secret': seed, 'issuer': issuer}, quote_via=quote)}"
    )


def picture_of(address: str) -> bytes:
    """The address as a QR code: an SVG file."""
    file = BytesIO()
    qrcode.make(address, image_factory=SvgPathImage, border=4).save(file)
    return file.getvalue()
