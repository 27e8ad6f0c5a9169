"""What each side reads: requests, consents, notices, and the bundle that verifies offline."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from xinrong.trust.consenting.models import ConsentNaming
from xinrong.trust.consenting.states import ASKED, GRANTED
from xinrong.trust.errors import ConsentRefused
from xinrong.trust.models import Consent, ConsentReceipt, ConsentRequest, StopNotice

#: Receipts of one request in a bundle; a notice is answered a few times at most.
RECEIPTS = 200


def requests_to(grantor: int) -> QuerySet[ConsentRequest]:
    """Everything that anybody asked an enterprise, newest first."""
    return _requests().filter(grantor=grantor)


def requests_by(organisations: Collection[int]) -> QuerySet[ConsentRequest]:
    """Everything that these organisations asked, newest first."""
    return _requests().filter(grantee__in=organisations)


def _requests() -> QuerySet[ConsentRequest]:
    rows = ConsentRequest.objects.select_related("grantor", "grantee__parent", "consent", "notice")
    return rows.defer("consent__artefact", "consent__texts").order_by("-pk")


def open_requests(grantor: int, *, now: datetime) -> QuerySet[ConsentRequest]:
    """What waits for the enterprise's answer, the oldest first."""
    return requests_to(grantor).filter(state=ASKED, answer_by__gt=now).order_by("pk")


def request_for(
    number: str, *, grantor: int | None = None, grantees: Collection[int] = ()
) -> ConsentRequest:
    """A side's own request. Raises ConsentRefused for another's, word for word as for none."""
    mine = Q(grantor=grantor) if grantor is not None else Q(grantee__in=grantees)
    found = _requests().filter(mine, number=number).first()
    if found is None:
        raise ConsentRefused("there is no such request for you", code="request_unknown")
    return found


def others_alike(request: ConsentRequest, *, now: datetime) -> list[ConsentRequest]:
    """Open requests of others for the same purpose and stages: answered on the same page."""
    rows = open_requests(request.grantor_id, now=now).exclude(pk=request.pk)
    rows = rows.filter(template=request.template, loan_reference=request.loan_reference)
    return [row for row in rows if row.stages == request.stages]


def standing(request: ConsentRequest, *, now: datetime) -> str:
    """The state as a person should read it now, whatever has been written down yet."""
    if request.state == ASKED and request.answer_by <= now:
        return "lapsed"
    if request.state != GRANTED:
        return request.state
    consent = request.consent
    if consent.revoked_at is not None and consent.revoked_at < consent.valid_until:
        return "repaid" if consent.loan_reference else "revoked"
    return "expired" if consent.valid_until <= now else "granted"


def receipts_of(request: ConsentRequest) -> list[ConsentReceipt]:
    """The chain of a request's receipts, in order."""
    return list(request.receipts.order_by("pk")[:RECEIPTS])


def namings_of(consent: Consent) -> tuple[int, datetime | None]:
    """In how many files of others a consent named its enterprise, and when last."""
    rows = ConsentNaming.objects.filter(consent=consent)
    found = rows.aggregate(number=Count("pk"), last=Max("row__at"))
    return found["number"], found["last"]


def bundle(request: ConsentRequest) -> dict[str, Any]:
    """What scripts/verify_consent.py reads: the artefact, its words, every receipt."""
    consent = Consent.objects.filter(request=request).first()
    return {
        "artefact": consent.artefact if consent else None,
        "texts": consent.texts if consent else {},
        "receipts": [receipt.envelope for receipt in receipts_of(request)],
    }


def notices_for(organisations: Collection[int]) -> QuerySet[StopNotice]:
    """Stop-use notices to these organisations, the most urgent first."""
    rows = StopNotice.objects.select_related("request__grantor", "request__grantee")
    return rows.filter(request__grantee__in=organisations).order_by("answered_at", "answer_by")
