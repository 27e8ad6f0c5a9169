"""A consent ends: taken back, run out, used up, or its loan repaid.

What ends it is a column that the gate reads. Everything here only writes down that it has ended:
the move, the receipt, the stop-use notice. If that fails the consent has ended all the same, and
`settle_all` (a task) writes it down later.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError, transaction
from django.db.models import Q

from xinrong.domain.errors import XinrongError
from xinrong.trust.consenting.asking import lapse, lock_request
from xinrong.trust.consenting.notices import give_notice
from xinrong.trust.consenting.receipts import write_receipt
from xinrong.trust.consenting.states import (
    ASKED,
    ASKING,
    CLOCKWORK,
    GRANTED,
    GRANTING,
    Party,
    move,
)
from xinrong.trust.consents import revoke_consent
from xinrong.trust.errors import ConsentRefused
from xinrong.trust.models import Consent, ConsentRequest
from xinrong.trust.using import used_at

logger = logging.getLogger(__name__)

#: event -> kind of the receipt
RECEIPTS = {"revoke": "revocation", "repay": "repayment", "expire": "expiry", "use_up": "use"}


@dataclass(frozen=True)
class Ended:
    """By which event of the process a consent ended, when, and by whom."""

    event: str
    at: datetime
    by: Party = CLOCKWORK


def revoke(number: str, grantor: int, by: Party, *, now: datetime) -> Consent:
    """The enterprise takes a consent back; from the commit on nothing is released under it.

    Raises ConsentRefused for one that serves a live loan (the page that granted it said so), and
    for somebody else's with the same words as for none.
    """
    consent = consent_of(number, grantor=grantor)
    if by.role not in GRANTING:
        raise ConsentRefused("only the enterprise's representative takes a consent back")
    if consent.loan_reference and consent.valid_until > now:
        raise ConsentRefused(
            f"this consent serves the loan {consent.loan_reference} until it is repaid",
            remedy="When it is repaid, ask the bank to say so; every other consent can be "
            "taken back at once.",
            code="loan_live",
        )
    revoke_consent(consent.pk, grantor=grantor, now=now)
    return _written_down(consent, Ended("revoke", now, by))


def repaid(number: str, by: Party, *, now: datetime) -> Consent:
    """The bank says that the loan is repaid: the consent that served it ends at once."""
    consent = consent_of(number, grantee=by.organisation)
    if by.role not in ASKING or not consent.loan_reference:
        raise ConsentRefused("this consent serves no loan", code="loan_none")
    revoke_consent(consent.pk, grantor=consent.grantor_id, now=now)
    return _written_down(consent, Ended("repay", now, by))


def consent_of(number: str, *, grantor: int | None = None, grantee: int | None = None) -> Consent:
    """A side's own consent. Raises ConsentRefused for another's, word for word as for none."""
    mine = Q(grantor=grantor) if grantor is not None else Q(grantee=grantee)
    rows = Consent.objects.select_related("request", "grantor", "grantee")
    found = rows.filter(mine, number=number).exclude(request=None).first()
    if found is None:
        raise ConsentRefused("there is no such consent for you", code="consent_unknown")
    return found


def _written_down(consent: Consent, ended: Ended) -> Consent:
    try:
        settle(consent.pk, ended)
    except (DatabaseError, OSError, XinrongError):
        logger.exception("consent %s ended and could not be written down yet", consent.number)
    consent.refresh_from_db()
    return consent


def settle(consent: int, ended: Ended) -> None:
    """Write down that a consent has ended: once, whoever comes first."""
    with transaction.atomic():
        row = Consent.objects.select_related("request").get(pk=consent)
        assert row.request is not None  # only consents of the process come here
        request = lock_request(row.request.number, grantor=row.grantor_id)
        if request.state != GRANTED:
            return
        holds = dict.fromkeys(("no_live_loan", "live_loan", "past_end", "used"), lambda: "")
        move(request, ended.event, ended.by, at=ended.at, guards=holds)
        Consent.objects.filter(pk=consent).update(ended_at=ended.at)
        write_receipt(request, RECEIPTS[ended.event], at=ended.at, consent=row)
        if ended.event == "revoke":
            give_notice(request, row, at=ended.at)


def settle_all(*, now: datetime, at_most: int = 1_000) -> int:
    """Write down what has ended by the clock or by use, and requests that nobody answered.

    How many it was. The gate never waits for this.
    """
    done = 0
    granted = Consent.objects.filter(request__state=GRANTED)
    for consent in granted.filter(Q(valid_until__lte=now) | ~Q(revoked_at=None))[:at_most]:
        settle(consent.pk, end_of(consent))
        done += 1
    once = list(granted.filter(one_time=True, valid_until__gt=now).values_list("pk", flat=True))
    for consent_id, at in used_at(once).items():
        settle(consent_id, Ended("use_up", at))
        done += 1
    late = ConsentRequest.objects.filter(state=ASKED, answer_by__lte=now)
    for number, grantor in late.values_list("number", "grantor")[:at_most]:
        with transaction.atomic():
            request = lock_request(number, grantor=grantor)
            if request.state == ASKED:
                lapse(request, now=now)
                done += 1
    return done


def end_of(consent: Consent) -> Ended:
    """How a consent ended that nobody has written down: what came first."""
    if consent.revoked_at is None or consent.valid_until <= consent.revoked_at:
        return Ended("expire", consent.valid_until)
    if consent.loan_reference:  # only its bank could have
        return Ended("repay", consent.revoked_at, Party("loan_officer", consent.grantee_id))
    return Ended("revoke", consent.revoked_at, Party("representative"))
