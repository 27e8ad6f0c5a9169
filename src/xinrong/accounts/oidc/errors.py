"""What can go wrong with an identity service, in words."""

from __future__ import annotations

from xinrong.domain.errors import XinrongError


class IdentityRefused(XinrongError):
    """A sign-in through an identity service does not count.

    Codes: identity_refused (the answer is not genuine, or not for us), identity_stale (begun too
    long ago, elsewhere, or used already), identity_declined (the person or the service said no),
    identity_unlinked (genuine, but nobody here), identity_taken (linked to another person).
    """

    code = "identity_refused"


class IdentityUnreachable(XinrongError):
    """The identity service does not answer, or not as the standard says."""

    code = "identity_unreachable"


class IdentityMisconfigured(XinrongError):
    """The settings of an identity service cannot be right."""

    code = "identity_misconfigured"
