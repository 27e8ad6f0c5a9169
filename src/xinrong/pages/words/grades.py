"""Grades and the scorecards behind them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xinrong.pages.words.tables import Words

CARD_STATES: Words = {
    "draft": _("draft"),
    "proposed": _("waits for approval"),
    "approved": _("approved"),
    "refused": _("turned down"),
    "withdrawn": _("taken back"),
}
