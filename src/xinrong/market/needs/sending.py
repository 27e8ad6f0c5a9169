"""A need sent whole by a program of the enterprise, in the name of the representative behind it.

A key states nothing by itself: it speaks for whoever made it, for as long as that person represents
the enterprise. A key that the platform made for an enterprise speaks for nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from xinrong.accounts.enums import Role
from xinrong.accounts.services import ApiKey, Membership, Viewer, of_organisations
from xinrong.domain.text import Text
from xinrong.market.needs.drafting import answer, draft, hold
from xinrong.market.needs.finding import needs_of
from xinrong.market.needs.models import NeedSource, NeedState, StatedNeed
from xinrong.market.needs.questions import Given, questions_for, read_answer
from xinrong.market.needs.refusals import not_for_role, refused
from xinrong.market.needs.stating import state
from xinrong.market.perms import can_state_needs


def in_whose_name(who: Viewer) -> Viewer:
    """The representative for whom a key speaks; somebody signed in speaks for themselves.

    Raises MarketRefused (need_role, need_key).
    """
    if who.key_id is None:
        return who
    if who.role != Role.REPRESENTATIVE or who.organisation_id is None:
        raise not_for_role()
    made_by = (
        of_organisations(ApiKey, who.organisation_id)
        .filter(pk=who.key_id)
        .values_list("created_by", flat=True)
        .first()
    )
    holds = of_organisations(Membership, who.organisation_id).filter(
        person=made_by, role=Role.REPRESENTATIVE, suspended_at=None, person__is_active=True
    )
    if made_by is None or not holds.exists():
        raise refused(
            "need_key",
            Text(
                zh="这个密钥不是由现任企业代表创建的",
                en="No present representative of the enterprise made this key",
            ),
            Text(
                zh="请由企业代表在“API 密钥”页面新建一个。",
                en="Have a representative make one on the page of API keys.",
            ),
        )
    return replace(who, person_id=made_by, key_id=None)


def send(
    who: Viewer,
    given: Mapping[str, Given],
    *,
    reference: str,
    now: datetime,
) -> tuple[StatedNeed, bool]:
    """State a need in one step; `given` has the answers to the questions, some may be left out.

    The sender's own `reference` names it: sent again, the need that is there comes back, with
    False. Raises MarketRefused (need_role, needs_many, need_reference: it names another need),
    NeedRefused, UnknownEnterprise.
    """
    if not can_state_needs(who):
        raise not_for_role()
    asked = [one.name for one in questions_for(registered=True)]
    with transaction.atomic():
        hold(who)
        there = _there(who, reference)
        if there is not None:
            _check_same(there, [read_answer(name, given[name]) for name in asked if name in given])
            return there, False
        found = draft(who, now=now, reference=reference)
        for name in asked:
            if name in given:
                found = answer(who, found.number, name, given[name], now=now)
        return state(who, found.number, version=found.version, now=now), True


def _there(who: Viewer, reference: str) -> StatedNeed | None:
    rows = needs_of(who).filter(source=NeedSource.SELF, source_reference=reference)
    return rows.exclude(state=NeedState.DRAFT).order_by("pk").first()


def _check_same(there: StatedNeed, said: Iterable[Mapping[str, object]]) -> None:
    for fields in said:
        for field, value in fields.items():
            if getattr(there, field) != value:
                raise refused(
                    "need_reference",
                    Text(
                        zh=f"编号“{there.source_reference}”已用于另一个需求",
                        en=f"The reference {there.source_reference!r} names another need",
                    ),
                    Text(zh="请换一个编号。", en="Send it under another one."),
                )
