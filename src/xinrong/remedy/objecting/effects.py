"""What becomes of a record while its objection is handled, and when it has ended."""

from __future__ import annotations

import logging
from datetime import datetime

from django.conf import settings
from django.db import transaction

from xinrong.domain.clock import day_in_china
from xinrong.domain.process import MoveRefused
from xinrong.remedy.law import jurisdictions_of
from xinrong.remedy.objecting.law import clocks_of
from xinrong.remedy.objecting.models import Objection
from xinrong.remedy.objecting.records import one_mark, record_id, version_now
from xinrong.remedy.objecting.table import (
    CONFIRMED,
    CORRECTED,
    LATE,
    MARK,
    OURS,
    RELEASE,
    SUSPEND,
    UPHELD,
    WITHHELD,
    WITHHOLD,
)
from xinrong.remedy.objecting.telling import CORRECTED as TOLD_CORRECTED
from xinrong.remedy.objecting.telling import ENDED, LIFTED, MARKED, SUSPENDED, tell_partners
from xinrong.store import services as store
from xinrong.store.services import MarkKind
from xinrong.work.services import Case, CaseMove, CaseRefused, Event, move_as_platform, receives

logger = logging.getLogger(__name__)
BASIS = "objection"
MANY = 1_000


@receives(SUSPEND, name="remedy.objections.suspend")
def suspend(event: Event) -> None:
    """The source is asked, or the mistake is ours: until it is answered nobody sees the record."""
    objection = _of(event)
    if objection is None or _shown_again(objection):
        return
    article = _hide(objection, event.at)
    tell_partners(SUSPENDED, objection, article=article, at=event.at)


@receives(WITHHOLD, name="remedy.objections.withhold")
def withhold(event: Event) -> None:
    """Nobody could show that it is right: it stays hidden, and partners hear that this is final."""
    objection = _of(event)
    if objection is None or _shown_again(objection):
        return
    article = _hide(objection, event.at)
    tell_partners(ENDED, objection, article=article, at=event.at)


def _hide(objection: Objection, at: datetime) -> str:
    """Suppress the record if it is not yet; the article by which that is done."""
    rules = clocks_of(jurisdictions_of(settings.REGION))
    article, reason = str(rules.forward.source)[:200], f"objection {objection.case}"
    store.suppress([record_id(objection)], basis=BASIS, article=article, reason=reason, at=at)
    first = objection.suspended_at if objection.lifted_at is None else None
    rows = Objection.objects.filter(pk=objection.pk)
    rows.update(suspended_at=first or at, lifted_at=None)
    return article


@receives(MARK, name="remedy.objections.mark")
def mark_again(event: Event) -> None:
    """It was reopened: the record is under objection once more."""
    objection = _of(event)
    if objection is not None and not _shown_again(objection):
        one_mark(objection, MarkKind.OBJECTION, on=day_in_china(event.at), at=event.at)
        tell_partners(MARKED, objection, at=event.at)


@receives(RELEASE, name="remedy.objections.release")
def release(event: Event) -> None:
    """It has ended: the record is shown again, with the enterprise's words where it is upheld."""
    objection = _of(event)
    if objection is None:
        return
    record, state = record_id(objection), str(event.about["state"])
    if objection.suspended_at is not None and objection.lifted_at is None:
        store.lift([record], basis=BASIS, reason=f"objection {objection.case}", at=event.at)
        Objection.objects.filter(pk=objection.pk).update(lifted_at=event.at)
    if state == UPHELD:
        one_mark(objection, MarkKind.STATEMENT, on=day_in_china(event.at), at=event.at)
    else:
        store.unmark(record, reference=objection.case, at=event.at)
    tell_partners(TOLD_CORRECTED if state == CORRECTED else LIFTED, objection, at=event.at)


def record_changed(case: Case, _now: datetime) -> str:
    """Whether the record has another content than when it was objected to, or is gone."""
    objection = Objection.objects.filter(case=case.number).first()
    if objection is None:
        return "there is no record behind this case"
    now = version_now(objection)
    same = now is not None and now.digest == objection.digest
    return "the record stands as it did when it was objected to" if same else ""


def follow_objections(*, now: datetime) -> int:
    """Close the cases whose record has been corrected, or is gone; how many.

    What its source confirmed as wrong, or the platform as its own mistake, is corrected once the
    record has a new version. While it is still being looked into only its disappearance ends it:
    a new version may say the same wrong thing.
    """
    done = 0
    waiting = Case.objects.filter(process="objection", ended_at=None).order_by("moved_at", "pk")
    states = dict(waiting.values_list("number", "state")[:MANY])
    for objection in Objection.objects.filter(case__in=states).order_by("pk"):
        event = _event(objection, states[objection.case])
        if not event:
            continue
        try:
            with transaction.atomic():
                move_as_platform(objection.case, event, now=now)
                _forget_erased(objection)
                done += 1
        except (MoveRefused, CaseRefused):
            logger.info("the case of objection %s has moved meanwhile", objection.pk)
    return done


def _event(objection: Objection, state: str) -> str:
    """What has become of the record means for its case; empty: nothing."""
    now = version_now(objection)
    if state in (CONFIRMED, LATE):
        return "carry" if now is None or now.digest != objection.digest else ""
    if now is None:
        return "gone"
    return "mend" if state == OURS and now.digest != objection.digest else ""


def _forget_erased(objection: Objection) -> None:
    """What was said of a record that the law demanded to be erased goes with it."""
    erased = store.erasures_of([objection.subject])
    if any((one.category, one.key) == (objection.category, objection.key) for one in erased):
        words = {"statement": "", "why": "", "new": "", "digest": "", "event_date": None}
        Objection.objects.filter(pk=objection.pk).update(**words)
        CaseMove.objects.filter(case__number=objection.case).update(text="")


def _of(event: Event) -> Objection | None:
    return Objection.objects.filter(case=event.about["number"]).first()


def _shown_again(objection: Objection) -> bool:
    """Whether its case has ended so meanwhile: what comes late must not hide the record again."""
    over = Case.objects.filter(number=objection.case).exclude(ended_at=None)
    return over.exclude(state=WITHHELD).exists()
