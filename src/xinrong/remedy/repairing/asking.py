"""An enterprise applies for the repair of a negative record of its own file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from xinrong.accounts.services import Organisation, Viewer, mfa
from xinrong.catalogue.region import load_region
from xinrong.domain.calendars import Calendar
from xinrong.domain.clock import day_in_china
from xinrong.domain.text import Text
from xinrong.remedy.errors import RemedyRefused
from xinrong.remedy.perms import can_ask_repair
from xinrong.remedy.repairing.mirrors import Mirror, with_mirrors
from xinrong.remedy.repairing.models import Repair, RepairBasis
from xinrong.remedy.repairing.outlook import (
    Outlook,
    Why,
    departments_here,
    name_of,
    open_cases,
    outlook,
)
from xinrong.remedy.repairing.outlook import own_file as read_own_file
from xinrong.remedy.repairing.pledge import sealed
from xinrong.remedy.repairing.refusals import REFUSALS, refused
from xinrong.store import services as store
from xinrong.subjects import services as subjects
from xinrong.work.services import Case, give_paper, open_case

PROCESS = "repair"
LONGEST_WHY = 2000
LONGEST_NUMBER = 100


@dataclass(frozen=True)
class Wanted:
    """What is applied for: a record by category and key, what was done, on which grounds.

    `ruling` is the number of the court's ruling where the grounds are its plan of restructuring.
    """

    record: str
    why: str
    pledged: bool
    basis: str = RepairBasis.FULFILLED
    ruling: str = ""


@dataclass(frozen=True)
class Proof:
    """A document that shows that the duty is done, or the court's ruling."""

    title: str
    content: bytes


def find(who: Viewer, name: str, *, now: datetime) -> Outlook:
    """A record of the own file by category and key, and what its repair needs.

    Raises RemedyRefused: not for this viewer; `repair_unknown` for a record that the own file
    does not show, be it somebody else's or none; `repair_positive`, `repair_hidden`.
    """
    if not can_ask_repair(who):
        raise refused("repair_role")
    enterprise = subjects.enterprise_by_code(who.reference)
    region, today = load_region(settings.REGION), day_in_china(now)
    for record in read_own_file(who, now=now).content.black:
        if name_of(record) == name:
            running = open_cases(enterprise.pk)
            return outlook(
                record,
                region,
                personal=enterprise.personal,
                today=today,
                running=running,
                here=departments_here(),
            )
    raise refused(_why_not(enterprise.pk, name))


def _why_not(enterprise: int, name: str) -> str:
    """Why a name means no negative record of the own file; the same for others' as for none."""
    category, _, key = name.partition("/")
    if len(name) > 100 or not key.lstrip("-").isdecimal():
        return "repair_unknown"
    numbers = subjects.subjects_of([enterprise])[enterprise]
    wanted = (category, int(key))
    if any((one.category, one.key) == wanted for one in store.suppressions_of(numbers)):
        return "repair_hidden"
    with store.snapshot() as snapshot:
        rows = snapshot.records(numbers, [category], ("polarity",)).to_pylist()
    own = next((row for row in rows if row["key"] == wanted[1]), None)
    if own is None:
        return "repair_unknown"
    return "repair_positive" if own["polarity"] >= 0 else "repair_not_shown"


