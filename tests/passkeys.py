"""A passkey in software: a real key pair that signs as an authenticator does (WebAuthn level 3)."""

from __future__ import annotations

import secrets
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256, RS256, CoseKey, EdDSA
from fido2.utils import websafe_encode
from fido2.webauthn import AttestedCredentialData, AuthenticatorData, CollectedClientData

SITE = "xinrong.example"
KINDS: dict[str, Any] = {
    "ES256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "EdDSA": ed25519.Ed25519PrivateKey.generate,
    "RS256": lambda: rsa.generate_private_key(65537, 2048),
}
PRESENT, VERIFIED = AuthenticatorData.FLAG.UP, AuthenticatorData.FLAG.UV


@dataclass
class Passkey:
    """`passkey.sign(digest)`: what a browser would send. `counts` false: it always says 0."""

    kind: str = "ES256"
    site: str = SITE
    counts: bool = True
    counter: int = 0
    credential: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    def __post_init__(self) -> None:
        self.private = KINDS[self.kind]()
        wrap: Any = {"ES256": ES256, "EdDSA": EdDSA, "RS256": RS256}[self.kind]
        self.public: CoseKey = wrap.from_cryptography_key(self.private.public_key())

    def give(self, person: Any) -> Any:
        """Let a person hold it, as if it had been added on the page."""
        from xinrong.accounts.mfa.models import FactorKind, SecondFactor

        data = AttestedCredentialData.create(bytes(16), self.credential, self.public)
        return SecondFactor.objects.create(
            person=person,
            kind=FactorKind.PASSKEY,
            name="test passkey",
            credential_id=websafe_encode(self.credential),
            public_key=b64encode(data).decode(),
            sign_count=self.counter,
            added_at=datetime.now(UTC),
        )

    def sign(
        self,
        digest: bytes,
        *,
        origin: str = "",
        flags: Any = PRESENT | VERIFIED,
        kind: Any = CollectedClientData.TYPE.GET,
        **more: Any,
    ) -> dict[str, Any]:
        """An assertion over a challenge; the counter grows, if the device counts."""
        self.counter += self.counts
        told = CollectedClientData.create(kind, digest, origin or f"https://{self.site}", **more)
        data = AuthenticatorData.create(sha256(self.site.encode()).digest(), flags, self.counter)
        return {
            "id": websafe_encode(self.credential),
            "rawId": websafe_encode(self.credential),
            "type": "public-key",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": websafe_encode(told),
                "authenticatorData": websafe_encode(data),
                "signature": websafe_encode(self._signed(data + told.hash)),
            },
        }

    def _signed(self, message: bytes) -> bytes:
        if self.kind == "ES256":
            return self.private.sign(message, ec.ECDSA(SHA256()))
        if self.kind == "RS256":
            return self.private.sign(message, PKCS1v15(), SHA256())
        return self.private.sign(message)
