"""The daily budget for drafts that feel their way: those that differ by one condition."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from xinrong.accounts.services import ApiKey, Person, Viewer, of_organisations
from xinrong.domain.clock import day_in_china
from xinrong.trust.counting.drafts import Draft, near
from xinrong.trust.counting.models import CountDraft
from xinrong.trust.errors import Denied

if TYPE_CHECKING:
    from xinrong.trust.rules import Question

#: So many drafts a day may differ by one condition from another of the same asker.
NEAR_A_DAY = 20
#: So many drafts a day may be counted at all.
DRAFTS_A_DAY = 200


def draw(question: Question, draft: Draft, *, row: int, at: datetime) -> None:
    """Write a counted draft down, in the transaction of its audit row. Raises Denied.

    The same draft again costs nothing: its figure is the same. One that differs from any that
    this asker has ever counted by one condition costs one of the day's.
    """
    asker, day, spelled = hold(question), day_in_china(at), draft.spelled()
    counted = CountDraft.objects.filter(asker=asker)
    earlier = list(counted.values_list("draft", flat=True))
    if spelled in earlier:
        return
    today = counted.filter(day=day)
    feels = any(near(spelled, one) for one in earlier)
    if today.count() >= DRAFTS_A_DAY or (feels and today.filter(near=True).count() >= NEAR_A_DAY):
        raise Denied(
            f"{NEAR_A_DAY} drafts a day may differ by one condition, {DRAFTS_A_DAY} in all",
            remedy="Go on tomorrow, or count something else.",
            code="denied_budget",
        )
    CountDraft.objects.create(asker=asker, day=day, draft=spelled, near=feels, row_id=row)


def hold(question: Question) -> str:
    """Who draws; their other draws wait until this transaction ends."""
    who = question.who
    if who.person_id is not None:
        Person.objects.select_for_update().filter(pk=who.person_id).first()
    else:
        assert who.organisation_id is not None
        assert who.key_id is not None  # the gate has asked
        keys = of_organisations(ApiKey, who.organisation_id)
        keys.select_for_update().filter(pk=who.key_id).first()
    return asker_of(who)


def asker_of(who: Viewer) -> str:
    """By which name the drafts of a person, or of a key, are kept."""
    return f"person {who.person_id}" if who.person_id is not None else f"key {who.key_id}"
