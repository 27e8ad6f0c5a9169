"""Verbs on names that came without a code: runs, the review queue, the ledger of judgements."""

from __future__ import annotations

from xinrong.subjects.judging.deciders import (
    different,
    same,
    subject_named,
    take_back,
    unsure,
)
from xinrong.subjects.judging.exporting import (
    Imported,
    JudgementsRefused,
    export_judgements,
    import_judgements,
)
from xinrong.subjects.judging.ledger import Act, digest_of, judgements_of, recent_acts
from xinrong.subjects.judging.models import Judged, Judgement, NamedState, NamedSubject
from xinrong.subjects.judging.replaying import differ_again, withdraw_again
from xinrong.subjects.judging.resolving import reason_words
from xinrong.subjects.judging.review import (
    AlreadyJudged,
    Choice,
    Item,
    Progress,
    choices_of,
    decide,
    departments_waiting,
    item_of_act,
    next_item,
    numbered,
    open_items,
    progress,
)
from xinrong.subjects.judging.running import SHOWN, Done, link_waiting, preview
from xinrong.subjects.judging.waiting import Outcome, Waiting, counts

__all__ = [
    "SHOWN",
    "Act",
    "AlreadyJudged",
    "Choice",
    "Done",
    "Imported",
    "Item",
    "Judged",
    "Judgement",
    "JudgementsRefused",
    "NamedState",
    "NamedSubject",
    "Outcome",
    "Progress",
    "Waiting",
    "choices_of",
    "counts",
    "decide",
    "departments_waiting",
    "differ_again",
    "different",
    "digest_of",
    "export_judgements",
    "import_judgements",
    "item_of_act",
    "judgements_of",
    "link_waiting",
    "next_item",
    "numbered",
    "open_items",
    "preview",
    "progress",
    "reason_words",
    "recent_acts",
    "same",
    "subject_named",
    "take_back",
    "unsure",
    "withdraw_again",
]
