"""Whether an enterprise still stands, as the register says; and what the register said before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import QuerySet

from xinrong.subjects.bulk import do, run
from xinrong.subjects.models import RegisterChange

BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Standing:
    """What a register feed says: deregistered or not, since when, and as of which day."""

    cancelled: bool
    since: date | None = None
    day: date | None = None


_DIFFERENT = (
    "SELECT e.id, r.subject, e.cancelled FROM {rows} "
    "JOIN subjects_subject AS s ON s.id = r.subject "
    "JOIN subjects_enterprise AS e ON e.code = s.code "
    "WHERE e.cancelled <> (r.cancelled = 1) "
    "OR (r.since <> '' AND COALESCE(CAST(e.cancelled_on AS TEXT), '') <> r.since)"
)
_WRITE = (
    "UPDATE subjects_enterprise SET cancelled = (r.cancelled = 1), cancelled_on = "
    "CASE WHEN r.since = '' THEN NULL ELSE CAST(r.since AS {date}) END "
    "FROM {{rows}} WHERE subjects_enterprise.id = r.id"
)


def record_standings(standings: Mapping[int, Standing], seq: int) -> int:
    """Keep what the register says of subjects as of `seq`, in the commit; how many changed.

    A cancelled enterprise stays, with its file. Subjects without a code are passed over.
    """
    columns = {"subject": "bigint", "cancelled": "bigint", "since": "text"}
    given = [
        (subject, int(said.cancelled), _since(said)) for subject, said in sorted(standings.items())
    ]
    found = list(run(_DIFFERENT, columns, given))
    rows = [(pk, int(standings[one].cancelled), _since(standings[one])) for pk, one, _ in found]
    statement = _WRITE.format(date=_date_type())
    do(statement, {"id": "bigint", "cancelled": "bigint", "since": "text"}, rows)
    RegisterChange.objects.bulk_create(
        [
            RegisterChange(
                enterprise_id=pk,
                seq=seq,
                what="cancelled",
                before="yes" if was else "no",
                after="yes" if standings[one].cancelled else "no",
                day=standings[one].since or standings[one].day,
            )
            for pk, one, was in found
            if bool(was) != standings[one].cancelled
        ],
        batch_size=BATCH,
    )
    return len(found)


def register_changes(enterprise: int) -> QuerySet[RegisterChange]:
    """What the register said anew of an enterprise, oldest first."""
    return RegisterChange.objects.filter(enterprise=enterprise).order_by("seq", "pk")


def _since(said: Standing) -> str:
    return said.since.isoformat() if said.cancelled and said.since else ""


def _date_type() -> str:
    """SQLite keeps days as text and would read a number out of one that it casts to a date."""
    return "date" if connection.vendor == "postgresql" else "text"
