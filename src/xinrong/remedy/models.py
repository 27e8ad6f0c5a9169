"""Tables of remedy."""

from __future__ import annotations

from xinrong.remedy.correcting.models import Correction
from xinrong.remedy.listing import models as listing_models  # noqa: F401 - Django finds them here
from xinrong.remedy.objecting.models import Objection
from xinrong.remedy.repairing.models import Repair, RepairDoubt
from xinrong.remedy.retaining.models import RetentionRun
from xinrong.remedy.telling.models import Withdrawal, WithdrawalTold, WithdrawalTurn

__all__ = [
    "Correction",
    "Objection",
    "Repair",
    "RepairDoubt",
    "RetentionRun",
    "Withdrawal",
    "WithdrawalTold",
    "WithdrawalTurn",
]
