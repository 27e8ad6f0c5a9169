"""The enterprise's own steps: it supplies, chooses, declines, withdraws, appeals."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from xinrong.accounts.services import Viewer
from xinrong.domain.calendars import Calendar
from xinrong.domain.text import Text
from xinrong.market.applying.finding import choice_of_need, end_what_ended
from xinrong.market.applying.models import Application, Choice, Offer, Refusal
from xinrong.market.applying.steps import held, step
from xinrong.market.applying.submitting import answer_by
from xinrong.market.applying.table import CHOSEN, OFFERED
from xinrong.market.errors import MarketRefused
from xinrong.market.needs.finding import need_by_number
from xinrong.market.needs.refusals import refused
from xinrong.work.services import move


def supply(
    who: Viewer, number: str, text: str, *, now: datetime, version: int | None = None,
    calendar: Calendar | None = None,
) -> Application:  # fmt: skip
    """Give what was asked for; the lender's time to answer starts anew."""
    with step(number, now):
        application, _ = held(who, number)
        move(number, "supply", who, version=version, now=now, text=text, calendar=calendar,
             moments={"answer_by": answer_by(application.answer_days, now, calendar)})  # fmt: skip
    return application


def choose(
    who: Viewer, number: str, *, now: datetime, version: int | None = None,
    calendar: Calendar | None = None,
) -> Choice:  # fmt: skip
    """Choose the offer of an application: of two at once, for one need, one is chosen.

    Repeated, it changes nothing. Raises MarketRefused (choice_taken, offer_none), CaseRefused,
    MoveRefused (move_overdue: the offer has lapsed).
    """
    with step(number, now):
        application, case = held(who, number)
        need_by_number(application.need, lock=True)
        end_what_ended(application.need)
        there = choice_of_need(application.need)
        if there is not None and there.application_id == application.pk and case.state == CHOSEN:
            return there
        if there is not None:
            raise _taken()
        offer = Offer.objects.filter(application=application).first()
        if offer is None or case.state != OFFERED:
            raise refused(
                "offer_none",
                Text(zh="这个申请没有有效的报价", en="No offer of this application stands"),
                Text(zh="请看其他申请的报价。", en="Look at the offers of your others."),
            )
        try:
            with transaction.atomic():
                made = Choice.objects.create(
                    need=application.need, application=application, offer=offer, chosen_at=now
                )
        except IntegrityError:
            raise _taken() from None
        move(number, "choose", who, version=version, now=now, calendar=calendar)
    return made


def decline(
    who: Viewer, number: str, text: str = "", *, now: datetime, version: int | None = None,
    calendar: Calendar | None = None,
) -> Application:  # fmt: skip
    """Not to take the offer: this application ends, the others go on."""
    return _ended(who, number, "decline", text, now, version, calendar)


def withdraw(
    who: Viewer, number: str, text: str = "", *, now: datetime, version: int | None = None,
    calendar: Calendar | None = None,
) -> Application:  # fmt: skip
    """Take the application back, in every state before money was paid out."""
    return _ended(who, number, "withdraw", text, now, version, calendar)


def _ended(
    who: Viewer, number: str, event: str, text: str, now: datetime, version: int | None,
    calendar: Calendar | None,
) -> Application:  # fmt: skip
    with step(number, now):
        application, _ = held(who, number)
        need_by_number(application.need, lock=True)
        move(number, event, who, version=version, now=now, text=text, calendar=calendar)
        end_what_ended(application.need)
    application.refresh_from_db()
    return application


def appeal(
    who: Viewer, number: str, text: str, *, now: datetime, version: int | None = None,
    calendar: Calendar | None = None,
) -> Application:  # fmt: skip
    """Have a second person of the lender look at a refusal; within ten working days, once.

    Raises MarketRefused (appeal_reapplied), CaseRefused, MoveRefused (move_late, move_guard).
    """
    with step(number, now):
        application, _ = held(who, number)
        need_by_number(application.need, lock=True)
        last = Refusal.objects.filter(application=application).order_by("-pk").first()
        if last is not None:
            again = Application.objects.filter(
                need=application.need, product=application.product, ended_at=None
            )
            if again.exclude(pk=application.pk).exists():
                raise refused(
                    "appeal_reapplied",
                    Text(
                        zh="您已就同一产品重新申请",
                        en="You have applied for the same product again meanwhile",
                    ),
                    Text(zh="请等待新申请的答复。", en="Wait for the answer to that."),
                )
            last.appealed_at = now
            last.save(update_fields=["appealed_at"])
        application.ended_at = None
        application.save(update_fields=["ended_at"])
        move(number, "appeal", who, version=version, now=now, text=text, calendar=calendar)
    return application


def _taken() -> MarketRefused:
    return refused(
        "choice_taken",
        Text(
            zh="这个需求已选定另一个报价", en="Another offer was chosen for this need already"
        ),
        Text(
            zh="如要改选，请先撤回已选定的申请。",
            en="To choose this one, withdraw the application that was chosen first.",
        ),
    )  # fmt: skip
