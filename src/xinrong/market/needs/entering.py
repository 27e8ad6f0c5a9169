"""What an officer or adviser writes down on a visit: a draft, until the enterprise confirms it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from xinrong.accounts.services import Organisation, Viewer
from xinrong.market.needs.models import NeedSource, NeedState, StatedNeed
from xinrong.market.needs.questions import questions_for, read_answer
from xinrong.market.needs.refusals import entered_already, incomplete, not_to_enter, too_many
from xinrong.market.perms import can_enter_needs
from xinrong.subjects import services as subjects

#: Needs that wait for one enterprise's word, whoever wrote them down: a parameter of ours.
MOST_WAITING = 20
#: The same need written down again within this time is the same need.
SAME = timedelta(days=30)
#: What tells one need of an enterprise from another.
TELLING = ("amount", "purpose", "months")


def read_answers(answers: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The fields of a need that a form gives. Raises NeedRefused, MarketRefused (need_incomplete).

    What a need cannot be without is read even where nothing was given, so that it says so.
    """
    values: dict[str, Any] = {}
    for one in questions_for(registered=True):
        given = [text for text in answers.get(one.name, ()) if text.strip()]
        if given or one.needed:
            values |= read_answer(one.name, {one.name: given})
        if one.needed and not values.get(one.name):
            raise incomplete(one.title)
    return values


def enter(
    who: Viewer,
    code: str,
    answers: Mapping[str, Sequence[str]],
    *,
    now: datetime,
    source: NeedSource = NeedSource.VISIT,
    reference: str = "",
) -> StatedNeed:
    """Write a need down for an enterprise; it counts once the enterprise states it.

    Raises MarketRefused: need_role, need_entered (the same one, lately), needs_many,
    need_incomplete; NeedRefused; UnknownEnterprise.
    """
    if not can_enter_needs(who):
        raise not_to_enter()
    enterprise = subjects.enterprise_by_code(code)
    values = read_answers(answers)
    with transaction.atomic():
        assert who.organisation_id is not None  # as can_enter_needs says
        Organisation.objects.select_for_update().get(pk=who.organisation_id)
        if is_entered(who, enterprise.pk, values, now=now):
            raise entered_already()
        waiting = StatedNeed.objects.filter(
            enterprise=enterprise, state=NeedState.DRAFT, entered_by__isnull=False
        )
        if waiting.count() >= MOST_WAITING:
            raise too_many(MOST_WAITING)
        firm = Organisation.objects.filter(
            kind="enterprise", reference=enterprise.code, closed_at=None
        ).first()
        return StatedNeed.objects.create(
            number=secrets.token_hex(16),
            enterprise=enterprise,
            organisation=firm,
            source=source,
            source_reference=reference[:64],
            entered_by_id=who.person_id,
            entered_for_id=who.organisation_id,
            steps=sorted(values),
            made_at=now,
            changed_at=now,
            **values,
        )


def is_entered(who: Viewer, enterprise: int, values: Mapping[str, Any], *, now: datetime) -> bool:
    """Whether the own institution wrote the same need down lately, and it was not withdrawn."""
    return (
        StatedNeed.objects.filter(
            enterprise=enterprise,
            entered_for=who.organisation_id,
            made_at__gte=now - SAME,
            **{name: values[name] for name in TELLING},
        )
        .exclude(state=NeedState.WITHDRAWN)
        .exists()
    )
