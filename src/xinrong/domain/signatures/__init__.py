"""Signatures: who signs, who verifies, and the envelope in which a signed document travels.

What these signatures are not: they show that the platform's key signed these bytes, and nothing
more. Until a certificate authority licensed under the law of electronic signatures (电子签名法,
第十三条、第十六条) has certified the key, they are evidence, not a reliable electronic signature.
"""

from __future__ import annotations

from xinrong.domain.signatures.ed25519 import Ed25519Signer
from xinrong.domain.signatures.envelope import open_envelope, seal, signed_bytes
from xinrong.domain.signatures.errors import SignatureError
from xinrong.domain.signatures.keys import PublicKey, Signer, base64url, from_base64url, verify

__all__ = [
    "Ed25519Signer",
    "PublicKey",
    "SignatureError",
    "Signer",
    "base64url",
    "from_base64url",
    "open_envelope",
    "seal",
    "signed_bytes",
    "verify",
]
