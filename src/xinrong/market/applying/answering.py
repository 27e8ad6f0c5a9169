"""A lender answers: it takes a file on, looks into it, offers, or refuses with its reasons."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from xinrong.accounts.services import Viewer
from xinrong.domain.calendars import Calendar
from xinrong.domain.clock import day_in_china, midnight_after
from xinrong.domain.financing import Security
from xinrong.domain.loans import LoanTerms, all_in_cost, kept
from xinrong.domain.text import Text
from xinrong.market.applying.models import Application, Offer, Refusal
from xinrong.market.applying.reasons import REASONS
from xinrong.market.applying.steps import answered, held, step
from xinrong.market.applying.submitting import answer_by
from xinrong.market.applying.table import ACCEPTED, DILIGENCE, REFUSED
from xinrong.market.needs.refusals import refused
from xinrong.work.services import move

#: For how many days an offer stands: from the day after to so many days later.
LEAST_DAYS, MOST_DAYS = 3, 90
LONGEST_NOTE = 500
_HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Offering:
    """What a lender offers: the whole of the terms, until the end of a day."""

    terms: LoanTerms
    valid_until: date
    security: tuple[Security, ...] = ()
    note: str = ""


def accept(
    who: Viewer, number: str, *, now: datetime, version: int | None = None, text: str = "",
    calendar: Calendar | None = None,
) -> Application:  # fmt: skip
    """Take a file on: from now on the clock of the product's own answer time runs.

    Repeated, it changes nothing. Raises CaseRefused, MoveRefused.
    """
    with step(number, now):
        application, case = held(who, number)
        if case.state == ACCEPTED:
            return application
        move(number, "accept", who, version=version, now=now, text=text, calendar=calendar,
             moments={"answer_by": answer_by(application.answer_days, now, calendar)})  # fmt: skip
        answered(application, now)
    return application


def investigate(
    who: Viewer, number: str, *, now: datetime, version: int | None = None, text: str = "",
    calendar: Calendar | None = None,
) -> Application:  # fmt: skip
    """Begin due diligence. Raises MoveRefused (move_guard) without a query before the loan."""
    with step(number, now):
        application, case = held(who, number)
        if case.state != DILIGENCE:
            move(number, "investigate", who, version=version, now=now, text=text,
                 calendar=calendar)  # fmt: skip
    return application


def ask_more(
    who: Viewer, number: str, text: str, *, now: datetime, version: int | None = None,
    calendar: Calendar | None = None,
) -> Application:  # fmt: skip
    """Ask the enterprise for what is missing, once. Raises CaseRefused, MoveRefused."""
    with step(number, now):
        application, _ = held(who, number)
        move(number, "ask_more", who, version=version, now=now, text=text, calendar=calendar)
    return application


def check_offer(application: Application, offering: Offering, now: datetime) -> Decimal:
    """The all-in annual cost of what would be offered, as a fraction.

    Raises MarketRefused (offer_above_need, offer_above_range, offer_days, offer_note), BadTerms
    and what `domain.loans.all_in_cost` raises.
    """
    terms = offering.terms
    if terms.amount_fen > application.amount:
        raise refused(
            "offer_above_need",
            Text(
                zh=f"报价金额 {terms.amount:,.2f} 元超过企业申请的 "
                f"{application.amount / 100:,.2f} 元",
                en=f"{terms.amount:,.2f} yuan are more than the {application.amount / 100:,.2f} "
                "that the enterprise asked for",
            ),
            Text(zh="请报不超过申请的金额。", en="Offer what was asked for, or less."),
        )
    if terms.rate * _HUNDRED > application.rate_high:
        raise refused(
            "offer_above_range",
            Text(
                zh=f"利率 {terms.rate * _HUNDRED:.2f}% 高于产品公布的最高利率 "
                f"{application.rate_high:.2f}%",
                en=f"{terms.rate * _HUNDRED:.2f} % is above the {application.rate_high:.2f} % that "
                "the product publishes as its highest rate",
            ),
            Text(zh="请在公布的范围内报价。", en="Stay within what was published."),
        )
    today = day_in_china(now)
    first, last = today + timedelta(LEAST_DAYS), today + timedelta(MOST_DAYS)
    if not first <= offering.valid_until <= last:
        raise refused(
            "offer_days",
            Text(
                zh=f"报价有效期至 {offering.valid_until}，应在 {first} 至 {last} 之间",
                en=f"an offer until {offering.valid_until} is not one until {first} to {last}",
            ),
            Text(zh="请另选一天。", en="Choose another day."),
        )
    if len(offering.note) > LONGEST_NOTE:
        raise refused(
            "offer_note",
            Text(zh=f"说明超过 {LONGEST_NOTE} 字", en=f"a note of over {LONGEST_NOTE} characters"),
            Text(zh="请写短一些。", en="Say it shorter."),
        )
    return all_in_cost(terms).annual


def make_offer(
    who: Viewer, number: str, offering: Offering, *, now: datetime, version: int | None = None,
    calendar: Calendar | None = None,
) -> Offer:  # fmt: skip
    """Offer; it stands until its day and cannot be taken back. The same again changes nothing.

    Raises as `check_offer`; MarketRefused (offer_stands: another offer does); MoveRefused
    (move_guard without a query at the stage of approval), CaseRefused.
    """
    with step(number, now):
        application, _ = held(who, number)
        there = Offer.objects.filter(application=application).first()
        if there is not None:
            if _same(there, offering):
                return there
            raise refused(
                "offer_stands",
                Text(zh="已有一个有效的报价", en="An offer stands already"),
                Text(
                    zh="有效期内不能更改；企业可以先不接受，再重新申请。",
                    en="It cannot be changed while it stands.",
                ),
            )
        annual = check_offer(application, offering, now)
        made = Offer.objects.create(
            application=application,
            terms=kept(offering.terms),
            annual=annual,
            security=sorted({str(one) for one in offering.security}),
            note=" ".join(offering.note.split()),
            valid_until=offering.valid_until,
            made_at=now,
            made_by_id=who.person_id,
        )
        move(number, "offer", who, version=version, now=now, calendar=calendar,
             data={"offer": made.pk},
             moments={"offer_until": midnight_after(offering.valid_until)})  # fmt: skip
        answered(application, now)
    return made


def _same(there: Offer, offering: Offering) -> bool:
    return (there.terms, there.valid_until, there.security, there.note) == (
        kept(offering.terms), offering.valid_until,
        sorted({str(one) for one in offering.security}), " ".join(offering.note.split()),
    )  # fmt: skip


def refuse(
    who: Viewer, number: str, reasons: Collection[str], text: str, *, now: datetime,
    version: int | None = None, calendar: Calendar | None = None,
) -> Refusal:  # fmt: skip
    """Refuse with reasons (codes of `reasons.REASONS`) and words that the enterprise reads.

    Repeated, it changes nothing. Raises MarketRefused (reason_unknown), CaseRefused, MoveRefused.
    """
    with step(number, now):
        application, case = held(who, number)
        there = Refusal.objects.filter(application=application).order_by("-pk").first()
        if case.state == REFUSED and there is not None:
            return there
        made = Refusal.objects.create(
            application=application,
            reasons=checked(reasons),
            text=text.strip()[:2000],
            at=now,
            by_id=who.person_id,
        )
        move(number, "refuse", who, version=version, now=now, text=text, calendar=calendar)
        answered(application, now)
        application.ended_at = now
        application.save(update_fields=["ended_at"])
    return made


def checked(reasons: Collection[str]) -> list[str]:
    """Reasons in the order of the list. Raises MarketRefused for none, or an unknown one."""
    wrong = sorted(set(reasons) - set(REASONS))
    if wrong or not reasons:
        raise refused(
            "reason_unknown",
            Text(
                zh=f"没有这个拒绝理由：{wrong[0]}" if wrong else "没有选择拒绝理由",
                en=f"{wrong[0]!r} is no reason" if wrong else "no reason is given",
            ),
            Text(zh="请从列出的理由中选择。", en=f"Choose from: {', '.join(REASONS)}."),
        )
    return [one for one in REASONS if one in set(reasons)]
