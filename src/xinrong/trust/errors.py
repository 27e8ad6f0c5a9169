"""Why the gate stays shut."""

from __future__ import annotations

from xinrong.domain.errors import XinrongError


class Denied(XinrongError):
    """The viewer may not ask this.

    Codes: denied_role, denied_purpose, denied_stage, denied_subject, denied_revoked, denied_used,
    denied_budget. The denial is itself an audit row; `audit_id` is its number.
    """

    code = "denied"
    audit_id: int | None = None


class GateFault(XinrongError):
    """A product held more than its permits allow. Nothing was released; this is a bug of ours."""

    code = "gate_fault"


class AuditUnavailable(XinrongError):
    """The audit row could not be written, so nothing was released."""

    code = "audit_unavailable"


class ConsentRefused(XinrongError):
    """A consent cannot be given or taken back like this."""

    code = "consent_refused"


class CountRefused(XinrongError):
    """A count is asked for that cannot be, or that this purpose may not learn."""

    code = "count_refused"


class LineageUnknown(XinrongError):
    """It cannot be told what a derived column is made of, or it is declared looser than that is."""

    code = "lineage_unknown"
