"""Who may see how the computing of profiles goes; what profiles say is the gate's business."""

from __future__ import annotations

from xinrong.accounts.enums import Role
from xinrong.accounts.services import Viewer


def can_see_aside(viewer: Viewer) -> bool:
    """The operator sees which enterprises could not be computed, and why: no value of theirs."""
    return viewer.role == Role.OPERATOR
