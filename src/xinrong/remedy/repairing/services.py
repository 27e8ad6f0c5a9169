"""Verbs of repair: what can be repaired and from when, apply, decide, doubt."""

from __future__ import annotations

from xinrong.remedy.repairing.asking import (
    LONGEST_NUMBER,
    LONGEST_WHY,
    PROCESS,
    Proof,
    Wanted,
    ask,
    find,
)
from xinrong.remedy.repairing.deciding import (
    accept,
    category_words,
    end_temporary,
    repair_for,
    sign,
)
from xinrong.remedy.repairing.doubting import PROCESS as DOUBT
from xinrong.remedy.repairing.doubting import doubt
from xinrong.remedy.repairing.law import RIGHT, TOGETHER, Earliest
from xinrong.remedy.repairing.listing import decided, linked_to, mirrored, repairs_of
from xinrong.remedy.repairing.models import Repair, RepairBasis, RepairDoubt
from xinrong.remedy.repairing.outlook import Outlook, Why, outlooks
from xinrong.remedy.repairing.pledge import begin as begin_signing
from xinrong.remedy.repairing.pledge import digest_of as pledge_digest
from xinrong.remedy.repairing.pledge import words_of as pledge_words
from xinrong.remedy.repairing.refusals import REFUSALS

__all__ = [
    "DOUBT",
    "LONGEST_NUMBER",
    "LONGEST_WHY",
    "PROCESS",
    "REFUSALS",
    "RIGHT",
    "TOGETHER",
    "Earliest",
    "Outlook",
    "Proof",
    "Repair",
    "RepairBasis",
    "RepairDoubt",
    "Wanted",
    "Why",
    "accept",
    "ask",
    "begin_signing",
    "category_words",
    "decided",
    "doubt",
    "end_temporary",
    "find",
    "linked_to",
    "mirrored",
    "outlooks",
    "pledge_digest",
    "pledge_words",
    "repair_for",
    "repairs_of",
    "sign",
]
