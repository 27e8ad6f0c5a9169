"""Who may do what on the platform itself; what may be known of whom is the gate's business."""

from __future__ import annotations

from xinrong.accounts.enums import Role
from xinrong.accounts.types import Viewer


def can_query_files(viewer: Viewer) -> bool:
    """Everybody with a role may ask the gate for a file; the gate decides what is inside."""
    return viewer.role in Role.values


def can_reset_factors(viewer: Viewer) -> bool:
    """Operators, two of them together, take the second factors of somebody who lost them."""
    return viewer.role == Role.OPERATOR and viewer.person_id is not None


def can_see_catalogue(viewer: Viewer) -> bool:
    """Everybody may read the catalogue: what is collected, from whom and on which basis."""
    return is_known(viewer)


def can_see_batches(viewer: Viewer) -> bool:
    """The operator sees every batch; a data officer sees those of the own department."""
    return viewer.role in (Role.OPERATOR, Role.DATA_OFFICER)


def can_see_batch_of(viewer: Viewer, department: str) -> bool:
    """The operator sees any batch; a data officer sees those of the own department."""
    return viewer.role == Role.OPERATOR or is_data_officer_of(viewer, department)


def can_see_quarantine(viewer: Viewer, department: str) -> bool:
    """Only the department that sent a row sees it in quarantine.

    The row is as it was sent, with every field: nobody else has a basis to read it.
    """
    return is_data_officer_of(viewer, department)


def can_retract(viewer: Viewer, department: str) -> bool:
    """A batch is taken back by the department that sent it, or by the operator at its request."""
    return viewer.role == Role.OPERATOR or is_data_officer_of(viewer, department)


def is_data_officer_of(viewer: Viewer, department: str) -> bool:
    """Whether the viewer is a data officer of this department."""
    return (
        viewer.role == Role.DATA_OFFICER
        and viewer.kind == "department"
        and bool(department)
        and viewer.reference == department
    )


def is_signed_in(viewer: Viewer) -> bool:
    """Whether a person looks, with a role or without."""
    return viewer.person_id is not None


def acts_for_somebody(viewer: Viewer) -> bool:
    """Whether a person looks who acts for an organisation now."""
    return viewer.person_id is not None and viewer.organisation_id is not None


def can_manage(viewer: Viewer) -> bool:
    """Who manages an organisation sees and changes its people and keys; no support session does."""
    return acts_for_somebody(viewer) and viewer.manages and viewer.support_id is None


def can_support(viewer: Viewer) -> bool:
    """Operators ask for support sessions, nod to each other's, and begin their own."""
    return acts_for_somebody(viewer) and viewer.role == Role.OPERATOR and viewer.support_id is None


def can_organise(viewer: Viewer) -> bool:
    """Operators take institutions in, rename and close them, outside of any support session."""
    return can_support(viewer)


def is_known(viewer: Viewer) -> bool:
    """Whether the viewer is the public or has one of the platform's roles."""
    return viewer.role == "public" or viewer.role in Role.values


def can_claim(viewer: Viewer) -> bool:
    """Whoever is signed in may claim to represent an enterprise; never in a support session."""
    return viewer.person_id is not None and viewer.support_id is None


def can_check_claims(viewer: Viewer) -> bool:
    """The operator checks who represents whom; proof refuses whoever is a party."""
    return viewer.role == Role.OPERATOR and can_claim(viewer)
