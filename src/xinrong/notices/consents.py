"""What consents, stop-use notices and alerts about looks are told of, and to whom.

They live in trust, below: its receipts and alerts are read from here, and nothing there waits.
"""

from __future__ import annotations

from datetime import datetime

from xinrong.notices.following import follow
from xinrong.notices.kinds import holds_while
from xinrong.notices.models import Notice
from xinrong.notices.people import Recipient, organisation_of, people_in, person_in
from xinrong.notices.telling import notify
from xinrong.trust.services import consenting, snooping

#: Roles that ask for consents, and the one that grants them.
ASKING = ("loan_officer", "guarantee_officer", "adviser")
GRANTING = ("representative",)
BOTH = ("enterprise", "institution")

#: kind of a receipt -> kind of notice, and which sides are told
RECEIPTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "request": ("consent_asked", ("enterprise",)),
    "withdrawal": ("consent_withdrawn", ("enterprise",)),
    "lapsed": ("consent_lapsed", BOTH),
    "grant": ("consent_granted", BOTH),
    "refusal": ("consent_refused", BOTH),
    "revocation": ("consent_revoked", BOTH),
    "repayment": ("consent_repaid", BOTH),
    "expiry": ("consent_expired", BOTH),
    "use": ("consent_used", BOTH),
    "stop_use": ("stop_use", ("institution", "compliance")),
    "answer": ("stop_use_answered", ("enterprise",)),
}


def follow_trust(now: datetime) -> int:
    """Tell people what trust has written since; how many rows it was."""
    receipts = consenting.ConsentReceipt.objects.select_related(
        "request__grantor", "request__grantee"
    ).defer("envelope")
    alerts = snooping.SnoopAlert.objects.select_related("institution")
    told = follow("consent_receipts", receipts, lambda row: tell_receipt(row, now), now=now)
    return told + follow("staff_alerts", alerts, lambda row: tell_alert(row, now), now=now)


def tell_receipt(receipt: consenting.ConsentReceipt, now: datetime) -> int:
    """Tell both sides of a receipt, or the one that it is for; how many people."""
    found = RECEIPTS.get(receipt.kind)
    if found is None:
        return 0
    kind, sides = found
    request, told = receipt.request, 0
    for side in sides:
        ours = side == "enterprise"
        told += notify(
            kind,
            _people(side, request),
            path=f"/consents/requests/{request.number}" if ours else f"/asked/{request.number}",
            key=f"receipt:{receipt.number}",
            at=now,
            reference=request.number,
            label=request.grantee.name if ours else request.grantor.name,
        )
    return told


def _people(side: str, request: consenting.ConsentRequest) -> list[Recipient]:
    """The enterprise's representatives; whoever asked, else who manages there; compliance."""
    if side == "enterprise":
        return people_in(GRANTING, organisation_of(request.grantor.code))
    if side == "compliance":
        return people_in(("compliance_officer",), [request.grantee_id])
    asked = person_in(request.asked_by_id, [request.grantee_id])
    asked = [one for one in asked if one.role in ASKING]
    return asked or people_in(ASKING, [request.grantee_id], managers=True)


def tell_alert(alert: snooping.SnoopAlert, now: datetime) -> int:
    """Tell the compliance officers of the institution, or the operators; never who it is about."""
    where = {alert.organisation_id, alert.institution_id}
    return notify(
        "staff_alert",
        people_in(("compliance_officer", "operator"), where, but=alert.person_id),
        path=f"/compliance/alerts/{alert.pk}",
        key=f"alert:{alert.pk}",
        at=now,
        reference=str(alert.pk),
    )


@holds_while("consent_asked")
def still_asked(notice: Notice, now: datetime) -> bool:
    """A request that somebody has answered, or nobody may any more, is not announced."""
    found = consenting.ConsentRequest.objects.filter(number=notice.reference).first()
    return found is not None and found.state == "asked" and found.answer_by > now


@holds_while("consent_granted")
def still_granted(notice: Notice, now: datetime) -> bool:
    """That a consent was granted is not announced once it has ended: its receipt says so."""
    rows = consenting.ConsentRequest.objects.select_related("consent")
    found = rows.filter(number=notice.reference).first()
    return found is not None and consenting.standing(found, now=now) == "granted"


@holds_while("stop_use")
def still_unanswered(notice: Notice, _now: datetime) -> bool:
    """A notice to stop using is announced until everything is said to be deleted."""
    open_ones = consenting.StopNotice.objects.exclude(answer="deleted")
    return open_ones.filter(request__number=notice.reference).exists()


@holds_while("staff_alert")
def still_open(notice: Notice, _now: datetime) -> bool:
    """An alert that somebody has decided is not announced."""
    return snooping.SnoopAlert.objects.filter(pk=int(notice.reference), state="open").exists()
