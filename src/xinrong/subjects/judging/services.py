"""Verbs on names that came without a code: runs, the review queue, the ledger of judgements."""

from __future__ import annotations

from xinrong.subjects.judging.deciders import different, same, subject_named, take_back
from xinrong.subjects.judging.ledger import Act, digest_of, judgements_of, recent_acts
from xinrong.subjects.judging.models import Judged, Judgement, NamedState, NamedSubject
from xinrong.subjects.judging.review import (
    AlreadyJudged,
    Choice,
    Item,
    decide,
    departments_waiting,
    next_item,
    numbered,
    open_items,
)
from xinrong.subjects.judging.running import Done, link_waiting, preview
from xinrong.subjects.judging.waiting import Outcome, Waiting, counts

__all__ = [
    "Act",
    "AlreadyJudged",
    "Choice",
    "Done",
    "Item",
    "Judged",
    "Judgement",
    "NamedState",
    "NamedSubject",
    "Outcome",
    "Waiting",
    "counts",
    "decide",
    "departments_waiting",
    "different",
    "digest_of",
    "judgements_of",
    "link_waiting",
    "next_item",
    "numbered",
    "open_items",
    "preview",
    "recent_acts",
    "same",
    "subject_named",
    "take_back",
]
