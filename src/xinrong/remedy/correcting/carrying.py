"""What becomes of a correction that the source agreed to: its feed carries it, and that is seen."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from xinrong.accounts.services import Viewer
from xinrong.catalogue.contract import FieldType, RecordField
from xinrong.catalogue.region import Region
from xinrong.domain.process import MoveRefused
from xinrong.remedy.correcting.asking import NAME, one_line
from xinrong.remedy.correcting.models import Correction
from xinrong.remedy.correcting.table import ACCEPTED_EVENT
from xinrong.store import services as store
from xinrong.subjects import services as subjects
from xinrong.work.services import CaseRefused, Event, move_as_platform, receives

logger = logging.getLogger(__name__)
MANY = 1_000


@receives(ACCEPTED_EVENT, name="remedy.corrections.accepted")
def accepted(event: Event) -> None:
    """The source agreed: what was asked for is a proposal for its feed from now on."""
    same = Correction.objects.filter(case=event.about["number"], accepted_at=None)
    same.update(accepted_at=event.at)


@receives("case_ended", name="remedy.corrections.ended")
def ended(event: Event) -> None:
    """A corrected case: however that came about, there is nothing left to carry."""
    if event.about["state"] == "corrected":
        same = Correction.objects.filter(case=event.about["number"], carried_at=None)
        same.update(carried_at=event.at)


def to_carry(who: Viewer) -> list[Correction]:
    """What the viewer's department agreed to and has not sent yet, the longest waiting first."""
    rows = Correction.objects.filter(source=who.organisation_id, carried_at=None)
    agreed = rows.exclude(accepted_at=None).select_related("enterprise")
    return list(agreed.order_by("accepted_at", "pk")[:MANY])


def follow_corrections(region: Region, *, now: datetime) -> int:
    """Close the cases whose correction the register says by now; how many."""
    done = 0
    waiting = Correction.objects.filter(carried_at=None).exclude(accepted_at=None)
    waiting = waiting.select_related("enterprise")
    for one in waiting.order_by("accepted_at", "pk")[:MANY]:
        if not _says(region, one):
            continue
        try:
            with transaction.atomic():
                move_as_platform(one.case, "carry", now=now)
                done += 1
        except (MoveRefused, CaseRefused):
            logger.info("the case of correction %s has ended meanwhile", one.pk)
    return done


def _says(region: Region, one: Correction) -> bool:
    """Whether the newest record of the register says what the correction asked for."""
    if one.field == NAME.name:
        return one_line(one.enterprise.name) == one_line(one.right)
    contract = region.contracts.get(one.category)
    field = next((f for f in contract.fields if f.name == one.field), None) if contract else None
    if field is None:
        return False
    numbers = subjects.subjects_of([one.enterprise_id])[one.enterprise_id]
    with store.snapshot() as snapshot:
        rows = snapshot.records(numbers, [one.category]).to_pylist()
    return any(_same(field, _value(row, field), one_line(one.right)) for row in rows)


def _value(row: dict[str, Any], field: RecordField) -> Any:
    if field.slot:
        return row.get(field.slot)
    return (json.loads(row["display"]) if row["display"] else {}).get(field.name)


def _same(field: RecordField, value: Any, right: str) -> bool:
    """Whether a value of the store is what somebody wrote: money in yuan, codes in their words."""
    if value is None:
        return False
    if field.type == FieldType.MONEY:
        try:
            return Decimal(right.replace(",", "")) * 100 == Decimal(str(value))
        except ArithmeticError:
            return False
    words = field.values.get(str(value))
    return right in ({str(value), words.zh, words.en} if words else {one_line(str(value))})


def corrections_of(cases: Sequence[str]) -> dict[str, Correction]:
    """The corrections of cases, by the number of the case."""
    rows = Correction.objects.filter(case__in=cases).select_related("enterprise", "source")
    return {one.case: one for one in rows}
