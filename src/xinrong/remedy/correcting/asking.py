"""An enterprise asks for a correction of what the register says about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from xinrong.accounts.services import Organisation, Viewer
from xinrong.catalogue.contract import RecordField
from xinrong.catalogue.region import Region
from xinrong.domain.calendars import Calendar
from xinrong.domain.text import Text
from xinrong.remedy.correcting.models import Correction
from xinrong.remedy.errors import RemedyRefused
from xinrong.remedy.perms import can_ask_correction
from xinrong.subjects import services as subjects
from xinrong.work.services import Case, open_case

PROCESS = "correction"
LONGEST_VALUE = 500
LONGEST_WHY = 2000
#: Every register feed brings the name, which is no field of a contract.
NAME = RecordField(name="enterprise_name", title=Text(zh="名称", en="Name"))


@dataclass(frozen=True)
class Correctable:
    """A field that can be corrected: of which category, and which department sends it."""

    category: str
    category_title: Text
    field: RecordField
    department: str


@dataclass(frozen=True)
class Wanted:
    """What an enterprise asks for: the field, what stands there, what is right, and why."""

    category: str
    field: str
    stands: str
    right: str
    why: str


def correctable(region: Region) -> list[Correctable]:
    """The fields of what register feeds bring, in catalogue order."""
    found = []
    for category in subjects.register_categories(region):
        feed = next(one for one in region.feeds_of[category] if one.register_feed)
        contract = region.contracts[category]
        found += [
            Correctable(category, contract.title, field, feed.department)
            for field in (NAME, *contract.fields)
        ]
    return found


def ask(
    who: Viewer,
    wanted: Wanted,
    *,
    region: Region,
    now: datetime,
    calendar: Calendar | None = None,
) -> Case:
    """Ask the department that sent it for a correction; the case in which it answers.

    Raises RemedyRefused: not for this viewer, no such field, nothing or too much said, asked
    already, or nobody here to ask.
    """
    if not can_ask_correction(who):
        raise RemedyRefused(
            "correction_role",
            Text(
                zh="只有本企业经核验的代表可以提出更正。",
                en="Only a proven representative of the enterprise asks for a correction.",
            ),
        )
    field = _field(region, wanted)
    right, why = _checked(wanted)
    enterprise = subjects.enterprise_by_code(who.reference)
    source = source_of(field)
    assert who.organisation_id is not None  # as can_ask_correction says
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=who.organisation_id)  # two at once: one
        _check_open(enterprise.pk, wanted)
        case = open_case(
            PROCESS,
            "ask",
            who,
            sides={
                "representative": [who.organisation_id],
                "data_officer": [source.pk],
                "operator": [None],
            },
            enterprise=enterprise.pk,
            data={"category": wanted.category, "field": wanted.field},
            now=now,
            calendar=calendar,
        )
        Correction.objects.create(
            case=case.number,
            enterprise=enterprise,
            source=source,
            category=wanted.category,
            field=wanted.field,
            stands=one_line(wanted.stands)[:LONGEST_VALUE],
            right=right,
            why=why,
            asked_at=now,
        )
    return case


def one_line(text: str) -> str:
    """Without line breaks and repeated blanks."""
    return " ".join(text.split())


def _field(region: Region, wanted: Wanted) -> Correctable:
    for one in correctable(region):
        if (one.category, one.field.name) == (wanted.category, wanted.field):
            return one
    raise RemedyRefused(
        "correction_field",
        Text(
            zh="请选择一项登记信息。",
            en="Choose one of the fields of the register.",
        ),
    )


def _checked(wanted: Wanted) -> tuple[str, str]:
    right = one_line(wanted.right)
    why = "\n".join(one_line(line) for line in wanted.why.strip().splitlines())
    if not right or len(right) > LONGEST_VALUE or right == one_line(wanted.stands):
        raise RemedyRefused(
            "correction_value",
            Text(
                zh=f"请写明正确的内容：与现有内容不同，不超过{LONGEST_VALUE}字。",
                en="Write what is right: other than what stands there, in at most "
                f"{LONGEST_VALUE} characters.",
            ),
        )
    if not why or len(why) > LONGEST_WHY:
        raise RemedyRefused(
            "correction_why",
            Text(
                zh=f"请写明理由和依据，不超过{LONGEST_WHY}字。",
                en=f"Say why, and what shows it, in at most {LONGEST_WHY} characters.",
            ),
        )
    return right, why


def _check_open(enterprise: int, wanted: Wanted) -> None:
    same = Correction.objects.filter(
        enterprise=enterprise, category=wanted.category, field=wanted.field
    )
    if Case.objects.filter(number__in=same.values("case"), ended_at=None).exists():
        raise RemedyRefused(
            "correction_open",
            Text(
                zh="这一项已经提出更正，尚未办结。请在原件中补充或撤回。",
                en="A correction of this field is open already: add to it, or withdraw it first.",
            ),
        )


def source_of(field: Correctable) -> Organisation:
    """The organisation of the department that sends a field. Raises RemedyRefused."""
    found = Organisation.objects.filter(
        kind="department", reference=field.department, closed_at=None
    ).first()
    if found is None:
        raise RemedyRefused(
            "correction_source",
            Text(
                zh="报送这项信息的部门尚未在平台开户。请直接向登记机关提出。",
                en="The department that sends this is not on the platform yet: turn to it "
                "directly.",
            ),
        )
    return found
