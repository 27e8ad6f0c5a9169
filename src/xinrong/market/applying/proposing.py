"""After silence or a refusal another lender is proposed; the enterprise decides, nothing moves.

Proposed is the next of the products that might have the need on the day of the application, in the
order of the published rule: of a lender that is on the platform, was not asked yet for this need
and keeps its time (`lenders.keeps_time`).
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from xinrong.accounts.services import Viewer
from xinrong.domain.clock import day_in_china
from xinrong.domain.process import MoveRefused
from xinrong.domain.text import Text
from xinrong.market.applying.finding import (
    application_of,
    choice_of_need,
    end_what_ended,
    lying_with,
)
from xinrong.market.applying.lenders import here, keeping_time, keeps_time
from xinrong.market.applying.models import Application, Proposal
from xinrong.market.applying.submitting import AT_ONCE, apply
from xinrong.market.applying.table import CONTRACTED_EVENT, NAME, REFUSED_EVENT, SILENT_EVENT
from xinrong.market.applying.telling import tell_proposal
from xinrong.market.matching.shelf import Offered, shelf_on
from xinrong.market.needs.finding import need_by_number
from xinrong.market.needs.models import NeedState
from xinrong.market.needs.refusals import refused
from xinrong.trust.services import consenting
from xinrong.work.services import CaseRefused, Event, move_as_platform, receives

SILENCE, UNANSWERED, REFUSAL = "silence", "unanswered", "refusal"
GRANTED, DECLINED = "granted", "declined"


@receives(SILENT_EVENT, name="market.applying.silent")
def silent(event: Event) -> None:
    """A lender's time ran out: to answer, and later to answer at all."""
    why = UNANSWERED if event.about["ended"] else SILENCE
    propose(str(event.about["number"]), why, now=event.at)


@receives(REFUSED_EVENT, name="market.applying.refused")
def after_refusal(event: Event) -> None:
    """A lender refused: the need goes back into matching."""
    propose(str(event.about["number"]), REFUSAL, now=event.at)


@receives(CONTRACTED_EVENT, name="market.applying.contracted")
def contracted(event: Event) -> None:
    """A contract is signed: the other applications of its need end."""
    own = application_of(str(event.about["number"]))
    for other in Application.objects.filter(need=own.need, ended_at=None).exclude(pk=own.pk):
        try:
            with transaction.atomic():
                move_as_platform(other.number, "supersede", now=event.at)
        except (CaseRefused, MoveRefused):
            continue
    end_what_ended(own.need)


@receives("case_ended", name="market.applying.ended")
def ended(event: Event) -> None:
    """What became of an application's case is written beside it."""
    if event.about["process"] == NAME:
        end_what_ended(application_of(str(event.about["number"])).need)


def propose(number: str, why: str, *, now: datetime) -> Proposal | None:
    """Propose the next lender, once for each reason; None where the need is met or given up."""
    with transaction.atomic():
        application = application_of(number, lock=True)
        stated = need_by_number(application.need, lock=True)
        end_what_ended(application.need)
        if Proposal.objects.filter(application=application, why=why).exists():
            return None
        if stated.state != NeedState.STATED or choice_of_need(application.need) is not None:
            return None
        found = next_for(application, now)
        made = Proposal.objects.create(
            application=application,
            need=application.need,
            enterprise=application.enterprise,
            product="" if found is None else found.product.id,
            lender="" if found is None else found.lender.id,
            why=why,
            made_at=now,
        )
        tell_proposal(made, now=now)
    return made


def next_for(application: Application, now: datetime) -> Offered | None:
    """The product that is proposed next after an application; None where there is none."""
    asked = Application.objects.filter(need=application.need)
    proposed = Proposal.objects.filter(need=application.need).exclude(product="")
    tried = {*asked.values_list("lender", flat=True), *proposed.values_list("lender", flat=True)}
    if lying_with(application.need) >= AT_ONCE:
        return None
    shelf = {one.product.id: one for one in shelf_on(settings.REGION, day_in_china(now)).offered}
    ahead = [shelf[name] for name in application.alternatives if name in shelf]
    lenders = {one.lender.id for one in ahead} - tried
    there, kept = here(lenders), keeping_time(lenders, now)
    for one in ahead:
        name = one.lender.id
        if name in lenders and name in there and keeps_time(kept.get(name)):
            return one
    return None


def proposals_of(who: Viewer) -> QuerySet[Proposal]:
    """What waits for the answer of the viewer's own enterprise, the newest first."""
    if who.role != "representative" or who.person_id is None:
        return Proposal.objects.none()
    rows = Proposal.objects.filter(enterprise__code=who.reference, answer="").exclude(product="")
    return rows.select_related("application__institution").order_by("-pk")


def proposal_for(who: Viewer, proposal: int) -> Proposal:
    """One of them. Raises MarketRefused (proposal_unknown), word for word as for none."""
    found = proposals_of(who).filter(pk=proposal).first()
    if found is None:
        raise refused(
            "proposal_unknown",
            Text(zh="没有这个推荐", en="There is no such proposal"),
            Text(zh="请打开申请列表。", en="Open the list of your applications."),
        )
    return found


def take_up(
    who: Viewer, proposal: int, *, now: datetime, answer: consenting.Answer | None = None,
    office: int | None = None,
) -> Application:  # fmt: skip
    """Apply to the lender that was proposed, with a consent for it. Raises as `apply`."""
    found = proposal_for(who, proposal)
    made = apply(
        who, found.need, found.product, now=now, answer=answer, office=office,
        from_number=found.application.number,
    )  # fmt: skip
    Proposal.objects.filter(pk=found.pk, answer="").update(
        answer=GRANTED, answered_at=now, became=made.number
    )
    return made


def leave(who: Viewer, proposal: int, *, now: datetime) -> None:
    """Not to ask the lender that was proposed. Raises MarketRefused (proposal_unknown)."""
    found = proposal_for(who, proposal)
    Proposal.objects.filter(pk=found.pk, answer="").update(answer=DECLINED, answered_at=now)
