"""Who may do what with requests and consents."""

from __future__ import annotations

from xinrong.accounts.services import Viewer, proof
from xinrong.trust.consenting.states import ASKING, GRANTING


def can_ask_consent(viewer: Viewer) -> bool:
    """Loan officers, guarantee officers and advisers ask, and their institution's keys."""
    return viewer.role in ASKING and viewer.support_id is None


def can_see_asked(viewer: Viewer) -> bool:
    """Whoever may ask sees what the own organisation asked; its compliance officer, too."""
    return viewer.role in ASKING or viewer.role == "compliance_officer"


def can_answer_notice(viewer: Viewer) -> bool:
    """A stop-use notice is answered by a person who may ask, or by the compliance officer."""
    return can_see_asked(viewer) and viewer.support_id is None and viewer.person_id is not None


def can_see_consents(viewer: Viewer) -> bool:
    """An enterprise's consents are seen by its representative, nobody else."""
    return viewer.role in GRANTING


def can_grant(viewer: Viewer) -> bool:
    """A proven representative in person grants, refuses and revokes; no operator does for them.

    A role that rests while two claim the enterprise, or a new legal representative is to be
    confirmed, acts for nobody: accounts see to that.
    """
    return (
        can_see_consents(viewer)
        and viewer.support_id is None
        and viewer.person_id is not None
        and proof.may_bind(viewer)
    )
