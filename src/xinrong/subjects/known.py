"""Subjects that are there already, looked up without making any."""

from __future__ import annotations

from collections.abc import Iterable

from xinrong.subjects.linking import numbers_of


def known_subjects(keys: Iterable[str]) -> dict[str, int]:
    """The numbers of those keys that belong to a subject."""
    return numbers_of(list(keys))
