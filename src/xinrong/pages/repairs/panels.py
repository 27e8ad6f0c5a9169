"""What the page of a repair's case shows: the record through the gate, the pledge, the papers."""

from __future__ import annotations

from typing import Any

from xinrong.accounts.services import Viewer
from xinrong.domain.errors import XinrongError
from xinrong.files import services as files
from xinrong.files.types import FileRecord
from xinrong.pages.repairs.words import GROUNDS
from xinrong.pages.words import TIERS, of, said
from xinrong.remedy.perms import can_decide_repairs
from xinrong.remedy.services import repairing
from xinrong.trust.services import Purpose
from xinrong.work import services as work

PURPOSES = {"representative": Purpose.SELF, "data_officer": Purpose.SUPERVISION}
#: What the forms of the panel do, so that no plain button stands beside them.
OWN_ACTS = ("accept", "sign")
PAGE = 500


def repair_told(seen: work.Seen, who: Viewer) -> dict[str, Any]:
    """The context of the panel; without `repair` where the case has none."""
    repair = repairing.repairs_of([seen.case.number]).get(seen.case.number)
    if repair is None:
        return {"own_acts": OWN_ACTS}
    doable = {one.move.event: one.version for one in seen.doable}
    titles = files_of_departments()
    own_department = can_decide_repairs(who) and repair.source_id == who.organisation_id
    return {
        "repair": repair,
        "category": said(repairing.category_words(repair.category)),
        "grounds": of(GROUNDS, repair.basis),
        "tier": of(TIERS, repair.tier) if repair.tier else "",
        "record": None if repair.stands else record_of(repair, who),
        "asserted": [titles.get(one, one) for one in repair.asserted],
        "linked": repairing.linked_to(repair),
        "signed": bool(repair.pledge.get("payload", {}).get("assertion")),
        "pledge": repairing.pledge_words(repair.enterprise.name, repair.enterprise.code),
        "accept_version": doable.get("accept"),
        "may_sign": "sign" in doable,
        "may_doubt": own_department and repair.stands,
        "right_to": repairing.RIGHT,
        "together": repairing.TOGETHER,
        "own_acts": OWN_ACTS,
    }


def files_of_departments() -> dict[str, str]:
    """Department → its title."""
    from xinrong.pages.context import region

    return {name: said(one.title) for name, one in region().departments.items()}


def record_of(repair: repairing.Repair, who: Viewer) -> FileRecord | None:
    """The record as the viewer's own look at the file shows it now; None where it shows none."""
    purpose = PURPOSES.get(who.role)
    if purpose is None:
        return None
    wanted, offset, total = f"{repair.category}/{repair.key}/", 0, 1
    while offset < total:
        try:
            content = files.comprehensive(
                who, repair.enterprise_id, purpose, category=repair.category, offset=offset,
                limit=PAGE,
            ).content  # fmt: skip
        except XinrongError:
            return None
        for record in content.records:
            if record.ref.startswith(wanted):
                return record  # type: ignore[no-any-return] # a content is of its service
        offset, total = offset + PAGE, content.total
    return None
