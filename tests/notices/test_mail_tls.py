"""A mail server with TLS and a password: never without either once they are set."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.notices.support import Mailbox, Server, by, mail_at, run, tell
from xinrong.notices.models import ChannelPause

pytestmark = pytest.mark.django_db


def certificate(folder: Path) -> tuple[Path, SSLContext]:
    """A certificate of 127.0.0.1, by nobody whom anybody knows, and the server's context."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    today = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - dt.timedelta(days=1))
        .not_valid_after(today + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.KeyUsage(digital_signature=True, key_cert_sign=True, crl_sign=True,
                                     content_commitment=False, key_encipherment=False,
                                     data_encipherment=False, key_agreement=False,
                                     encipher_only=False, decipher_only=False), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = folder / "server.pem"
    pem = serialization.Encoding.PEM
    plain = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(made.public_bytes(pem) + key.private_bytes(pem, *plain))
    context = SSLContext(PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return path, context


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Mailbox, int, Path]]:
    """A server that takes mail after STARTTLS and the right password only."""
    path, context = certificate(tmp_path_factory.mktemp("tls"))
    box = Mailbox()

    def knows(_server: Any, _session: Any, _envelope: Any, _way: str, data: Any) -> AuthResult:
        right = data.login == b"platform" and data.password == b"right"
        return AuthResult(success=right, handled=right)

    server = Server(
        box, hostname="127.0.0.1", port=0, tls_context=context, require_starttls=True,
        auth_required=True, authenticator=knows,
    )  # fmt: skip
    server.start()
    yield box, server.port, path
    server.stop()


@pytest.fixture
def sent(people: Any, clock: Any, settings: Any, guarded: Any, mailbox: Mailbox) -> Any:
    """`sent(**options)`: how many mails arrived at the guarded server."""
    box, port, _path = guarded
    box.clear()

    def sent(**options: Any) -> int:
        settings.MAILERS = mail_at(port, **options)
        by(people.lender)
        tell(people.lender)
        run(clock)
        return len(box.received)

    return sent


def test_mail_goes_over_tls_with_the_password(sent: Any, guarded: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(guarded[2]))
    assert sent(use_tls=True, username="platform", password="right") == 1


def test_a_server_that_nobody_vouches_for_gets_nothing(sent: Any) -> None:
    assert sent(use_tls=True, username="platform", password="right") == 0
    assert "CERTIFICATE_VERIFY_FAILED" in ChannelPause.objects.get().detail


def test_a_wrong_password_is_the_channels_fault(sent: Any, guarded: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(guarded[2]))
    assert sent(use_tls=True, username="platform", password="wrong") == 0
    assert ChannelPause.objects.get().why == "sign_in_refused"


def test_a_server_without_tls_gets_nothing_where_tls_was_set(
    sent: Any, settings: Any, people: Any, clock: Any, mailbox: Mailbox, mail_server: Any
) -> None:
    settings.MAILERS = mail_at(mail_server[1], use_tls=True)
    by(people.lender)
    tell(people.lender)
    run(clock)
    assert not mailbox.received
    assert ChannelPause.objects.get().why == "server_unreachable"
