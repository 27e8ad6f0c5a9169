"""An alarm is told to whoever sends the feed, and to the operators."""

from __future__ import annotations

from collections.abc import Iterable

from xinrong.accounts.services import Organisation
from xinrong.collect.models.quality import Alarm
from xinrong.notices import services as notices


def tell(alarms: Iterable[Alarm]) -> None:
    """Tell of alarms that have just been opened, in the caller's transaction."""
    for alarm in alarms:
        where = Organisation.objects.filter(
            kind="department", reference=alarm.department, closed_at=None
        )
        senders = notices.people_in(("data_officer",), list(where.values_list("pk", flat=True)))
        notices.notify(
            "quality_alarm",
            [*senders, *notices.people_in(("operator",), None)],
            path=f"/quality/feeds/{alarm.feed}",
            key=f"quality:{alarm.pk}",
            at=alarm.opened_at,
            reference=str(alarm.pk),
            label=alarm.feed,
        )
