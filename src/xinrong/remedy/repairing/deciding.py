"""What a department decides on a repair, and what follows at once: nobody is shown the record."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction

from xinrong.accounts.services import Organisation, Person, Viewer
from xinrong.catalogue.law_terms import record_law
from xinrong.catalogue.region import load_region
from xinrong.domain.calendars import Calendar
from xinrong.domain.clock import day_in_china
from xinrong.domain.text import Text
from xinrong.notices import services as notices
from xinrong.remedy.repairing.asking import LONGEST_NUMBER, record_of
from xinrong.remedy.repairing.law import RIGHT, TOGETHER
from xinrong.remedy.repairing.models import Repair, RepairBasis
from xinrong.remedy.repairing.pledge import signed
from xinrong.remedy.repairing.refusals import refused
from xinrong.remedy.repairing.table import ACCEPTED_EVENT
from xinrong.remedy.telling.telling import LIFTED, REPAIRED, Withdrawn, withdraw
from xinrong.store import services as store
from xinrong.work.services import Case, Event, emit, move, receives

BASIS = "repair"
#: No plan of restructuring is watched over for longer.
LONGEST_PLAN = timedelta(days=3 * 366)
MANY = 1_000


def accept(
    number: str,
    who: Viewer,
    *,
    version: int,
    decision: str,
    notice: str,
    now: datetime,
    until: date | None = None,
    calendar: Calendar | None = None,
) -> Case:
    """Grant a repair with both documents; the record is shown to nobody from this commit on.

    `until` is the last day of a repair during restructuring. Raises RemedyRefused, CaseRefused
    and MoveRefused.
    """
    documents = [" ".join(one.split()) for one in (decision, notice)]
    if not all(documents) or max(map(len, documents)) > LONGEST_NUMBER:
        raise refused("repair_documents")
    with transaction.atomic():
        repair = Repair.objects.select_for_update().filter(case=number).first()
        temporary = repair is not None and repair.basis == RepairBasis.RESTRUCTURING
        today = day_in_china(now)
        if temporary and (until is None or not today < until <= today + LONGEST_PLAN):
            raise refused("repair_until")
        given = {"decision": documents[0], "notice": documents[1]}
        case = move(number, "accept", who, version=version, now=now, data=given, calendar=calendar)
        if repair is None:  # the case is of another process, and its table has such a move
            raise refused("repair_not_yours")
        repair.decision, repair.notice = documents
        repair.until = until if temporary else None
        carry_out(repair, now=now)
    return case


@receives(ACCEPTED_EVENT, name="remedy.repairs.accepted")
def accepted(event: Event) -> None:
    """However a repair was granted, its record is withheld."""
    repair = Repair.objects.select_for_update().filter(case=event.about["number"]).first()
    if repair is not None and repair.seq is None:
        carry_out(repair, now=event.at)


def carry_out(repair: Repair, *, now: datetime) -> None:
    """Withhold the record, and tell whoever was shown it; in the caller's transaction."""
    from xinrong.remedy import tasks  # which knows this module

    asserted = ", ".join(repair.asserted)
    repair.seq = store.suppress(
        [record_of(repair)],
        basis=BASIS,
        article=article_of(repair)[:200],
        reason=f"case {repair.case}: {repair.decision}; asserted by {asserted}"[:500],
        at=now,
    )
    repair.repaired_at = now
    repair.save()
    about = told_of(repair)
    withdraw(REPAIRED, about, at=now)
    emit(REPAIRED, about.as_event(now), at=now, queue=about.queue)
    _tell_mirrors(repair, now)
    transaction.on_commit(tasks.follow_repairs.enqueue, robust=True)


def article_of(repair: Repair) -> str:
    """What the repair rests on: the rule by which it was not too early, and where it stands."""
    if repair.basis == RepairBasis.RESTRUCTURING:
        return str(TOGETHER)
    law = record_law(load_region(settings.REGION)).law
    rule = next((one for one in law.rules if one.id == repair.rule), None)
    if rule is None:
        return str(RIGHT)
    return " ".join(part for part in (rule.document.title.zh, rule.article) if part)


def told_of(repair: Repair) -> Withdrawn:
    """The record of a repair as partners are told of it."""
    return Withdrawn(
        category=repair.category,
        key=repair.key,
        enterprise=repair.enterprise_id,
        number=repair.case,
        article=article_of(repair),
    )


