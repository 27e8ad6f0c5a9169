"""Verbs on the trail: read, doubt, answer, and the usage accounts."""

from __future__ import annotations

from xinrong.trust.trail.listing import Listed, listed
from xinrong.trust.trail.models import AuditDoubt
from xinrong.trust.trail.reaching import Reached, institutions_reached
from xinrong.trust.trail.reading import (
    Search,
    Shown,
    TrailError,
    answer_doubt,
    doubt,
    doubts_of,
    organisation_names,
    own_side,
    place_of,
    query_of,
    search,
    shown,
    visible_to,
)
from xinrong.trust.trail.reproducing import (
    Reproduced,
    Verdict,
    count_again,
    reproduce,
    searched,
)
from xinrong.trust.trail.rereading import reread
from xinrong.trust.trail.usage import Usage, count_usage, usage

__all__ = [
    "AuditDoubt",
    "Listed",
    "Reached",
    "Reproduced",
    "Search",
    "Shown",
    "TrailError",
    "Usage",
    "Verdict",
    "answer_doubt",
    "count_again",
    "count_usage",
    "doubt",
    "doubts_of",
    "institutions_reached",
    "listed",
    "organisation_names",
    "own_side",
    "place_of",
    "query_of",
    "reproduce",
    "reread",
    "search",
    "searched",
    "shown",
    "usage",
    "visible_to",
]
