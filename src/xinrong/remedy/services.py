"""Verbs of remedy: corrections of register data, objections to records."""

from __future__ import annotations

from xinrong.remedy.correcting.asking import (
    LONGEST_VALUE,
    LONGEST_WHY,
    PROCESS,
    Correctable,
    Wanted,
    ask,
    correctable,
)
from xinrong.remedy.correcting.carrying import corrections_of, follow_corrections, to_carry
from xinrong.remedy.correcting.handling import field_words
from xinrong.remedy.correcting.law import RIGHT
from xinrong.remedy.correcting.models import Correction
from xinrong.remedy.errors import RemedyRefused
from xinrong.remedy.listing import services as listing
from xinrong.remedy.objecting.adrift import adrift, free, open_objections
from xinrong.remedy.objecting.asking import (
    LONGEST_STATEMENT,
    Objected,
    answered_before,
    check_objection,
    find_record,
    object_to,
    objections_of,
)
from xinrong.remedy.objecting.asking import PROCESS as OBJECTION
from xinrong.remedy.objecting.effects import follow_objections
from xinrong.remedy.objecting.handling import category_words
from xinrong.remedy.objecting.law import RIGHT as RIGHT_TO_OBJECT
from xinrong.remedy.objecting.letters import Letter, letter_of, objection_told
from xinrong.remedy.objecting.models import Objection
from xinrong.remedy.repairing import services as repairing
from xinrong.remedy.retaining import services as retention
from xinrong.remedy.telling import services as telling

__all__ = [
    "LONGEST_STATEMENT",
    "LONGEST_VALUE",
    "LONGEST_WHY",
    "OBJECTION",
    "PROCESS",
    "RIGHT",
    "RIGHT_TO_OBJECT",
    "Correctable",
    "Correction",
    "Letter",
    "Objected",
    "Objection",
    "RemedyRefused",
    "Wanted",
    "adrift",
    "answered_before",
    "ask",
    "category_words",
    "check_objection",
    "correctable",
    "corrections_of",
    "field_words",
    "find_record",
    "follow_corrections",
    "follow_objections",
    "free",
    "letter_of",
    "listing",
    "object_to",
    "objection_told",
    "objections_of",
    "open_objections",
    "repairing",
    "retention",
    "telling",
    "to_carry",
]
