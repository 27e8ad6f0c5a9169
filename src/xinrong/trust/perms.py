"""Who may read the trail of queries; what may be known of whom is the gate's business."""

from __future__ import annotations

from xinrong.accounts.services import Viewer
from xinrong.trust.consenting.perms import (
    can_answer_notice,
    can_ask_consent,
    can_grant,
    can_see_asked,
    can_see_consents,
)

__all__ = [
    "can_answer_doubts",
    "can_answer_notice",
    "can_ask_consent",
    "can_audit",
    "can_count",
    "can_doubt",
    "can_grant",
    "can_see_asked",
    "can_see_chain",
    "can_see_consents",
    "can_see_trail",
    "can_see_usage",
]

#: Roles that read the trail of their own side.
OWN = {"representative", "compliance_officer"}
#: Roles whose work needs counts over many enterprises.
COUNTING = {"loan_officer", "guarantee_officer", "data_officer", "auditor", "operator"}


def can_see_trail(viewer: Viewer) -> bool:
    """An enterprise who asked about it, a compliance officer who asked for it, an auditor all."""
    return viewer.person_id is not None and (viewer.role in OWN or viewer.role == "auditor")


def can_see_chain(viewer: Viewer) -> bool:
    """The auditor and the operator see how the audit chain stands."""
    return viewer.person_id is not None and viewer.role in ("auditor", "operator")


def can_audit(viewer: Viewer) -> bool:
    """Only an auditor verifies the chain and has a query reproduced."""
    return viewer.person_id is not None and viewer.role == "auditor"


def can_doubt(viewer: Viewer) -> bool:
    """An enterprise reports a query that it doubts."""
    return viewer.person_id is not None and viewer.role == "representative"


def can_answer_doubts(viewer: Viewer) -> bool:
    """The compliance officer of whoever asked answers a doubt."""
    return viewer.person_id is not None and viewer.role == "compliance_officer"


def can_see_usage(viewer: Viewer) -> bool:
    """Operator and regulator see every account, a compliance officer those of the own side."""
    return viewer.person_id is not None and (
        viewer.role in ("operator", "auditor", "compliance_officer")
    )


def can_count(viewer: Viewer) -> bool:
    """Banks, guarantors, departments, regulators and the operator count over many enterprises.

    Which columns each may learn of in aggregate is the gate's business.
    """
    return viewer.role in COUNTING
