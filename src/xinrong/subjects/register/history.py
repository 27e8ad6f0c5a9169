"""What the register said of an enterprise, one event after another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from xinrong.subjects.models import EnterpriseName, RegisterChange
from xinrong.subjects.register.changes import standing
from xinrong.subjects.register.models import Succession
from xinrong.subjects.succession import open_at


@dataclass(frozen=True, slots=True)
class RegisterEvent:
    """One thing that became known of an enterprise by the commit with `seq`.

    `what`: entered (its first name), name, kind, provisional, cancelled, succeeded_by (`after` is
    the successor's code), follows (`before` is the predecessor's code). `day` is the day as of
    which the register says so, None where it does not.
    """

    enterprise: int
    seq: int
    what: str
    before: str
    after: str
    day: date | None
    source: str = ""  # of a succession: the record that told it; "" when a person said so


def history_of(
    enterprise: int, *, seq: int | None = None, using: str = "default"
) -> list[RegisterEvent]:
    """The events of an enterprise as known at `seq` (now when None), in the order of their seqs.

    Its predecessors' events are theirs: ask `predecessors_of` and then for each of them.
    """
    changes = RegisterChange.objects.using(using).filter(enterprise=enterprise)
    names = EnterpriseName.objects.using(using).filter(enterprise=enterprise)
    if seq is not None:
        changes, names = changes.filter(seq__lte=seq), names.filter(seq__lte=seq)
    found = [_of_change(one) for one in standing(changes.order_by("seq", "pk"), seq)]
    for begun, first in names.order_by("seq", "pk").values_list("seq", "name")[:1]:
        found.insert(0, RegisterEvent(enterprise, begun, "entered", "", first, None))
    either = Q(predecessor=enterprise) | Q(successor=enterprise)
    links = list(open_at(seq, using).filter(either).select_related("predecessor", "successor"))
    found += [
        _of_succession(one, enterprise, "succeeded_by", after=one.successor.code)
        for one in links
        if one.predecessor_id == enterprise
    ]
    found += [
        _of_succession(one, enterprise, "follows", before=one.predecessor.code)
        for one in links
        if one.successor_id == enterprise
    ]
    return sorted(found, key=lambda event: event.seq)


def _of_change(change: RegisterChange) -> RegisterEvent:
    return RegisterEvent(
        change.enterprise_id, change.seq, change.what, change.before, change.after, change.day
    )


def _of_succession(
    one: Succession, enterprise: int, what: str, *, before: str = "", after: str = ""
) -> RegisterEvent:
    return RegisterEvent(enterprise, one.from_seq, what, before, after, one.on, one.source)
