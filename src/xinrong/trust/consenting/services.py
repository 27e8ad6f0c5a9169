"""Verbs of the consent process."""

from __future__ import annotations

from xinrong.trust.consenting.asking import ask, withdraw
from xinrong.trust.consenting.ending import consent_of, repaid, revoke, settle_all
from xinrong.trust.consenting.fair_use import (
    SENSITIVE,
    Wanted,
    check_fair_use,
    stages_of,
    template_of,
    templates_for,
    years_before,
)
from xinrong.trust.consenting.granting import Answer, grant, grant_all, refuse, terms_of
from xinrong.trust.consenting.lists import (
    bundle,
    notices_for,
    open_requests,
    others_alike,
    receipts_of,
    request_for,
    requests_by,
    requests_to,
    standing,
)
from xinrong.trust.consenting.notices import ANSWERS, answer_notice, deliveries_of
from xinrong.trust.consenting.states import CONSENT_PROCESS, Party
from xinrong.trust.consenting.wording import seen_fields, words_of
from xinrong.trust.models import Consent, ConsentReceipt, ConsentRequest, StopNotice

__all__ = [
    "ANSWERS",
    "CONSENT_PROCESS",
    "SENSITIVE",
    "Answer",
    "Consent",
    "ConsentReceipt",
    "ConsentRequest",
    "Party",
    "StopNotice",
    "Wanted",
    "answer_notice",
    "ask",
    "bundle",
    "check_fair_use",
    "consent_of",
    "deliveries_of",
    "grant",
    "grant_all",
    "notices_for",
    "open_requests",
    "others_alike",
    "receipts_of",
    "refuse",
    "repaid",
    "request_for",
    "requests_by",
    "requests_to",
    "revoke",
    "seen_fields",
    "settle_all",
    "stages_of",
    "standing",
    "template_of",
    "templates_for",
    "terms_of",
    "withdraw",
    "words_of",
    "years_before",
]
