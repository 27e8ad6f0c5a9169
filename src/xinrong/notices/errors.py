"""What a person has to act on, and what a channel says to the worker."""

from __future__ import annotations

from xinrong.domain.errors import XinrongError
from xinrong.domain.text import Text


class NoticeError(XinrongError):
    """Something about notices that a person has to act on; `words` for the page.

    Codes: notice_unknown, message_unknown, number_wrong, number_code, number_waits,
    preference_wrong, path_wrong, kind_unknown, channel_setting.
    """

    code = "notice_refused"
    words: Text | None = None


def refused(code: str, zh: str, en: str, *, do_zh: str = "", do_en: str = "") -> NoticeError:
    """An error in both languages, with what to do next."""
    error = NoticeError(en, remedy=do_en, code=code)
    error.words = Text(zh=f"{zh}{do_zh}", en=str(error))
    return error


class NotSent(XinrongError):
    """A channel did not take a message. `why` is a stable word that the operator's page explains.

    Raised as one of the three below, which say what becomes of the message.
    """

    code = "not_sent"

    def __init__(self, why: str, detail: str = "") -> None:
        self.why = why
        self.detail = detail
        super().__init__(f"{why}: {detail}" if detail else why)


class Later(NotSent):
    """Not now: the same message may pass later."""


class Refused(NotSent):
    """Never: the same message will not pass; somebody has to look."""


class AddressRefused(Refused):
    """Never to this address: it takes no messages at all."""


class ChannelDown(NotSent):
    """The channel itself does not work: no message passes until it does."""
