"""A draft, answered one question at a time and saved with each."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from xinrong.accounts.services import Organisation, Person, Viewer
from xinrong.domain.process import MoveRefused
from xinrong.market.needs.finding import need_for, needs_of, own_enterprise, role_in
from xinrong.market.needs.models import NeedSource, NeedState, StatedNeed
from xinrong.market.needs.questions import QUESTIONS, Given, Question, questions_for, read_answer
from xinrong.market.needs.refusals import not_for_role, too_many, unknown, wrong_state
from xinrong.market.needs.table import NEED_PROCESS
from xinrong.market.perms import can_draft_needs, can_state_needs

#: Unfinished drafts of one owner at once: a parameter of ours.
MOST_DRAFTS = 20


@dataclass(frozen=True)
class Prefilled:
    """What the platform answers first: the value of a field, and the category that says so."""

    value: Any
    category: str


def draft(
    who: Viewer,
    *,
    now: datetime,
    prefilled: Mapping[str, Prefilled] | None = None,
    source: NeedSource = NeedSource.SELF,
    reference: str = "",
) -> StatedNeed:
    """A new draft of the viewer's own; one that nobody has answered anything in is used again.

    Raises MarketRefused: need_role, needs_many; UnknownEnterprise.
    """
    if not can_draft_needs(who):
        raise not_for_role()
    firm = can_state_needs(who)
    with transaction.atomic():
        hold(who)
        open_ = needs_of(who).filter(state=NeedState.DRAFT)
        empty = open_.filter(
            source=source, source_reference=reference, steps=[], person=who.person_id
        )
        if found := empty.first():
            return found
        if open_.count() >= MOST_DRAFTS:
            raise too_many(MOST_DRAFTS)
        filled = dict(prefilled or {})
        return StatedNeed.objects.create(
            number=secrets.token_hex(16),
            enterprise_id=own_enterprise(who) if firm else None,
            organisation_id=who.organisation_id,
            person_id=who.person_id,
            registered=firm,
            source=source,
            source_reference=reference[:64],
            made_at=now,
            changed_at=now,
            prefilled={name: one.category for name, one in filled.items()},
            **{name: one.value for name, one in filled.items()},
        )


def answer(who: Viewer, number: str, name: str, given: Given, *, now: datetime) -> StatedNeed:
    """Answer one question of a draft; other answers, given meanwhile in another window, stay.

    Raises NeedRefused for what cannot be read, MarketRefused: need_unknown, need_state.
    """
    if name not in QUESTIONS:
        raise unknown()
    values = read_answer(name, given)
    with transaction.atomic():
        found = need_for(who, number, lock=True)
        check_step(found, "fill_in", who)
        for field, value in values.items():
            setattr(found, field, value)
        found.steps = [*(one for one in found.steps if one != name), name]
        found.prefilled = {key: one for key, one in found.prefilled.items() if key != name}
        changed(found, now)
        found.save()
    return found


def asked_of(found: StatedNeed) -> tuple[Question, ...]:
    """The questions of this need."""
    return questions_for(registered=found.enterprise_id is not None)


def next_question(found: StatedNeed) -> Question | None:
    """The first one that nobody answered and the platform did not answer either."""
    done = {*found.steps, *found.prefilled}
    return next((one for one in asked_of(found) if one.name not in done), None)


def lacking(found: StatedNeed) -> Question | None:
    """The first question without an answer that a need cannot be without."""
    needed = (one for one in asked_of(found) if one.needed)
    return next((one for one in needed if not getattr(found, one.name)), None)


def check_step(found: StatedNeed, event: str, who: Viewer) -> None:
    """Raises MarketRefused where the table does not let the viewer do this now."""
    role = role_in(who, found)
    if role is None:
        raise unknown()
    try:
        NEED_PROCESS.step(found.state, event, role)
    except MoveRefused as error:
        if error.code == "move_unknown":
            raise wrong_state(found.state) from error
        raise not_for_role() from error


def changed(found: StatedNeed, now: datetime) -> None:
    """Another version, unsaved."""
    found.version += 1
    found.changed_at = max(now, found.changed_at)


def hold(who: Viewer) -> None:
    """Two drafts at once are one after the other."""
    if who.organisation_id is not None:
        Organisation.objects.select_for_update().get(pk=who.organisation_id)
    else:
        assert who.person_id is not None  # as can_draft_needs says
        Person.objects.select_for_update().get(pk=who.person_id)
