"""Who may do what with financing events."""

from __future__ import annotations

from xinrong.accounts.services import Viewer
from xinrong.market.meeting.models import Meeting
from xinrong.market.perms import can_state_needs
from xinrong.work.services import can_move


def can_organise_meetings(viewer: Viewer) -> bool:
    """Officers of departments and the operator hold financing events, in person."""
    return viewer.role in ("data_officer", "operator") and can_move(viewer)


def organises(viewer: Viewer, meeting: Meeting) -> bool:
    """Whether it is an event of the viewer's own institution."""
    return can_organise_meetings(viewer) and meeting.organiser_id == viewer.organisation_id


def can_answer_for_bank(viewer: Viewer) -> bool:
    """Loan officers answer an invitation for their bank, or for the bank of their outlet."""
    return viewer.role == "loan_officer" and can_move(viewer)


def can_come(viewer: Viewer) -> bool:
    """A proven representative says that the own enterprise comes."""
    return can_state_needs(viewer)


def can_see_meetings(viewer: Viewer) -> bool:
    """Whoever organises, lends or represents an enterprise sees the events meant for them."""
    return (
        can_organise_meetings(viewer)
        or (viewer.role == "loan_officer" and viewer.person_id is not None)
        or (viewer.role == "representative" and viewer.person_id is not None)
    )
