"""Ed25519 (RFC 8032) with the private key in a PEM file."""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from xinrong.domain.errors import Place
from xinrong.domain.signatures.errors import SignatureError
from xinrong.domain.signatures.keys import PublicKey, kid_of

ALG = "Ed25519"


class Ed25519Signer:
    """A signer whose private key lies in this process's memory."""

    alg = ALG

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        raw = private.public_key().public_bytes_raw()
        self.kid = kid_of(ALG, raw)
        self.public = PublicKey(self.kid, ALG, raw)

    def __repr__(self) -> str:
        return f"Ed25519Signer({self.kid})"

    def sign(self, message: bytes) -> bytes:
        return self._private.sign(message)

    @classmethod
    def from_file(cls, path: Path) -> Ed25519Signer:
        """The key of a PEM file (PKCS#8, no passphrase).

        Raises SignatureError for a file that holds another kind of key or none; OSError when the
        file cannot be read.
        """
        try:
            private = load_pem_private_key(path.read_bytes(), password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            private = None
        if not isinstance(private, Ed25519PrivateKey):
            raise SignatureError(
                "the file holds no Ed25519 private key",
                place=Place(file=path.name),
                remedy="Make one with `openssl genpkey -algorithm ed25519`.",
                code="key_file_invalid",
            )
        return cls(private)

    @classmethod
    def make_file(cls, path: Path) -> Ed25519Signer:
        """A new key, written to a file that only its owner reads.

        Two processes that make it at once end with the same key: the file appears whole or not
        at all. Raises FileExistsError when there is one already.
        """
        private = Ed25519PrivateKey.generate()
        pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.{os.getpid()}.part")
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(pem)
                file.flush()
                os.fsync(file.fileno())
            os.link(part, path)
        finally:
            part.unlink()
        return cls(private)
