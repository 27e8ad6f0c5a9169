"""The plans of the bank's decision aid, each for an hour."""

from __future__ import annotations

from django.db import models


class PlanState(models.TextChoices):
    """How far a plan is."""

    READ = "read", "已读取"
    WAITING = "waiting", "排队中"
    RUNNING = "running", "计算中"
    DONE = "done", "已完成"
    FAILED = "failed", "未能算出"


class AllocationPlan(models.Model):
    """What a bank's officer asked, and what came of it; deleted at `ends_at`, or before.

    `given` is the problem as numbers, without the files that it was read from; it is emptied once
    there is a result. `tries` counts how often a worker began.
    """

    key = models.CharField(max_length=32, unique=True)
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    ends_at = models.DateTimeField(db_index=True)
    state = models.CharField(max_length=8, choices=PlanState, default=PlanState.READ)
    tries = models.IntegerField(default=0)
    steps_done = models.IntegerField(default=0)
    steps = models.IntegerField(default=0)
    given = models.JSONField(default=dict)
    found = models.JSONField(default=dict)
    failure = models.JSONField(default=dict)  # {zh, en}

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"plan {self.pk} ({self.state})"
