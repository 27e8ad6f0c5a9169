"""The words of batch queries."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xinrong.pages.words import Words, of

#: What a batch may ask for, in the order of the form, and what its lines then tell.
SERVICES: dict[str, tuple[Promise, Promise]] = {
    "signs": (
        _("red list and black list"),
        _("How many positive and negative records there are, and when the last negative one was."),
    ),
    "cube": (_("credit cube"), _("How many records of each sign there are.")),
    "comprehensive": (
        _("comprehensive information"),
        _("How many records there are; of each sign where there are no more than a hundred."),
    ),
    "basic": (_("basic information"), _("Whether the register knows it, and what is covered.")),
}
#: What a row of the list is before anybody is asked about.
FATES: Words = {
    "client": _("client with consent"),
    "no_consent": _("no consent"),
    "unknown": _("unknown here"),
    "faulty": _("not a code"),
    "duplicate": _("twice"),
}
FATE_ICONS = {
    "client": "check",
    "no_consent": "lock",
    "unknown": "search",
    "faulty": "warn",
    "duplicate": "copy",
}
FINDINGS: Words = {
    "negative": _("negative records"),
    "clean": _("no negative record"),
    "nothing": _("nothing on record"),
}
FINDING_ICONS = {"negative": "block", "clean": "check", "nothing": "dot"}
STATUSES: Words = {
    "answered": _("answered"),
    "denied": _("refused"),
    "unknown": _("unknown here"),
    "faulty": _("not a code"),
    "duplicate": _("twice"),
    "ended": _("consent ended since"),
    "no_consent": _("left out: no consent"),
    "client": _("not asked"),
}
#: Why an enterprise was refused, and what to do.
REFUSALS: Words = {
    "denied_no_consent": _(
        "No consent of this enterprise covers this purpose and stage. Ask the enterprise for one."
    ),
    "denied_revoked": _("The consent ended while it was asked. Ask the enterprise for a new one."),
    "denied_used": _("The consent was for one look, and it was used. Ask for a new one."),
    "denied_role": _("You no longer act in this role. Sign in again."),
    "unknown_enterprise": _(
        "No enterprise here has this code. Compare it with the licence, or search by name."
    ),
}


def refusal(code: str) -> str:
    """Why, in the reader's language; a code without words shows as itself."""
    return str(of(REFUSALS, code))
