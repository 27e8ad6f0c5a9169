"""What every step of an application shares: one transaction, the clock first, refusals in words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction

from xinrong.accounts.services import Viewer
from xinrong.domain.process import MoveRefused
from xinrong.market.applying.finding import application_of
from xinrong.market.applying.models import Application
from xinrong.work.services import Case, case_for, ring_case


@contextmanager
def step(number: str, now: datetime) -> Iterator[None]:
    """A transaction; where a clock had run out, what that makes happen happens after it."""
    try:
        with transaction.atomic():
            yield
    except MoveRefused as refused:
        if refused.code == "move_overdue":
            ring_case(number, now)
        raise


def held(who: Viewer, number: str) -> tuple[Application, Case]:
    """An application of the viewer's side, its row held until the transaction ends.

    Raises CaseRefused (case_unknown) for any other, word for word as for none.
    """
    case_for(number[:32], who)
    found = application_of(number, lock=True)
    return found, Case.objects.get(number=found.number)  # as it stands under the lock


def answered(application: Application, now: datetime) -> None:
    """The lender has answered for the first time."""
    if application.answered_at is None:
        application.answered_at = now
        application.save(update_fields=["answered_at"])
