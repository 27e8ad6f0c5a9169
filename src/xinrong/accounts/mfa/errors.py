"""What can go wrong with a second factor, in words."""

from __future__ import annotations

from xinrong.domain.errors import XinrongError


class FactorRefused(XinrongError):
    """A second factor cannot be used, added or removed like this.

    Codes: code_wrong, passkey_refused, factor_unknown, factor_last, factor_exists,
    reset_refused, factor_unreadable.
    """

    code = "code_wrong"
