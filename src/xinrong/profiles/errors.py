"""What can be wrong with an indicator's definition, or with asking for a profile."""

from __future__ import annotations

from xinrong.domain.errors import XinrongError


class DefinitionError(XinrongError):
    """A definition that says something that no indicator may say."""

    code = "indicator_definition"


class UnknownIndicator(XinrongError):
    """There is no indicator of that name in this region."""

    code = "unknown_indicator"


class NoProfile(XinrongError):
    """No profile of all enterprises was ever made."""

    code = "no_profile"
