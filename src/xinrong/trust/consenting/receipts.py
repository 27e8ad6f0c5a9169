"""Receipts: a signed paper at each step, chained, for both sides."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from xinrong.domain.canonical import digest_of
from xinrong.domain.signatures import seal
from xinrong.trust.keys import platform_signer
from xinrong.trust.models import Consent, ConsentReceipt, ConsentRequest

TYPE = "xinrong.consent.receipt"


def new_number() -> str:
    """The name of a request, a consent or a receipt: 128 random bits, guessed by nobody."""
    return secrets.token_hex(16)


def party_names(request: ConsentRequest) -> dict[str, Any]:
    """Both sides as they stand in every signed paper."""
    grantor, grantee = request.grantor, request.grantee
    return {
        "about": {"code": grantor.code, "name": grantor.name},
        "to": {"organisation": grantee.pk, "name": grantee.name, "kind": grantee.kind},
    }


def write_receipt(
    request: ConsentRequest,
    kind: str,
    *,
    at: datetime,
    consent: Consent | None = None,
    **more: Any,
) -> ConsentReceipt:
    """Sign what happened and keep it, in the caller's transaction, which holds the request's row.

    `previous` is the digest of the receipt before, so that none can be left out or moved.
    """
    last = request.receipts.order_by("-pk").first()
    number = new_number()
    payload = {
        "type": TYPE,
        "version": 1,
        "kind": kind,
        "number": number,
        "request": request.number,
        "at": at.isoformat(),
        "previous": digest_of(last.envelope) if last else None,
        "consent": (
            {"number": consent.number, "digest": digest_of(consent.artefact)} if consent else None
        ),
        **party_names(request),
        **more,
    }
    return ConsentReceipt.objects.create(
        number=number,
        request=request,
        kind=kind,
        at=at,
        envelope=seal(payload, platform_signer()),
    )
