"""Who may do what with the services of the centre."""

from __future__ import annotations

from xinrong.accounts.services import Viewer
from xinrong.market.perms import can_state_needs
from xinrong.work.services import can_move


def can_ask_for_services(viewer: Viewer) -> bool:
    """A proven representative asks for the own enterprise, in person."""
    return can_state_needs(viewer)


def can_see_own_requests(viewer: Viewer) -> bool:
    """Everybody of the enterprise sees what it asked for."""
    return viewer.role == "representative" and viewer.person_id is not None


def can_give_services(viewer: Viewer) -> bool:
    """Officers of departments take up what their department was asked for, in person."""
    return viewer.role == "data_officer" and can_move(viewer)
