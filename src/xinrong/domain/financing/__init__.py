"""Financing: what a need says, and the words that needs and products share."""

from __future__ import annotations

from xinrong.domain.financing.need import OFFERS, Need, NeedRefused, need_columns
from xinrong.domain.financing.words import (
    CHANNEL_WORDS,
    ON_CREDIT,
    PURPOSE_WORDS,
    SECURITY_WORDS,
    Channel,
    NeedPurpose,
    Security,
)

__all__ = [
    "CHANNEL_WORDS",
    "OFFERS",
    "ON_CREDIT",
    "PURPOSE_WORDS",
    "SECURITY_WORDS",
    "Channel",
    "Need",
    "NeedPurpose",
    "NeedRefused",
    "Security",
    "need_columns",
]
