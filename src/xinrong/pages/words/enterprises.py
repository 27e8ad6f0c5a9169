"""What an enterprise is, and what the register says of it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xinrong.pages.words.tables import Words

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

JUDGED: Words = {
    "same": _("linked"),
    "different": _("none of them"),
    "unsure": _("unsure"),
    "withdrawn": _("taken back"),
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
