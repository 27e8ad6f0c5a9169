"""Who may send files, and see what is on its way."""

from __future__ import annotations

from xinrong.accounts import perms
from xinrong.accounts.enums import Role
from xinrong.accounts.types import Viewer


def can_send_files(viewer: Viewer) -> bool:
    """A data officer of a department sends its files."""
    return viewer.role == Role.DATA_OFFICER and perms.is_data_officer_of(viewer, viewer.reference)


def can_send_to(viewer: Viewer, department: str) -> bool:
    """Only through the feeds of the own department."""
    return perms.is_data_officer_of(viewer, department)


def can_see_upload_of(viewer: Viewer, department: str) -> bool:
    """Only the department that sends a file sees it on its way, and may go on with it.

    It holds rows as they were sent, which nobody else has a basis to read.
    """
    return perms.is_data_officer_of(viewer, department)


def can_retract(viewer: Viewer, department: str) -> bool:
    """A batch is taken back by the department that sent it, or by the operator at its request."""
    return perms.can_retract(viewer, department)


def can_see_all_quality(viewer: Viewer) -> bool:
    """The operator sees the quality of every department, in figures; never the rows."""
    return viewer.role == Role.OPERATOR


def can_see_quality(viewer: Viewer) -> bool:
    """The operator, and the data officers of departments: each their own."""
    return perms.can_see_batches(viewer)


def can_see_quality_of(viewer: Viewer, department: str) -> bool:
    """The operator sees any department's quality; a data officer that of the own department."""
    return perms.can_see_batch_of(viewer, department)


def can_acknowledge_alarm(viewer: Viewer, department: str) -> bool:
    """An alarm is looked at by the operator, or by the department whose feed it is about."""
    return viewer.person_id is not None and perms.can_see_batch_of(viewer, department)
