"""Who may see and do what with notices."""

from __future__ import annotations

from xinrong.accounts.services import Viewer


def can_see_notices(viewer: Viewer) -> bool:
    """Whoever is signed in sees their own; nobody sees another's, in a support session neither."""
    return viewer.person_id is not None and viewer.support_id is None


def can_see_messages(viewer: Viewer) -> bool:
    """The operator sees which messages could not be sent, and sends them again."""
    return can_see_notices(viewer) and viewer.role == "operator"
