"""Cases of the demo: what waits for somebody in an invented city, so that inboxes are not empty."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model

from xinrong.accounts.services import Viewer, viewer_of
from xinrong.catalogue.region import Region
from xinrong.files import services as files
from xinrong.files.types import FileRecord, Sign
from xinrong.remedy import services as remedy
from xinrong.store import services as store
from xinrong.subjects.services import enterprise_by_code, subjects_of
from xinrong.trust.services import Purpose
from xinrong.work import services as work

REPRESENTATIVE, OFFICER = "representative@demo.invalid", "data-officer@demo.invalid"
#: field -> what is put after what stands there, why; agreed: the department has said yes.
ASKED = (
    ("address", "2号楼", "已迁入2号楼，见租赁合同与新营业执照。", False),
    ("scope", "；货物进出口", "经营范围已变更登记，见变更核准通知书。", True),
)
AGREED = "已核对变更登记档案，同意更正。"


def open_cases(region: Region, *, now: datetime) -> int:
    """Let the demo's enterprise ask for two corrections, of which its source agrees to one.

    Through the process, as people do it. How many were opened: none where the city is not
    invented, where nobody answers for the register, or where the enterprise has asked before.
    """
    if not region.info.invented:
        return 0
    asking, answering = demo_viewer(REPRESENTATIVE), demo_viewer(OFFICER)
    if asking.role != "representative" or answering.role != "data_officer":
        return 0
    enterprise = enterprise_by_code(asking.reference)
    if remedy.Correction.objects.filter(enterprise=enterprise).exists():
        return 0
    there = {one.field.name: one for one in remedy.correctable(region)}
    stands = standing(enterprise.pk, there["address"].category)
    done = 0
    for field, more, why, agreed in ASKED:
        one, value = there.get(field), stands.get(field, "")
        if one is None or not value or one.department != answering.reference:
            continue
        wanted = remedy.Wanted(one.category, field, value, f"{value}{more}", why)
        case = remedy.ask(asking, wanted, region=region, now=now)
        if agreed:
            work.move(case.number, "accept", answering, version=1, now=now, text=AGREED)
        done += 1
    return done


STATEMENT = "该记录的当事人不是本企业。（演示）"
WHY = "记录所载地址与本企业住所不同，疑为同名企业，请核对原始文书。（演示）"


def object_to_one(region: Region, *, now: datetime) -> str:
    """Let the demo's enterprise object to a record, as people do it; the number of the case.

    A negative record is chosen where there is one, before those one of the department that can
    answer. Empty where the city is not invented, or where the enterprise has objected before.
    """
    if not region.info.invented:
        return ""
    asking, answering = demo_viewer(REPRESENTATIVE), demo_viewer(OFFICER)
    if asking.role != "representative":
        return ""
    enterprise = enterprise_by_code(asking.reference)
    if remedy.Objection.objects.filter(enterprise=enterprise).exists():
        return ""
    shown = files.comprehensive(
        asking, enterprise.pk, Purpose.SELF, limit=files.MOST_RECORDS
    ).content.records

    def rank(record: FileRecord) -> tuple[bool, bool]:
        good = record.sign is not Sign.NEGATIVE
        return good, record.origin.department != answering.reference

    registers = {feed.category for feed in region.feeds.values() if feed.register_feed}
    open_to = [record for record in shown if record.category not in registers]
    if not open_to:
        return ""
    what = remedy.Objected(min(open_to, key=rank).ref, STATEMENT, WHY)
    return remedy.object_to(asking, what, now=now).number


def demo_viewer(email: str) -> Viewer:
    """Whoever signs in with an address of the demo; the public where there is none."""
    return viewer_of(get_user_model()._default_manager.filter(email=email).first())  # noqa: SLF001


def standing(enterprise: int, category: str) -> dict[str, Any]:
    """What the newest record of a category shows of an enterprise."""
    numbers = subjects_of([enterprise])[enterprise]
    with store.snapshot() as snapshot:
        rows = snapshot.records(numbers, [category]).to_pylist()
    shown = next((row["display"] for row in rows if row["display"]), None)
    found: dict[str, Any] = json.loads(shown) if shown else {}
    return found
