"""A person signs a document with a passkey: the assertion is over the document's hash.

Where signing in asks for 32 random bytes to be signed, this asks for a SHA-256, so that the
assertion (WebAuthn level 3, section 7.2) is about one document and no other. The device has to
have made sure who holds it: finger, face or PIN. What a browser shows while it asks is not the
document: that the person read it is the word of the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicNumbers
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fido2.cose import CoseKey
from fido2.utils import websafe_encode
from fido2.webauthn import AttestedCredentialData, UserVerificationRequirement

from xinrong.accounts.mfa.passkeys import asserted, held_by, refused, server
from xinrong.accounts.models import Person

#: COSE algorithms with which documents are signed: those that offline verifiers find everywhere.
ES256, EDDSA, RS256 = -7, -8, -257
ALGORITHMS = frozenset({ES256, EDDSA, RS256})


@dataclass(frozen=True)
class Assertion:
    """What a passkey signed, with all that verifies it offline. Bytes are in base64url.

    `key` is the public key of the passkey (SubjectPublicKeyInfo, DER), `domain` the one it was
    made for (the relying party's id). `digest`, the SHA-256 that was signed, stands in
    `client_data` as the challenge.
    """

    digest: bytes
    domain: str
    credential: str
    key: str
    authenticator_data: str
    client_data: str
    signature: str

    def kept(self) -> dict[str, str]:
        """JSON-ready, as it stands in a signed document; the digest is that document's own."""
        return {
            "type": "webauthn.get",
            "domain": self.domain,
            "credential": self.credential,
            "key": self.key,
            "authenticator_data": self.authenticator_data,
            "client_data": self.client_data,
            "signature": self.signature,
        }


def signs_with(person: Person) -> list[AttestedCredentialData]:
    """The passkeys with which a person signs documents."""
    return [one for one in held_by(person) if one.public_key.get(3) in ALGORITHMS]


def can_sign(person: Person | int | None) -> bool:
    """Whether somebody (or the person with an id) holds a passkey that signs documents."""
    found = Person.objects.filter(pk=person).first() if isinstance(person, int) else person
    return found is not None and bool(signs_with(found))


def begin_signing(person: Person, domain: str, digest: bytes) -> dict[str, Any]:
    """What the browser is asked to sign: a SHA-256 of 32 bytes, by a device that asks who it is."""
    options, _ = server(domain).authenticate_begin(
        signs_with(person),
        user_verification=UserVerificationRequirement.REQUIRED,
        challenge=digest,
    )
    return dict(options)


def sign(
    person: Person, response: Mapping[str, Any], digest: bytes, *, domain: str, now: datetime
) -> Assertion:
    """The person's signature over this digest, verified with the passkey that is stored.

    Raises FactorRefused for another digest, origin, domain or credential, for a device that did
    not ask who holds it, and for a counter that does not grow; SignInLocked after too many.
    """
    state = {
        "challenge": websafe_encode(digest),
        "user_verification": UserVerificationRequirement.REQUIRED,
    }
    done = asserted(person, response, state, domain=domain, now=now)
    answer = done.response.response
    known = done.credential.public_key.get(3) in ALGORITHMS
    if answer.client_data.cross_origin or not known:
        raise refused()
    return Assertion(
        digest=digest,
        domain=domain,
        credential=websafe_encode(done.credential.credential_id),
        key=websafe_encode(subject_public_key(done.credential.public_key)),
        authenticator_data=websafe_encode(answer.authenticator_data),
        client_data=websafe_encode(answer.client_data),
        signature=websafe_encode(answer.signature),
    )


def subject_public_key(key: CoseKey) -> bytes:
    """A passkey's public key as SubjectPublicKeyInfo (RFC 5280) in DER: any library reads it."""
    if key[3] == ES256:
        made = EllipticCurvePublicNumbers(whole(key[-2]), whole(key[-3]), SECP256R1()).public_key()
        return made.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if key[3] == RS256:
        rsa = RSAPublicNumbers(whole(key[-2]), whole(key[-1])).public_key()
        return rsa.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    edwards = Ed25519PublicKey.from_public_bytes(key[-2])
    return edwards.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def whole(number: bytes) -> int:
    """A number as COSE writes it."""
    return int.from_bytes(number)
