"""An enterprise applies for a product with a need that it has stated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from xinrong.accounts.services import Organisation, Viewer
from xinrong.domain.calendars import Calendar
from xinrong.domain.clock import day_in_china
from xinrong.domain.financing import Need
from xinrong.domain.money import fen
from xinrong.domain.process import due, working_days
from xinrong.domain.text import Text
from xinrong.market.applying.finding import choice_of_need, end_what_ended, lying_with
from xinrong.market.applying.lenders import bank_of, offered_now
from xinrong.market.applying.letting_look import let_look
from xinrong.market.applying.models import Application, Loan
from xinrong.market.applying.placing import place
from xinrong.market.applying.table import NAME
from xinrong.market.errors import MarketRefused
from xinrong.market.matching.shelf import Offered
from xinrong.market.needs.finding import need_for, need_of
from xinrong.market.needs.models import NeedState, StatedNeed
from xinrong.market.needs.refusals import refused
from xinrong.market.perms import can_state_needs
from xinrong.market.released import match_of
from xinrong.trust.services import Purpose, consenting
from xinrong.work.services import Case, calendar_here, open_case

#: Lenders with whom one need lies at the same time, those who are late not counted.
AT_ONCE = 5
#: Products that are kept with an application, from which the next lender is proposed.
REMEMBERED = 100


@dataclass(frozen=True)
class Asked:
    """What an application is for, checked: the product, where it goes, who else would have it."""

    stated: StatedNeed
    need: Need
    offered: Offered
    office: Organisation
    alternatives: tuple[str, ...]


def apply(
    who: Viewer,
    need: str,
    product: str,
    *,
    now: datetime,
    office: int | None = None,
    answer: consenting.Answer | None = None,
    from_number: str = "",
    calendar: Calendar | None = None,
) -> Application:
    """Send a need of the own enterprise to the lender of a product, and let that lender look.

    `office` is the lender or an outlet of it (id); None: where the published rule sends the need
    (`placing`). `answer` what was ticked of what it may see, not needed where a consent stands. The
    same again gives what is there.
    Not inside a transaction of the caller: the gate is asked how the product matches.

    Raises MarketRefused (application_role, need_unknown, need_state, product_unknown,
    lender_not_here, office_unknown, not_admitted, need_settled, application_there,
    applications_many, consent_needed), ConsentRefused, Denied.
    """
    asked = _asked(who, need, product, office, now)
    try:
        with transaction.atomic():
            return _submitted(who, asked, answer, from_number, now, calendar)
    except IntegrityError:
        raise _there() from None


def _asked(who: Viewer, need: str, product: str, office: int | None, now: datetime) -> Asked:
    if not can_state_needs(who):
        raise refused(
            "application_role",
            Text(
                zh="只有本企业经核验的代表可以申请贷款",
                en="Only a proven representative of the enterprise applies for a loan",
            ),
            Text(zh="请先证明您代表该企业。", en="Prove first that you represent it."),
        )
    stated = need_for(who, need)
    if stated.enterprise_id is None or stated.state != NeedState.STATED:
        raise _not_stated(stated)
    day = day_in_china(now)
    offered = offered_now(product, day)
    where = place(stated, bank_of(offered.lender.id), office).office
    matched = match_of(
        who, stated.enterprise_id, need_of(stated), Purpose.SELF, as_of=day
    ).content.matched
    if product not in {fit.name for fit in (*matched.admitted, *matched.open)}:
        raise refused(
            "not_admitted",
            Text(
                zh="这个产品不适用于这个需求，理由见匹配结果",
                en="This product is not for this need; the answers say why",
            ),
            Text(
                zh="请选择“可以申请”的产品，或修改需求。",
                en="Choose one that admits it, or state another need.",
            ),
        )
    fits = (*matched.admitted, *matched.open)
    others = tuple(fit.name for fit in fits if fit.name != product)
    return Asked(stated, need_of(stated), offered, where, others)


def _submitted(
    who: Viewer,
    asked: Asked,
    answer: consenting.Answer | None,
    from_number: str,
    now: datetime,
    calendar: Calendar | None,
) -> Application:
    stated = need_for(who, asked.stated.number, lock=True)  # two at once: one after the other
    end_what_ended(stated.number)
    same = Application.objects.filter(need=stated.number, ended_at=None)
    there = same.filter(product=asked.offered.product.id).first()
    if there is not None:
        return there
    _check_room(stated, lying_with(stated.number))
    enterprise, office = stated.enterprise_id, asked.office
    assert enterprise is not None  # as _asked says
    request = let_look(
        who, enterprise, office, asked.offered.product.title.zh, answer, now=now
    )  # fmt: skip
    case = _opened(who, asked, enterprise, now, calendar)
    return Application.objects.create(
        number=case.number,
        need=stated.number,
        enterprise_id=enterprise,
        organisation=office,
        institution_id=office.parent_id or office.pk,
        lender=asked.offered.lender.id,
        product=asked.offered.product.id,
        version=asked.offered.number,
        rate_high=asked.offered.high,
        answer_days=asked.offered.terms.answer_days,
        money_days=asked.offered.terms.money_days,
        amount=fen(asked.need.amount),
        months=asked.need.months,
        purpose=str(asked.need.purpose),
        first_time=_first_time(enterprise, asked.need),
        alternatives=list(asked.alternatives)[:REMEMBERED],
        from_number=from_number,
        consent_request=request,
        submitted_at=now,
    )


def _opened(
    who: Viewer, asked: Asked, enterprise: int, now: datetime, calendar: Calendar | None
) -> Case:
    office = asked.office
    return open_case(
        NAME,
        "submit",
        who,
        sides={
            "representative": [who.organisation_id],
            "loan_officer": [office.pk],
            "supervisor": [office.parent_id or office.pk],
            "operator": [None],
        },
        enterprise=enterprise,
        data={
            "need": asked.stated.number,
            "product": asked.offered.product.id,
            "lender": asked.offered.lender.id,
            "office": office.pk,
        },
        moments={"answer_by": answer_by(asked.offered.terms.answer_days, now, calendar)},
        now=now,
        calendar=calendar,
    )


def answer_by(days: int, since: datetime, calendar: Calendar | None = None) -> datetime:
    """The end of the days in which a product promises an answer; one working day at least."""
    return due(working_days(max(days, 1)), since, calendar or calendar_here()).at


def _first_time(enterprise: int, need: Need) -> bool:
    """Whether it would be the first loan: the enterprise says so, and none was made here."""
    return need.first_time is True and not Loan.objects.filter(
        application__enterprise=enterprise, payments__isnull=False
    ).exists()  # fmt: skip


def _check_room(stated: StatedNeed, there: int) -> None:
    """Raises MarketRefused for a need that is met, or that lies with enough lenders."""
    if choice_of_need(stated.number) is not None:
        raise refused(
            "need_settled",
            Text(zh="这个需求已选定报价", en="An offer was chosen for this need already"),
            Text(zh="另有需要时请提出新的需求。", en="State another need if you have one."),
        )
    if there >= AT_ONCE:
        raise refused(
            "applications_many",
            Text(
                zh=f"这个需求已同时申请 {AT_ONCE} 家",
                en=f"This need lies with {AT_ONCE} lenders already",
            ),
            Text(zh="请先等待答复或撤回其中一个。", en="Wait for an answer, or withdraw one."),
        )


def _not_stated(stated: StatedNeed) -> MarketRefused:
    if stated.enterprise_id is None:
        return refused(
            "need_unregistered",
            Text(
                zh="企业登记注册之后才能申请", en="A firm applies once it is registered"
            ),
            Text(
                zh="登记后用企业账户接收这个需求，再申请。",
                en="Register it, take the need over with the firm's account, then apply.",
            ),
        )  # fmt: skip
    return refused(
        "need_state",
        Text(
            zh="这个需求还没有提出，或已经了结",
            en="The need is not stated yet, or settled already",
        ),
        Text(zh="请先提出需求。", en="State the need first."),
    )


def _there() -> MarketRefused:
    return refused(
        "application_there",
        Text(zh="这个需求已向这个产品提出申请", en="This need was sent to this product already"),
        Text(zh="请打开申请列表。", en="Open the list of your applications."),
    )
