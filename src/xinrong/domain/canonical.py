"""The one spelling of a JSON value: what is hashed and signed is this, byte for byte."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any


def canonical_json(payload: Any) -> bytes:
    """Keys sorted by code point, no spaces, UTF-8 without escapes. Raises ValueError for NaN.

    Anybody can make it again with the JSON library of their language: two equal values have equal
    bytes, and reading the bytes gives the value back.
    """
    text = json.dumps(
        payload, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )
    return text.encode()


def digest_of(payload: Any) -> str:
    """SHA-256 of the canonical JSON, in hexadecimal."""
    return sha256(canonical_json(payload)).hexdigest()
