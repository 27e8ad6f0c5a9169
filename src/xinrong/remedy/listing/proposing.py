"""A department tells an enterprise that it would be listed: the case in which that is decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from xinrong.accounts.services import Organisation, Viewer
from xinrong.catalogue.lists import CreditList, Ground
from xinrong.catalogue.region import load_region
from xinrong.domain.calendars import Calendar
from xinrong.domain.clock import FixedClock, day_in_china
from xinrong.domain.criteria import Outcome
from xinrong.domain.process import due
from xinrong.files import services as files
from xinrong.files.types import FileRecord
from xinrong.remedy.listing.basis import answer, is_shown, record_of
from xinrong.remedy.listing.catalogue import book, list_of, sync
from xinrong.remedy.listing.errors import refuse
from xinrong.remedy.listing.models import OPEN, ListEntry
from xinrong.remedy.listing.table import length_of, process_name
from xinrong.remedy.listing.texts import lines, one_line
from xinrong.remedy.perms import can_list
from xinrong.store import services as store
from xinrong.subjects import services as subjects
from xinrong.trust.services import Purpose
from xinrong.work.services import LONGEST_TEXT, Case, calendar_here, open_case

LONGEST_NAME, LONGEST_POST, MOST_PERSONS = 50, 50, 10
PAGE = 200  # records that one look at a file brings


@dataclass(frozen=True)
class Person:
    """Somebody responsible: a name and a post, no number of any document."""

    name: str
    post: str


@dataclass(frozen=True)
class Proposed:
    """Whom a department would enter, on which list, for what.

    `record` is the basis as the file names it (`<category>/<key>/<batch>`), `why` the reasons.
    """

    list: str
    code: str
    ground: str
    record: str
    why: str
    persons: tuple[Person, ...] = ()


@dataclass(frozen=True)
class Candidate:
    """A record that could carry an entry, and whether it meets the ground."""

    record: FileRecord
    ground: Ground
    outcome: Outcome


def lists_of(who: Viewer) -> list[CreditList]:
    """The lists on which the viewer's department may enter somebody."""
    return [one for one in book().lists.values() if who.reference in one.departments]


def candidates(who: Viewer, name: str, code: str, *, now: datetime) -> list[Candidate]:
    """The records of an enterprise that could carry an entry, as the gate shows them to the viewer.

    Raises ListingRefused, UnknownEnterprise, Denied.
    """
    one = _may(who, name)
    enterprise = subjects.enterprise_by_code(code)
    found = []
    for category in dict.fromkeys(ground.category for ground in one.grounds):
        records = {record.ref: record for record in _records(who, enterprise.pk, category, now)}
        for ground in one.grounds:
            if ground.category == category:
                found += [
                    Candidate(record, ground, _outcome(ground, record, now))
                    for record in records.values()
                ]
    order = [Outcome.YES, Outcome.UNKNOWN, Outcome.NO]
    return sorted(found, key=lambda each: order.index(each.outcome))


def propose(
    who: Viewer, what: Proposed, *, now: datetime, calendar: Calendar | None = None
) -> Case:
    """Tell an enterprise that it would be listed, with basis and reasons; the case of it.

    Must not be called inside a transaction: it asks the gate. Raises ListingRefused: not for this
    viewer, no such list, record or ground, a record of somebody else or one that does not meet the
    ground, nobody responsible named, listed already.
    """
    one, ground, record, persons = check(who, what, now=now)
    calendar = calendar or calendar_here()
    sync(now)
    category, key, _batch = record.ref.split("/")
    assert who.organisation_id is not None  # as can_list says
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=who.organisation_id)  # two at once: one
        _check_open(one, record.enterprise)
        case = open_case(
            process_name(one.list),
            "propose",
            who,
            sides={
                "data_officer": [who.organisation_id],
                "representative": _represented(what.code),
                "operator": [None],
            },
            enterprise=record.enterprise,
            data={"list": one.list, "ground": ground.id},
            text=lines(what.why),
            now=now,
            calendar=calendar,
        )
        ListEntry.objects.create(
            list=one.list,
            edition=one.version,
            case=case.number,
            enterprise_id=record.enterprise,
            department=who.reference,
            organisation_id=who.organisation_id,
            ground=ground.id,
            basis_category=category,
            basis_key=int(key),
            basis_subject=_subject(record.enterprise, category, int(key)),
            responsible=[{"name": each.name, "post": each.post} for each in persons],
            state="noticed",
            noticed_on=day_in_china(now),
            statement_until=due(length_of(one.notice), now, calendar).last_day,
            last_exit="expired",
        )
    return case


