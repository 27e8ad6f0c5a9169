"""Verify a consent and its receipts offline. Needs Python and `cryptography`, nothing of ours.

python verify_consent.py KEYS PAPERS [--at MOMENT]: KEYS is what stands at
/.well-known/xinrong-keys.json, fetched by yourself; PAPERS is "all papers in one file". Says what
the consent allows and whether it stood at MOMENT (ISO 8601 with its zone; now). Exit status 0: all
is genuine and it stood; 1: genuine, and it did not stand; 2: something is not genuine.
That it stands means that these papers name no end: a last receipt can be held back from you.
`in_person` is the passkey with which the person signed exactly this consent; null: the platform
alone did. Whose passkey it is the platform says; compare `key` with that of earlier papers.
"""

import argparse
import json
from base64 import urlsafe_b64decode
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

ENDS = {"revocation", "repayment", "expiry", "use"}


class NotGenuine(Exception):
    """What is wrong with the papers."""


def _canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "==")


def opened(envelope: dict[str, Any], keys: dict[str, dict[str, Any]], moment: str) -> Any:
    """The document of an envelope, if a key in use at the document's moment signed it."""
    if set(envelope) != {"payload", "alg", "kid", "signature"}:
        raise NotGenuine("an envelope has other parts than it should")
    key = keys.get(envelope["kid"])
    if key is None or key["alg"] != envelope["alg"] or key["alg"] != "Ed25519":
        raise NotGenuine(f"the key {envelope['kid']!r} is none of the platform's")
    signed = _canonical({name: envelope[name] for name in ("alg", "kid", "payload")})
    try:
        raw, signature = _bytes(key["public"]), _bytes(envelope["signature"])
        Ed25519PublicKey.from_public_bytes(raw).verify(signature, signed)
    except (InvalidSignature, ValueError):
        raise NotGenuine("a signature does not fit its document") from None
    payload = envelope["payload"]
    said = payload["consent"]["granted_at"] if moment == "granted_at" else payload["at"]
    if key["until"] and datetime.fromisoformat(said) > datetime.fromisoformat(key["until"]):
        raise NotGenuine("a document is dated after its key was retired")
    return payload


def in_person(payload: dict[str, Any]) -> dict[str, str] | None:
    """The passkey that signed all of the document but its own signature (WebAuthn level 3, 7.2)."""
    proof = payload["assertion"]
    if proof is None:
        return None
    said = {name: value for name, value in payload.items() if name != "assertion"}
    site, told, raw = proof["domain"], _bytes(proof["client_data"]), _bytes(proof["key"])
    data, signature = _bytes(proof["authenticator_data"]), _bytes(proof["signature"])
    client, key = json.loads(told), load_der_public_key(raw)
    host = urlsplit(client["origin"]).hostname or ""
    for right, wrong in (
        (client["type"] == "webauthn.get", "what the passkey signed is no assertion"),
        (_bytes(client["challenge"]) == sha256(_canonical(said)).digest(),
         "the passkey signed something else than this consent"),
        (f".{host}".endswith(f".{site}") and data[:32] == sha256(site.encode()).digest(),
         "the passkey signed for another site"),
        (data[32] & 5 == 5, "the passkey did not make sure that somebody is there, and who"),
    ):  # fmt: skip
        if not right:
            raise NotGenuine(wrong)
    how: tuple[Any, ...] = (ECDSA(SHA256()),) if isinstance(key, EllipticCurvePublicKey) else ()
    how = (PKCS1v15(), SHA256()) if isinstance(key, RSAPublicKey) else how  # else Ed25519
    try:
        key.verify(signature, data + sha256(told).digest(), *how)
    except (InvalidSignature, AttributeError):
        raise NotGenuine("the passkey's signature does not fit") from None
    return {"key": sha256(raw).hexdigest()[:16], "site": site}


def verified(papers: dict[str, Any], keys: dict[str, dict[str, Any]]) -> tuple[Any, list[Any]]:
    """The consent and the receipts, every one of them genuine and in order."""
    artefact = opened(papers["artefact"], keys, "granted_at")
    consent, previous, receipts = artefact["consent"], None, []
    if artefact["type"] != "xinrong.consent":
        raise NotGenuine("this is no consent")
    consent = {**consent, "in_person": in_person(artefact)}
    for language, text in papers["texts"].items():
        if sha256(text.encode()).hexdigest() != consent["text_sha256"].get(language):
            raise NotGenuine(f"the words ({language}) are not those that were agreed to")
    for envelope in papers["receipts"]:
        says = opened(envelope, keys, "at")
        if says["type"] != "xinrong.consent.receipt" or says["request"] != consent["request"]:
            raise NotGenuine("a receipt belongs to something else")
        if says["previous"] != previous:
            raise NotGenuine("receipts are missing or in another order")
        if (
            says["consent"]
            and says["consent"]["digest"] != sha256(_canonical(papers["artefact"])).hexdigest()
        ):
            raise NotGenuine("a receipt is about another consent")
        previous = sha256(_canonical(envelope)).hexdigest()
        receipts.append(says)
    return consent, receipts


def main() -> int:
    """Exit status, as the first lines say."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs=2, metavar=("KEYS", "PAPERS"))
    parser.add_argument("--at", type=datetime.fromisoformat, default=datetime.now(UTC))
    given = parser.parse_args()
    try:
        keys = {key["kid"]: key for key in json.loads(given.files[0].read_bytes())["keys"]}
        consent, receipts = verified(json.loads(given.files[1].read_bytes()), keys)
    except (NotGenuine, UnsupportedAlgorithm, LookupError, TypeError, ValueError, OSError) as error:
        print(f"NOT GENUINE: {error}")
        return 2
    ends = [one for one in receipts if one["kind"] in ENDS]
    last = min(map(datetime.fromisoformat, [consent["valid_until"], *(one["at"] for one in ends)]))
    stood = datetime.fromisoformat(consent["granted_at"]) <= given.at < last
    print(json.dumps({**consent, "ended": ends[-1]["kind"] if ends else None,
                      "genuine": True, "stood": stood}, ensure_ascii=False, indent=1))  # fmt: skip
    return 0 if stood else 1


if __name__ == "__main__":
    raise SystemExit(main())
