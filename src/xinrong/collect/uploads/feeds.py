"""What came last through each feed of a department."""

from __future__ import annotations

from django.db.models import Max

from xinrong.collect.models import Receipt


def last_receipts(department: str) -> dict[str, Receipt]:
    """Feed → its newest receipt."""
    newest = Receipt.objects.filter(department=department).values("feed").annotate(last=Max("pk"))
    found = Receipt.objects.filter(pk__in=[row["last"] for row in newest])
    return {one.feed: one for one in found}
