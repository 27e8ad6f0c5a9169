"""Words of work that have few values."""

from __future__ import annotations

from django.db import models

from xinrong.work.models.outbox import DeliveryState

__all__ = ["DeliveryState", "EventKind"]


class EventKind(models.TextChoices):
    """What the outbox tells of a case. Each `about` has the keys of `outbox.CASE_KEYS`."""

    CASE_OPENED = "case_opened", "事项受理"
    CASE_MOVED = "case_moved", "事项流转"
    TASK_ASSIGNED = "task_assigned", "任务分派"
    DEADLINE_NEAR = "deadline_near", "期限临近"
    ESCALATED = "escalated", "已升级"
    CASE_ENDED = "case_ended", "事项办结"
