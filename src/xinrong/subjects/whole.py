"""The whole identity map as of a seq, at once: for what is computed for every enterprise."""

from __future__ import annotations

import numpy as np
from django.db import connections

from xinrong.subjects.models import PERSONAL_KINDS, Enterprise
from xinrong.subjects.placing import Numbers

_LINKS = (
    "SELECT subject_id, enterprise_id FROM subjects_identitylink "
    "WHERE from_seq <= %s AND (to_seq IS NULL OR to_seq > %s)"
)


def identity_map(seq: int, using: str = "default") -> tuple[Numbers, Numbers]:
    """Subjects, and the enterprise that each of them is at `seq`; without those linked to none."""
    with connections[using].cursor() as cursor:
        cursor.execute(_LINKS, [seq, seq])
        pairs = np.array(cursor.fetchall(), np.int64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


def persons(using: str = "default") -> Numbers:
    """The enterprises for which the law of personal information binds: sole traders, households."""
    held = Enterprise.objects.using(using).filter(kind__in=PERSONAL_KINDS)
    return np.fromiter(held.values_list("pk", flat=True).iterator(), np.int64)


_CHANGED = (
    "SELECT enterprise_id FROM subjects_identitylink "
    "WHERE (from_seq > %s AND from_seq <= %s) OR (to_seq > %s AND to_seq <= %s)"
)


def enterprises_changed(after: int, upto: int, using: str = "default") -> set[int]:
    """The enterprises that gained or lost a subject after one seq and by another."""
    with connections[using].cursor() as cursor:
        cursor.execute(_CHANGED, [after, upto, after, upto])
        return {enterprise for (enterprise,) in cursor.fetchall()}
