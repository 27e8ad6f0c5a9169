"""What can go wrong with accounts, in words."""

from __future__ import annotations

from xinrong.domain.errors import XinrongError
from xinrong.domain.text import Text


class AccountError(XinrongError):
    """An organisation, a person or a key cannot be made or found like this."""

    code = "account_error"


class SignInRefused(XinrongError):
    """E-mail address and password do not belong together. Never says which of the two."""

    code = "sign_in_refused"


class SignInLocked(SignInRefused):
    """Too many attempts; the answer is the same whether or not the account exists."""

    code = "sign_in_locked"


class KeyRefused(XinrongError):
    """An API key does not open anything. Codes: key_unknown, key_expired, key_revoked."""

    code = "key_unknown"


class PeopleRefused(AccountError):
    """Managing people, keys or support did not go through. `words` says why and what to do."""

    code = "people_refused"

    def __init__(self, code: str, wrong: Text, remedy: Text) -> None:
        self.words = Text(zh=f"{wrong.zh}{remedy.zh}", en=f"{wrong.en}. {remedy.en}")
        super().__init__(wrong.en, remedy=remedy.en, code=code)


def closed(name: str) -> PeopleRefused:
    """That an organisation is closed: nobody joins it, and no key is made for it."""
    return refused(
        "organisation_closed",
        "该机构已关闭。",
        f"{name} is closed",
        "如仍有业务，请由平台操作员重新启用。",
        "Let an operator open it again if it still has work here.",
    )


def refused(code: str, zh: str, en: str, then_zh: str, then_en: str) -> PeopleRefused:
    """The error, its words side by side."""
    return PeopleRefused(code, Text(zh=zh, en=en), Text(zh=then_zh, en=then_en))
