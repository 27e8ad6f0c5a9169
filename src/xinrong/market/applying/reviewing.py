"""A refusal is looked at again by another person of the lender."""

from __future__ import annotations

from datetime import datetime

from xinrong.accounts.services import Viewer
from xinrong.domain.calendars import Calendar
from xinrong.market.applying.finding import end_what_ended
from xinrong.market.applying.models import Application, Refusal
from xinrong.market.applying.steps import held, step
from xinrong.market.applying.submitting import answer_by
from xinrong.work.services import move


def uphold(
    who: Viewer, number: str, text: str, *, now: datetime, version: int | None = None,
    calendar: Calendar | None = None,
) -> Application:  # fmt: skip
    """The refusal stands, with the finding in words. Raises MoveRefused for who refused."""
    with step(number, now):
        application, _ = held(who, number)
        _reviewed(application, who, upheld_at=now)
        move(number, "uphold", who, version=version, now=now, text=text, calendar=calendar)
        end_what_ended(application.need)
    application.refresh_from_db()
    return application


def overturn(
    who: Viewer, number: str, text: str, *, now: datetime, version: int | None = None,
    calendar: Calendar | None = None,
) -> Application:  # fmt: skip
    """The refusal falls: it is taken up again with a new time to answer."""
    with step(number, now):
        application, _ = held(who, number)
        _reviewed(application, who, overturned_at=now)
        move(number, "overturn", who, version=version, now=now, text=text, calendar=calendar,
             moments={"answer_by": answer_by(application.answer_days, now, calendar)})  # fmt: skip
    return application


def _reviewed(application: Application, who: Viewer, **when: datetime) -> None:
    """Who decides on the appeal; the guard of the move holds that it is another person."""
    last = Refusal.objects.filter(application=application).order_by("-pk").first()
    if last is not None:
        Refusal.objects.filter(pk=last.pk).update(reviewed_by=who.person_id, **when)
