"""An enterprise objects to a record of its own file: the record is marked in the same moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from xinrong.accounts.services import Organisation, Viewer
from xinrong.domain.calendars import Calendar
from xinrong.domain.clock import FixedClock, day_in_china
from xinrong.domain.text import Text
from xinrong.files import services as files
from xinrong.files.types import FileRecord
from xinrong.remedy.errors import RemedyRefused
from xinrong.remedy.objecting.law import RIGHT
from xinrong.remedy.objecting.models import Objection
from xinrong.remedy.objecting.records import Version, one_mark, version_of
from xinrong.remedy.objecting.telling import MARKED, tell_partners
from xinrong.remedy.perms import can_object
from xinrong.store import services as store
from xinrong.subjects import services as subjects
from xinrong.trust.services import Purpose
from xinrong.work.services import Case, open_case

PROCESS = "objection"
LONGEST_STATEMENT = 300
LONGEST_WHY = 2000
PAGE = 500  # records that one look at the own file brings


@dataclass(frozen=True)
class Objected:
    """What an enterprise objects to (`record`, as its file names it) and what it says.

    `fields` are the names of those that are wrong, none for the whole record. `statement` stands
    beside the record for everybody who sees it, `why` is for those who check it. `new` says what
    is new, where this version of the record was objected to before.
    """

    record: str
    statement: str
    why: str
    fields: tuple[str, ...] = ()
    new: str = ""


def find_record(who: Viewer, ref: str, *, now: datetime) -> FileRecord:
    """The record of the viewer's own file, as the gate shows it today.

    Raises RemedyRefused: not for this viewer; no such record in the own file, whether it is
    somebody else's, was taken back, is not shown any more or never was.
    """
    _check_role(who)
    category, _, rest = ref.partition("/")
    if not category or rest.count("/") != 1 or len(ref) > 120:
        raise _unknown()
    enterprise = subjects.enterprise_by_code(who.reference)
    clock, offset, total = FixedClock(now), 0, 1
    while offset < total:
        content = files.comprehensive(
            who, enterprise.pk, Purpose.SELF, category=category, offset=offset, limit=PAGE,
            clock=clock,
        ).content  # fmt: skip
        records: Sequence[FileRecord] = content.records
        for record in records:
            if record.ref == ref and record.enterprise == enterprise.pk:
                return record
        offset, total = offset + PAGE, content.total
    raise _unknown()


def object_to(
    who: Viewer,
    what: Objected,
    *,
    now: datetime,
    calendar: Calendar | None = None,
) -> Case:
    """Object to a record: it is marked, and a case begins in which the platform checks it.

    Raises RemedyRefused: not for this viewer, no such record, objected to already, nothing new
    since the last time, or nothing or too much said.
    """
    record = find_record(who, what.record, now=now)
    said = _checked(what, record)
    assert who.organisation_id is not None  # as can_object says
    source = _source(record.origin.department)
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=who.organisation_id)  # two at once: one
        version = version_of(record)
        if version is None:  # taken back since the gate showed it
            raise _unknown()
        _check_earlier(version, said)
        case = open_case(
            PROCESS,
            "object",
            who,
            sides={
                "representative": [who.organisation_id],
                "data_officer": [source.pk] if source else [],
                "operator": [None],
            },
            enterprise=record.enterprise,
            data={"category": record.category},
            text=said.new or said.why,
            now=now,
            calendar=calendar,
        )
        objection = Objection.objects.create(
            case=case.number,
            enterprise_id=record.enterprise,
            source=source,
            department=record.origin.department,
            category=record.category,
            key=version.record.key,
            subject=version.record.subject,
            batch=record.origin.batch,
            row_no=record.origin.row_no,
            received_on=record.origin.received_on,
            event_date=record.event_date,
            digest=version.digest,
            fields=list(said.fields),
            statement=said.statement,
            why=said.why,
            new=said.new,
            asked_at=now,
        )
        one_mark(objection, store.MarkKind.OBJECTION, on=day_in_china(now), at=now)
        tell_partners(MARKED, objection, article=str(RIGHT), at=now)
    return case


def check_objection(who: Viewer, what: Objected, record: FileRecord) -> Objected:
    """What would be objected, trimmed, before anything is written. Raises as `object_to` does."""
    _check_role(who)
    said, version = _checked(what, record), version_of(record)
    if version is None:
        raise _unknown()
    _check_earlier(version, said)
    return said


def answered_before(who: Viewer, record: FileRecord) -> bool:
    """Whether an objection to this very version was answered. Raises RemedyRefused: open still."""
    _check_role(who)
    version = version_of(record)
    return version is not None and bool(_answered(version))


def objections_of(cases: list[str]) -> Mapping[str, Objection]:
    """The objections of cases, by the number of the case."""
    rows = Objection.objects.filter(case__in=cases).select_related("enterprise", "source")
    return {one.case: one for one in rows}


def _check_role(who: Viewer) -> None:
    if not can_object(who):
        raise RemedyRefused(
            "objection_role",
            Text(
                zh="只有本企业经核验的代表可以提出异议。",
                en="Only a proven representative of the enterprise objects to its records.",
            ),
        )


def _unknown() -> RemedyRefused:
    return RemedyRefused(
        "objection_record",
        Text(
            zh="本企业的信用档案中没有这条记录：它可能已被更正、撤回或者不再展示。请从档案中重新选择。",
            en="There is no such record in your file: it may have been corrected, taken back or "
            "be shown no longer. Choose it from your file again.",
        ),
    )


def _checked(what: Objected, record: FileRecord) -> Objected:
    """What was said, trimmed. Raises RemedyRefused."""
    statement, why, new = _lines(what.statement), _lines(what.why), _lines(what.new)
    if not statement or len(statement) > LONGEST_STATEMENT:
        raise RemedyRefused(
            "objection_statement",
            Text(
                zh=f"请用不超过{LONGEST_STATEMENT}字写明企业的说明，它将与记录并列展示。",
                en=f"Write your statement in at most {LONGEST_STATEMENT} characters: it stands "
                "beside the record.",
            ),
        )
    if not why or len(why) > LONGEST_WHY or len(new) > LONGEST_WHY:
        raise RemedyRefused(
            "objection_why",
            Text(
                zh=f"请写明哪里有误、依据是什么，每项不超过{LONGEST_WHY}字。",
                en=f"Say what is wrong and what shows it, in at most {LONGEST_WHY} characters.",
            ),
        )
    known = {field.name for field in record.fields}
    fields = tuple(dict.fromkeys(name for name in what.fields if name in known))
    return Objected(what.record, statement, why, fields, new)


def _lines(text: str) -> str:
    """Without blanks at the ends of lines, and repeated ones."""
    lines = (" ".join(line.split()) for line in text.strip().splitlines())
    return "\n".join(lines).strip()


def _answered(version: Version) -> list[Objection]:
    """The objections to this version that were answered. Raises RemedyRefused where one is open."""
    same = Objection.objects.filter(category=version.record.category, key=version.record.key)
    cases = {case.number: case for case in Case.objects.filter(number__in=same.values("case"))}
    if any(case.ended_at is None for case in cases.values()):
        raise RemedyRefused(
            "objection_open",
            Text(
                zh="对这条记录的异议尚未办结。请在原件中补充或撤回。",
                en="An objection to this record is open already: add to it, or withdraw it first.",
            ),
        )
    given_up = {number for number, case in cases.items() if case.state == "withdrawn"}
    return [one for one in same.filter(digest=version.digest) if one.case not in given_up]


def _check_earlier(version: Version, said: Objected) -> None:
    """Objecting twice: not while it is open, and to the same version only with something new."""
    answered = _answered(version)
    told = {words for one in answered for words in (one.why, one.new)}
    if answered and (not said.new or said.new in told):
        raise RemedyRefused(
            "objection_new",
            Text(
                zh="这条记录的异议已经答复过。请写明有什么新的理由或证明。",
                en="An objection to this record was answered before. Say what is new: another "
                "reason, or a document that was not there.",
            ),
        )


def _source(department: str) -> Organisation | None:
    """The organisation of the department that sent it; None where it is not on the platform."""
    found = Organisation.objects.filter(kind="department", reference=department, closed_at=None)
    return found.order_by("pk").first()
