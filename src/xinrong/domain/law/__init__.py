"""The law of credit information as data: rules, packs of a place, and which rule binds."""

from xinrong.domain.law.packs import LawPack, PackFault, law_of
from xinrong.domain.law.periods import Period, end_of
from xinrong.domain.law.rules import (
    AtEnd,
    Binds,
    Document,
    Evidence,
    Kind,
    LawRule,
    Start,
    Tier,
    Topic,
    longest_wins,
)
from xinrong.domain.law.ruling import Law, Matter, Ruling, Weighed, Why
from xinrong.domain.law.terms import NEVER, SLOTS, Cut, Limit, Slot, Terms, Until, last_over

__all__ = [
    "NEVER",
    "SLOTS",
    "AtEnd",
    "Binds",
    "Cut",
    "Document",
    "Evidence",
    "Kind",
    "Law",
    "LawPack",
    "LawRule",
    "Limit",
    "Matter",
    "PackFault",
    "Period",
    "Ruling",
    "Slot",
    "Start",
    "Terms",
    "Tier",
    "Topic",
    "Until",
    "Weighed",
    "Why",
    "end_of",
    "last_over",
    "law_of",
    "longest_wins",
]
