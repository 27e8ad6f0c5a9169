"""Records, the categories they are of, and how they came."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xinrong.pages.words.tables import Words

SIGNS: Words = {
    "positive": _("red list (positive)"),
    "neutral": _("neutral"),
    "negative": _("black list (negative)"),
}
SIGN_ICONS = {"positive": "star", "neutral": "dot", "negative": "block"}

YES_NO: Words = {"yes": _("yes"), "no": _("no")}

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

SOURCE_STATES: Words = {
    "fresh": _("up to date"),
    "stale": _("out of date"),
    "no_feed": _("no source connected"),
    "withheld": _("withheld"),
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
