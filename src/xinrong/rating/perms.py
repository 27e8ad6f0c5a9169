"""Who answers for scorecards, and who sees how grades lie over all enterprises."""

from __future__ import annotations

from xinrong.accounts.services import Viewer


def can_manage_cards(viewer: Viewer) -> bool:
    """Operators draft, propose, approve and retire; not while they act for somebody else."""
    return viewer.role == "operator" and viewer.person_id is not None and viewer.support_id is None
