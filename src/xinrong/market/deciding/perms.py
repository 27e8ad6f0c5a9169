"""Who may use the bank's decision aid."""

from __future__ import annotations

from xinrong.accounts.enums import Role
from xinrong.accounts.types import Viewer


def can_allocate(viewer: Viewer) -> bool:
    """Loan officers of a bank, and its compliance officers, who answer for its risks."""
    return (
        viewer.kind == "bank"
        and viewer.role in (Role.LOAN_OFFICER, Role.COMPLIANCE_OFFICER)
        and viewer.person_id is not None
        and viewer.support_id is None
    )
