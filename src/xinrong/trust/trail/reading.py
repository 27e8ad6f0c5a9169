"""The trail as its readers see it: the enterprise, the compliance officer, the auditor."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Count, Q, QuerySet

from xinrong.accounts.services import Organisation, Person, Viewer
from xinrong.domain.clock import midnight
from xinrong.domain.errors import XinrongError
from xinrong.subjects import services as subjects
from xinrong.trust.errors import Denied
from xinrong.trust.models import AuditRow
from xinrong.trust.sealing.models import AuditSeal
from xinrong.trust.trail.models import AuditDoubt

#: More people than these are not looked for at once by part of a name.
MOST_PEOPLE = 20


class TrailError(XinrongError):
    """Something asked of the trail cannot be done.

    Codes: unknown_query, doubt_refused, too_many_people, nothing_released, not_reproducible,
    no_search.
    """

    code = "unknown_query"


@dataclass(frozen=True)
class Search:
    """What a reader looks for; days are days in China, both included."""

    first: date | None = None
    last: date | None = None
    purpose: str = ""
    outcome: str = ""
    person: str = ""  # part of a name or e-mail address
    enterprise: str = ""  # a code
    organisation: str = ""  # part of a name
    doubted: bool = False


@dataclass(frozen=True)
class Shown:
    """One question as a reader sees it; `person` is empty for an enterprise."""

    audit_id: int
    at: datetime
    institution: str  # the bank, when an outlet asked
    organisation: str
    person: str
    role: str
    service: str
    purpose: str
    stage: str
    enterprises: tuple[tuple[str, str], ...]  # code and name
    released: tuple[str, ...]
    withheld: tuple[tuple[str, str], ...]
    consents: tuple[int, ...]
    outcome: str
    reason: str
    support_id: int | None
    bundle: str
    seq: int | None
    digest: str
    parameters: tuple[tuple[str, str | int], ...] | None  # None: a row from before they were kept
    doubts: int


def visible_to(viewer: Viewer) -> QuerySet[AuditRow]:
    """The rows that this viewer may read, newest first.

    - An enterprise: those about it, but its own questions and those of the public.
    - A compliance officer: those asked by the own organisation, and for a bank by its outlets.
    - An auditor: all.
    """
    rows = AuditRow.objects.order_by("-at", "-pk")
    if viewer.role == "auditor":
        return rows
    if viewer.role == "compliance_officer" and viewer.organisation_id:
        return rows.filter(organisation__in=own_side(viewer))
    if viewer.role == "representative":
        try:
            own = subjects.enterprise_by_code(viewer.reference).pk
        except XinrongError:
            return rows.none()
        about = rows.filter(subjects__enterprise_id=own)
        return about.exclude(organisation=None).exclude(purpose="self")
    raise Denied(f"the role {viewer.role} does not read the trail", code="denied_role")


def own_side(viewer: Viewer) -> list[int]:
    """The ids of an organisation and of its outlets."""
    own = viewer.organisation_id
    found = Organisation.objects.filter(Q(pk=own) | Q(parent=own))
    return sorted(found.values_list("pk", flat=True))


def organisations_of(viewer: Viewer, looked_for: Search) -> list[int] | None:
    """The ids of the organisations whose rows are read; None: of all, and of nobody's.

    For whoever reads by organisation: the auditor and the compliance officer.
    """
    own = own_side(viewer) if viewer.role == "compliance_officer" else None
    if not looked_for.organisation:
        return own
    named = Q(name__icontains=looked_for.organisation)
    named |= Q(parent__name__icontains=looked_for.organisation)
    found = Organisation.objects.filter(named)
    if own is not None:
        found = found.filter(pk__in=own)
    return sorted(found.values_list("pk", flat=True))


def people_named(part: str) -> list[int]:
    """The ids of the people whose name or address holds this. Raises TrailError for too many."""
    named = Q(name__icontains=part) | Q(email__icontains=part)
    found = list(Person.objects.filter(named).values_list("pk", flat=True)[: MOST_PEOPLE + 1])
    if len(found) > MOST_PEOPLE:
        raise TrailError(
            f"more than {MOST_PEOPLE} people have {part!r} in their name or address",
            remedy="Write more of the name.",
            code="too_many_people",
        )
    return found


def search(viewer: Viewer, looked_for: Search) -> QuerySet[AuditRow]:
    """The rows that a viewer may read and that fit. Raises TrailError: too many people fit."""
    rows = visible_to(viewer)
    if looked_for.first:
        rows = rows.filter(at__gte=midnight(looked_for.first))
    if looked_for.last:
        end = looked_for.last + timedelta(days=1)
        rows = rows.filter(at__lt=midnight(end))
    if looked_for.purpose:
        rows = rows.filter(purpose=looked_for.purpose)
    if looked_for.outcome:
        rows = rows.filter(outcome=looked_for.outcome)
    if looked_for.person and viewer.role != "representative":
        rows = rows.filter(person__in=people_named(looked_for.person))
    if looked_for.organisation:
        rows = rows.filter(organisation__in=organisations_of(viewer, looked_for) or [])
    if looked_for.enterprise and viewer.role != "representative":
        try:
            asked = subjects.enterprise_by_code(looked_for.enterprise).pk
        except XinrongError:
            return rows.none()
        rows = rows.filter(subjects__enterprise_id=asked)
    if looked_for.doubted:
        rows = rows.filter(pk__in=AuditDoubt.objects.values("row"))
    return rows


def shown(viewer: Viewer, rows: Iterable[AuditRow]) -> list[Shown]:
    """Rows in the words of their reader. An enterprise sees itself only, and no names of staff."""
    rows = list(rows)
    firms = {one for row in rows for one in row.enterprises}
    organisations = _organisations({row.organisation_id for row in rows})
    named = viewer.role != "representative"
    people = _people({row.person_id for row in rows}) if named else {}
    names = subjects.codes_and_names(firms)
    own = viewer.reference
    counted = AuditDoubt.objects.filter(row__in=[row.pk for row in rows]).values_list("row")
    doubts = dict(counted.annotate(number=Count("pk")).order_by())
    made = []
    for row in rows:
        organisation, institution = organisations.get(row.organisation_id, ("", ""))
        about = [names[one] for one in row.enterprises if one in names]
        made.append(
            Shown(
                audit_id=row.pk,
                at=row.at,
                institution=institution,
                organisation=organisation,
                person=people.get(row.person_id, f"API key {row.api_key}" if row.api_key else "")
                if named
                else "",
                role=row.role,
                service=row.service,
                purpose=row.purpose,
                stage=row.stage,
                enterprises=tuple(one for one in about if named or one[0] == own),
                released=tuple(row.released),
                withheld=tuple(sorted(row.withheld.items())),
                consents=tuple(row.consents),
                outcome=row.outcome,
                reason=row.reason,
                support_id=row.support_id,
                bundle=row.bundle,
                seq=row.seq,
                digest=row.digest,
                parameters=None if row.parameters is None else tuple(row.parameters.items()),
                doubts=doubts.get(row.pk, 0),
            )
        )
    return made


def _organisations(numbers: Collection[int | None]) -> dict[int | None, tuple[str, str]]:
    """Id -> name, and name of the institution."""
    found = Organisation.objects.filter(pk__in=[one for one in numbers if one])
    return {one.pk: (one.name, (one.parent or one).name) for one in found.select_related("parent")}


def organisation_names(numbers: Collection[int]) -> dict[int | None, tuple[str, str]]:
    """Id -> name, and name of the institution: for the usage accounts."""
    return _organisations(numbers)


def _people(numbers: Collection[int | None]) -> dict[int | None, str]:
    found = Person.objects.filter(pk__in=[one for one in numbers if one])
    return {one.pk: f"{one.name} <{one.email}>" if one.name else one.email for one in found}


def query_of(viewer: Viewer, number: int) -> AuditRow:
    """One row that the viewer may read. Raises TrailError, the same for one that is not there."""
    row = visible_to(viewer).filter(pk=number).first()
    if row is None:
        raise TrailError(f"there is no query number {number} that you may read")
    return row


def place_of(row: AuditRow) -> AuditSeal | None:
    """Where the row stands in the chain; None while it waits for its seal."""
    return AuditSeal.objects.filter(row=row).select_related("block").first()


def doubts_of(row: AuditRow, viewer: Viewer) -> list[AuditDoubt]:
    """What was reported about a query; an enterprise sees its own report."""
    found = AuditDoubt.objects.filter(row=row).select_related("enterprise").order_by("pk")
    if viewer.role == "representative":
        found = found.filter(enterprise__code=viewer.reference)
    return list(found)


def doubt(viewer: Viewer, number: int, text: str, *, now: datetime) -> AuditDoubt:
    """An enterprise reports a query that it doubts; the compliance officer sees it.

    Raises TrailError for an empty report, a second one, or a query that is not about it.
    """
    row = query_of(viewer, number)
    words = " ".join(text.split())
    if viewer.role != "representative" or viewer.person_id is None or not words:
        raise TrailError(
            "a report says in a few words what is doubted",
            remedy="Write what you doubt about this query.",
            code="doubt_refused",
        )
    try:
        with transaction.atomic():
            return AuditDoubt.objects.create(
                row=row,
                enterprise_id=subjects.enterprise_by_code(viewer.reference).pk,
                doubted_by_id=viewer.person_id,
                at=now,
                text=words[:500],
            )
    except IntegrityError:
        raise TrailError(
            f"query {number} is reported already",
            remedy="Wait for the answer of whoever asked.",
            code="doubt_refused",
        ) from None


def answer_doubt(viewer: Viewer, number: int, text: str, *, now: datetime) -> AuditDoubt:
    """The compliance officer of whoever asked answers, once. Raises TrailError."""
    words = " ".join(text.split())
    found = AuditDoubt.objects.filter(pk=number, answered_at=None).first()
    if found is not None:
        query_of(viewer, found.row_id)
    if found is None or viewer.role != "compliance_officer" or not words:
        raise TrailError(
            "an answer says in a few words what was found, once",
            remedy="Write what you found about this query.",
            code="doubt_refused",
        )
    found.answer, found.answered_at, found.answered_by_id = words[:500], now, viewer.person_id
    found.save(update_fields=["answer", "answered_at", "answered_by"])
    return found
