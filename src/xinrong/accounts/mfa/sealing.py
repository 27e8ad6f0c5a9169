"""Seeds of authenticator apps at rest: AES-256-GCM under a key that is not in the database.

The key is derived from the file that XINRONG_FACTOR_KEY_FILE names, so a copy of the database
(a backup, a dump) opens no account. What a seed belongs to is authenticated with it: a seed
moved to another row does not open.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import lru_cache
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from xinrong.accounts.mfa.errors import FactorRefused

NONCE_BYTES = 12  # NIST SP 800-38D, section 5.2.1.1


@lru_cache(maxsize=4)
def derived(secret: str, use: bytes) -> bytes:
    """A 256-bit key for one use, from the secret of the deployment."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=use).derive(secret.encode())


def seal(text: str, about: str) -> str:
    """`text`, unreadable without the key; `about` names what it belongs to."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    key = derived(settings.FACTOR_KEY, b"xinrong second factor seeds")
    return urlsafe_b64encode(
        nonce + AESGCM(key).encrypt(nonce, text.encode(), about.encode())
    ).decode()


def unseal(sealed: str, about: str) -> str:
    """What `seal` hid. Raises FactorRefused (factor_unreadable) under another key or owner."""
    raw = urlsafe_b64decode(sealed)
    key = derived(settings.FACTOR_KEY, b"xinrong second factor seeds")
    try:
        return AESGCM(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], about.encode()).decode()
    except InvalidTag:
        raise FactorRefused(
            "the second factor cannot be read with the key of this deployment",
            remedy="Put back the file of XINRONG_FACTOR_KEY_FILE, or have two operators reset it.",
            code="factor_unreadable",
        ) from None


def keyed_digest(text: str) -> str:
    """A digest that nobody can try guesses against without the key."""
    key = derived(settings.FACTOR_KEY, b"xinrong recovery codes")
    return hmac.new(key, text.encode(), sha256).hexdigest()
