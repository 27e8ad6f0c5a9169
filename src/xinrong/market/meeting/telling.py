"""Who is told of an event: banks, the enterprises of a criterion, those who said yes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from xinrong.accounts.services import Organisation
from xinrong.market.meeting.models import Meeting, MeetingBank
from xinrong.notices.services import notify, people_in
from xinrong.subjects import services as subjects

#: Organisations whose people are told at once.
MANY = 200


def path_of(meeting: Meeting) -> str:
    """Where it is answered."""
    return f"/events/{meeting.number}"


def tell_banks(meeting: Meeting, rows: Collection[MeetingBank], *, at: datetime) -> int:
    """The loan officers of banks that were invited; how many people."""
    people = people_in(("loan_officer",), [row.bank_id for row in rows]) if rows else []
    return notify(
        "event_invited", people, path=path_of(meeting), key=f"event:{meeting.pk}", at=at,
        reference=meeting.number,
    )  # fmt: skip


def tell_enterprises(meeting: Meeting, admitted: Collection[int], *, at: datetime) -> int:
    """The representatives of these enterprises that are on the platform; how many people."""
    if not admitted:
        return 0
    rows = Organisation.objects.filter(kind="enterprise", closed_at=None).exclude(reference="")
    by_code = dict(rows.values_list("reference", "pk"))
    numbers = set(admitted)
    found = subjects.enterprises_by_codes(by_code)
    meant = [by_code[code] for code, (number, *_rest) in found.items() if number in numbers]
    return sum(
        notify(
            "event_invited", people_in(("representative",), meant[start : start + MANY]),
            path=path_of(meeting), key=f"event:{meeting.pk}", at=at, reference=meeting.number,
        )
        for start in range(0, len(meant), MANY)
    )  # fmt: skip


def tell_guests(meeting: Meeting, kind: str, *, at: datetime) -> int:
    """Whoever said yes, and the banks that come."""
    codes = list(meeting.guests.values_list("enterprise__code", flat=True))
    rows = Organisation.objects.filter(kind="enterprise", reference__in=codes, closed_at=None)
    organisations = list(rows.values_list("pk", flat=True))
    banks = list(meeting.banks.exclude(answer="no").values_list("bank_id", flat=True))
    people = people_in(("representative",), organisations) if organisations else []
    people += people_in(("loan_officer",), banks) if banks else []
    stamp = int(at.timestamp())
    return notify(
        kind, people, path=path_of(meeting), key=f"event:{meeting.pk}:{stamp}", at=at,
        reference=meeting.number,
    )  # fmt: skip
