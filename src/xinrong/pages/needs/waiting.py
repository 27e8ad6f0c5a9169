"""Needs in the inbox: a draft left over for some days, and what somebody wrote down for us."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from xinrong.accounts.services import Viewer
from xinrong.market.perms import can_see_own_needs
from xinrong.market.services import needs
from xinrong.pages.inbox.tasks import MOST, Task
from xinrong.pages.needs import words

#: A draft that nobody touched for so long is left over. A parameter of ours.
LEFT = timedelta(days=3)


def unfinished(who: Viewer, now: datetime) -> list[Task]:
    """Drafts of the own enterprise that wait for an answer or for its word."""
    found = unfinished_counted(who, now)
    if found is None:
        return []
    return [_task(one) for one in found.select_related("entered_for").order_by("pk")[:MOST]]


def unfinished_counted(who: Viewer, now: datetime) -> QuerySet[Any] | None:
    """The same, for the number beside the navigation."""
    if who.role != "representative" or not can_see_own_needs(who):
        return None
    left = Q(changed_at__lte=now - LEFT) | Q(entered_by__isnull=False)
    return needs.StatedNeed.objects.filter(
        left, enterprise__code=who.reference, state=needs.NeedState.DRAFT
    )


def _task(one: needs.StatedNeed) -> Task:
    entered = one.waits_for_word
    return Task(
        "need",
        _("A need was written down for you") if entered else _("A need that you began"),
        words.summary(one),
        one.entered_for.name if one.entered_for is not None else _("draft"),
        one.changed_at,
        None,
        _("It counts only once you confirm it.")
        if entered
        else _("Nobody sees it, and nothing is matched, until you state it."),
        reverse("need-preview", args=[one.number]),
        _("Check and confirm") if entered else _("Go on"),
        number=one.number,
    )
