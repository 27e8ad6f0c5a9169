"""Verbs of the versions of scorecards."""

from __future__ import annotations

from xinrong.rating.versions.comparing import (
    Difference,
    Moves,
    differences,
    missing_of,
    moves,
    points_of,
)
from xinrong.rating.versions.deciding import (
    LONGEST,
    approve,
    approved_before,
    book_kept,
    discard,
    draft_of_document,
    draft_of_files,
    draft_of_version,
    propose,
    refuse,
    retire,
    version,
    versions,
    waiting_for,
)
from xinrong.rating.versions.models import CardVersion, State
from xinrong.rating.versions.publishing import Distribution, distribution
from xinrong.rating.versions.standing import Standing, in_force, signed

__all__ = [
    "LONGEST",
    "CardVersion",
    "Difference",
    "Distribution",
    "Moves",
    "Standing",
    "State",
    "approve",
    "approved_before",
    "book_kept",
    "differences",
    "discard",
    "distribution",
    "draft_of_document",
    "draft_of_files",
    "draft_of_version",
    "in_force",
    "missing_of",
    "moves",
    "points_of",
    "propose",
    "refuse",
    "retire",
    "signed",
    "version",
    "versions",
    "waiting_for",
]
