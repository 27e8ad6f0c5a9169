"""Withdrawals: which records that an institution was shown it may use no longer, for programs.

An entry names a record and says nothing of what it says. Only what the own institution was shown
is told, in the order of `number`; the same question gives the same answer however often.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router
from pydantic import Field

from xinrong.api.auth import caller_of, signed_in, viewer
from xinrong.api.errors import ERRORS
from xinrong.api.schemas import Strict
from xinrong.remedy.perms import can_withdraw_copies
from xinrong.remedy.services import telling
from xinrong.trust.services import Denied

router = Router(tags=["withdrawals"], auth=signed_in("withdrawals"))


class WithdrawalOut(Strict):
    """One thing that became of a record."""

    number: int = Field(description="Its place in the feed; ask for what comes after it next.")
    kind: str = Field(
        description="record_repaired, record_suspended or record_ended: use it no longer; "
        "record_lifted: shown again; record_corrected or record_marked: read it again"
    )
    at: datetime
    code: str = Field(description="Unified social credit code of the enterprise")
    record: str = Field(description="Category and key: how every `ref` of the record begins")
    category: str
    article: str = Field(description="What it rests on")
    due_on: date | None = Field(description="By when to acknowledge; null: nothing to withdraw")
    acknowledged_at: datetime | None


class Withdrawals(Strict):
    """A page of the feed, the oldest first."""

    withdrawals: list[WithdrawalOut]
    next: int = Field(description="Give it as `since` next time.")
    more: bool = Field(description="Whether there is more already.")


class DoneIn(Strict):
    """Which copies are withdrawn."""

    numbers: list[Annotated[int, Field(ge=1, le=2**53, strict=True)]] = Field(
        min_length=1, max_length=telling.MOST
    )


class DoneOut(Strict):
    """How many of them were not acknowledged before."""

    acknowledged: int


@router.get("", response={200: Withdrawals, **ERRORS}, operation_id="list_withdrawals")
def withdrawals(
    request: HttpRequest,
    since: Annotated[int, Query(ge=0, le=2**53)] = 0,
    limit: Annotated[int, Query(ge=1, le=telling.MOST)] = 100,
) -> dict[str, object]:
    """What the own institution was told after a number."""
    who = viewer(request)
    if not can_withdraw_copies(who):
        raise Denied("withdrawals are for institutions that are shown records", code="denied_role")
    found = list(telling.entries(who, since=since)[: limit + 1])
    rows = found[:limit]
    return {
        "withdrawals": [
            {
                "number": one.withdrawal.number,
                "kind": one.withdrawal.kind,
                "at": one.withdrawal.at,
                "code": one.withdrawal.enterprise.code,
                "record": f"{one.withdrawal.category}/{one.withdrawal.key}",
                "category": one.withdrawal.category,
                "article": one.withdrawal.article,
                "due_on": one.due_on,
                "acknowledged_at": one.acknowledged_at,
            }
            for one in rows
        ],
        "next": rows[-1].withdrawal.number if rows else since,
        "more": len(found) > limit,
    }


@router.post(
    "/acknowledgements", response={200: DoneOut, **ERRORS}, operation_id="acknowledge_withdrawals"
)
def acknowledge_withdrawals(request: HttpRequest, done: DoneIn) -> dict[str, int]:
    """Say that the copies of these records are withdrawn; saying it twice changes nothing."""
    who, caller = viewer(request), caller_of(request)
    if not can_withdraw_copies(who):
        raise Denied("withdrawals are for institutions that are shown records", code="denied_role")
    by = caller.name if caller else ""
    return {"acknowledged": telling.acknowledge(who, done.numbers, by=by, now=timezone.now())}
