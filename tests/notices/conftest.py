"""A mail server and an SMS gateway that are real, on loopback, and people who are told."""

import django

django.setup()

from tests.notices.support import (  # noqa: E402 - models need Django
    clock,
    mail_server,
    mailbox,
    sms,
    sms_server,
)
from tests.trust.consenting.conftest import city  # noqa: E402
from tests.trust.support import firms, people, region, snapshots  # noqa: E402

__all__ = [
    "city", "clock", "firms", "mail_server", "mailbox", "people", "region", "sms", "sms_server",
    "snapshots",
]  # fmt: skip