def ask(
    who: Viewer,
    wanted: Wanted,
    proofs: Sequence[Proof],
    *,
    now: datetime,
    calendar: Calendar | None = None,
) -> Case:
    """Apply for the repair of a record; the case in which its department decides.

    Whoever holds a passkey signs the pledge next, in the case. Where another department asserts
    the same fact in its own words, it is asked in a case of its own, with the same proof.

    Raises RemedyRefused as `find`, and for what comes too early, without proof or pledge, or
    twice; CaseRefused and ProofRefused for a document that cannot be taken in.
    """
    found = find(who, wanted.record, now=now)
    why = _checked(found, wanted, proofs)
    running = open_cases(found.record.enterprise)
    own, *mirrors = with_mirrors(found.record)
    asked = [own, *(one for one in mirrors if one.name not in running)]
    sources = [source_of(one.department) for one in asked]
    assert who.organisation_id is not None  # as can_ask_repair says
    assert who.person_id is not None
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=who.organisation_id)  # two at once: one
        if wanted.record in open_cases(found.record.enterprise):
            raise refused("repair_open")
        first = ""
        case: Case | None = None
        for one, source in zip(asked, sources, strict=True):
            made = _open(who, one, source, wanted, why, found, now, calendar, first)
            for proof in proofs:
                give_paper(made.number, who, proof.title, proof.content, now=now)
            first = first or made.number
            case = case or made
    assert case is not None  # the record itself comes first
    return case


def _open(
    who: Viewer,
    record: Mirror,
    source: Organisation,
    wanted: Wanted,
    why: str,
    found: Outlook,
    now: datetime,
    calendar: Calendar | None,
    linked: str,
) -> Case:
    """One case and its repair, in the caller's transaction."""
    must_sign = mfa.can_sign(who.person_id)
    case = open_case(
        PROCESS,
        "draft" if must_sign else "ask",
        who,
        sides={
            "representative": [who.organisation_id],
            "data_officer": [source.pk],
            "operator": [None],
        },
        enterprise=found.record.enterprise,
        data={"category": record.category, "linked": linked},
        now=now,
        calendar=calendar,
    )
    rule, tier = (found.earliest.rule, found.earliest.tier) if found.earliest else (None, None)
    repair = Repair(
        case=case.number,
        linked=linked,
        enterprise=subjects.enterprise_by_id(found.record.enterprise),
        source=source,
        category=record.category,
        key=record.key,
        subject=record.subject,
        asserted=list(record.asserted),
        basis=wanted.basis,
        ruling=wanted.ruling.strip()[:LONGEST_NUMBER],
        tier=tier or "",
        rule=rule.id if rule else "",
        why=why,
        asked_at=now,
    )
    if not must_sign:
        assert who.person_id is not None  # as can_ask_repair says
        repair.pledge = sealed(repair, who.person_id, None)
    repair.save()
    return case


def _checked(found: Outlook, wanted: Wanted, proofs: Sequence[Proof]) -> str:
    """What was said, tidied. Raises RemedyRefused."""
    if wanted.basis not in RepairBasis.values:
        raise refused("repair_basis")
    restructuring = wanted.basis == RepairBasis.RESTRUCTURING
    may_wait = {Why.READY, Why.EARLY} if restructuring else {Why.READY}
    if found.why not in may_wait:
        raise too_early(found) if found.why is Why.EARLY else refused(found.why)
    why = "\n".join(" ".join(line.split()) for line in wanted.why.strip().splitlines())
    if not why or len(why) > LONGEST_WHY:
        raise refused("repair_why")
    if restructuring and not wanted.ruling.strip():
        raise refused("repair_ruling")
    if not proofs:
        raise refused("repair_proof")
    if not wanted.pledged:
        raise refused("repair_pledge")
    return why


def too_early(found: Outlook) -> RemedyRefused:
    """Too early: from which day on, by which rule."""
    early = found.earliest
    assert early is not None  # so it was found too early
    day = early.day.isoformat() if early.day else ""
    words = REFUSALS["repair_early"]
    return RemedyRefused(
        "repair_early", Text(zh=f"{words.zh}最早{day}可以申请。", en=f"{words.en} From {day} on.")
    )


def source_of(department: str) -> Organisation:
    """The organisation of a department. Raises RemedyRefused."""
    found = Organisation.objects.filter(
        kind="department", reference=department, closed_at=None
    ).first()
    if found is None:
        raise refused("repair_source")
    return found


def record_of(repair: Repair) -> store.RecordId:
    """The record of a repair as the store names it."""
    return store.RecordId(repair.category, repair.key, repair.subject)
