"""A need that is withdrawn takes its applications back with it."""

from __future__ import annotations

from datetime import datetime

from xinrong.accounts.services import Viewer
from xinrong.market.applying.finding import end_what_ended
from xinrong.market.applying.models import Application
from xinrong.market.needs.models import StatedNeed
from xinrong.market.needs.stating import after_withdrawal
from xinrong.work.services import move


@after_withdrawal
def take_back(need: StatedNeed, who: Viewer, now: datetime) -> None:
    """Withdraw every open application of it; one that was paid out stops the withdrawal."""
    end_what_ended(need.number)
    for one in Application.objects.filter(need=need.number, ended_at=None).order_by("pk"):
        move(one.number, "withdraw", who, version=None, now=now)
    end_what_ended(need.number)
