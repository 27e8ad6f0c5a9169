"""Granting with one's own signature: a passkey's assertion over the hash of exactly this consent.

First the terms are fixed (`propose`), then the person reads the words and the device signs their
hash (`ask_signature`), then the assertion is verified and the consent granted (`sign`). The
assertion stands in the artefact, beneath the platform's signature, and verifies offline.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from xinrong.accounts.services import Person, mfa
from xinrong.trust.consenting.asking import lock_request
from xinrong.trust.consenting.drafting import Answer, Draft, Worded, drafted, worded
from xinrong.trust.consenting.granting import granted, share_of
from xinrong.trust.consenting.lists import request_for
from xinrong.trust.consenting.states import ASKED, Party
from xinrong.trust.errors import ConsentRefused
from xinrong.trust.models import Consent

#: From fixing the terms to signing them; after that they are read again.
TIME_TO_SIGN = timedelta(minutes=15)


def propose(number: str, grantor: int, answer: Answer, *, now: datetime) -> Draft:
    """The terms of a consent to be signed: what of the answer this request asked for.

    Raises ConsentRefused as `grant` does, and for a request that is no longer open.
    """
    request = request_for(number, grantor=grantor)
    if request.state != ASKED or request.answer_by <= now:
        raise ConsentRefused("this request is no longer open", code="move_unknown")
    return drafted(request, share_of(request, answer), now=now)


def words_to_sign(draft: Draft, grantor: int, by: Party, *, now: datetime) -> Worded:
    """What the person reads and signs. Raises ConsentRefused once the time to sign is over."""
    if not draft.at <= now < draft.at + TIME_TO_SIGN:
        raise ConsentRefused(
            f"the terms were fixed more than {TIME_TO_SIGN.seconds // 60} minutes ago",
            remedy="Go back, read them once more and sign.",
            code="draft_old",
        )
    return worded(request_for(draft.request, grantor=grantor), draft, by)


def ask_signature(
    draft: Draft, grantor: int, person: Person, by: Party, *, domain: str, now: datetime
) -> dict[str, Any]:
    """What the browser is to have signed: the hash of this consent."""
    digest = words_to_sign(draft, grantor, by, now=now).digest
    return mfa.begin_signing(person, domain, digest)


def sign(
    draft: Draft,
    grantor: int,
    person: Person,
    by: Party,
    response: Mapping[str, Any],
    *,
    domain: str,
    now: datetime,
) -> Consent:
    """Grant what the person signed.

    Raises FactorRefused and SignInLocked for an assertion that is not one over this consent by
    this person's passkey (`mfa.sign`); ConsentRefused and MoveRefused as `grant`.
    """
    if by.person != person.pk:
        raise ConsentRefused("nobody signs for somebody else", code="draft_changed")
    digest = words_to_sign(draft, grantor, by, now=now).digest
    assertion = mfa.sign(person, response, digest, domain=domain, now=now)
    with transaction.atomic():
        request = lock_request(draft.request, grantor=grantor)
        return granted(request, draft, by, now=now, assertion=assertion)
