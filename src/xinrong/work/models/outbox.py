"""Events on their way from the capability that wrote them to those above it."""

from __future__ import annotations

from django.db import models


class DeliveryState(models.TextChoices):
    """Where an event stands with one receiver."""

    WAITING = "waiting", "待投递"
    DONE = "done", "已投递"
    DEAD = "dead", "投递失败"  # given up; a person looks, and resends


class OutboxEvent(models.Model):
    """Something that happened, written in the transaction in which it happened. Never changed.

    `queue` names what must arrive in order, such as one case; empty: no order.
    """

    kind = models.CharField(max_length=32)
    queue = models.CharField(max_length=64, blank=True)
    about = models.JSONField(default=dict)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.pk} {self.kind}"


class Delivery(models.Model):
    """One event for one receiver. `attempts` is counted before each, so that a crash counts."""

    event = models.ForeignKey(OutboxEvent, on_delete=models.PROTECT, related_name="deliveries")
    receiver = models.CharField(max_length=100)
    queue = models.CharField(max_length=64, blank=True)  # as of the event
    state = models.CharField(max_length=8, choices=DeliveryState, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    error = models.CharField(max_length=500, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "receiver"], name="once_per_receiver")
        ]
        indexes = [
            models.Index(
                fields=["receiver", "queue", "id"],
                condition=~models.Q(state="done"),
                name="deliveries_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.event_id} → {self.receiver} {self.state}"


class DeliveryDue(models.Model):
    """A single row while background work has been asked to deliver."""
