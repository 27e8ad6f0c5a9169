"""Verbs on what partners are told of records: tell, read, acknowledge, look who is late."""

from __future__ import annotations

from xinrong.remedy.telling.feed import (
    MOST,
    acknowledge,
    entries,
    institution_of,
    overdue,
    waiting,
)
from xinrong.remedy.telling.models import Withdrawal, WithdrawalTold
from xinrong.remedy.telling.telling import (
    CORRECTED,
    ENDED,
    LIFTED,
    MARKED,
    REPAIRED,
    SUSPENDED,
    TAKE_BACK,
    Withdrawn,
    shown_to,
    tell_late,
    withdraw,
)

__all__ = [
    "CORRECTED",
    "ENDED",
    "LIFTED",
    "MARKED",
    "MOST",
    "REPAIRED",
    "SUSPENDED",
    "TAKE_BACK",
    "Withdrawal",
    "WithdrawalTold",
    "Withdrawn",
    "acknowledge",
    "entries",
    "institution_of",
    "overdue",
    "shown_to",
    "tell_late",
    "waiting",
    "withdraw",
]
