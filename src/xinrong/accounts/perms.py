"""Who may do what on the platform itself; what may be known of whom is the gate's business."""

from __future__ import annotations

from xinrong.accounts.enums import Role
from xinrong.accounts.types import Viewer


def can_query_files(viewer: Viewer) -> bool:
    """Everybody with a role may ask the gate for a file; the gate decides what is inside."""
    return viewer.role in Role.values


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


def is_known(viewer: Viewer) -> bool:
    """Whether the viewer is the public or has one of the platform's roles."""
    return viewer.role == "public" or viewer.role in Role.values
