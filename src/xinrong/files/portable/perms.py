"""Who may have a portable report."""

from __future__ import annotations

from xinrong.accounts.services import Viewer, proof


def can_see_reports(viewer: Viewer) -> bool:
    """An enterprise's reports are seen by its representative, nobody else."""
    return viewer.role == "representative"


def can_make_reports(viewer: Viewer) -> bool:
    """A proven representative in person makes, fetches and withdraws; no operator does for them."""
    return (
        can_see_reports(viewer)
        and viewer.support_id is None
        and viewer.person_id is not None
        and proof.may_bind(viewer)
    )
