"""The words of the field in both languages: a thing has one name on all pages."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = dict[str, Promise]

SIGNS: Words = {
    "positive": _("red list (positive)"),
    "neutral": _("neutral"),
    "negative": _("black list (negative)"),
}
SIGN_ICONS = {"positive": "star", "neutral": "dot", "negative": "block"}

KINDS: Words = {
    "company": _("company"),
    "branch": _("branch"),
    "sole_trader": _("sole trader"),
    "cooperative": _("farmers' cooperative"),
    "farm_household": _("farm household"),
    "public_body": _("public body"),
    "prospective": _("enterprise being founded"),
}

#: What the register said anew of an enterprise.
REGISTER_EVENTS: Words = {
    "entered": _("first name here"),
    "name": _("Name"),
    "kind": _("Kind"),
    "provisional": _("provisional"),
    "cancelled": _("deregistered"),
    "follows": _("follows"),
    "succeeded_by": _("is followed by"),
}
SUCCESSIONS: Words = {
    "merger": _("merged"),
    "division": _("divided"),
    "conversion": _("sole trader turned company"),
}
YES_NO: Words = {"yes": _("yes"), "no": _("no")}

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

JUDGED: Words = {
    "same": _("linked"),
    "different": _("none of them"),
    "unsure": _("unsure"),
    "withdrawn": _("taken back"),
}

PURPOSES: Words = {
    "credit": _("lending"),
    "guarantee": _("guaranteeing a loan"),
    "advice": _("advice to the enterprise"),
    "oversight": _("oversight by a regulator"),
    "self": _("the enterprise's own file"),
    "supervision": _("supervision"),
    "operation": _("operation of the platform"),
    "public": _("open information"),
}

STAGES: Words = {
    "pre_loan": _("before the loan"),
    "approval": _("approval"),
    "post_loan": _("after the loan"),
}

SERVICES: Words = {
    "search": _("search"),
    "basic": _("basic information"),
    "comprehensive": _("comprehensive information"),
    "cube": _("credit cube"),
    "signs": _("red list and black list"),
    "paper": _("printed file"),
    "indicators": _("indicators"),
    "count": _("count over many enterprises"),
    "quarantine": _("quarantined rows"),
}

OUTCOMES: Words = {
    "released": _("answered"),
    "denied": _("refused"),
    "failed": _("failed"),
}

#: What came of reading a query again.
VERDICTS: Words = {
    "same": _("It comes out the same, byte for byte."),
    "erased": _("Records of it were erased since, as the law demands: the digest cannot fit."),
    "differs": _("It differs, or it is too old to say with which filters it was asked."),
    "unreadable": _("It cannot be read again."),
}

#: What is wrong with the audit chain, and what to do.
CHAIN_ALARMS: Words = {
    "seal_late": _("Queries wait for their seal: see that the worker runs."),
    "checkpoint_late": _(
        "The end of the chain was not signed for minutes: see the worker's messages."
    ),
    "checkpoint_key": _(
        "The key of the checkpoints cannot be read: see XINRONG_CHECKPOINT_KEY_FILE."
    ),
    "folder_missing": _("The folder of checkpoints is not there: see that it is mounted."),
    "folder_read_only": _("The folder of checkpoints cannot be written to."),
    "folder_full": _("The folder of checkpoints is full: make room."),
}

SOURCE_STATES: Words = {
    "fresh": _("up to date"),
    "stale": _("out of date"),
    "no_feed": _("no source connected"),
    "withheld": _("withheld"),
}

#: Why a category is withheld: the reason, and what can be done.
WITHHELD: dict[str, tuple[Promise, Promise]] = {
    "no_consent": (
        _("The enterprise has not consented."),
        _("Ask the enterprise to give its consent, then open the file again."),
    ),
    "never_shared": (
        _("The law or the department does not allow this to be shared."),
        _("Nothing can open it; ask the enterprise for the document itself."),
    ),
    "role": (
        _("Your role does not include this."),
        _("Someone in your organisation whose role includes it can look."),
    ),
    "purpose": (
        _("It may not be used for this purpose."),
        _("Open the file for the purpose that your work really has."),
    ),
}

GROUPS: Words = {
    "registration": _("registration"),
    "licence": _("licences"),
    "certification": _("certification"),
    "credit": _("credit rating and lists"),
    "reward": _("rewards"),
    "supervision": _("supervision and inspection"),
    "penalty": _("penalties"),
    "justice": _("courts"),
    "tax": _("tax"),
    "staff": _("staff and social insurance"),
    "utility": _("utilities"),
    "asset": _("property"),
    "assets": _("property"),
    "security": _("pledges and guarantees"),
    "contract": _("contracts"),
    "project": _("projects"),
    "trade": _("trade"),
    "innovation": _("innovation"),
    "agriculture": _("agriculture"),
    "support": _("support received"),
}

SHARES: Words = {
    "open": _("open"),
    "consent": _("with the enterprise's consent"),
    "never": _("never shared"),
}

FIELD_TYPES: Words = {
    "text": _("text"),
    "date": _("date"),
    "money": _("money"),
    "number": _("number"),
    "integer": _("whole number"),
    "boolean": _("yes or no"),
    "uscc": _("unified social credit code"),
    "enterprise": _("an enterprise"),
}

ABSENCES: Words = {
    "means_none": _("No record means that there is none."),
    "means_unknown": _("No record means only that none was sent."),
}

DATE_STARTS: Words = {
    "event_date": _("date of the event"),
    "end_date": _("date on which it ends"),
}

DIMENSIONS: Words = {
    "category": _("category"),
    "year": _("year"),
    "department": _("department"),
    "sign": _("sign"),
}

MEASURES: Words = {
    "records": _("number of records"),
    "amount": _("sum in yuan"),
}

FATES: Words = {
    "accepted": _("accepted"),
    "duplicates": _("duplicates"),
    "quarantined": _("quarantined"),
}

UPLOAD_STATES: Words = {
    "receiving": _("not all sent yet"),
    "received": _("waits for you to confirm"),
    "taking": _("is being taken in"),
    "done": _("taken in"),
    "discarded": _("discarded"),
    "expired": _("deleted after a day"),
}
UPLOAD_ICONS = {
    "receiving": "upload",
    "received": "info",
    "taking": "clock",
    "done": "check",
    "discarded": "block",
    "expired": "clock",
}

#: What a draft of a count draws on, before it is counted.
COUNT_COSTS: Words = {
    "nothing": _("You counted this draft before: it costs nothing."),
    "near": _("It is close to a draft that you counted: one of the small budget."),
    "draft": _("It is unlike your earlier drafts: one of the large budget."),
}

#: Figures of the register, and by what they are made.
REGISTER_MEASURES: Words = {
    "new": _("newly registered"),
    "converted": _("sole traders turned companies"),
}
REGISTER_DIMENSIONS: Words = {
    "time": _("time"),
    "district": _("district"),
    "section": _("industry section"),
    "form": _("legal form"),
    "size": _("size class"),
}

#: What became of an alert about staff; what may be decided; what was done with it.
ALERT_STATES: Words = {
    "open": _("to be checked"),
    "explained": _("explained"),
    "confirmed": _("confirmed"),
    "referred": _("referred"),
}
ALERT_DECISIONS: Words = {
    "explained": _("Explained: there was a reason for the looks."),
    "confirmed": _("Confirmed: there was none; dealt with in the institution."),
    "referred": _("Referred: handed to those who discipline or prosecute."),
}
ALERT_ACTS: Words = {
    "raised": _("raised by the rules"),
    "grew": _("more looks were added"),
    "opened": _("opened"),
    "exported": _("taken out as CSV"),
    "decided": _("decided"),
}

LEVELS: dict[int, Promise] = {
    1: _("1 · public"),
    2: _("2 · internal"),
    3: _("3 · sensitive"),
    4: _("4 · very sensitive"),
    5: _("5 · most sensitive"),
}


def of(words: Words, key: str) -> Promise | str:
    """The words of a key; a key that nobody has words for shows as itself."""
    return words.get(key, key.replace("_", " "))
