"""What the process of a service request asks of a case, and says of it."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from xinrong.domain.text import Text
from xinrong.market.centre.models import Arrangement
from xinrong.market.centre.packs import service_of
from xinrong.market.centre.table import ASKS, PREVIEWS, SERVICE_REQUEST
from xinrong.market.errors import MarketRefused
from xinrong.work.services import Case, Handling, handle

_FORM = "Do it with the form of the request, which asks for what belongs to it."


def day_set(case: Case, now: datetime) -> str:
    """The end of the time to answer is ahead."""
    at = case.moments.get("answer_by")
    return "" if at and datetime.fromisoformat(at) > now else _FORM


def arranged_now(case: Case, now: datetime) -> str:
    """What is arranged was written with this very move."""
    rows = Arrangement.objects.filter(request__number=case.number, at=now)
    return "" if rows.exists() else _FORM


def title_of(service: str) -> Text:
    """What a service is called; its id where it is published no longer."""
    try:
        return service_of(settings.REGION, service).title
    except MarketRefused:
        return Text(zh=service, en=service)


def subject(case: Case) -> Text:
    """Which service is asked for."""
    return title_of(str(case.data.get("service", "")))


HANDLING = handle(
    Handling(
        SERVICE_REQUEST,
        guards={"day_set": day_set, "arranged_now": arranged_now},
        asks=ASKS,
        previews=PREVIEWS,
        subject=subject,
    )
)
