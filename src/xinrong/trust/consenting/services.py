"""Verbs of the consent process."""

from __future__ import annotations

from xinrong.trust.consenting.asking import ask, withdraw
from xinrong.trust.consenting.drafting import Answer, Draft, terms_of
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
from xinrong.trust.consenting.granting import grant, grant_all, must_sign, needs_passkey, refuse
from xinrong.trust.consenting.lists import (
    bundle,
    namings_of,
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
from xinrong.trust.consenting.signing import ask_signature, propose, sign, words_to_sign
from xinrong.trust.consenting.states import CONSENT_PROCESS, Party
from xinrong.trust.consenting.wording import named_elsewhere, seen_fields, words_of
from xinrong.trust.models import Consent, ConsentReceipt, ConsentRequest, StopNotice

__all__ = [
    "ANSWERS",
    "CONSENT_PROCESS",
    "SENSITIVE",
    "Answer",
    "Consent",
    "ConsentReceipt",
    "ConsentRequest",
    "Draft",
    "Party",
    "StopNotice",
    "Wanted",
    "answer_notice",
    "ask",
    "ask_signature",
    "bundle",
    "check_fair_use",
    "consent_of",
    "deliveries_of",
    "grant",
    "grant_all",
    "must_sign",
    "named_elsewhere",
    "namings_of",
    "needs_passkey",
    "notices_for",
    "open_requests",
    "others_alike",
    "propose",
    "receipts_of",
    "refuse",
    "repaid",
    "request_for",
    "requests_by",
    "requests_to",
    "revoke",
    "seen_fields",
    "settle_all",
    "sign",
    "stages_of",
    "standing",
    "template_of",
    "templates_for",
    "terms_of",
    "withdraw",
    "words_of",
    "words_to_sign",
    "years_before",
]
