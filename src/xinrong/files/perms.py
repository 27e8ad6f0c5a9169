"""Who may ask about many clients at once; what each shows is the gate's business."""

from __future__ import annotations

from xinrong.accounts.services import Viewer
from xinrong.files.portable.perms import can_make_reports, can_see_reports

__all__ = ["ASKING", "can_ask_batches", "can_make_reports", "can_see_reports"]

#: Roles with clients of their own.
ASKING = frozenset({"loan_officer", "guarantee_officer", "adviser"})


def can_ask_batches(viewer: Viewer) -> bool:
    """Lenders, guarantors and advisers, and their institution's keys; in no support session."""
    return viewer.role in ASKING and viewer.support_id is None
