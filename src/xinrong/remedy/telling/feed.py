"""What an institution was told of records that it had been shown, and what it has withdrawn."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db.models import QuerySet

from xinrong.accounts.services import Viewer
from xinrong.domain.text import Text
from xinrong.remedy.errors import RemedyRefused
from xinrong.remedy.telling.models import WithdrawalTold

#: Entries of one page of the feed.
MOST = 500


def institution_of(who: Viewer) -> int:
    """The institution for which a viewer acts: the bank, for an outlet."""
    return who.institution_id or who.organisation_id or 0


def entries(who: Viewer, *, since: int = 0) -> QuerySet[WithdrawalTold]:
    """What the viewer's institution was told after a number, in order. The same however often."""
    found = WithdrawalTold.objects.filter(
        organisation=institution_of(who), withdrawal__number__gt=since
    )
    return found.select_related("withdrawal__enterprise").order_by("withdrawal__number")


def waiting(who: Viewer) -> QuerySet[WithdrawalTold]:
    """What the viewer's institution has still to withdraw, the oldest first."""
    return entries(who).filter(acknowledged_at=None).exclude(due_on=None)


def acknowledge(who: Viewer, numbers: Collection[int], *, by: str, now: datetime) -> int:
    """Say that the copies of these records are withdrawn; how many were not said before.

    Raises RemedyRefused (withdrawal_unknown) for a number that the institution was not told, and
    then none of them counts.
    """
    wanted = set(numbers)
    mine = entries(who).filter(withdrawal__number__in=wanted)
    if not wanted or mine.count() != len(wanted):
        raise RemedyRefused(
            "withdrawal_unknown",
            Text(
                zh="其中有本机构未收到的撤回通知。请重新读取列表。",
                en="Your institution was not told of every one of these: read the list again.",
            ),
        )
    open_ones = WithdrawalTold.objects.filter(
        pk__in=mine.values_list("pk", flat=True), acknowledged_at=None
    )
    return open_ones.update(acknowledged_at=now, acknowledged_by=by[:64])


def overdue(today: date) -> QuerySet[WithdrawalTold]:
    """Who has not said in time that copies are withdrawn, the longest overdue first."""
    late = WithdrawalTold.objects.filter(acknowledged_at=None, due_on__lt=today)
    return late.select_related("organisation", "withdrawal").order_by("due_on", "pk")
