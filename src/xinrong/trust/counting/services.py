"""Verbs of counts over many enterprises: drafts through the gate, figures of the register."""

from __future__ import annotations

from xinrong.trust.counting.asking import count
from xinrong.trust.counting.drafts import MOST_CONDITIONS, Condition, Draft
from xinrong.trust.counting.figures import FLOOR, STEP, figure_of
from xinrong.trust.counting.offering import (
    Offered,
    may_learn,
    names_stage,
    offered,
    purpose_of,
)
from xinrong.trust.counting.product import Counted, secret
from xinrong.trust.counting.reading import (
    condition_of,
    draft_of,
    operators_of,
    read,
    text_of,
    texts_of,
)
from xinrong.trust.counting.registering import (
    RegisterFigures,
    dimensions_for,
    payload,
    register_figures,
)
from xinrong.trust.counting.standing import (
    BudgetLeft,
    Earlier,
    budget_left,
    cost_of,
    earlier_drafts,
)
from xinrong.trust.errors import CountRefused

__all__ = [
    "FLOOR",
    "MOST_CONDITIONS",
    "STEP",
    "BudgetLeft",
    "Condition",
    "CountRefused",
    "Counted",
    "Draft",
    "Earlier",
    "Offered",
    "RegisterFigures",
    "budget_left",
    "condition_of",
    "cost_of",
    "count",
    "dimensions_for",
    "draft_of",
    "earlier_drafts",
    "figure_of",
    "may_learn",
    "names_stage",
    "offered",
    "operators_of",
    "payload",
    "purpose_of",
    "read",
    "register_figures",
    "secret",
    "text_of",
    "texts_of",
]
