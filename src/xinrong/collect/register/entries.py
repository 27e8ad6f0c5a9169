"""What is known of earlier files of a register: what they were as of, and whom they named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Max, QuerySet

from xinrong.collect.models.register import RegisterEntry, RegisterFile, RegisterMissing
from xinrong.store import services as store

BATCH = 1_000


@dataclass(frozen=True)
class Book:
    """The register of one department: a category, whichever feeds bring it."""

    category: str
    department: str

    def newer_than(self, order: int) -> dict[int, int]:
        """Subject → the newest order with which a standing delta named it, if above `order`."""
        entries = RegisterEntry.objects.filter(
            category=self.category, department=self.department, order__gt=order
        )
        rows = list(entries.values_list("subject", "order", "batch"))
        gone = self._retracted() if rows else set()
        return {subject: order for subject, order, batch in rows if batch not in gone}

    def floor(self) -> int | None:
        """As of when the newest standing full file is, if it says so."""
        return self._last(self._files().filter(mode="full"))

    def last(self) -> int | None:
        """As of when the newest standing file is."""
        return self._last(self._files())

    def _files(self) -> QuerySet[RegisterFile]:
        mine = RegisterFile.objects.filter(category=self.category, department=self.department)
        return mine.exclude(batch__in=self._retracted())

    def _retracted(self) -> set[int]:
        found = store.Batch.objects.filter(category=self.category).exclude(retracted_seq=None)
        return set(found.values_list("pk", flat=True))

    @staticmethod
    def _last(files: QuerySet[RegisterFile]) -> int | None:
        found: int | None = files.aggregate(last=Max("last"))["last"]
        return found

    def write(
        self, batch: int, mode: str, span: tuple[int, int] | None, entries: Mapping[int, int]
    ) -> None:
        """Keep what this file was as of; inside its commit."""
        if span is None:
            return
        RegisterFile.objects.create(
            batch=batch,
            category=self.category,
            department=self.department,
            mode=mode,
            first=span[0],
            last=span[1],
        )
        RegisterEntry.objects.bulk_create(
            (
                RegisterEntry(
                    category=self.category,
                    department=self.department,
                    subject=subject,
                    order=order,
                    batch=batch,
                )
                for subject, order in entries.items()
            ),
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["category", "department", "subject"],
            update_fields=["order", "batch"],
        )


def write_missing(batch: int, subjects: Sequence[int]) -> None:
    """Keep which enterprises a full file no longer had; inside its commit."""
    RegisterMissing.objects.bulk_create(
        (RegisterMissing(batch=batch, subject=subject) for subject in subjects), batch_size=BATCH
    )


def missing_of(batch: int) -> list[int]:
    """The subjects that a full file no longer had."""
    found = RegisterMissing.objects.filter(batch=batch).order_by("subject")
    return list(found.values_list("subject", flat=True))
