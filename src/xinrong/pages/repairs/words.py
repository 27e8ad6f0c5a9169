"""The words of repairs on pages: why not yet, on what grounds, what became of a record."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xinrong.pages.words import Words

GROUNDS: Words = {
    "fulfilled": _("the duty is done"),
    "restructuring": _("a plan of restructuring is carried out"),
}
#: What institutions are told of a record.
WITHDRAWN: Words = {
    "record_repaired": _("repaired: use it no longer"),
    "record_suspended": _("suspended while an objection is looked into: do not use it"),
    "record_ended": _("its period is over: use it no longer"),
    "record_lifted": _("shown again"),
    "record_corrected": _("corrected: read it again"),
    "record_marked": _("under objection: read it again"),
}
