"""Grades kept up: of all when the profile of all or the version is another one, else of few.

Profiles of touched enterprises are computed by the one dirty queue; here each gets its grade.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import pyarrow.parquet as pq
from django.db import transaction

from xinrong.profiles.services import computed_since, current_batch
from xinrong.rating.errors import CardsNotInForce, NoCards
from xinrong.rating.grading import Graded, grade_of_profile
from xinrong.rating.kept.building import TOLD, build_grades, current_grades, folder
from xinrong.rating.kept.models import GradeBatch, GradeOverlay, GradeRow
from xinrong.rating.versions.standing import Standing, in_force

#: What a row of the overlay keeps besides the enterprise.
KEPT = ("seq", "as_of", "version", *TOLD, "lowest", "highest", "parts", "gone")


def keep_grades(at: datetime) -> tuple[int, bool]:
    """Bring grades up to date; how many were made, and whether those of all.

    Nothing is done where nobody is graded, or before the first profile of all.
    """
    profile = current_batch()
    if profile is None:
        return 0, False
    try:
        standing = in_force(profile.as_of)
    except (NoCards, CardsNotInForce):
        return 0, False
    batch = current_grades()
    if batch is None or (batch.profile, batch.version) != (profile.pk, standing.number):
        return build_grades(at).rows, True
    return _touched(batch, standing, at), False


def _touched(batch: GradeBatch, standing: Standing, at: datetime) -> int:
    """Grade those whose profiles were computed since."""
    known = dict(GradeOverlay.objects.values_list("enterprise", "seq"))
    found = computed_since(known)
    if not found:
        return 0
    before = _last_of(batch, [enterprise for _row, enterprise, _seq in found])
    overlay, history = [], []
    for row, enterprise, seq in found:
        if row is None:
            gone = dict.fromkeys(("card", "grade", "lowest", "highest"), "")
            overlay.append(
                GradeOverlay(
                    enterprise=enterprise, gone=True, seq=seq, as_of=batch.as_of,
                    version=standing.number, points=0, low=0, high=0, parts=[], **gone,
                )
            )  # fmt: skip
            continue
        given = given_of(grade_of_profile(standing.book, row))
        given |= {"seq": seq, "as_of": row.as_of, "version": standing.number}
        overlay.append(GradeOverlay(enterprise=enterprise, gone=False, **given))
        if before.get(enterprise) != told_in(given):
            history.append(GradeRow(enterprise=enterprise, made_at=at, **given))
    with transaction.atomic():
        GradeOverlay.objects.bulk_create(
            overlay, batch_size=400, update_conflicts=True, unique_fields=["enterprise"],
            update_fields=KEPT,
        )  # fmt: skip
        GradeRow.objects.bulk_create(history, batch_size=400)
    return len(overlay)


def given_of(graded: Graded) -> dict[str, Any]:
    """What is kept of a grade."""
    scored = graded.scored
    return {
        "card": graded.card.name,
        "points": scored.points,
        "low": scored.low,
        "high": scored.high,
        "grade": scored.grade.name,
        "lowest": scored.lowest.name,
        "highest": scored.highest.name,
        "parts": [part.points for part in scored.parts],
    }


def told_in(given: dict[str, Any]) -> tuple[Any, ...]:
    """What makes a line of history when it differs."""
    return (given["version"], *(given[name] for name in TOLD))


def _last_of(batch: GradeBatch, enterprises: Iterable[int]) -> dict[int, tuple[Any, ...]]:
    """Enterprise -> its last grade, as `told_in` has it."""
    asked = sorted(set(enterprises))
    table = pq.read_table(
        folder() / batch.name,
        columns=["enterprise", *TOLD],
        filters=[("enterprise", "in", asked)],
    )
    found = {
        row["enterprise"]: (batch.version, *(row[name] for name in TOLD))
        for row in table.to_pylist()
    }
    for one in GradeOverlay.objects.filter(enterprise__in=asked).values(
        "enterprise", "version", "gone", *TOLD
    ):
        found[one["enterprise"]] = () if one["gone"] else told_in(one)
    return found
