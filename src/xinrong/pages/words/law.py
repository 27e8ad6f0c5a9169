"""What the law says of records, and what is done because of it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xinrong.pages.words.tables import Words

DATE_STARTS: Words = {
    "event_date": _("date of the event"),
    "end_date": _("date on which it ends"),
}

#: How well it is known that a law says so (domain.law.Evidence).
EVIDENCE: Words = {
    "verified": _("read in the text"),
    "secondary": _("from accounts of the text, not yet read in it"),
    "known": _("general knowledge, not yet checked"),
    "uncertain": _("uncertain"),
    "agreed": _("a rule of the platform, no law"),
}

#: The tiers of untrustworthy conduct (domain.law.Tier).
TIERS: Words = {
    "minor": _("minor conduct"),
    "general": _("general conduct"),
    "serious": _("serious conduct"),
}

#: What a run of retention does with records.
RETENTION_ACTS: Words = {
    "suppressed": _("suppressed"),
    "erased": _("erased"),
    "lifted": _("shown again"),
}

RETENTION_STATES: Words = {
    "ended": _("carried out"),
    "under_way": _("under way"),
    "stopped": _("stopped by an error"),
}
