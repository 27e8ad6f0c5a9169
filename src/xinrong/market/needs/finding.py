"""Whose needs are whose: nobody is shown another's, or learns that there is one."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from xinrong.accounts.services import Viewer
from xinrong.domain.financing import Need, NeedPurpose, Security
from xinrong.domain.money import yuan
from xinrong.market.needs.models import NeedState, StatedNeed
from xinrong.market.needs.questions import QUESTIONS
from xinrong.market.needs.refusals import incomplete, unknown, wrong_state
from xinrong.market.needs.table import ENTERPRISE, FOUNDER, OFFICER
from xinrong.market.perms import can_enter_needs, can_found, can_see_own_needs
from xinrong.subjects import services as subjects


def needs_of(who: Viewer) -> QuerySet[StatedNeed]:
    """The needs that are the viewer's own: of the enterprise, or of a founder; the newest first."""
    if not can_see_own_needs(who):
        return StatedNeed.objects.none()
    return StatedNeed.objects.filter(_own(who)).order_by("-pk")


def needs_of_enterprise(enterprise: int) -> QuerySet[StatedNeed]:
    """What an enterprise has stated and not withdrawn, for whoever may know of it."""
    live = (NeedState.STATED, NeedState.ANSWERED)
    return StatedNeed.objects.filter(enterprise=enterprise, state__in=live).order_by("-pk")


def needs_entered(who: Viewer) -> QuerySet[StatedNeed]:
    """What the own institution wrote down on visits, the newest first."""
    if not can_enter_needs(who):
        return StatedNeed.objects.none()
    return StatedNeed.objects.filter(entered_for=who.organisation_id).order_by("-pk")


def founded_by(who: Viewer) -> QuerySet[StatedNeed]:
    """What a representative stated as a founder, before the firm was registered."""
    if who.role != "representative" or who.person_id is None:
        return StatedNeed.objects.none()
    own = StatedNeed.objects.filter(enterprise=None, person=who.person_id)
    return own.exclude(state=NeedState.WITHDRAWN).order_by("-pk")


def need_for(who: Viewer, number: str, *, lock: bool = False) -> StatedNeed:
    """One need of the viewer's own. Raises MarketRefused (need_unknown) for any other, or none."""
    found = (_locked() if lock else StatedNeed.objects).filter(number=number[:32]).first()
    if found is None or role_in(who, found) is None:
        raise unknown()
    return found


def role_in(who: Viewer, need: StatedNeed) -> str | None:
    """In which role of the table somebody stands to a need; None: it is none of their business."""
    if can_found(who):
        return FOUNDER if need.enterprise_id is None and need.person_id == who.person_id else None
    if who.role == "representative" and who.person_id is not None:
        return ENTERPRISE if need.enterprise_id in _enterprises(who) else None
    if can_enter_needs(who) and need.entered_for_id == who.organisation_id and need.is_draft:
        return OFFICER
    return None


def need_by_number(number: str, *, lock: bool = False) -> StatedNeed:
    """One need, whoever's: for the platform's own steps. Raises MarketRefused (need_unknown)."""
    found = (_locked() if lock else StatedNeed.objects).filter(number=number[:32]).first()
    if found is None:
        raise unknown()
    return found


def need_of(stated: StatedNeed) -> Need:
    """The need that is matched. Raises MarketRefused (need_incomplete) for an unfinished draft."""
    if stated.amount is None or stated.months is None or not stated.purpose:
        lacking = "amount" if stated.amount is None else "months"
        raise incomplete(QUESTIONS[lacking if stated.months is None else "purpose"].title)
    return Need(
        amount=yuan(stated.amount),
        months=stated.months,
        purpose=NeedPurpose(stated.purpose),
        offers=frozenset(Security(one) for one in stated.offers),
        area=stated.area,
        first_time=stated.first_time,
        registered=stated.registered,
        max_rate=stated.max_rate,
    )


def check_stands(stated: StatedNeed) -> None:
    """Raises MarketRefused (need_state) for a draft and for what was withdrawn."""
    if stated.state in (NeedState.DRAFT, NeedState.WITHDRAWN):
        raise wrong_state(stated.state)


def own_enterprise(who: Viewer) -> int:
    """The number of the viewer's own enterprise. Raises UnknownEnterprise."""
    return subjects.enterprise_by_code(who.reference).pk


def _locked() -> QuerySet[StatedNeed]:
    return StatedNeed.objects.select_for_update(of=("self",))


def _own(who: Viewer) -> Q:
    if can_found(who):
        return Q(enterprise=None, person=who.person_id)
    return Q(enterprise__in=_enterprises(who))


def _enterprises(who: Viewer) -> set[int]:
    """The own enterprise, and whichever it was merged into: both are the viewer's."""
    try:
        own = subjects.enterprise_of_code(who.reference).pk
        return {own, own_enterprise(who)}
    except subjects.UnknownEnterprise:
        return set()
