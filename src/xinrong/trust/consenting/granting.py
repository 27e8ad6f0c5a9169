"""An enterprise says yes, to all or to less, or no."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from xinrong.accounts.services import mfa
from xinrong.domain.clock import day_in_china
from xinrong.domain.signatures import seal
from xinrong.trust.consenting.asking import lock_request
from xinrong.trust.consenting.drafting import Answer, Draft, Worded, drafted, wanted_of, worded
from xinrong.trust.consenting.fair_use import check_fair_use, region_now
from xinrong.trust.consenting.receipts import write_receipt
from xinrong.trust.consenting.states import Party, move
from xinrong.trust.errors import ConsentRefused
from xinrong.trust.keys import platform_signer
from xinrong.trust.models import Consent, ConsentRequest


def grant(number: str, grantor: int, by: Party, answer: Answer, *, now: datetime) -> Consent:
    """Grant a request, to all or fewer of its categories: the signed artefact and its receipt.

    Levels, stages, grantee and data life are those of the request, whatever a form sends. Raises
    ConsentRefused, also where whoever grants has to sign in person (`signing`); MoveRefused when
    the request is no longer open, or not for this role.
    """
    with transaction.atomic():
        request = lock_request(number, grantor=grantor)
        check_unsigned(request, by)
        return granted(request, drafted(request, answer, now=now), by, now=now)


def grant_all(
    numbers: Collection[str], grantor: int, by: Party, answer: Answer, *, now: datetime
) -> list[Consent]:
    """Grant several requests with one answer: one artefact each, all of them or none.

    Each gets what of the ticked categories it asked for, at the level that it asked; the shorter
    of the validity it asked for and the one chosen. Raises as `grant`.
    """
    made = []
    with transaction.atomic():
        for number in sorted(set(numbers)):
            request = lock_request(number, grantor=grantor)
            made.append(grant(number, grantor, by, share_of(request, answer), now=now))
    return made


def share_of(request: ConsentRequest, answer: Answer) -> Answer:
    """What of an answer to several requests is for one of them."""
    asked = set(request.levels)
    return Answer(
        asked & set(answer.categories),
        asked & set(answer.sensitive),
        min(answer.days, request.days) if answer.days is not None else None,
    )


def refuse(number: str, grantor: int, by: Party, *, now: datetime) -> ConsentRequest:
    """Say no. Nobody but whoever asked is told, and no reason is asked for."""
    with transaction.atomic():
        request = lock_request(number, grantor=grantor)
        move(request, "refuse", by, at=now)
        write_receipt(request, "refusal", at=now)
    return request


def must_sign(request: ConsentRequest, by: Party) -> bool:
    """Whether whoever grants has to sign with a passkey: who has one does, and where it is law."""
    return needs_passkey(request) or mfa.can_sign(by.person)


def needs_passkey(request: ConsentRequest) -> bool:
    """Whether the template, which is the region's, lets nobody grant without a passkey."""
    template = region_now().consents.get(request.template)
    return template is not None and template.signature == "passkey"


def check_unsigned(request: ConsentRequest, by: Party) -> None:
    """Whether it may be granted without a signature in person. Raises ConsentRefused."""
    if must_sign(request, by):
        raise ConsentRefused(
            "whoever grants this signs it with a passkey",
            remedy="Sign with the passkey; without one, add it under your own name first.",
            code="passkey_needed",
        )


def granted(
    request: ConsentRequest,
    draft: Draft,
    by: Party,
    *,
    now: datetime,
    assertion: mfa.Assertion | None = None,
) -> Consent:
    """The consent of a draft, signed; the caller's transaction holds the request's row.

    Raises ConsentRefused when the person signed something else than what the draft comes to.
    """
    late = "" if now < request.answer_by else "this request has lapsed"
    wanted = wanted_of(request, draft.levels, draft.days)
    check_fair_use(wanted, today=day_in_china(request.asked_at))
    guards = {"in_time": lambda: late, "fair_use": lambda: ""}  # checked the line above
    move(request, "grant", by, at=now, guards=guards)
    words = worded(request, draft, by)
    if assertion is not None and assertion.digest != words.digest:
        raise ConsentRefused(
            "what was signed is not what would be granted",
            remedy="Load the page again, read it and sign once more.",
            code="draft_changed",
        )
    consent = _signed(request, draft, words, by, assertion)
    consent.save(force_insert=True)
    write_receipt(request, "grant", at=now, consent=consent)
    return consent


def _signed(
    request: ConsentRequest,
    draft: Draft,
    words: Worded,
    by: Party,
    assertion: mfa.Assertion | None,
) -> Consent:
    """The row, with the artefact: the person's signature in it, the platform's around it."""
    payload = {**words.payload, "assertion": assertion.kept() if assertion else None}
    return Consent(
        grantor_id=request.grantor_id,
        grantee_id=request.grantee_id,
        granted_by_id=by.person,
        purpose=request.purpose,
        stages=request.stages,
        categories=sorted(draft.levels),
        max_level=max(draft.levels.values()),
        granted_at=draft.at,
        valid_until=draft.until,
        number=draft.number,
        levels=dict(draft.levels),
        data_from=request.data_from,
        data_to=request.data_to,
        one_time=request.one_time,
        keep_days=request.keep_days,
        template=request.template,
        template_version=request.template_version,
        loan_reference=request.loan_reference,
        request=request,
        artefact=seal(payload, platform_signer()),
        texts=dict(words.texts),
    )
