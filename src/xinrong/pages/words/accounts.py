"""People, what they sign in with, keys, support and organisations."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xinrong.pages.words.tables import Words

ROLES: Words = {
    "loan_officer": _("loan officer"),
    "compliance_officer": _("compliance officer"),
    "guarantee_officer": _("guarantee officer"),
    "adviser": _("adviser"),
    "auditor": _("auditor"),
    "data_officer": _("data officer"),
    "operator": _("platform operator"),
    "representative": _("representative of the enterprise"),
    "public": _("visitor"),
}

#: With what somebody signs in beside the password, and what happened to it.
FACTORS: Words = {
    "totp": _("authenticator app"),
    "passkey": _("passkey"),
    "recovery": _("recovery codes"),
}

FACTOR_EVENTS: Words = {
    "added": _("added"),
    "removed": _("removed"),
    "codes_made": _("made"),
    "code_used": _("one used"),
    "password_changed": _("password changed"),
    "password_link": _("link for a new password made"),
    "reset_asked": _("reset of all factors asked for"),
    "reset_refused": _("reset of all factors refused"),
    "reset": _("all factors reset"),
    "linked": _("identity service linked"),
}

#: What an API key opens.
SCOPES: Words = {
    "files": _("search enterprises and query credit files"),
    "batches": _("read batches and their receipts"),
    "records": _("send records of the own department"),
    "quarantine": _("read quarantined rows of the own department"),
    "withdrawals": _("read which records may be used no longer, and acknowledge it"),
    "bank_link": _("the platform sends consented files to the bank's own system"),
    "needs": _("state the own financing needs and read what products say of them"),
    "consents": _("ask enterprises for consent and see what became of it"),
    "counts": _("count over many enterprises"),
}

KEY_STATES: Words = {
    "valid": _("works"),
    "ends_soon": _("ends within 14 days"),
    "expired": _("past its end"),
    "revoked": _("revoked"),
    "suspended": _("rests"),
}
KEY_ICONS = {
    "valid": "check",
    "ends_soon": "clock",
    "expired": "block",
    "revoked": "block",
    "suspended": "lock",
}

SUPPORT_STATES: Words = {
    "waiting": _("waits for a second operator"),
    "ready": _("may begin"),
    "running": _("running"),
    "ended": _("over"),
    "lapsed": _("lapsed"),
}
SUPPORT_ICONS = {
    "waiting": "clock",
    "ready": "check",
    "running": "person",
    "ended": "dot",
    "lapsed": "block",
}

#: What an institution is on the platform.
ORGANISATION_KINDS: Words = {
    "bank": _("bank"),
    "guarantor": _("guarantor"),
    "department": _("department"),
    "adviser": _("institution of advisers"),
    "regulator": _("regulator"),
}

#: What was done about people, keys and support, and the organisation itself.
ACCOUNT_EVENTS: Words = {
    "taken_in": _("institution taken in"),
    "renamed": _("renamed"),
    "closed": _("closed"),
    "reopened": _("opened again"),
    "invited": _("invited"),
    "invitation_withdrawn": _("invitation withdrawn"),
    "joined": _("joined"),
    "role_changed": _("role changed"),
    "role_ended": _("role ended"),
    "roles_suspended": _("all roles rest"),
    "roles_resumed": _("roles act again"),
    "key_made": _("key made"),
    "key_rotated": _("key rotated"),
    "key_revoked": _("key revoked"),
    "support_asked": _("support asked for"),
    "support_nodded": _("second operator agreed to support"),
    "support_started": _("support began"),
    "support_ended": _("support ended"),
}
