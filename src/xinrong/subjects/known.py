"""Subjects that are there already, looked up without making any."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import batched

from xinrong.subjects.models import Subject

CHUNK = 500


def known_subjects(keys: Iterable[str]) -> dict[str, int]:
    """The numbers of those keys that belong to a subject."""
    found: dict[str, int] = {}
    for part in batched(keys, CHUNK):
        found.update(Subject.objects.filter(key__in=part).values_list("key", "pk"))
    return found
