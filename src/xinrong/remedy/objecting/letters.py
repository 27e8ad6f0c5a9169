"""The answer in writing: what came of an objection, why, by which law, and what can be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings

from xinrong.catalogue.region import load_region
from xinrong.domain.clock import day_in_china
from xinrong.domain.law import Topic
from xinrong.domain.process import Length, Source
from xinrong.domain.text import Text
from xinrong.remedy.law import Rule, jurisdictions_of, shortest
from xinrong.remedy.objecting.handling import category_words
from xinrong.remedy.objecting.law import RIGHT, clocks_of
from xinrong.remedy.objecting.models import Objection
from xinrong.remedy.objecting.table_words import STATES
from xinrong.work.services import Seen, log_of

#: What each end means for the record, as the letter says it.
MEANT = {
    "corrected": Text(
        zh="该记录已更正或者撤回，异议标注已撤下。此前查询过的机构会收到更正通知。",
        en="The record was corrected or taken back, and the mark is off. Institutions that saw it "
        "are told.",
    ),
    "upheld": Text(
        zh="报送部门核实后维持该记录，恢复展示；企业的说明与记录并列展示。",
        en="Its source has checked the record and stands by it. It is shown again, and your "
        "statement stands beside it.",
    ),
    "withheld": Text(
        zh="该记录无法核实，平台终止披露，不再展示、提供和使用。",
        en="The record could not be verified. It is no longer shown, shared or used.",
    ),
    "dropped": Text(
        zh="因逾期未补充，本件结束，该记录恢复展示。",
        en="It ended because nothing was supplied in time, and the record is shown again.",
    ),
    "withdrawn": Text(
        zh="企业撤回了异议，该记录恢复展示，标注和说明已撤下。",
        en="You withdrew the objection. The record is shown again, without mark and statement.",
    ),
}


@dataclass(frozen=True)
class Letter:
    """The answer to an enterprise. `reason` are the words of whoever decided; `by` is their role.

    `answered_on` and `due` are days in China. `complaint` is the article by which a complaint to
    the regulator is answered within `complaint_length`; None where no rule is known.
    """

    number: str
    enterprise: str
    category: Text
    ref: str
    department: Text
    received_on: date
    event_date: date | None
    objected_on: date
    answered_on: date
    result: Text
    meant: Text
    reason: str
    by: str
    basis: Source
    complaint: Rule | None
    reopens: bool
    reopen_length: Length


def letter_of(seen: Seen, objection: Objection) -> Letter | None:
    """The letter of a case that has ended; None while it is open."""
    case = seen.case
    if case.ended_at is None or case.state not in MEANT:
        return None
    clocks = clocks_of(jurisdictions_of(settings.REGION))
    last = [row for row in log_of(case) if row.target == case.state != row.source][-1]
    return Letter(
        number=case.number,
        enterprise=objection.enterprise.name,
        category=category_words(objection.category),
        ref=objection.ref,
        department=department_words(objection.department),
        received_on=objection.received_on,
        event_date=objection.event_date,
        objected_on=day_in_china(objection.asked_at),
        answered_on=day_in_china(case.ended_at),
        result=STATES[case.state],
        meant=MEANT[case.state],
        reason=last.text,
        by=last.role,
        basis=clocks.answer.source,
        complaint=_complaint(),
        reopens=case.state in ("upheld", "dropped"),
        reopen_length=clocks.reopen.length,
    )


def objection_told(objection: Objection) -> dict[str, Any]:
    """What the page of a case says of an objection, in words; never what the record says."""
    contract = load_region(settings.REGION).contracts.get(objection.category)
    titles = {field.name: field.title for field in contract.fields} if contract else {}
    names = [titles.get(name, Text(zh=name, en=name)) for name in objection.fields]
    return {
        "category": category_words(objection.category),
        "department": department_words(objection.department),
        "fields": names,
        "hidden": objection.suspended_at is not None and objection.lifted_at is None,
        "right_to": RIGHT,
    }


def department_words(department: str) -> Text:
    """The name of a department; its code where the region does not know it any more."""
    known = load_region(settings.REGION).departments.get(department)
    return Text(zh=department, en=department) if known is None else known.title


def _complaint() -> Rule | None:
    try:
        return shortest(Topic.COMPLAINT_ANSWER, jurisdictions_of(settings.REGION))
    except KeyError:
        return None
