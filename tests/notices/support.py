"""Real servers on loopback, a clock that is set by hand, and what the tests ask of both."""

from __future__ import annotations

import email
import email.policy
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from xinrong.domain.clock import FixedClock
from xinrong.notices.gateway import Box, LocalGateway, Modes
from xinrong.notices.models import Message, Notice, Preference
from xinrong.notices.services import Recipient, deliver, notify

NOW = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)  # ten in the morning in China, a Monday
SITE = "https://credit.example.cn"
SECRET = "a secret of gateway and platform"
NUMBER = "13800000001"


@dataclass
class Mailbox:
    """What a real SMTP server received, and what it is told to answer."""

    received: list[Any] = field(default_factory=list)
    to_recipient: str = ""  # such as "550 5.1.1 no such user"; empty: yes
    to_data: str = ""
    before_data: Any = None  # called when the server has the message and has not said so
    sessions: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        self.sessions += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.to_recipient:
            return self.to_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.to_data:
            return self.to_data
        made = email.message_from_bytes(envelope.content, policy=email.policy.default)
        made.envelope_to = list(envelope.rcpt_tos)
        self.received.append(made)
        return "250 OK"

    def clear(self) -> None:
        self.received.clear()
        self.to_recipient = self.to_data = ""
        self.sessions = 0

    @property
    def bodies(self) -> list[str]:
        return [one.get_content() for one in self.received]


class Server(Controller):
    """On a port that the system chooses."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture(scope="session")
def mail_server() -> Iterator[tuple[Mailbox, int]]:
    """One SMTP server for all tests of a worker."""
    box = Mailbox()
    server = Server(box, hostname="127.0.0.1", port=0)
    server.start()
    yield box, server.port
    server.stop()


@pytest.fixture
def mailbox(mail_server: tuple[Mailbox, int], settings: Any) -> Mailbox:
    """The mail server, empty, and the platform set up to use it."""
    box, port = mail_server
    box.clear()
    settings.SITE = SITE
    settings.MAIL_FROM = "信融 <notice@credit.example.cn>"
    settings.MAILERS = mail_at(port)
    settings.SMS = {}
    return box


def mail_at(port: int, **more: Any) -> dict[str, Any]:
    return {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": port, "timeout": 5, **more},
        }
    }


@pytest.fixture(scope="session")
def sms_server() -> Iterator[LocalGateway]:
    """One SMS gateway for all tests of a worker."""
    gateway = LocalGateway(SECRET)
    gateway.start()
    yield gateway
    gateway.stop()


@pytest.fixture
def sms(sms_server: LocalGateway, settings: Any) -> Box:
    """The SMS gateway, empty, and the platform set up to use it, and no mail server."""
    sms_server.box.messages.clear()
    sms_server.box.modes = Modes()
    sms_server.box.refused = 0
    settings.SITE = SITE
    settings.MAILERS = {}
    settings.SMS = {"url": sms_server.url, "secret": SECRET, "sign": "信融", "timeout": "2"}
    return sms_server.box


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


def tell(who: Any, kind: str = "consent_refused", key: str = "k", **more: Any) -> Notice:
    """Tell a viewer of something; the notice."""
    at = more.pop("at", NOW)
    recipient = Recipient(who.person_id, who.organisation_id, who.role)
    notify(kind, [recipient], path=more.pop("path", "/asked"), key=key, at=at, **more)
    return Notice.objects.get(person=who.person_id, key=key)


def by(who: Any, **choices: Any) -> Preference:
    """What a viewer wants: never quiet, all by mail, unless said otherwise."""
    values = {"mail": "all", "quiet_from": None, "quiet_to": None, **choices}
    row, _ = Preference.objects.update_or_create(person_id=who.person_id, defaults=values)
    return row


def with_number(who: Any, **choices: Any) -> Preference:
    """The same, with a confirmed number, all by SMS."""
    values = {"sms": "all", "mail": "off", "number": NUMBER, "number_at": NOW, **choices}
    return by(who, **values)


def run(clock: FixedClock, **later: float) -> Any:
    """Deliver, after so much time has passed."""
    clock.moment += timedelta(**later)
    return deliver(clock=clock)


def states() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("state", flat=True))


def links(text: str) -> list[str]:
    return re.findall(r"https?://\S+", text)
