"""Repairs as people find them: those of a case, of a department, and of what others assert too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db.models import QuerySet

from xinrong.accounts.services import Viewer
from xinrong.remedy.repairing.models import Repair

MOST = 1_000


def repairs_of(cases: Sequence[str]) -> Mapping[str, Repair]:
    """The repairs of cases, by the number of the case."""
    rows = Repair.objects.filter(case__in=cases).select_related("enterprise", "source")
    return {one.case: one for one in rows}


def linked_to(repair: Repair) -> list[Repair]:
    """The other applications that belong to it: the same fact, asserted elsewhere."""
    first = repair.linked or repair.case
    same = Repair.objects.filter(linked=first) | Repair.objects.filter(case=first)
    return list(same.exclude(pk=repair.pk).select_related("source").order_by("pk"))


def decided(who: Viewer) -> QuerySet[Repair]:
    """What was repaired: of the enterprise's own records, or by the viewer's department."""
    done = Repair.objects.exclude(seq=None).select_related("enterprise", "source")
    if who.role == "representative":
        return done.filter(enterprise__code=who.reference).order_by("-repaired_at", "-pk")
    return done.filter(source=who.organisation_id or 0).order_by("-repaired_at", "-pk")


def mirrored(who: Viewer) -> list[Repair]:
    """What other departments repaired and the viewer's department asserts as well."""
    done = Repair.objects.exclude(seq=None).exclude(source=who.organisation_id or 0)
    rows = done.select_related("enterprise", "source").order_by("-repaired_at", "-pk")
    return [one for one in rows[:MOST] if who.reference and who.reference in one.asserted]
