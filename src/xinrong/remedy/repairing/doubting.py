"""A repair that rested on false proof is revoked, after the enterprise was heard."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from xinrong.accounts.services import Viewer
from xinrong.domain.calendars import Calendar
from xinrong.domain.text import Text
from xinrong.notices import services as notices
from xinrong.remedy.perms import can_decide_repairs
from xinrong.remedy.repairing.deciding import category_words, repair_for, show_again
from xinrong.remedy.repairing.models import Repair, RepairDoubt
from xinrong.remedy.repairing.refusals import refused
from xinrong.remedy.repairing.table import REVOKED_EVENT
from xinrong.work.services import Case, CaseSide, Event, open_case, receives

PROCESS = "repair_doubt"
LONGEST_WHY = 2000


def doubt(
    number: str, who: Viewer, why: str, *, now: datetime, calendar: Calendar | None = None
) -> Case:
    """The department that granted a repair says that its proof was false: the enterprise is heard.

    Raises RemedyRefused: not this department's, it does not stand, heard already, nothing said.
    """
    if not can_decide_repairs(who):
        raise refused("repair_not_yours")
    said = " ".join(why.split())
    if not said or len(said) > LONGEST_WHY:
        raise refused("repair_doubt_why")
    with transaction.atomic():
        repair = Repair.objects.select_for_update().get(pk=repair_for(number, who).pk)
        if not repair.stands:
            raise refused("repair_not_yours")
        known = RepairDoubt.objects.filter(repair=repair).values("case")
        if Case.objects.filter(number__in=known, ended_at=None).exists():
            raise refused("repair_doubted")
        firm = CaseSide.objects.get(case__number=repair.case, role="representative")
        case = open_case(
            PROCESS,
            "doubt",
            who,
            sides={
                "data_officer": [who.organisation_id],
                "representative": [firm.organisation_id],
                "operator": [None],
            },
            enterprise=repair.enterprise_id,
            data={"category": repair.category, "repair": repair.case},
            text=said,
            now=now,
            calendar=calendar,
        )
        RepairDoubt.objects.create(case=case.number, repair=repair, why=said, raised_at=now)
    return case


@receives(REVOKED_EVENT, name="remedy.repairs.revoked")
def revoked(event: Event) -> None:
    """The department confirmed it: the record shows again, and the enterprise is told."""
    found = RepairDoubt.objects.filter(case=event.about["number"], confirmed_at=None).first()
    if found is None:
        return
    RepairDoubt.objects.filter(pk=found.pk).update(confirmed_at=event.at)
    repair = Repair.objects.select_for_update().get(pk=found.repair_id)
    if not repair.stands:
        return
    show_again(repair, why="revoked, its proof was false", now=event.at)
    mine = event.about.get("enterprise_organisation")
    people = notices.people_in(("representative",), [mine]) if mine else []
    notices.notify(
        "repair_revoked", people, path=f"/cases/{found.case}", key=f"revoked:{found.case}",
        at=event.at, reference=found.case,
    )  # fmt: skip


def subject(case: Case) -> Text:
    """The category of the record: never what stands in it."""
    return category_words(case.data.get("category", ""))
