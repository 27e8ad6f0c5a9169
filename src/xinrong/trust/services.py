"""Verbs of trust: ask the gate, grant and revoke consent, see who looked."""

from __future__ import annotations

from xinrong.trust import lineage
from xinrong.trust.audit import Look, canonical_json, looked_since, noted, who_looked, words_digest
from xinrong.trust.consenting import services as consenting
from xinrong.trust.consents import (
    active_consents,
    grant_consent,
    grantors_in_force,
    revoke_consent,
)
from xinrong.trust.counting import services as counting
from xinrong.trust.errors import AuditUnavailable, ConsentRefused, Denied, GateFault
from xinrong.trust.gate import disclose
from xinrong.trust.guarded import check_standing, handing_over
from xinrong.trust.keys import key_document, platform_signer, public_keys
from xinrong.trust.keys import rotate as rotate_key
from xinrong.trust.rules import own_enterprise, purposes_of
from xinrong.trust.sealing import services as sealing
from xinrong.trust.snooping import services as snooping
from xinrong.trust.trail import services as trail
from xinrong.trust.types import (
    UNKNOWN_CODE,
    Content,
    Permit,
    Permits,
    Product,
    Purpose,
    Release,
    Service,
    Stage,
    Standing,
)

__all__ = [
    "UNKNOWN_CODE",
    "AuditUnavailable",
    "ConsentRefused",
    "Content",
    "Denied",
    "GateFault",
    "Look",
    "Permit",
    "Permits",
    "Product",
    "Purpose",
    "Release",
    "Service",
    "Stage",
    "Standing",
    "active_consents",
    "canonical_json",
    "check_standing",
    "consenting",
    "counting",
    "disclose",
    "grant_consent",
    "grantors_in_force",
    "handing_over",
    "key_document",
    "lineage",
    "looked_since",
    "noted",
    "own_enterprise",
    "platform_signer",
    "public_keys",
    "purposes_of",
    "revoke_consent",
    "rotate_key",
    "sealing",
    "snooping",
    "trail",
    "who_looked",
    "words_digest",
]
