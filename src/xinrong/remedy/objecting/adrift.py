"""Records marked or hidden for an objection that has no open case: what a restore leaves behind.

A restore carries out again what restricts, never what was granted, so a mark or a suspension may
stand without the case that would end it. An operator looks, and frees the record.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from xinrong.domain.text import Text
from xinrong.remedy.errors import RemedyRefused
from xinrong.remedy.objecting.models import Objection
from xinrong.store import services as store
from xinrong.work.services import Case

PROCESS, WITHHELD = "objection", "withheld"


@dataclass(frozen=True)
class Adrift:
    """A record, whether it is `marked` or `hidden`, and since which seq."""

    category: str
    key: int
    subject: int
    what: str
    seq: int


def open_objections() -> list[tuple[Case, Objection]]:
    """Every open case with its objection, the first to be due first."""
    cases = Case.objects.filter(process=PROCESS, ended_at=None).order_by("due_at", "pk")
    held = {one.case: one for one in Objection.objects.filter(case__in=cases.values("number"))}
    return [(case, held[case.number]) for case in cases if case.number in held]


def adrift() -> list[Adrift]:
    """What stands without a case that is open, or that ended with the record withheld."""
    cases = Case.objects.filter(process=PROCESS)
    standing = cases.filter(ended_at=None) | cases.filter(state=WITHHELD)
    rows = Objection.objects.filter(case__in=standing.values("number"))
    cared_for = set(rows.values_list("category", "key"))
    found = [
        *(
            Adrift(one.category, one.key, one.subject, "marked", one.from_seq)
            for one in store.standing_objections()
        ),
        *(
            Adrift(one.category, one.key, one.subject, "hidden", one.from_seq)
            for one in store.standing_suppressions("objection")
        ),
    ]
    return [one for one in found if (one.category, one.key) not in cared_for]


def free(record: str, *, reason: str, now: datetime) -> None:
    """Take mark and suspension off a record that is adrift. Raises RemedyRefused for another."""
    mine = [one for one in adrift() if f"{one.category}/{one.key}" == record]
    if not mine:
        raise RemedyRefused(
            "objection_adrift",
            Text(
                zh="这条记录没有遗留的异议标注或者中止；在办的异议请在原件中办理。",
                en="Nothing of this record is adrift: what has a case is ended there.",
            ),
        )
    name = store.RecordId(mine[0].category, mine[0].key, mine[0].subject)
    store.lift([name], basis="objection", reason=reason[:150], at=now)
    store.unmark(name, at=now)
