"""Tables of work: the outbox, cases and their clocks."""

from __future__ import annotations

from xinrong.work.models.cases import Case, CaseAlarm, CaseMove, CaseSide
from xinrong.work.models.outbox import Delivery, DeliveryDue, OutboxEvent
from xinrong.work.models.papers import CasePaper

__all__ = [
    "Case",
    "CaseAlarm",
    "CaseMove",
    "CasePaper",
    "CaseSide",
    "Delivery",
    "DeliveryDue",
    "OutboxEvent",
]
