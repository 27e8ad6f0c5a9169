"""Who may do what with cases. The side on which somebody stands decides, not their name."""

from __future__ import annotations

from collections.abc import Iterable

from xinrong.accounts.services import Viewer, proof
from xinrong.work.models import CaseSide

#: Roles of the platform itself: a side without an organisation is open to them.
OPEN_ROLES = frozenset({"operator"})
#: Role of a person -> that of the side on which they stand, too, where they manage.
SUPERVISES = {"loan_officer": "supervisor"}


def has_inbox(viewer: Viewer) -> bool:
    """Whoever is signed in; without a role the page says what will be in it."""
    return viewer.person_id is not None


def side_of(viewer: Viewer, sides: Iterable[CaseSide]) -> CaseSide | None:
    """The side on which a viewer stands: of the own role, in the own organisation.

    A side without an organisation is that of whoever has the role on the platform. Who manages the
    organisation stands on its supervisor's side where it has no other.
    """
    found = list(sides)
    own = [side for role in roles_on_sides(viewer) for side in found if side.role == role]
    for side in own:
        if side.organisation_id is not None and side.organisation_id == viewer.organisation_id:
            return side
    return next(
        (side for side in own if side.organisation_id is None and side.role in OPEN_ROLES), None
    )


def roles_on_sides(viewer: Viewer) -> tuple[str, ...]:
    """The roles of sides on which somebody stands: the own, and that of who manages."""
    above = SUPERVISES.get(viewer.role, "") if viewer.manages else ""
    return (viewer.role, above) if above else (viewer.role,)


def can_move(viewer: Viewer) -> bool:
    """A person moves cases, in the own role: no key, and no operator in a support session.

    A representative whose role rests, while two claim the enterprise, moves nothing.
    """
    return (
        viewer.person_id is not None
        and viewer.organisation_id is not None
        and viewer.support_id is None
        and (viewer.role != "representative" or proof.may_bind(viewer))
    )


def can_see_dead_letters(viewer: Viewer) -> bool:
    """The operator looks after what could not be delivered."""
    return viewer.role == "operator" and viewer.support_id is None
