"""What can go wrong with accounts, in words."""

from __future__ import annotations

from xinrong.domain.errors import XinrongError


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
