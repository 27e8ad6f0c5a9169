"""A service that was asked for, and what was arranged. Where it stands is its case's to say."""

from __future__ import annotations

from django.db import models

ENTERPRISE = "subjects.Enterprise"
ORGANISATION = "accounts.Organisation"
PERSON = "accounts.Person"


class ServiceRequest(models.Model):
    """One service that one enterprise asks for; `number` is that of its case.

    What it wrote stands in the log of the case. `answer_days` are working days, as they were
    published when it asked.
    """

    number = models.CharField(max_length=32, unique=True)
    enterprise = models.ForeignKey(ENTERPRISE, on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    service = models.CharField(max_length=40)
    answer_days = models.PositiveSmallIntegerField()
    asked_at = models.DateTimeField()

    class Meta:
        db_table = "market_servicerequest"
        indexes = [
            models.Index(fields=["enterprise", "-id"], name="services_of_enterprise"),
            models.Index(fields=["service", "asked_at"], name="requests_of_service"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(answer_days__gte=1), name="a_service_has_days_to_answer"
            )
        ]

    def __str__(self) -> str:
        return f"{self.service} {self.number}"


class ArrangementKind(models.TextChoices):
    """What an officer arranges."""

    EVENT = "event"
    NEED = "need"
    PRODUCT = "product"
    VISIT = "visit"


class Arrangement(models.Model):
    """What was arranged: by its number or id (`reference`), and the day on which it is.

    A visit has no number, an event and a visit have a day. What is said with it is in the log.
    """

    request = models.ForeignKey(
        ServiceRequest, on_delete=models.PROTECT, related_name="arrangements"
    )
    kind = models.CharField(max_length=8, choices=ArrangementKind)
    reference = models.CharField(max_length=64, blank=True)
    held_on = models.DateField(null=True)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "market_arrangement"
        ordering = ("at", "pk")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(kind__in=["event", "visit"]) | models.Q(held_on__isnull=False),
                name="what_is_held_has_a_day",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="visit") | ~models.Q(reference=""),
                name="what_is_linked_has_a_number",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.request_id}"
