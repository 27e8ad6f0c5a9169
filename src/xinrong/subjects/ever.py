"""Whose a subject has ever been: merges and splits hand records on, what was asked stays asked."""

from __future__ import annotations

from xinrong.subjects.models import IdentityLink


def enterprises_ever(subject: int) -> list[int]:
    """The ids of every enterprise that this subject was, at any seq."""
    rows = IdentityLink.objects.filter(subject=subject).values_list("enterprise", flat=True)
    return sorted(set(rows))