def _tell_mirrors(repair: Repair, now: datetime) -> None:
    """Tell the other departments that assert the same record: what they send stays hidden."""
    others = [one for one in repair.asserted if one != repair.source.reference]
    rows = Organisation.objects.filter(kind="department", reference__in=others, closed_at=None)
    people = notices.people_in(("data_officer",), list(rows.values_list("pk", flat=True)))
    notices.notify(
        "repair_mirrored", people, path="/repairs", key=f"repair:{repair.case}", at=now,
        reference=repair.case,
    )  # fmt: skip


def sign(
    number: str,
    who: Viewer,
    person: Person,
    response: dict[str, object],
    *,
    version: int,
    domain: str,
    now: datetime,
) -> Case:
    """Sign the pledge of an application with the person's passkey: it goes to the department.

    Raises FactorRefused and SignInLocked for an assertion that is not one over this pledge,
    RemedyRefused, CaseRefused and MoveRefused.
    """
    repair = repair_for(number, who)
    pledge = signed(repair, person, response, domain=domain, now=now)
    with transaction.atomic():
        Repair.objects.filter(pk=repair.pk).update(pledge=pledge)
        return move(number, "sign", who, version=version, now=now)


def repair_for(number: str, who: Viewer) -> Repair:
    """The repair behind a case of the viewer's own side. Raises RemedyRefused, as for none."""
    found = Repair.objects.select_related("enterprise", "source").filter(case=number).first()
    own = found is not None and (
        found.source_id == who.organisation_id
        if who.role == "data_officer"
        else who.role == "representative" and found.enterprise.code == who.reference
    )
    if found is None or not own:
        raise refused("repair_not_yours")
    return found


def end_temporary(*, now: datetime) -> int:
    """Show again what was repaired for the time of a restructuring that is over; how many."""
    over = Repair.objects.filter(until__lt=day_in_china(now), lifted_seq=None).exclude(seq=None)
    done = 0
    for number in over.order_by("until", "pk").values_list("pk", flat=True)[:MANY]:
        with transaction.atomic():
            repair = Repair.objects.select_for_update().get(pk=number)
            if repair.stands:
                show_again(repair, why="its time is over", now=now)
                done += 1
    return done


def show_again(repair: Repair, *, why: str, now: datetime) -> None:
    """Lift the suppression of a repair, and tell whoever had been shown the record.

    In the caller's transaction. Other reasons for which it is hidden go on. It opens something, so
    it stands in no journal: a restore leaves the record hidden until it is decided again.
    """
    from xinrong.remedy import tasks  # which knows this module

    repair.lifted_seq = store.lift(
        [record_of(repair)], basis=BASIS, reason=f"case {repair.case}: {why}"[:180], at=now
    )
    repair.lifted_at = now
    repair.save(update_fields=["lifted_seq", "lifted_at"])
    about = told_of(repair)
    withdraw(LIFTED, about, at=now)
    emit(LIFTED, about.as_event(now), at=now, queue=about.queue)
    transaction.on_commit(tasks.follow_repairs.enqueue, robust=True)


# -- what the process asks of a case ---------------------------------------------------------------


def both_documents(case: Case, _now: datetime) -> str:
    """The two documents are there: the form of the case takes their numbers."""
    if case.data.get("decision") and case.data.get("notice"):
        return ""
    return "Grant it with the form that takes the numbers of both documents."


def pledge_signed(case: Case, _now: datetime) -> str:
    """The pledge is signed: the page of signing does it."""
    pledge = Repair.objects.filter(case=case.number).values_list("pledge", flat=True).first()
    if pledge and pledge.get("payload", {}).get("assertion"):
        return ""
    return "Sign the pledge with your passkey: open it from the page of this case."


def none_other(case: Case, _now: datetime) -> str:
    """No other application for the record is open, and none was granted."""
    own = Repair.objects.filter(case=case.number).first()
    if own is None:
        return "there is no record behind this case"
    same = Repair.objects.filter(category=own.category, key=own.key).exclude(pk=own.pk)
    still = Case.objects.filter(number__in=same.values("case"), ended_at=None)
    stands = same.exclude(seq=None).filter(lifted_seq=None)
    return "this record has another application" if still.exists() or stands.exists() else ""


def subject(case: Case) -> Text:
    """The category of the record: never what stands in it."""
    return category_words(case.data.get("category", ""))


def category_words(category: str) -> Text:
    """A category in words; as it is where the catalogue has none."""
    contract = load_region(settings.REGION).contracts.get(category)
    return contract.title if contract else Text(zh=category, en=category)
