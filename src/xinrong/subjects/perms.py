"""Who decides who is who."""

from __future__ import annotations

from xinrong.accounts.enums import Role
from xinrong.accounts.types import Viewer


def can_review_identity(viewer: Viewer) -> bool:
    """The operator decides whom names mean that came without a code, and takes decisions back."""
    return viewer.role == Role.OPERATOR and viewer.person_id is not None
