"""The owner begins a need for its project: sum and months are filled in, the rest is asked."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from xinrong.accounts.services import Viewer
from xinrong.domain.clock import day_in_china
from xinrong.domain.money import yuan
from xinrong.market.needs.drafting import answer, draft
from xinrong.market.needs.models import NeedState, StatedNeed
from xinrong.market.needs.prefilling import prefilled_for
from xinrong.market.needs.refusals import not_for_role
from xinrong.market.perms import can_state_needs
from xinrong.market.projects.finding import is_listed, project_for
from xinrong.market.projects.models import ProjectNeed
from xinrong.market.projects.refusals import not_listed


def begin_need(who: Viewer, number: str, *, now: datetime) -> StatedNeed:
    """A draft for a project of the own enterprise that is on the list; one that waits, again.

    From then on it is a need like any other. Raises MarketRefused: need_role, project_unknown,
    project_not_listed, needs_many.
    """
    if not can_state_needs(who):
        raise not_for_role()
    day = day_in_china(now)
    if not is_listed(project_for(who, number), day):
        raise not_listed()
    prefilled = prefilled_for(who, as_of=day)  # asks the gate: outside of the transaction
    with transaction.atomic():
        project = project_for(who, number, lock=True)
        if not is_listed(project, day):
            raise not_listed()
        waiting = StatedNeed.objects.filter(
            number__in=project.needs.values("need"), state=NeedState.DRAFT
        ).first()
        if waiting is not None:
            return waiting
        made = draft(who, now=now, prefilled=prefilled, reference=project.number)
        amount = f"{yuan(project.amount):f}"
        answer(who, made.number, "amount", {"amount": [amount]}, now=now)
        made = answer(who, made.number, "months", {"months": [str(project.months)]}, now=now)
        ProjectNeed.objects.create(
            project=project, need=made.number, by_id=who.person_id or 0, at=now
        )
    return made
