"""Which institutions a record had reached: whoever it was shown to has to be told of its end.

The rows of the log name categories and the consents that a look rested on, not the records. So a
record reached whoever was given something of its category about its enterprise while it counted
and was not hidden, and whose permit of that moment let this record through: a consent for other
years, or the view of another department, did not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Min

from xinrong.accounts.services import Organisation
from xinrong.trust import gate
from xinrong.trust.models import AuditRow, Outcome
from xinrong.trust.trail.reproducing import permits_then
from xinrong.trust.types import Purpose

#: Looks of those who keep no copy of their own: the enterprise, the operator, and nobody.
_OWN = (Purpose.SELF, Purpose.OPERATION, Purpose.PUBLIC)

#: No look takes longer from its beginning to its reading.
UNDER_WAY = timedelta(seconds=30)


@dataclass(frozen=True)
class Reached:
    """A record of enterprises (it may have been several ones' in turn), since when it counted.

    `hidden` are the seqs from which, and up to which, nobody was shown it; `department` sent it,
    and `day` is that of its event.
    """

    enterprises: tuple[int, ...]
    category: str
    department: str
    day: date | None
    since: int
    hidden: Sequence[tuple[int, int | None]] = ()

    def shown_at(self, seq: int) -> bool:
        """Whether somebody who read at a seq could be shown it."""
        covered = any(first <= seq and (last is None or seq < last) for first, last in self.hidden)
        return seq >= self.since and not covered


def institutions_reached(record: Reached) -> list[int]:
    """The ids of the institutions (the bank, for an outlet) that a record has reached."""
    rows = (
        AuditRow.objects.filter(
            subjects__enterprise_id__in=record.enterprises,
            outcome=Outcome.RELEASED,
            organisation__isnull=False,
            seq__gte=record.since,
        )
        .exclude(purpose__in=[one.value for one in _OWN])
        .order_by("pk")
        .distinct()
    )
    until = _last_under_way(record)
    judged: dict[tuple[int | None, str, str, tuple[int, ...]], bool] = {}
    for row in rows.iterator(chunk_size=2_000):
        if row.seq is None or record.category not in row.released or not record.shown_at(row.seq):
            continue
        if until is not None and row.at > until:
            continue
        look = (row.organisation_id, row.purpose, row.stage, tuple(row.consents))
        if not judged.get(look):
            judged[look] = _lets_through(row, record)
    reached = {look[0] for look, through in judged.items() if through and look[0] is not None}
    found = Organisation.objects.filter(pk__in=reached).values_list("pk", "parent")
    return sorted({parent or own for own, parent in found})


def _last_under_way(record: Reached) -> datetime | None:
    """The last moment at which a look began that may have read before the record was hidden.

    Whoever asks later as of an earlier state is not shown it, although the state is one in which
    it was. None: it is not hidden now, or nobody has looked at the enterprise since.
    """
    since = next((first for first, last in reversed(record.hidden) if last is None), None)
    if since is None:
        return None
    later = AuditRow.objects.filter(
        subjects__enterprise_id__in=record.enterprises, seq__gte=since
    ).aggregate(first=Min("at"))["first"]
    return None if later is None else later + UNDER_WAY


def _lets_through(row: AuditRow, record: Reached) -> bool:
    """Whether the permits of that moment reached this record."""
    permits = permits_then(row, gate.region_now())
    return any(
        record.category in permits.by_enterprise.get(one, {})
        and permits.permit(one, record.category).level_of(record.department, record.day, record.day)
        > 0
        for one in row.enterprises
        if one in record.enterprises
    )
