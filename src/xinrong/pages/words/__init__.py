"""The words of the field in both languages: a thing has one name on all pages.

`{{ firm.kind|word:"KINDS" }}` finds a table here by its name, so a new one is added to this list.
Words that one group of pages alone uses stand beside those pages (`lists/words.py`).
"""

from __future__ import annotations

from xinrong.pages.words.accounts import (
    ACCOUNT_EVENTS,
    FACTOR_EVENTS,
    FACTORS,
    KEY_ICONS,
    KEY_STATES,
    ORGANISATION_KINDS,
    ROLES,
    SCOPES,
    SUPPORT_ICONS,
    SUPPORT_STATES,
)
from xinrong.pages.words.disclosure import (
    ALERT_ACTS,
    ALERT_DECISIONS,
    ALERT_STATES,
    CHAIN_ALARMS,
    COUNT_COSTS,
    LEVELS,
    OUTCOMES,
    PURPOSES,
    SERVICES,
    SHARES,
    STAGES,
    VERDICTS,
    WITHHELD,
)
from xinrong.pages.words.enterprises import (
    JUDGED,
    KINDS,
    REGISTER_DIMENSIONS,
    REGISTER_EVENTS,
    REGISTER_MEASURES,
    SUCCESSIONS,
)
from xinrong.pages.words.grades import CARD_STATES
from xinrong.pages.words.law import DATE_STARTS, EVIDENCE, RETENTION_ACTS, RETENTION_STATES, TIERS
from xinrong.pages.words.needs import NEED_SOURCES
from xinrong.pages.words.records import (
    ABSENCES,
    DIMENSIONS,
    FATES,
    FIELD_TYPES,
    GROUPS,
    MEASURES,
    SIGN_ICONS,
    SIGNS,
    SOURCE_STATES,
    UPLOAD_ICONS,
    UPLOAD_STATES,
    YES_NO,
)
from xinrong.pages.words.tables import Words, of
from xinrong.pages.words.texts import said

__all__ = [
    "ABSENCES",
    "ACCOUNT_EVENTS",
    "ALERT_ACTS",
    "ALERT_DECISIONS",
    "ALERT_STATES",
    "CARD_STATES",
    "CHAIN_ALARMS",
    "COUNT_COSTS",
    "DATE_STARTS",
    "DIMENSIONS",
    "EVIDENCE",
    "FACTORS",
    "FACTOR_EVENTS",
    "FATES",
    "FIELD_TYPES",
    "GROUPS",
    "JUDGED",
    "KEY_ICONS",
    "KEY_STATES",
    "KINDS",
    "LEVELS",
    "MEASURES",
    "NEED_SOURCES",
    "ORGANISATION_KINDS",
    "OUTCOMES",
    "PURPOSES",
    "REGISTER_DIMENSIONS",
    "REGISTER_EVENTS",
    "REGISTER_MEASURES",
    "RETENTION_ACTS",
    "RETENTION_STATES",
    "ROLES",
    "SCOPES",
    "SERVICES",
    "SHARES",
    "SIGNS",
    "SIGN_ICONS",
    "SOURCE_STATES",
    "STAGES",
    "SUCCESSIONS",
    "SUPPORT_ICONS",
    "SUPPORT_STATES",
    "TIERS",
    "UPLOAD_ICONS",
    "UPLOAD_STATES",
    "VERDICTS",
    "WITHHELD",
    "YES_NO",
    "Words",
    "of",
    "said",
]
