"""TLS to a bank, here: both sides show the certificate that was agreed, or nothing leaves."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.market.linking.cast import System, said
from tests.market.linking.test_sending import Listening, send
from xinrong.market.linking.pinning import context_of, fingerprint_of
from xinrong.market.services import linking

pytestmark = pytest.mark.django_db
LONG_AGO = datetime.now(UTC) - timedelta(days=1)


@dataclass
class Paper:
    """A certificate and its key, as objects and as files."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    file: Path
    key_file: Path

    @property
    def fingerprint(self) -> str:
        return fingerprint_of(self.certificate.public_bytes(serialization.Encoding.DER))


def issued(folder: Path, name: str, by: Paper | None = None) -> Paper:
    """A certificate for 127.0.0.1; without `by` one that vouches for others."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if by is None else by.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(LONG_AGO)
        .not_valid_after(LONG_AGO + timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=by is None, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
    )
    own = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    issuer = key if by is None else by.key
    made = made.add_extension(own, critical=False)
    made = made.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.public_key()), critical=False
    )
    if by is None:
        made = made.add_extension(
            x509.KeyUsage(
                digital_signature=True, key_cert_sign=True, crl_sign=True, key_encipherment=False,
                content_commitment=False, data_encipherment=False, key_agreement=False,
                encipher_only=False, decipher_only=False,
            ),
            critical=True,
        )  # fmt: skip
    certificate = made.sign(issuer, hashes.SHA256())
    file, key_file = folder / f"{name}.pem", folder / f"{name}.key"
    file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return Paper(certificate, key, file, key_file)


@dataclass
class Both:
    """The bank's address with TLS, and everybody's papers."""

    listening: Listening
    authority: Paper
    server: Paper
    ours: Paper

    def link(self, **columns: Any) -> None:
        port = self.listening.server.server_address[1]
        given = {
            "url": f"https://127.0.0.1:{port}/",
            "authority": str(self.authority.file),
            "certificate": str(self.ours.file),
            "private_key": str(self.ours.key_file),
            "server": self.server.fingerprint,
            "not_before": None,
        } | columns
        linking.Link.objects.update(**given)


@pytest.fixture
def both(bank: System, application: Any, tmp_path: Path) -> Any:
    listening = Listening(bank, tmp_path)
    authority = issued(tmp_path, "authority")
    server, ours = issued(tmp_path, "bank", authority), issued(tmp_path, "platform", authority)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(authority.file))
    context.load_cert_chain(server.file, server.key_file)
    context.verify_mode = ssl.CERT_REQUIRED
    inner = listening.server.socket
    listening.server.socket = context.wrap_socket(
        inner, server_side=True, do_handshake_on_connect=False
    )
    yield Both(listening, authority, server, ours)
    listening.stop()


def test_with_both_certificates_everything_arrives(bank: System, both: Both) -> None:
    both.link()
    assert send() == 2
    assert [row[0] for row in both.listening.received()] == ["application", "file"]


def test_a_bank_with_another_certificate_gets_nothing(bank: System, both: Both) -> None:
    both.link(server="ab" * 32)  # vouched for by the right authority, and not the one agreed on
    assert send() == 0
    assert both.listening.received() == []
    assert "not the one that was agreed" in said(bank.link)[0].error


def test_a_bank_that_nobody_vouches_for_gets_nothing(
    bank: System, both: Both, tmp_path: Path
) -> None:
    stranger = issued(tmp_path, "stranger")
    both.link(authority=str(stranger.file), server="")
    assert send() == 0
    assert both.listening.received() == []


def test_a_platform_without_its_certificate_is_not_heard(bank: System, both: Both) -> None:
    both.link(certificate="", private_key="")
    assert send() == 0
    assert both.listening.received() == []


def test_certificates_that_cannot_be_read_are_told_of(bank: System, both: Both) -> None:
    both.link(certificate="/nowhere/at/all.pem")
    link = linking.Link.objects.get()
    with pytest.raises(linking.LinkBroken, match=r"cannot be read"):
        context_of(link)
    assert send() == 0
    assert "cannot be read" in said(bank.link)[0].error
    assert linking.Link.objects.get().failing_since is None
