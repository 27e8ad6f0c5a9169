"""Telling every institution that was shown a record what became of it, once, in order.

A notice in the platform and by mail says that there is something, never what; the feed
(`telling.feed`) says which record, so that a program withdraws its copies. Nothing of what the
record says is kept here or sent.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from xinrong.accounts.services import Organisation
from xinrong.domain.calendars import CHINA_CALENDAR
from xinrong.domain.clock import day_in_china
from xinrong.domain.law import end_of
from xinrong.notices import services as notices
from xinrong.remedy.law import jurisdictions_of
from xinrong.remedy.repairing.law import clocks_of
from xinrong.remedy.telling.models import Withdrawal, WithdrawalTold, WithdrawalTurn
from xinrong.store import services as store
from xinrong.subjects import services as subjects
from xinrong.trust.services import trail
from xinrong.work.services import Event, receives

logger = logging.getLogger(__name__)
#: Kinds of events about a record, as the outbox carries them.
REPAIRED, SUSPENDED, LIFTED = "record_repaired", "record_suspended", "record_lifted"
CORRECTED, MARKED, ENDED = "record_corrected", "record_marked", "record_ended"
#: Those after which a copy may no longer be used, so that an institution has to say it is gone.
TAKE_BACK = frozenset({REPAIRED, SUSPENDED, ENDED})
#: Those that the capability that causes them tells of itself.
OWN = frozenset({REPAIRED})
#: The journal's name for what was told.
TOLD = "record_told"
#: No answer that began before a record was hidden is logged later than that after it.
SETTLED = timedelta(minutes=10)
#: Who deals with copies in an institution, the first of them that there are.
ROLES = (
    ("compliance_officer",),
    ("loan_officer", "guarantee_officer", "adviser", "data_officer", "auditor"),
)
ONLY = 1


@dataclass(frozen=True)
class Withdrawn:
    """A record of which something became: whose it is, by which case, on which article."""

    category: str
    key: int
    enterprise: int
    number: str = ""
    article: str = ""

    @property
    def queue(self) -> str:
        """Events of one record arrive in their order."""
        return f"record:{self.category}/{self.key}"[:64]

    def as_event(self, at: datetime) -> dict[str, Any]:
        """What the outbox carries: the keys that every event about a record has."""
        return {
            "category": self.category,
            "key": self.key,
            "record": f"{self.category}/{self.key}",
            "enterprise": self.enterprise,
            "number": self.number,
            "article": self.article,
            "at": at.isoformat(),
        }


def shown_to(about: Withdrawn) -> list[int]:
    """The ids of the institutions that a record has reached while it was shown.

    Without the departments that sent it: they keep what is theirs.
    """
    numbers = subjects.subjects_of([about.enterprise])[about.enterprise]
    with store.snapshot(suppressed=True) as snapshot:
        brought = store.brought_by(snapshot, about.category, about.key)
        rows = snapshot.records(numbers, [about.category], ("polarity",)).to_pylist()
        row = next((one for one in rows if one["key"] == about.key), None)
        sent = snapshot.batch_infos([row["batch"]]) if row else {}
    if not brought:
        return []
    owners = set(subjects.enterprises_ever(row["subject"])) if row else set()
    reached = trail.Reached(
        enterprises=tuple(sorted({about.enterprise, *owners})),
        category=about.category,
        department=sent[row["batch"]].department if row else "",
        day=row["event_date"] if row else None,
        since=brought[0].seq,
        hidden=store.hidden_spells(about.category, about.key),
    )
    senders = Organisation.objects.filter(
        kind="department", reference__in={one.department for one in brought}
    )
    own = set(senders.values_list("pk", flat=True))
    return [one for one in trail.institutions_reached(reached) if one not in own]


def withdraw(
    kind: str, about: Withdrawn, *, at: datetime, to: Collection[int] | None = None
) -> Withdrawal | None:
    """Tell whoever was shown a record, or those whom the caller found; None: there is nobody.

    It is written to the journal first: a restore takes nothing back of what partners withdraw.
    """
    told = sorted(shown_to(about) if to is None else to)
    if not told:
        return None
    with transaction.atomic():
        WithdrawalTurn.objects.get_or_create(pk=ONLY)
        WithdrawalTurn.objects.select_for_update().get(pk=ONLY)
        payload = {**about.as_event(at), "kind": kind, "organisations": told}
        sequence = store.record(TOLD, payload, at)
        last = Withdrawal.objects.aggregate(last=Max("number"))["last"] or 0
        made = _write(max(sequence, last + 1), payload, at)
        _notify(made, told, at)
    return made


def _write(number: int, payload: dict[str, Any], at: datetime) -> Withdrawal:
    made = Withdrawal.objects.create(
        number=number,
        kind=payload["kind"],
        category=payload["category"],
        key=payload["key"],
        enterprise_id=payload["enterprise"],
        article=str(payload["article"])[:200],
        reference=payload["number"],
        at=at,
    )
    due = due_on(day_in_china(at)) if made.kind in TAKE_BACK else None
    there = Organisation.objects.filter(pk__in=payload["organisations"]).values_list(
        "pk", flat=True
    )
    WithdrawalTold.objects.bulk_create(
        WithdrawalTold(withdrawal=made, organisation_id=one, due_on=due) for one in sorted(there)
    )
    return made


def due_on(told: date) -> date:
    """The last day on which an institution says that its copies are withdrawn."""
    period = clocks_of(jurisdictions_of(settings.REGION)).withdraw.law.period
    return end_of(told, period, CHINA_CALENDAR).day


def _notify(made: Withdrawal, told: Collection[int], at: datetime) -> None:
    """A notice to the people who deal with copies: that there is something, and where."""
    for organisation in told:
        found = (notices.people_in(roles, [organisation]) for roles in ROLES)
        notices.notify(
            "record_withdrawn" if made.kind in TAKE_BACK else "record_changed",
            next((people for people in found if people), []),
            path="/withdrawals",
            key=f"withdrawal:{made.number}",
            at=at,
            reference=str(made.number),
        )


@store.replayer(TOLD)
def tell_again(entry: store.Entry) -> store.Outcome:
    """What partners were told to withdraw since the backup stands in the restored feed again.

    That a record is shown again is not repeated: a restore shows nothing again.
    """
    payload = dict(entry.payload)
    if payload["kind"] not in TAKE_BACK:
        return store.Outcome.PRESENT
    same = Withdrawal.objects.filter(
        kind=payload["kind"], category=payload["category"], key=payload["key"], at=entry.at
    )
    if same.exists():
        return store.Outcome.PRESENT
    if not subjects.codes_and_names([payload["enterprise"]]):
        return store.Outcome.ABSENT
    last = Withdrawal.objects.aggregate(last=Max("number"))["last"] or 0
    _write(max(entry.sequence, last + 1), payload, entry.at)
    return store.Outcome.APPLIED


@receives(SUSPENDED, LIFTED, CORRECTED, MARKED, ENDED, name="remedy.telling.record")
def heard(event: Event) -> None:
    """What others made of a record: partners that were shown it are told."""
    about = event.about
    told = Withdrawn(
        str(about["category"]),
        int(about["key"]),
        int(about["enterprise"]),
        str(about.get("number", ""))[:32],
        str(about.get("article", "")),
    )
    mine = Withdrawal.objects.filter(
        kind=event.kind, category=told.category, key=told.key, at=event.at
    )
    if not mine.exists():  # a repair tells of itself, in its own transaction
        withdraw(event.kind, told, at=event.at)


def tell_late(*, now: datetime) -> int:
    """Tell institutions whose answer was under way when a record was hidden; how many were told.

    Their row of the log came after the look at who had been shown it.
    """
    done = 0
    lately = Withdrawal.objects.filter(at__gt=now - SETTLED, at__lte=now, kind__in=TAKE_BACK)
    for one in lately.order_by("number"):
        about = Withdrawn(one.category, one.key, one.enterprise_id, one.reference, one.article)
        known = WithdrawalTold.objects.filter(
            withdrawal__category=one.category,
            withdrawal__key=one.key,
            withdrawal__kind=one.kind,
            withdrawal__reference=one.reference,
        )
        late = set(shown_to(about)) - set(known.values_list("organisation_id", flat=True))
        if late and withdraw(one.kind, about, at=now, to=late):
            logger.info("withdrawal %s reached %s more institutions", one.number, len(late))
            done += len(late)
    return done
