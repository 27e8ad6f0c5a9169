"""What the outbox is told of a case: who must act where by when, and no content."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from xinrong.store.services import Question
from xinrong.work.enums import EventKind
from xinrong.work.models import Case, CaseSide
from xinrong.work.outbox import emit, told


def about(case: Case, sides: Sequence[CaseSide]) -> dict[str, Any]:
    """The keys of `outbox.CASE_KEYS`, as the case stands."""
    acting = [side for side in sides if side.turn]
    persons = {side.person_id for side in acting}
    ours = (side for side in sides if side.role == "representative")
    return {
        "case": case.pk,
        "number": case.number,
        "process": case.process,
        "state": case.state,
        "ended": case.ended_at is not None,
        "path": f"/cases/{case.number}",
        "due": None if case.due_at is None else case.due_at.isoformat(),
        "roles": sorted({side.role for side in acting}),
        "organisations": sorted(
            {side.organisation_id for side in acting if side.organisation_id is not None}
        ),
        "person": persons.pop() if len(persons) == 1 else None,
        "enterprise": case.enterprise_id,
        "enterprise_organisation": next((side.organisation_id for side in ours), None),
    }


def tell(kind: EventKind | str, case: Case, sides: Sequence[CaseSide], *, at: datetime) -> None:
    """Write an event about a case, in the caller's transaction, which holds its row."""
    emit(str(kind), about(case, sides), at=at)


def moved(
    case: Case, sides: Sequence[CaseSide], effects: Sequence[str], *, at: datetime
) -> list[Question]:
    """One event for the move, then one for each effect of it, in the order of the table."""
    facts = about(case, sides)
    kind = EventKind.CASE_OPENED if case.version == 1 else EventKind.CASE_MOVED
    kinds = [str(EventKind.CASE_ENDED if facts["ended"] else kind), *effects]
    return [one for each in kinds for one in told(each, facts, at=at)]
