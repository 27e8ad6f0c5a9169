"""Whether a record of the own file can be repaired, from which day, and if not, why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.conf import settings

from xinrong.accounts.services import Organisation, Viewer
from xinrong.catalogue.contract import Contract
from xinrong.catalogue.law_terms import record_law
from xinrong.catalogue.region import Region, load_region
from xinrong.domain.clock import FixedClock, day_in_china
from xinrong.domain.law import Tier, Topic
from xinrong.files import services as files
from xinrong.files.types import FileRecord
from xinrong.remedy.repairing.law import Earliest, earliest
from xinrong.remedy.repairing.models import Repair
from xinrong.subjects import services as subjects
from xinrong.trust.services import Purpose, Release
from xinrong.work.services import Case


class Why(StrEnum):
    """Why a record cannot be repaired now."""

    READY = ""  # it can
    EARLY = "repair_early"  # its minimum period is not over
    UNDATED = "repair_undated"  # nobody has said when it was determined
    LISTED = "repair_listed"  # it still stands on a list: leave that first
    NO_RULE = "repair_no_rule"  # no rule here says how information of this kind is repaired
    TIER = "repair_tier"  # rules speak of its kind, none of its tier
    OPEN = "repair_open"  # it has been applied for
    AWAY = "repair_source"  # its department cannot be asked here


@dataclass(frozen=True)
class Outlook:
    """A negative record of the own file, and what its repair would need.

    `case` is the number of the open application, if there is one.
    """

    record: FileRecord
    earliest: Earliest | None
    why: Why
    case: str = ""

    @property
    def name(self) -> str:
        """How a form names the record: its category and key."""
        return name_of(self.record)


def name_of(record: FileRecord) -> str:
    """Category and key: all versions of a record have them."""
    return record.ref.rpartition("/")[0]


def key_of(record: FileRecord) -> int:
    """The key of a record."""
    return int(record.ref.split("/")[1])


def own_file(who: Viewer, *, now: datetime) -> Release:
    """What stands for and against the viewer's own enterprise today, through the gate."""
    enterprise = subjects.enterprise_by_code(who.reference)
    return files.signs(who, enterprise.pk, Purpose.SELF, clock=FixedClock(now))


def outlooks(who: Viewer, *, now: datetime) -> list[Outlook]:
    """Every negative record of the own file with the day from which it can be repaired.

    What can be applied for comes first, then by that day. Raises Denied as the gate does.
    """
    enterprise = subjects.enterprise_by_code(who.reference)
    region, today = load_region(settings.REGION), day_in_china(now)
    black = own_file(who, now=now).content.black
    running, here = open_cases(enterprise.pk), departments_here()
    found = [
        outlook(one, region, personal=enterprise.personal, today=today, running=running, here=here)
        for one in black
    ]
    return sorted(found, key=_place)


def _place(one: Outlook) -> tuple[bool, date, str]:
    day = one.earliest.day if one.earliest and one.earliest.day else date.max
    return one.why is not Why.READY, day, one.name


def outlook(
    record: FileRecord,
    region: Region,
    *,
    personal: bool,
    today: date,
    running: dict[str, str],
    here: frozenset[str],
) -> Outlook:
    """What the repair of one record needs.

    `running`: name of a record -> its open case; `here`: the departments that can be asked.
    """
    contract = region.contracts[record.category]
    case = running.get(name_of(record), "")
    found = earliest_of(record, contract, region, personal=personal, today=today)
    why = Why.OPEN if case else _why(record, contract, found, today)
    if why is Why.READY and record.origin.department not in here:
        why = Why.AWAY
    return Outlook(record, found, why, case)


def earliest_of(
    record: FileRecord, contract: Contract, region: Region, *, personal: bool, today: date
) -> Earliest | None:
    """The earliest day by the law packs; None where the contract says no kind of information."""
    negative = contract.negative
    if negative is None:
        return None
    days: dict[str, Any] = {"event_date": record.event_date, "end_date": record.end_date}
    law = record_law(region).law
    tier, on = tier_of(record, contract), days[negative.determined]
    return earliest(law, str(negative.kind), tier, on, personal=personal, on=today)


def tier_of(record: FileRecord, contract: Contract) -> Tier | None:
    """How grave a record is, as its own field says; None where nothing says it."""
    negative = contract.negative
    if negative is None or not negative.tier_by:
        return None
    value = next((one.value for one in record.fields if one.name == negative.tier_by), None)
    tier = negative.tiers.get(str(value))
    return None if tier is None else Tier(tier)


def _why(record: FileRecord, contract: Contract, found: Earliest | None, today: date) -> Why:
    negative = contract.negative
    if found is None or negative is None:
        return Why.NO_RULE
    ended = record.end_date if negative.ended == "end_date" else record.event_date
    if negative.lasting and ended is None:
        return Why.LISTED
    if found.undated:
        return Why.UNDATED
    if found.day is None:
        return Why.TIER if found.tier is not None and _speaks_of(contract) else Why.NO_RULE
    return Why.EARLY if today < found.day else Why.READY


def _speaks_of(contract: Contract) -> bool:
    """Whether the law knows repair of this kind at all, whatever the tier."""
    assert contract.negative is not None  # as the caller has looked
    law = record_law(load_region(settings.REGION))
    return any(True for _ in law.rules(Topic.REPAIR_EARLIEST, contract.negative))


def departments_here() -> frozenset[str]:
    """The departments that are on the platform."""
    found = Organisation.objects.filter(kind="department", closed_at=None)
    return frozenset(found.values_list("reference", flat=True))


def open_cases(enterprise: int) -> dict[str, str]:
    """Name of a record -> the number of the open case in which its repair is applied for."""
    rows = Repair.objects.filter(enterprise=enterprise, repaired_at=None)
    named = {one.case: f"{one.category}/{one.key}" for one in rows}
    still = Case.objects.filter(number__in=named, ended_at=None)
    return {named[number]: number for number in still.values_list("number", flat=True)}
