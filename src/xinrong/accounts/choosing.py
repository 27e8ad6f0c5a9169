"""For whom a session acts: one of the person's organisations, or one that is being supported.

The session's key changes with it: a key that was known before opens nothing in the new role.
"""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest

from xinrong.accounts.acting import CHOSEN, MARK, SUPPORT, roles_of
from xinrong.accounts.errors import refused
from xinrong.accounts.mfa.models import SignedIn
from xinrong.accounts.mfa.sessions import MARK as SECOND_FACTOR
from xinrong.accounts.mfa.sessions import row_of
from xinrong.accounts.models import Membership, Person, SupportSession
from xinrong.accounts.scoping import everywhere
from xinrong.accounts.support.standing import standing
from xinrong.accounts.types import Viewer


def choose_organisation(request: HttpRequest, organisation: int) -> Membership:
    """Act for this organisation from now on. Raises PeopleRefused where the person has no role.

    What the session remembered for another organisation (purposes, stages) is forgotten.
    """
    person = request.user
    found = None
    if isinstance(person, Person):
        found = roles_of(person).filter(organisation_id=organisation).first()
    if found is None:
        raise refused(
            "no_role_there",
            "您在该机构没有角色。",
            "you have no role there",
            "请从列出的机构中选择。",
            "Choose one of those listed.",
        )
    _turn(request, {CHOSEN: found.organisation_id})
    return found


def enter_support(request: HttpRequest, session: SupportSession) -> None:
    """Act in a support session that has begun; its end leads back to the own organisation."""
    kept = {CHOSEN: request.session[CHOSEN]} if CHOSEN in request.session else {}
    _turn(request, {**kept, SUPPORT: session.key})


def leave_support(request: HttpRequest) -> None:
    """Act for the own organisation again."""
    kept = {CHOSEN: request.session[CHOSEN]} if CHOSEN in request.session else {}
    _turn(request, kept)


def support_of(viewer: Viewer, *, now: datetime) -> SupportSession | None:
    """The running support session in which this viewer acts, for the banner."""
    if viewer.support_id is None or viewer.organisation_id is None:
        return None
    running = standing(now).filter(pk=viewer.support_id, organisation_id=viewer.organisation_id)
    return running.first()


def all_roles(person: int) -> list[Membership]:
    """Every role of the person, those that rest as well, the first joined first."""
    own = everywhere(Membership, because="a person's own roles, whichever the organisation")
    return list(own.filter(person_id=person).select_related("organisation").order_by("pk"))


def _turn(request: HttpRequest, keep: dict[str, int | str]) -> None:
    """Another organisation, another session: who signed in how stays, all else goes."""
    session = request.session
    for name in list(session.keys()):
        if not name.startswith("_") and name != SECOND_FACTOR:  # Django's own begin so
            del session[name]
    session.update(keep)
    session.cycle_key()
    SignedIn.objects.filter(pk=row_of(session)).update(session_key=session.session_key)
    if hasattr(request, MARK):
        delattr(request, MARK)