def check(
    who: Viewer, what: Proposed, *, now: datetime
) -> tuple[CreditList, Ground, FileRecord, list[Person]]:
    """What would be told, before anything is written. Raises as `propose` does."""
    one = _may(who, what.list)
    enterprise = subjects.enterprise_by_code(what.code)
    ground = one.ground(what.ground)
    if ground is None:
        raise refuse("list_ground", "请选择列入事由。", "Choose a ground of this list.")
    record = _record(who, enterprise.pk, ground, what.record, now)
    if _outcome(ground, record, now) is Outcome.NO:
        raise refuse(
            "list_ground",
            "这条记录不符合所选的列入事由。",
            "This record does not meet the ground that you chose.",
        )
    persons = _persons(one, what.persons)
    if not lines(what.why) or len(what.why) > LONGEST_TEXT:
        raise refuse(
            "list_why",
            f"请用不超过{LONGEST_TEXT}字写明拟列入的理由和依据，企业会看到。",
            f"Say why and on which basis in at most {LONGEST_TEXT} characters; the enterprise "
            "reads it.",
        )
    _check_open(one, enterprise.pk)
    return one, ground, record, persons


def _check_open(one: CreditList, enterprise: int) -> None:
    rows = ListEntry.objects.filter(list=one.list, enterprise=enterprise, state__in=OPEN)
    if rows.exists():
        raise refuse(
            "list_open",
            "该企业已在这份名单上，或者正在列入程序中。",
            "The enterprise is on this list already, or was told that it would be.",
        )


def _may(who: Viewer, name: str) -> CreditList:
    """The list, where this viewer may enter somebody on it. Raises ListingRefused."""
    if not can_list(who):
        raise refuse(
            "list_role",
            "只有部门的工作人员本人可以办理列入。",
            "Only an officer of a department enters somebody on a list, in person.",
        )
    one = list_of(name)
    if who.reference not in one.departments:
        raise refuse(
            "list_department",
            "这份名单不由本部门认定。",
            "Your department does not decide on this list.",
        )
    return one


def _records(who: Viewer, enterprise: int, category: str, now: datetime) -> list[FileRecord]:
    """The records of a category as the gate shows them to the viewer."""
    contract = load_region(settings.REGION).contracts.get(category)
    found: list[FileRecord] = []
    total = 1 if contract else 0
    while len(found) < total:
        content = files.comprehensive(
            who, enterprise, Purpose.SUPERVISION, category=category, offset=len(found),
            limit=PAGE, clock=FixedClock(now),
        ).content  # fmt: skip
        found += content.records
        total = content.total if content.records else 0
    return found


def _record(who: Viewer, enterprise: int, ground: Ground, ref: str, now: datetime) -> FileRecord:
    """The basis, out of the enterprise's own file. Raises ListingRefused."""
    if ref.count("/") == 2 and ref.startswith(f"{ground.category}/"):
        for record in _records(who, enterprise, ground.category, now):
            if record.ref == ref and record.enterprise == enterprise:
                return record
    raise refuse(
        "list_basis",
        "请选择作为依据的记录：须是该企业的、属于所选事由的、现在可以使用的记录。",
        "Choose the record it rests on: one of this enterprise, of the chosen ground, that may be "
        "used now.",
    )


def _outcome(ground: Ground, record: FileRecord, now: datetime) -> Outcome:
    """What the ground says of a record that the gate showed; no where it is gone meanwhile."""
    _category, key, _batch = record.ref.split("/")
    today = day_in_china(now)
    with store.snapshot() as snapshot:
        row = record_of(record.enterprise, ground.category, int(key), snapshot)
    if row is None:
        return Outcome.NO
    personal = subjects.enterprise_by_id(record.enterprise).personal
    if not is_shown(ground.category, row, today, personal=personal):
        return Outcome.NO
    return answer(ground, record.enterprise, row, today)


def _subject(enterprise: int, category: str, key: int) -> int:
    """Whose the record is. Raises ListingRefused where it is gone meanwhile."""
    with store.snapshot() as snapshot:
        row = record_of(enterprise, category, key, snapshot)
    if row is None:
        raise refuse(
            "list_basis",
            "这条记录刚刚被撤回或者停止使用。",
            "This record was taken back, or may be used no longer, a moment ago.",
        )
    return int(row["subject"])


def _represented(code: str) -> list[int]:
    """The organisation in which the enterprise's people act, if it is on the platform."""
    found = Organisation.objects.filter(kind="enterprise", reference=code, closed_at=None)
    return [one.pk for one in found[:1]]


def _persons(one: CreditList, named: tuple[Person, ...]) -> list[Person]:
    """Those responsible, trimmed. Raises ListingRefused where the law asks for them."""
    found = [
        Person(one_line(each.name), one_line(each.post)) for each in named if one_line(each.name)
    ]
    too_long = any(len(each.name) > LONGEST_NAME or len(each.post) > LONGEST_POST for each in found)
    if (one.responsible.named and not found) or too_long or len(found) > MOST_PERSONS:
        raise refuse(
            "list_persons",
            f"请写明负有责任的人员的姓名和职务（一至{MOST_PERSONS}人），不要写证件号码。",
            f"Name those responsible with their posts, one to {MOST_PERSONS} of them, and no "
            "number of any document.",
        )
    return found if one.responsible.named else []
