"""Who may see which figures of financing."""

from __future__ import annotations

from xinrong.accounts.enums import Role
from xinrong.accounts.types import Viewer


def can_see_own_league(viewer: Viewer) -> bool:
    """A bank's loan and compliance officers see the exact figures of their own bank."""
    return (
        viewer.kind == "bank"
        and viewer.role in (Role.LOAN_OFFICER, Role.COMPLIANCE_OFFICER)
        and viewer.person_id is not None
    )
