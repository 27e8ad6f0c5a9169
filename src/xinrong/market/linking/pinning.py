"""TLS to a bank: our certificate is shown, and the bank's is one certificate and no other.

The fingerprint is compared in the handshake, before a byte of a message leaves.
"""

from __future__ import annotations

import hmac
import ssl
from hashlib import sha256
from typing import Any

from xinrong.domain.errors import Place
from xinrong.market.linking.errors import LinkBroken
from xinrong.market.linking.models import Link


class PinnedSocket(ssl.SSLSocket):
    """A connection that is closed unless its peer shows the certificate of that fingerprint."""

    def do_handshake(self, block: bool = False) -> None:  # noqa: FBT001, FBT002 - the library's
        super().do_handshake(block)
        wanted = getattr(self.context, "fingerprint", "")
        if wanted and not hmac.compare_digest(fingerprint_of(self.getpeercert(True)), wanted):
            raise ssl.SSLCertVerificationError("the certificate is not the one that was agreed")


class PinnedContext(ssl.SSLContext):
    """A context whose connections are PinnedSockets."""

    sslsocket_class = PinnedSocket
    fingerprint: str = ""


def fingerprint_of(certificate: bytes | None) -> str:
    """SHA-256 of a certificate (DER) in hexadecimal digits; empty for none."""
    return sha256(certificate).hexdigest() if certificate else ""


def context_of(link: Link) -> ssl.SSLContext:
    """How to speak TLS to this bank. Raises LinkBroken for files that cannot be used."""
    context = PinnedContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.fingerprint = link.server
    try:
        if link.authority:
            context.load_verify_locations(link.authority)
        else:
            context.load_default_certs(ssl.Purpose.SERVER_AUTH)
        if link.certificate:
            context.load_cert_chain(link.certificate, link.private_key or None)
    except (OSError, ssl.SSLError) as error:
        raise LinkBroken(
            f"the certificates of the link {link.name} cannot be read: {error}"[:200],
            place=Place(file=link.authority or link.certificate),
            remedy="Name PEM files that the platform may read.",
        ) from None
    return context


def told(link: Link) -> dict[str, Any]:
    """What a page says of it."""
    return {"own": bool(link.certificate), "pinned": bool(link.server), "asked": bool(link.theirs)}
