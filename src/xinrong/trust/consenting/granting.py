"""An enterprise says yes, to all or to less, or no."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from xinrong.domain.clock import day_in_china
from xinrong.domain.signatures import seal
from xinrong.trust.consenting.asking import lock_request
from xinrong.trust.consenting.fair_use import SENSITIVE, Wanted, check_fair_use
from xinrong.trust.consenting.receipts import new_number, party_names, write_receipt
from xinrong.trust.consenting.states import Party, move
from xinrong.trust.consenting.wording import Terms, hashes_of, words_of
from xinrong.trust.errors import ConsentRefused
from xinrong.trust.keys import platform_signer
from xinrong.trust.models import Consent, ConsentRequest

TYPE = "xinrong.consent"
#: Signs the hash of the document on the person's device; gives the assertion, or None.
Passkey = Callable[[dict[str, Any]], dict[str, Any] | None]


@dataclass(frozen=True)
class Answer:
    """What the enterprise ticked."""

    categories: Collection[str]
    sensitive: Collection[str] = ()  # ticked a second time, apart
    days: int | None = None  # shorter than asked


def grant(
    number: str,
    grantor: int,
    by: Party,
    answer: Answer,
    *,
    now: datetime,
    passkey: Passkey | None = None,
) -> Consent:
    """Grant a request, to all or fewer of its categories: the signed artefact and its receipt.

    Levels, stages, grantee and data life are those of the request, whatever a form sends. Raises
    ConsentRefused; MoveRefused when the request is no longer open, or not for this role.
    """
    with transaction.atomic():
        request = lock_request(number, grantor=grantor)
        levels = chosen_levels(request, answer)
        days = request.days if answer.days is None else answer.days
        if not 1 <= days <= request.days:
            raise ConsentRefused(
                f"it was asked for {request.days} days; grant as many or fewer", code="days"
            )
        wanted = wanted_of(request, levels, days)
        late = "" if now < request.answer_by else "this request has lapsed"
        check_fair_use(wanted, today=day_in_china(request.asked_at))
        guards = {"in_time": lambda: late, "fair_use": lambda: ""}  # checked the line above
        move(request, "grant", by, at=now, guards=guards)
        consent = _signed(request, levels, by, now, now + timedelta(days=days), passkey)
        consent.save(force_insert=True)
        write_receipt(request, "grant", at=now, consent=consent)
    return consent


def refuse(number: str, grantor: int, by: Party, *, now: datetime) -> ConsentRequest:
    """Say no. Nobody but whoever asked is told, and no reason is asked for."""
    with transaction.atomic():
        request = lock_request(number, grantor=grantor)
        move(request, "refuse", by, at=now)
        write_receipt(request, "refusal", at=now)
    return request


def chosen_levels(request: ConsentRequest, answer: Answer) -> dict[str, int]:
    """Category -> level of what was ticked.

    Raises ConsentRefused for a category that was not asked, and for a sensitive one without its
    separate tick (个人信息保护法 第二十九条).
    """
    more = sorted(set(answer.categories) - set(request.levels))
    if more:
        raise ConsentRefused(
            f"nobody asked for {', '.join(more)}",
            remedy="Load the page again and tick what is listed.",
            code="not_asked",
        )
    levels = {name: level for name, level in request.levels.items() if name in answer.categories}
    if not levels:
        raise ConsentRefused(
            "nothing is ticked",
            remedy="Tick at least one category, or refuse.",
            code="nothing_ticked",
        )
    bare = [name for name, level in levels.items() if level >= SENSITIVE]
    bare = sorted(set(bare) - set(answer.sensitive))
    if bare:
        raise ConsentRefused(
            f"very sensitive information needs a tick of its own: {', '.join(bare)} "
            "(个人信息保护法 第二十九条)",
            remedy="Tick it separately, or leave the category out.",
            code="separate_tick",
        )
    return levels


def wanted_of(request: ConsentRequest, levels: Mapping[str, int], days: int) -> Wanted:
    """What is granted, for the fair-use check of today."""
    return Wanted(
        template=request.template,
        purpose=request.purpose,
        stages=tuple(request.stages),
        levels=levels,
        days=days,
        keep_days=request.keep_days,
        one_time=request.one_time,
        data_from=request.data_from,
    )


def terms_of(request: ConsentRequest, levels: Mapping[str, int], until: datetime) -> Terms:
    """What the words of a consent depend on."""
    return Terms(
        grantor=f"{request.grantor.name}（{request.grantor.code}）",
        grantee=request.grantee.name,
        purpose=request.purpose,
        stages=tuple(request.stages),
        levels=levels,
        data_from=request.data_from,
        data_to=request.data_to,
        one_time=request.one_time,
        valid_until=until,
        keep_days=request.keep_days,
        loan_reference=request.loan_reference,
    )


def _signed(
    request: ConsentRequest,
    levels: Mapping[str, int],
    by: Party,
    now: datetime,
    until: datetime,
    passkey: Passkey | None,
) -> Consent:
    texts = words_of(terms_of(request, levels, until))
    number = new_number()
    document = {
        "number": number,
        "request": request.number,
        "granted_by": {"person": by.person, "name": by.name, "role": by.role},
        **party_names(request),
        "purpose": request.purpose,
        "stages": request.stages,
        "categories": dict(levels),
        "data_from": request.data_from.isoformat(),
        "data_to": request.data_to.isoformat() if request.data_to else None,
        "granted_at": now.isoformat(),
        "valid_until": until.isoformat(),
        "one_time": request.one_time,
        "keep_days": request.keep_days,
        "loan_reference": request.loan_reference or None,
        "template": {"id": request.template, "version": request.template_version},
        "text_sha256": hashes_of(texts),
    }
    payload = {
        "type": TYPE,
        "version": 1,
        "consent": document,
        "assertion": passkey(document) if passkey else None,
    }
    return Consent(
        grantor_id=request.grantor_id,
        grantee_id=request.grantee_id,
        granted_by_id=by.person,
        purpose=request.purpose,
        stages=request.stages,
        categories=sorted(levels),
        max_level=max(levels.values()),
        granted_at=now,
        valid_until=until,
        number=number,
        levels=dict(levels),
        data_from=request.data_from,
        data_to=request.data_to,
        one_time=request.one_time,
        keep_days=request.keep_days,
        template=request.template,
        template_version=request.template_version,
        loan_reference=request.loan_reference,
        request=request,
        artefact=seal(payload, platform_signer()),
        texts=texts,
    )


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
            asked = set(request.levels)
            own = Answer(
                asked & set(answer.categories),
                asked & set(answer.sensitive),
                min(answer.days, request.days) if answer.days is not None else None,
            )
            made.append(grant(number, grantor, by, own, now=now))
    return made
