"""The envelope: a document, who signed it, and the signature over both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from xinrong.domain.canonical import canonical_json
from xinrong.domain.signatures.errors import SignatureError
from xinrong.domain.signatures.keys import PublicKey, Signer, base64url, from_base64url, verify

FIELDS = {"payload", "alg", "kid", "signature"}


def signed_bytes(payload: Any, alg: str, kid: str) -> bytes:
    """What is signed: the canonical JSON of the document with the names of algorithm and key.

    So a signature cannot be passed off as another key's or another algorithm's. That it cannot be
    passed off as one for another kind of document is the payload's business: it names its `type`.
    """
    return canonical_json({"alg": alg, "kid": kid, "payload": payload})


def seal(payload: Any, signer: Signer) -> dict[str, Any]:
    """The signed envelope: `{"payload", "alg", "kid", "signature"}`, JSON-ready."""
    signature = signer.sign(signed_bytes(payload, signer.alg, signer.kid))
    return {
        "payload": payload,
        "alg": signer.alg,
        "kid": signer.kid,
        "signature": base64url(signature),
    }


def open_envelope(envelope: Any, keys: Iterable[PublicKey]) -> Any:
    """The document, once one of the keys is found to have signed exactly it.

    Raises SignatureError: envelope_malformed, key_unknown, algorithm_unknown, signature_invalid.
    """
    if not isinstance(envelope, Mapping) or set(envelope) != FIELDS:
        raise SignatureError(
            f"a signed document has exactly the parts {', '.join(sorted(FIELDS))}",
            code="envelope_malformed",
        )
    alg, kid, signature = envelope["alg"], envelope["kid"], envelope["signature"]
    if not all(isinstance(text, str) for text in (alg, kid, signature)):
        raise SignatureError("alg, kid and signature are texts", code="envelope_malformed")
    key = next((one for one in keys if one.kid == kid), None)
    if key is None:
        raise SignatureError(
            f"the key {kid[:64]} is none of those known here",
            remedy="Fetch the platform's public keys again: /.well-known/xinrong-keys.json.",
            code="key_unknown",
        )
    raw = from_base64url(signature)
    try:
        message = signed_bytes(envelope["payload"], alg, kid)
    except (ValueError, TypeError, RecursionError):
        raise SignatureError("the document is not plain JSON", code="envelope_malformed") from None
    if alg != key.alg or not verify(key, message, raw):
        raise SignatureError("the signature is not one for this document")
    return envelope["payload"]
