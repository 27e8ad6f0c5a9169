"""Who is told, in which role, and whether that still holds."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from xinrong.accounts.services import Membership, Organisation, Person, everywhere
from xinrong.notices.errors import refused
from xinrong.notices.models import Notice
from xinrong.notices.paths import check_path

#: So many are told of one thing at most: beyond that it is no notice but an announcement.
MOST = 1_000


@dataclass(frozen=True)
class Recipient:
    """One person, told in a role for an organisation; without one about the own account."""

    person: int
    organisation: int | None = None
    role: str = ""


def acting() -> QuerySet[Membership]:
    """The roles in which somebody acts now, wherever."""
    own = everywhere(Membership, because="whoever is told is found by role, in any organisation")
    return own.filter(suspended_at=None, person__is_active=True)


def people_in(
    roles: Collection[str],
    organisations: Collection[int] | None,
    *,
    managers: bool = False,
    but: int | None = None,
) -> list[Recipient]:
    """Whoever acts in one of these roles, in these organisations (None: in any).

    `managers`: only who manages the organisation; `but`: never this person.
    """
    found = acting().filter(role__in=roles)
    if organisations is not None:
        found = found.filter(organisation_id__in=organisations)
    if managers:
        found = found.filter(manages=True)
    if but is not None:
        found = found.exclude(person_id=but)
    rows = found.order_by("pk")[:MOST]
    return [Recipient(row.person_id, row.organisation_id, row.role) for row in rows]


def person_in(person: int | None, organisations: Collection[int] | None) -> list[Recipient]:
    """One person, in the role held there now; nobody where there is none."""
    if person is None:
        return []
    found = acting().filter(person_id=person)
    if organisations is not None:
        found = found.filter(organisation_id__in=organisations)
    row = found.order_by("pk").first()
    return [Recipient(row.person_id, row.organisation_id, row.role)] if row else []


def organisation_of(reference: str) -> list[int]:
    """The organisation of an enterprise, by its code; nothing where nobody represents it."""
    found = Organisation.objects.filter(kind="enterprise", reference=reference, closed_at=None)
    return list(found.values_list("pk", flat=True))


def told(person: int) -> QuerySet[Notice]:
    """A person's notices that stand: those of roles that have ended are shown to nobody."""
    role = acting().filter(
        person_id=OuterRef("person_id"),
        organisation_id=OuterRef("organisation_id"),
        role=OuterRef("role"),
    )
    return Notice.objects.filter(Q(organisation=None) | Exists(role), person=person)


def still_told(notice: Notice) -> bool:
    """Whether the person still acts in the role in which it was told; asked at hand-over."""
    if notice.organisation_id is None:
        return Person.objects.filter(pk=notice.person_id, is_active=True).exists()
    return (
        acting()
        .filter(
            person_id=notice.person_id,
            organisation_id=notice.organisation_id,
            role=notice.role,
        )
        .exists()
    )


def unread(person: int, *, at_most: int = 100) -> int:
    """How many unread notices stand, counted no further than `at_most`: one question."""
    with connection.cursor() as cursor:
        cursor.execute(_UNREAD, [person, at_most])
        return int(cursor.fetchone()[0])


#: `told` and unread, spelled out: every page asks, so it goes past the query builder.
_UNREAD = (
    "SELECT count(*) FROM (SELECT 1 FROM notices_notice AS n "
    "WHERE n.person_id = %s AND n.read_at IS NULL AND (n.organisation_id IS NULL OR EXISTS ("
    "SELECT 1 FROM accounts_membership AS m JOIN accounts_person AS p ON p.id = m.person_id "
    "WHERE m.person_id = n.person_id AND m.organisation_id = n.organisation_id "
    "AND m.role = n.role AND m.suspended_at IS NULL AND p.is_active)) LIMIT %s) AS counted"
)


def find(person: int, number: int) -> Notice:
    """One of the person's notices that stand. Raises NoticeError (notice_unknown)."""
    found = told(person).select_related("organisation").filter(pk=number).first()
    if found is None:
        raise refused(
            "notice_unknown", "没有这条通知，或相应角色已终止。",
            "there is no such notice for you, or your role has ended",
            do_zh="请打开通知列表。", do_en="Open the list of your notices.",
        )  # fmt: skip
    return found


def read(notice: Notice, *, now: datetime) -> str:
    """Mark a notice as read; where it leads. Raises NoticeError (path_wrong)."""
    check_path(notice.path)
    Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=now)
    return notice.path


def read_all(person: int, *, up_to: int, now: datetime) -> int:
    """Mark what stood on the page as read: nothing that came after it; how many."""
    return Notice.objects.filter(person=person, read_at=None, pk__lte=up_to).update(read_at=now)
