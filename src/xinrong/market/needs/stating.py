"""Stating a need, withdrawing it, taking it over, and what the platform notes of its end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from xinrong.accounts.services import Viewer
from xinrong.domain.process import MoveRefused
from xinrong.market.needs.drafting import changed, check_step, lacking
from xinrong.market.needs.finding import need_by_number, need_for, need_of, own_enterprise
from xinrong.market.needs.models import NeedState, StatedNeed
from xinrong.market.needs.refusals import incomplete, not_for_role, stale, unknown, wrong_state
from xinrong.market.needs.table import LENDER, NEED_PROCESS
from xinrong.market.perms import can_state_needs

#: Told of a need that is withdrawn, in the same transaction: whoever acts on needs.
Followed = Callable[[StatedNeed, Viewer, datetime], None]
_FOLLOWING: list[Followed] = []


def after_withdrawal(function: Followed) -> Followed:
    """Have `function` called when a need that was stated is withdrawn. What it raises stops it."""
    _FOLLOWING.append(function)
    return function


def state(who: Viewer, number: str, *, version: int, now: datetime) -> StatedNeed:
    """Give the enterprise's word for a draft; `version` is the one before the viewer's eyes.

    Sent twice, it is stated once. Raises MarketRefused: need_unknown, need_role, need_state,
    need_stale, need_incomplete.
    """
    with transaction.atomic():
        found = need_for(who, number, lock=True)
        if found.state == NeedState.STATED and found.version == version + 1:
            return found
        check_step(found, "state", who)
        if who.role == "representative" and not can_state_needs(who):
            raise not_for_role()
        if found.version != version:
            raise stale()
        if missing := lacking(found):
            raise incomplete(missing.title)
        need_of(found)  # what no lender could mean is no word of anybody
        found.state = NeedState.STATED
        found.stated_at = now
        found.stated_by_id = who.person_id
        if found.organisation_id is None:
            found.organisation_id = who.organisation_id
        changed(found, now)
        found.save()
    return found


def withdraw(who: Viewer, number: str, *, now: datetime) -> StatedNeed:
    """Withdraw a draft or a stated need. Raises MarketRefused: need_unknown, need_state."""
    with transaction.atomic():
        found = need_for(who, number, lock=True)
        check_step(found, "withdraw", who)
        before = found.state
        found.state = NeedState.WITHDRAWN
        found.ended_at = now
        changed(found, now)
        found.save()
        if before == NeedState.STATED:
            for follow in _FOLLOWING:
                follow(found, who, now)
    return found


def take_over(who: Viewer, number: str, *, now: datetime) -> StatedNeed:
    """Make a founder's need that of the enterprise whose proven representative the founder is now.

    Raises MarketRefused: need_role, need_unknown, need_state.
    """
    if not can_state_needs(who):
        raise not_for_role()
    with transaction.atomic():
        found = need_by_number(number, lock=True)
        if found.enterprise_id is not None or found.person_id != who.person_id:
            raise unknown()
        if found.state == NeedState.WITHDRAWN:
            raise wrong_state(found.state)
        found.enterprise_id = own_enterprise(who)
        found.organisation_id = who.organisation_id
        found.registered = True
        changed(found, now)
        found.save()
    return found


def settle(number: str, *, now: datetime) -> StatedNeed:
    """The need came to a loan that was paid out. Raises MarketRefused: need_unknown, need_state."""
    return _by_lender(number, "settle", now)


def look_again(number: str, *, now: datetime) -> StatedNeed:
    """What a need came to fell through: it stands again. Raises MarketRefused."""
    return _by_lender(number, "look_again", now)


def _by_lender(number: str, event: str, now: datetime) -> StatedNeed:
    with transaction.atomic():
        found = need_by_number(number, lock=True)
        try:
            step = NEED_PROCESS.step(found.state, event, LENDER)
        except MoveRefused as error:
            raise wrong_state(found.state) from error
        found.state = NeedState(step.target)
        found.ended_at = now if found.state == NeedState.ANSWERED else None
        changed(found, now)
        found.save()
    return found
