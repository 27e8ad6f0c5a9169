"""What can go wrong when somebody looks for an enterprise."""

from __future__ import annotations

from xinrong.domain.errors import XinrongError


class UnknownEnterprise(XinrongError):
    """No enterprise has that code."""

    code = "unknown_enterprise"
