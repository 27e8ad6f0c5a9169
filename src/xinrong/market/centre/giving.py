"""What the department does with a request: takes it up, and arranges something for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time

from django.conf import settings
from django.db import transaction

from xinrong.accounts.services import Viewer
from xinrong.domain.calendars import Calendar
from xinrong.domain.clock import CHINA, day_in_china
from xinrong.domain.process import MoveRefused, due, working_days
from xinrong.domain.text import Text
from xinrong.market.centre.models import Arrangement, ArrangementKind, ServiceRequest
from xinrong.market.meeting.finding import meetings_for
from xinrong.market.meeting.models import Meeting, MeetingState
from xinrong.market.needs.finding import needs_entered
from xinrong.market.needs.models import NeedState, StatedNeed
from xinrong.market.needs.refusals import refused
from xinrong.market.products.packs import has_products, load_products
from xinrong.work.services import Case, calendar_here, case_for, move, ring_case

#: A visit lies within so many days.
AHEAD = 180
#: Working days in which an enterprise says whether what was arranged served it.
TO_CONFIRM = working_days(10)


@dataclass(frozen=True)
class Arranged:
    """What an officer arranges: of which kind, which one, and for a visit on which day."""

    kind: str
    reference: str = ""
    held_on: date | None = None


def request_for(who: Viewer, number: str) -> ServiceRequest:
    """A request in whose case the viewer takes part. Raises CaseRefused (case_unknown)."""
    case = case_for(number[:32], who).case
    return ServiceRequest.objects.get(number=case.number)


def take_up(
    who: Viewer, number: str, *, version: int | None, now: datetime,
    calendar: Calendar | None = None,
) -> Case:  # fmt: skip
    """Take a request up: from now on its department has the days that the service promises.

    Raises CaseRefused, MoveRefused.
    """
    request, calendar = request_for(who, number), calendar or calendar_here()
    answer_by = due(working_days(request.answer_days), now, calendar).at
    with _step(number, now):
        return move(
            number, "take_up", who, version=version, now=now, moments={"answer_by": answer_by},
            calendar=calendar,
        )  # fmt: skip


def arrange(
    who: Viewer, number: str, wanted: Arranged, text: str, *, version: int | None, now: datetime,
    calendar: Calendar | None = None,
) -> Arrangement:  # fmt: skip
    """Arrange something for a request, and say what.

    An event is an open one of the own department, a need one that the own department wrote down
    for this enterprise, a product one that is published, a visit a day to come. The enterprise
    confirms within ten working days of the day, else of now. Raises CaseRefused, MoveRefused,
    MarketRefused (arrangement_wrong).
    """
    request, calendar = request_for(who, number), calendar or calendar_here()
    held_on = _checked(who, request, wanted, day_in_china(now))
    started = now if held_on is None else max(now, datetime.combine(held_on, time(12), CHINA))
    with _step(number, now):
        made = Arrangement.objects.create(
            request=request, kind=wanted.kind, reference=wanted.reference, held_on=held_on,
            by_id=who.person_id, at=now,
        )  # fmt: skip
        move(
            number, "arrange", who, version=version, now=now, text=text,
            moments={"confirm_by": due(TO_CONFIRM, started, calendar).at}, calendar=calendar,
        )  # fmt: skip
    return made


def events_to_offer(who: Viewer) -> list[Meeting]:
    """The own department's events to which enterprises can still say yes."""
    return list(meetings_for(who).filter(state=MeetingState.OPEN)[:50])


def needs_to_offer(who: Viewer, request: ServiceRequest) -> list[StatedNeed]:
    """What the own department wrote down for this enterprise and nobody withdrew."""
    rows = needs_entered(who).filter(enterprise=request.enterprise_id)
    return list(rows.exclude(state=NeedState.WITHDRAWN)[:50])


@contextmanager
def _step(number: str, now: datetime) -> Iterator[None]:
    """A transaction; where a clock had run out, what that makes happen happens after it."""
    try:
        with transaction.atomic():
            yield
    except MoveRefused as error:
        if error.code == "move_overdue":
            ring_case(number, now)
        raise


def _checked(who: Viewer, request: ServiceRequest, wanted: Arranged, today: date) -> date | None:
    """The day on which it is, None where it has none. Raises MarketRefused."""
    if wanted.kind == ArrangementKind.VISIT:
        day = wanted.held_on
        if day is None or wanted.reference or not 0 <= (day - today).days <= AHEAD:
            raise _wrong(
                f"走访日期应在今天之后{AHEAD}天以内",
                f"The day of a visit lies within the next {AHEAD} days",
            )
        return day
    if wanted.kind == ArrangementKind.EVENT:
        for event in events_to_offer(who):
            if event.number == wanted.reference:
                return event.held_on
        raise _wrong("请选择本部门正在报名的活动", "Choose an open event of your own department")
    if wanted.kind == ArrangementKind.NEED:
        if wanted.reference in {one.number for one in needs_to_offer(who, request)}:
            return None
        raise _wrong(
            "请选择本部门为该企业登记的需求",
            "Choose a need that you wrote down for it",
        )
    if wanted.kind == ArrangementKind.PRODUCT:
        region = settings.REGION
        if has_products(region) and wanted.reference in load_products(region).products:
            return None
        raise _wrong("请选择已公布的产品", "Choose a product that is published")
    raise _wrong("请选择安排什么", "Choose what is arranged")


def _wrong(zh: str, en: str) -> Exception:
    return refused(
        "arrangement_wrong", Text(zh=zh, en=en),
        Text(zh="请改正后再提交。", en="Mend it and send it again."),
    )  # fmt: skip
