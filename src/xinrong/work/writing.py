"""What a move writes, as plain statements that PostgreSQL is handed in one trip.

A move changes a row of the case and adds a dozen others; past the query builder, and together,
that costs a third of the time. All of it is in the caller's transaction.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection

from xinrong.domain.process import Running, Step
from xinrong.store.services import Question, marks
from xinrong.work.models import Case

if TYPE_CHECKING:
    from xinrong.work.moving import By


def when(at: datetime | None) -> Any:
    """A moment as the database takes it."""
    return None if at is None else connection.ops.adapt_datetimefield_value(at)


def case_moved(case: Case, version: int) -> Question:
    """Where the case stands now, if it still had that version; its id, or no row."""
    return Question(
        "UPDATE work_case SET state = %s, version = %s, visit = %s, entered_at = %s, "
        "moved_at = %s, moments = %s, due_at = %s, ended_at = %s "
        "WHERE id = %s AND version = %s RETURNING id",
        [
            case.state, case.version, case.visit, when(case.entered_at), when(case.moved_at),
            json.dumps(case.moments), when(case.due_at), when(case.ended_at), case.pk, version,
        ],
    )  # fmt: skip


def logged(case: Case, step: Step, by: By, text: str, now: datetime) -> Question:
    """The row of the log."""
    return Question(
        "INSERT INTO work_casemove (case_id, version, event, source, target, role, "
        "organisation_id, person_id, text, at) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING id",
        [
            case.pk, case.version, step.event, step.source, step.target, by.role,
            by.organisation, by.person, text, when(now),
        ],
    )  # fmt: skip


def alarms_gone(case: Case) -> Question:
    """The case's own alarms that have not been fired are of no use any more."""
    return Question(
        "DELETE FROM work_casealarm WHERE case_id = %s AND side_id IS NULL AND fired_at IS NULL "
        "RETURNING id",
        [case.pk],
    )


def alarms_set(case: Case, running: Sequence[Running], done: Collection[str]) -> list[Question]:
    """The alarms of the clocks that run, without those in `done` (their names)."""
    rows: list[Any] = []
    many = 0
    for clock in running:
        source = str(clock.deadline.source)[:200]
        for alarm in clock.alarms:
            if alarm.key in done:
                continue
            many += 1
            rows += [
                case.pk, alarm.key, clock.deadline.name, str(alarm.kind), alarm.role,
                when(alarm.at), when(clock.due.at), source, clock.due.provisional, "",
            ]  # fmt: skip
    if not many:
        return []
    values = ", ".join(["(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"] * many)
    return [
        Question(
            "INSERT INTO work_casealarm (case_id, name, deadline, kind, role, at, due_at, source, "  # noqa: S608
            f"provisional, problem) VALUES {values} RETURNING id",
            rows,
        )
    ]


def turns_given(case: Case, turns: Sequence[int]) -> Question:
    """Whose turn it is (ids of sides); what was escalated before is over."""
    mine = f"id IN ({marks(turns)})" if turns else "false"
    return Question(
        f"UPDATE work_caseside SET turn = {mine}, told = false "  # noqa: S608 - marks only
        "WHERE case_id = %s RETURNING id",
        [*turns, case.pk],
    )


def event_told(
    kind: str, queue: str, about: Mapping[str, Any], receivers: Sequence[str], at: datetime
) -> list[Question]:
    """An event of the outbox and its deliveries."""
    event = Question(
        "INSERT INTO work_outboxevent (kind, queue, about, at) VALUES (%s, %s, %s, %s) "
        "RETURNING id",
        [kind, queue, json.dumps(about), when(at)],
    )
    if not receivers:
        return [event]
    # The event of this transaction: SQLite has one writer at a time.
    last = (
        "currval(pg_get_serial_sequence('work_outboxevent', 'id'))"
        if connection.vendor == "postgresql"
        else "(SELECT max(id) FROM work_outboxevent)"
    )
    values = ", ".join([f"({last}, %s, %s, 'waiting', 0, %s, '')"] * len(receivers))
    deliveries = Question(
        "INSERT INTO work_delivery (event_id, receiver, queue, state, attempts, not_before, "  # noqa: S608
        f"error) VALUES {values} RETURNING id",
        [value for name in receivers for value in (name, queue, when(at))],
    )
    return [event, deliveries]


def delivered(delivery: int, attempts: int, now: datetime) -> Question:
    """That a receiver took an event at this attempt; its id, or no row where it is another's."""
    return Question(
        "UPDATE work_delivery SET state = 'done', done_at = %s, error = '' "
        "WHERE id = %s AND state = 'waiting' AND attempts = %s RETURNING id",
        [when(now), delivery, attempts],
    )
