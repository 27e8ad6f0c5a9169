"""What can go wrong with alerts, in words."""

from __future__ import annotations

from xinrong.domain.errors import XinrongError


class UnknownAlert(XinrongError):
    """There is no such alert, or it is about another institution's staff."""

    code = "unknown_snoop_alert"


class DecisionRefused(XinrongError):
    """An alert cannot be decided like this."""

    code = "snoop_decision"
