"""Who may ask for a remedy."""

from __future__ import annotations

from xinrong.accounts.services import Viewer
from xinrong.work.services import can_move


def can_ask_correction(viewer: Viewer) -> bool:
    """A proven representative asks for the own enterprise, in person."""
    return viewer.role == "representative" and can_move(viewer)


def can_object(viewer: Viewer) -> bool:
    """A proven representative objects to records of the own enterprise, in person."""
    return viewer.role == "representative" and can_move(viewer)


def can_see_objections(viewer: Viewer) -> bool:
    """The enterprise its own, a department those that it is asked about, the operator all."""
    return viewer.role in ("representative", "data_officer", "operator") and (
        viewer.person_id is not None and viewer.organisation_id is not None
    )


def can_carry_corrections(viewer: Viewer) -> bool:
    """A department sees the corrections that it agreed to and has not sent yet."""
    return viewer.role == "data_officer" and viewer.organisation_id is not None


def can_see_retention(viewer: Viewer) -> bool:
    """The operator runs it, the auditor checks it: numbers, rules and references, no content."""
    return viewer.person_id is not None and viewer.role in ("operator", "auditor")


def can_ask_repair(viewer: Viewer) -> bool:
    """A proven representative applies for the repair of the own enterprise's records, in person."""
    return viewer.role == "representative" and can_move(viewer)


def can_decide_repairs(viewer: Viewer) -> bool:
    """A data officer of the department that determined a record decides on its repair."""
    return viewer.role == "data_officer" and can_move(viewer)


def can_see_repairs(viewer: Viewer) -> bool:
    """The enterprise its own, a department those of what it sent: people, not keys."""
    return viewer.person_id is not None and viewer.role in ("representative", "data_officer")


#: Roles of institutions that keep copies of what they were shown.
_KEEPING = frozenset(
    {"loan_officer", "compliance_officer", "guarantee_officer", "adviser", "data_officer"}
)


def can_see_withdrawals(viewer: Viewer) -> bool:
    """An institution what it was told, the operator who has not answered in time."""
    return viewer.role == "operator" or can_withdraw_copies(viewer)


def can_withdraw_copies(viewer: Viewer) -> bool:
    """Whoever acts for an institution that is shown records, in no support session."""
    own = viewer.role in _KEEPING and viewer.organisation_id is not None
    return own and viewer.support_id is None


def can_list(viewer: Viewer) -> bool:
    """An officer of a department enters enterprises on lists and applies measures, in person."""
    return viewer.role == "data_officer" and can_move(viewer)


def can_see_listings(viewer: Viewer) -> bool:
    """A department sees the entries that are its business, the operator all of them."""
    return viewer.role in ("data_officer", "operator") and (
        viewer.person_id is not None and viewer.organisation_id is not None
    )


def can_see_own_listings(viewer: Viewer) -> bool:
    """An enterprise sees where it stands, what follows from that and how to get off."""
    return viewer.role == "representative" and viewer.person_id is not None
