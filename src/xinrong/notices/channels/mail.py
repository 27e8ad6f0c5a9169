"""E-mail by Django's SMTP backend: what the server says becomes what happens to the message."""

from __future__ import annotations

import re
import smtplib
from contextlib import suppress
from email.utils import parseaddr

from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage, mailers
from django.core.mail.backends.base import BaseEmailBackend

from xinrong.notices.channels.port import Outgoing
from xinrong.notices.errors import AddressRefused, ChannelDown, Later, NotSent, Refused

#: Answers to RCPT that speak of the mailbox itself (RFC 5321, 4.2.3): there is none, or no more.
NO_MAILBOX = frozenset({550, 551, 553})
#: Enhanced codes that speak of policy instead (RFC 3463): the address may be a good one.
POLICY = re.compile(rb"\s*5\.7\.")


class MailChannel:
    """Sends over one connection, opened when the first message leaves."""

    def __init__(self, sender: str) -> None:
        self._sender = sender
        self._domain = parseaddr(sender)[1].rpartition("@")[2]
        self._connection: BaseEmailBackend | None = None

    def send(self, message: Outgoing) -> None:
        """Hand a message to the server. Raises NotSent."""
        mail = self._mail(message)
        try:
            if self._connection is None:
                self._connection = mailers["default"]
                self._connection.open()
            self._connection.send_messages([mail])
        except ImproperlyConfigured as error:
            raise ChannelDown("settings_wrong", str(error)[:200]) from error
        except (smtplib.SMTPException, OSError) as error:  # first: a wrong certificate is both
            raise self._said(error) from error
        except ValueError as error:  # a line break in a header, or an address that is none
            raise Refused("message_malformed", str(error)[:200]) from error

    def close(self) -> None:
        """Say goodbye to the server."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(smtplib.SMTPException, OSError):
                connection.close()

    def _mail(self, message: Outgoing) -> EmailMessage:
        body = "\n\n".join((*message.lines, message.link, f"-- \n{message.settings_link}"))
        headers = {
            "Message-ID": f"<{message.name}@{self._domain}>",
            "Auto-Submitted": "auto-generated",
            "Content-Language": message.language,
            "List-Unsubscribe": f"<{message.settings_link}>",
        }
        return EmailMessage(
            message.subject, f"{body}\n", self._sender, [message.to], headers=headers
        )

    def _said(self, error: Exception) -> NotSent:
        """What the server's answer means for the message, the address or the channel."""
        if isinstance(error, smtplib.SMTPRecipientsRefused):
            code, text = next(iter(error.recipients.values()))
            return _of_recipient(code, text)
        if isinstance(error, smtplib.SMTPDataError):
            meaning = Refused if error.smtp_code >= 500 else Later
            return meaning("message_refused", _readable(error.smtp_code, error.smtp_error))
        self.close()  # what is left of the connection is worth nothing
        if isinstance(error, smtplib.SMTPAuthenticationError):
            return ChannelDown("sign_in_refused", _readable(error.smtp_code, error.smtp_error))
        if isinstance(error, smtplib.SMTPResponseException):
            return ChannelDown("server_refused", _readable(error.smtp_code, error.smtp_error))
        return ChannelDown("server_unreachable", f"{type(error).__name__}: {error}"[:200])


def _of_recipient(code: int, text: bytes | str) -> NotSent:
    said = _readable(code, text)
    raw = text if isinstance(text, bytes) else text.encode(errors="replace")
    if code in NO_MAILBOX and not POLICY.match(raw):
        return AddressRefused("address_refused", said)
    if code >= 500 and code != 552:  # 552: the mailbox is full, and may not be tomorrow
        return Refused("message_refused", said)
    return Later("server_busy", said)


def _readable(code: int, text: bytes | str) -> str:
    words = text.decode(errors="replace") if isinstance(text, bytes) else text
    return f"{code} {' '.join(words.split())}"[:200]
