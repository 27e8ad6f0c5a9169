"""The port: whoever signs, whatever verifies; algorithms stand in one table."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from xinrong.domain.signatures.errors import SignatureError


class Signer(Protocol):
    """Anything that signs: a key in a file, a security module, a signing service."""

    @property
    def alg(self) -> str:
        """The algorithm's name, a key of ALGORITHMS."""
        ...

    @property
    def kid(self) -> str:
        """The name of the key: `kid_of` its public half."""
        ...

    def sign(self, message: bytes) -> bytes: ...


@dataclass(frozen=True)
class PublicKey:
    """What verifies a signer's signatures. `raw` is the key as its algorithm writes it."""

    kid: str
    alg: str
    raw: bytes


def kid_of(alg: str, raw: bytes) -> str:
    """A key's name: made from the key, so that two keys cannot answer to one name."""
    return sha256(alg.encode() + b"\x00" + raw).hexdigest()[:16]


def verify(public: PublicKey, message: bytes, signature: bytes) -> bool:
    """Whether the key signed exactly these bytes.

    Raises SignatureError for an algorithm that this platform does not know.
    """
    check = ALGORITHMS.get(public.alg)
    if check is None:
        raise SignatureError(
            f"the signature algorithm {public.alg!r} is not known here",
            remedy=f"Known are: {', '.join(ALGORITHMS)}.",
            code="algorithm_unknown",
        )
    return check(public.raw, message, signature)


def _ed25519(raw: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(raw).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


#: Algorithm -> its check. SM2 with SM3 joins here, with a signer of its own.
ALGORITHMS: dict[str, Callable[[bytes, bytes, bytes], bool]] = {"Ed25519": _ed25519}


def base64url(raw: bytes) -> str:
    """Base64 for addresses and file names, without padding (RFC 4648, section 5)."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    """The bytes again. Raises SignatureError unless the text is exactly what base64url writes."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raw = None
    if raw is None or base64url(raw) != text:
        raise SignatureError("a value is not base64url without padding", code="envelope_malformed")
    return raw
