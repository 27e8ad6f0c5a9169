"""Writing what changed of loans as records, by the road that departments' systems use.

Whatever moves money of a loan marks it in its own transaction. From time to time those that are
marked are gathered into one sending, which is pushed until it is in the store: the same name and
the same rows again are the same batch, so that nothing is lost or doubled where a process dies.
A repayment or a correction is a new version of the loan's record.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections import defaultdict
from datetime import datetime
from secrets import token_hex

from django.conf import settings
from django.db import IntegrityError, transaction

from xinrong.catalogue.region import Region, load_region
from xinrong.collect import services as collect
from xinrong.collect.errors import PushRunning
from xinrong.domain.clock import Clock
from xinrong.market.applying.models import Loan, Payment
from xinrong.market.products.packs import has_products, load_products
from xinrong.market.recording.content import CODE, NAME, row_of
from xinrong.market.recording.models import LoanSending, LoanVersion

logger = logging.getLogger(__name__)

FEED = "platform_loans"
#: Loans of one sending.
TOGETHER = 1_000


def write_loans(clock: Clock) -> int:
    """Write every loan that changed; how many records were accepted or corrected."""
    region = load_region(settings.REGION)
    if FEED not in region.feeds or not has_products(settings.REGION):
        return 0
    done = 0
    while (sending := _open_sending() or _gather(clock.now())) is not None:
        try:
            done += _push(sending, region, clock)
        except PushRunning:  # another worker is at it
            break
    return done


def _open_sending() -> LoanSending | None:
    return LoanSending.objects.filter(open=True).first()


def _gather(now: datetime) -> LoanSending | None:
    """A sending of loans that changed; None where none did, or another worker was first."""
    try:
        with transaction.atomic():
            return _gathered(now)
    except IntegrityError:
        return None


def _gathered(now: datetime) -> LoanSending | None:
    marked = Loan.objects.select_for_update(of=("self",)).filter(unwritten=True).order_by("pk")
    parts = "application__enterprise", "application__institution", "application__offer"
    while loans := list(marked.select_related(*parts)[:TOGETHER]):
        Loan.objects.filter(pk__in=[loan.pk for loan in loans]).update(unwritten=False)
        made = _versions(loans)
        if made:
            sending = LoanSending.objects.create(name=f"loans-{token_hex(16)}", made_at=now)
            for version in made:
                version.sending = sending
            LoanVersion.objects.bulk_create(made)
            return sending
    return None


def _versions(loans: list[Loan]) -> list[LoanVersion]:
    products = load_products(settings.REGION)
    standing, last = defaultdict(list), {}
    mine = {"loan__in": [loan.pk for loan in loans]}
    for payment in Payment.objects.filter(**mine, replaced_at=None).order_by("pk"):
        standing[payment.loan_id].append(payment)
    for version in LoanVersion.objects.filter(**mine).order_by("number"):
        last[version.loan_id] = version
    made = []
    for loan in loans:
        row, before = row_of(loan, standing[loan.pk], products), last.get(loan.pk)
        digest = hashlib.sha256(json.dumps(row, sort_keys=True).encode()).hexdigest()
        if not row or (before is not None and before.digest == digest):
            continue
        enterprise = loan.application.enterprise
        code, name = (before.code, before.name) if before else (enterprise.code, enterprise.name)
        number = before.number + 1 if before else 1
        row = {CODE: code, NAME: name, **row}
        made.append(
            LoanVersion(loan=loan, number=number, code=code, name=name, digest=digest, row=row)
        )
    return made


def _push(sending: LoanSending, region: Region, clock: Clock) -> int:
    rows = list(sending.versions.order_by("pk").values_list("row", flat=True))
    receipt = collect.push(FEED, rows, key=sending.name, by="xinrong", clock=clock, region=region)
    if receipt.quarantined:
        logger.error(
            "%d loans of %s are in quarantine: see receipt %d",
            receipt.quarantined, sending.name, receipt.batch,
        )  # fmt: skip
    with transaction.atomic():
        LoanVersion.objects.filter(sending=sending).update(row={})
        LoanSending.objects.filter(pk=sending.pk).update(open=False, batch=receipt.batch)
    return int(receipt.accepted)
