"""What can go wrong when somebody looks for an enterprise."""

from __future__ import annotations

from xinrong.domain.errors import XinrongError


class UnknownEnterprise(XinrongError):
    """No enterprise has that code."""

    code = "unknown_enterprise"


class UnknownSubject(XinrongError):
    """No subject has that number or key."""

    code = "unknown_subject"


class UnknownDecision(XinrongError):
    """No decision on identity has that number."""

    code = "unknown_decision"


class IdentityRefused(XinrongError):
    """The identity map cannot be changed so; nothing was changed."""

    code = "identity_refused"


class UnknownSuccession(XinrongError):
    """No succession has that number."""

    code = "unknown_succession"


class SuccessionRefused(XinrongError):
    """One enterprise cannot follow the other so; nothing was written."""

    code = "succession_refused"


class CountUnknown(XinrongError):
    """Figures of the register are not made by that."""

    code = "count_unknown"
