"""What of the day's budget is left, and what a draft would cost, told before it is counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from xinrong.accounts.services import Viewer
from xinrong.domain.clock import day_in_china
from xinrong.trust.counting.budget import DRAFTS_A_DAY, NEAR_A_DAY, asker_of
from xinrong.trust.counting.drafts import Draft, near
from xinrong.trust.counting.models import CountDraft
from xinrong.trust.counting.reading import texts_of


@dataclass(frozen=True)
class Earlier:
    """A draft that the asker has counted: its conditions as text, the day and the audit row."""

    texts: tuple[str, ...]
    day: date
    audit_id: int


@dataclass(frozen=True)
class BudgetLeft:
    """How many drafts one may still count today, and how many of those may feel their way."""

    drafts: int
    near: int
    drafts_a_day: int
    near_a_day: int


def budget_left(who: Viewer, *, now: datetime) -> BudgetLeft:
    """The budget of whoever asks, for the rest of the day in China."""
    today = CountDraft.objects.filter(asker=asker_of(who), day=day_in_china(now))
    used = list(today.values_list("near", flat=True))
    return BudgetLeft(
        drafts=max(0, DRAFTS_A_DAY - len(used)),
        near=max(0, NEAR_A_DAY - sum(used)),
        drafts_a_day=DRAFTS_A_DAY,
        near_a_day=NEAR_A_DAY,
    )


def cost_of(who: Viewer, draft: Draft) -> str:
    """What counting a draft draws on: "nothing" (counted before), "near", or "draft"."""
    spelled = draft.spelled()
    earlier = CountDraft.objects.filter(asker=asker_of(who)).values_list("draft", flat=True)
    found = list(earlier)
    if spelled in found:
        return "nothing"
    return "near" if any(near(spelled, one) for one in found) else "draft"


def earlier_drafts(who: Viewer, most: int = 8) -> list[Earlier]:
    """The drafts that the asker has counted, newest first: each is free to count again."""
    found = CountDraft.objects.filter(asker=asker_of(who)).order_by("-pk")[:most]
    return [Earlier(tuple(texts_of(one.draft)), one.day, one.row_id) for one in found]
