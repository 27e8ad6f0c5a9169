"""What the process of a list asks of a case, what it writes with a move, and what it says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.conf import settings

from xinrong.catalogue.lists import CreditList, ExitKind
from xinrong.catalogue.lists_pack import written_lists
from xinrong.domain.clock import day_in_china
from xinrong.domain.criteria import Outcome
from xinrong.domain.law import end_of
from xinrong.domain.process import Process
from xinrong.domain.text import Text
from xinrong.remedy.listing import writing
from xinrong.remedy.listing.basis import Basis, answer, standings
from xinrong.remedy.listing.catalogue import book, list_of
from xinrong.remedy.listing.errors import refuse
from xinrong.remedy.listing.models import ListEntry
from xinrong.remedy.listing.table import ASKS, LEAVING, PREVIEWS, list_name, listing_process
from xinrong.store import services as store
from xinrong.work.services import Case, Handling, calendar_here, handle


def handle_lists() -> list[Process]:
    """Make the lists of this region's catalogue cases; their processes."""
    return [handle(handling_of(one)).process for one in written_lists(settings.REGION)]


def handling_of(one: CreditList) -> Handling:
    """How cases of a list are handled. A guard that holds has written what the move decides."""
    process = listing_process(one)
    guards: dict[str, Callable[[Case, datetime], str]] = {
        "recorded": recorded,
        "dropped": dropped,
        **{f"left_{event}": partial(left, kind) for event, kind in LEAVING.items()},
    }
    used = {name for move in process.table for name in move.guards}
    return Handling(
        process,
        guards={name: guard for name, guard in guards.items() if name in used},
        asks={event: words for event, words in ASKS.items() if event in process.events},
        previews={event: words for event, words in PREVIEWS.items() if event in process.events},
        subject=subject,
    )


def subject(case: Case) -> Text:
    """For which ground."""
    one = book().lists.get(list_name(case.process))
    ground = one.ground(str(case.data.get("ground", ""))) if one else None
    return ground.title if ground else Text(zh="", en="")


def entry_of(case: Case) -> ListEntry:
    """The entry of a case, whose row is held. Raises ListingRefused (entry_unknown)."""
    rows = ListEntry.objects.select_related("enterprise").select_for_update(of=("self",))
    found = rows.filter(case=case.number).first()
    if found is None:
        raise refuse("entry_unknown", "没有这条列入记录。", "There is no such entry.")
    return found


def recorded(case: Case, now: datetime) -> str:
    """Enter the enterprise, where its basis stands and meets the ground. Raises ListingRefused."""
    entry, today = entry_of(case), day_in_china(now)
    one = list_of(entry.list)
    if today <= entry.statement_until:
        raise refuse(
            "list_early",
            f"陈述期到{entry.statement_until}为止，之后才能决定。",
            f"The time for a statement is not over before {entry.statement_until}.",
        )
    with store.snapshot() as snapshot:
        standing = standings([entry], snapshot, today)[entry.pk]
    if standing.basis is not Basis.STANDS or standing.row is None:
        raise refuse(
            "list_basis",
            "作为依据的记录已不能使用（已修复、异议中、已撤回、已删除或者期满），不得列入。",
            "The record it rests on cannot be used: it was repaired, is objected to, was taken "
            "back or erased, or its time is over. It cannot be entered.",
        )
    ground = one.ground(entry.ground)
    met = ground and answer(ground, entry.enterprise_id, standing.row, today)
    if met is None or met is Outcome.NO:
        raise refuse(
            "list_ground",
            "作为依据的记录已不符合列入事由，例如已经清偿。",
            "The record no longer meets the ground: it may have been settled meanwhile.",
        )
    writing.enter(entry, one, now)
    return ""


def dropped(case: Case, now: datetime) -> str:
    """Write that it is not entered."""
    writing.drop(entry_of(case), now)
    return ""


def left(kind: ExitKind, case: Case, now: datetime) -> str:
    """Take the enterprise off, where the shortest time has passed. Raises ListingRefused."""
    entry, today = entry_of(case), day_in_china(now)
    way = list_of(entry.list).exit(kind)
    if way is not None and (way.after.model_dump() != type(way.after)().model_dump()):
        start = entry.decided_on
        if way.start == "settled":
            with store.snapshot() as snapshot:
                row = standings([entry], snapshot, today)[entry.pk].row
            start = row["end_date"] if row else None
        if start is None:
            raise refuse(
                "list_early",
                "作为依据的记录还没有清偿日期。请先由报送部门更新记录。",
                "The record it rests on has no day on which it was settled: its source sends that "
                "first.",
            )
        last = end_of(start, way.earliest, calendar_here()).day
        if today <= last:
            raise refuse(
                "list_early",
                f"按规定{last}之后才能以这种方式移出。",
                f"By this way it can be taken off after {last}.",
            )
    writing.end(entry, kind, now)
    return ""
