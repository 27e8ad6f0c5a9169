"""Stop using what was delivered: the notice after a revocation, and the grantee's answer."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any

from django.db import transaction
from django.db.models import Q

from xinrong.domain.canonical import digest_of
from xinrong.trust.consenting.fair_use import region_now
from xinrong.trust.consenting.models import ConsentNaming
from xinrong.trust.consenting.receipts import new_number, write_receipt
from xinrong.trust.consenting.states import ASKING, Party
from xinrong.trust.errors import ConsentRefused
from xinrong.trust.models import AuditRow, Consent, ConsentRequest, Outcome, StopNotice

#: What a grantee can answer.
ANSWERS = ("deleted", "live_loan", "disputed")
#: Days to answer when the template is gone; the law names no length (个人信息保护法 第四十七条).
DAYS = 15
#: Deliveries named one by one in a notice; the digest covers them all.
NAMED = 500


def deliveries_of(consent: Consent) -> Iterator[dict[str, object]]:
    """What was released under a consent: number in the log, moment, digest of what it was.

    Files of others in which it named the enterprise as a counterparty are among them.
    """
    yield from heapq.merge(_own_file(consent), _files_of_others(consent), key=itemgetter("audit"))


def _own_file(consent: Consent) -> Iterator[dict[str, Any]]:
    whose = Q(organisation=consent.grantee_id) | Q(organisation__parent=consent.grantee_id)
    rows = AuditRow.objects.filter(
        whose,
        subjects__enterprise=consent.grantor_id,
        outcome=Outcome.RELEASED,
        at__gte=consent.granted_at,
    ).order_by("pk")
    for number, at, digest, consents in rows.values_list("pk", "at", "digest", "consents"):
        if consent.pk in consents:
            yield {"audit": number, "at": at.isoformat(), "digest": digest}


def _files_of_others(consent: Consent) -> Iterator[dict[str, Any]]:
    named = ConsentNaming.objects.filter(consent=consent).order_by("row")
    named = named.exclude(row__subjects__enterprise=consent.grantor_id)
    for number, at, digest in named.values_list("row", "row__at", "row__digest"):
        yield {"audit": number, "at": at.isoformat(), "digest": digest}


def give_notice(request: ConsentRequest, consent: Consent, *, at: datetime) -> StopNotice | None:
    """A signed notice to the grantee, if anything was delivered; the caller's transaction."""
    delivered = list(deliveries_of(consent))
    if not delivered:
        return None
    template = region_now().consents.get(consent.template)
    answer_by = at + timedelta(days=template.stop_use_days if template else DAYS)
    write_receipt(
        request,
        "stop_use",
        at=at,
        consent=consent,
        answer_by=answer_by.isoformat(),
        answers=list(ANSWERS),
        deliveries=delivered[:NAMED],
        delivered=len(delivered),
        deliveries_digest=digest_of(delivered),
    )
    return StopNotice.objects.create(
        number=new_number(),
        request=request,
        issued_at=at,
        answer_by=answer_by,
        deliveries=len(delivered),
    )


def answer_notice(
    number: str, by: Party, answer: str, *, now: datetime, note: str = ""
) -> StopNotice:
    """The grantee says what became of the copies; signed, and seen by the enterprise.

    `deleted`; `live_loan`: still needed to service a loan that runs, whose reference the note
    names; `disputed`: why, in the note. An answer can be given again until it is `deleted`.
    Raises ConsentRefused.
    """
    note = " ".join(note.split())[:500]
    if answer not in ANSWERS:
        raise ConsentRefused(f"answer with one of: {', '.join(ANSWERS)}", code="answer_unknown")
    if answer != "deleted" and not note:
        raise ConsentRefused(
            "say which loan it is, or what is disputed", code="answer_note_missing"
        )
    if by.role not in ASKING | {"compliance_officer"}:
        raise ConsentRefused("your role does not answer notices", code="notice_unknown")
    with transaction.atomic():
        rows = StopNotice.objects.select_for_update(of=("self",)).select_related(
            "request__grantor", "request__grantee", "request__consent"
        )
        notice = rows.filter(number=number, request__grantee=by.organisation).first()
        if notice is None:
            raise ConsentRefused("there is no such notice for you", code="notice_unknown")
        if notice.answer == "deleted":
            raise ConsentRefused("it was answered that all is deleted", code="notice_answered")
        notice.answer, notice.note = answer, note
        notice.answered_at, notice.answered_by_id = now, by.person
        notice.save()
        request = notice.request
        write_receipt(request, "answer", at=now, consent=request.consent, answer=answer, note=note)
    return notice
