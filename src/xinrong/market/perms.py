"""Who may do what in the market. What may be known of whom is the gate's business."""

from __future__ import annotations

from xinrong.accounts.services import Organisation, Viewer
from xinrong.work.services import can_move


def can_state_needs(viewer: Viewer) -> bool:
    """A proven representative states needs of the own enterprise, in person."""
    return viewer.role == "representative" and can_move(viewer)


def can_found(viewer: Viewer) -> bool:
    """Whoever is signed in and acts for nobody may state the need of a firm yet to be registered.

    A person who acts for a bank or a department does it from an account that does not.
    """
    return (
        viewer.person_id is not None and viewer.organisation_id is None and viewer.role == "public"
    )


def can_draft_needs(viewer: Viewer) -> bool:
    """Who states needs of their own: for an enterprise, or for a firm yet to be registered."""
    return can_state_needs(viewer) or can_found(viewer)


def can_see_own_needs(viewer: Viewer) -> bool:
    """Everybody of the enterprise sees its needs, a founder the own."""
    return can_found(viewer) or (viewer.role == "representative" and viewer.person_id is not None)


def can_enter_needs(viewer: Viewer) -> bool:
    """Officers of departments, operators and advisers write down needs on visits, in person."""
    return viewer.role in ("data_officer", "operator", "adviser") and can_move(viewer)


def can_see_applications(viewer: Viewer) -> bool:
    """The own enterprise's; a lender's own and its outlets'; the operator sees every one."""
    return viewer.person_id is not None and viewer.role in (
        "representative",
        "loan_officer",
        "operator",
    )


def can_work_applications(viewer: Viewer) -> bool:
    """A loan officer answers what the own bank or outlet was sent, in person."""
    return viewer.role == "loan_officer" and can_move(viewer)


def can_see_stuck(viewer: Viewer) -> bool:
    """The operator sees what is late with whichever lender, and sees every deal to its end."""
    return viewer.role == "operator" and viewer.support_id is None


def can_publish_questionnaires(viewer: Viewer) -> bool:
    """Departments and operators ask the enterprises of a district what they need, in person."""
    return viewer.role in ("data_officer", "operator") and can_move(viewer)


def can_keep_projects(viewer: Viewer) -> bool:
    """Departments and operators keep a list of key projects, in person."""
    return viewer.role in ("data_officer", "operator") and can_move(viewer)


def can_see_own_projects(viewer: Viewer) -> bool:
    """Everybody of the enterprise sees the key projects that it owns."""
    return viewer.role == "representative" and viewer.person_id is not None


def can_see_projects(viewer: Viewer) -> bool:
    """Whoever keeps a list of key projects, or may own one of them."""
    return can_keep_projects(viewer) or can_see_own_projects(viewer)


def can_lend(viewer: Viewer) -> bool:
    """A loan officer of a bank or an outlet, in person."""
    return viewer.role == "loan_officer" and viewer.person_id is not None


def can_see_fit_names(viewer: Viewer, lender: str) -> bool:
    """A loan officer of the lender itself, or of one of its outlets, in person."""
    return can_lend(viewer) and (
        Organisation.objects.filter(
            pk__in=viewer.grantees, kind="bank", reference=lender, closed_at=None
        ).exists()
    )


def can_see_links(viewer: Viewer) -> bool:
    """The operator looks after the links to banks' own systems."""
    return viewer.role == "operator" and viewer.support_id is None


def can_see_own_link(viewer: Viewer) -> bool:
    """The operator, and a bank's loan officers: how the link of their own bank stands."""
    return can_see_links(viewer) or can_lend(viewer)


def can_ask_for_services(viewer: Viewer) -> bool:
    """A proven representative asks the service centre for the own enterprise, in person."""
    return can_state_needs(viewer)


def can_see_own_requests(viewer: Viewer) -> bool:
    """Everybody of the enterprise sees which services it asked for."""
    return viewer.role == "representative" and viewer.person_id is not None


def can_give_services(viewer: Viewer) -> bool:
    """Officers of departments take up what their department was asked for, in person."""
    return viewer.role == "data_officer" and can_move(viewer)
