"""What a case refuses, in the reader's words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xinrong.domain.errors import XinrongError
from xinrong.pages.words import said

REFUSED: dict[str, Promise] = {
    "move_stale": _(
        "Somebody moved this case while you were looking. See below what happened, then decide."
    ),
    "move_unknown": _("This step is no longer possible: the case stands elsewhere by now."),
    "move_role": _("This step is for another side of the case."),
    "move_late": _("The time in which this could be done is over."),
    "move_overdue": _(
        "The clock of this case had run out, and what follows from that came first. See below "
        "where it stands now, then decide."
    ),
    "move_early": _("This is not due yet."),
    "clock_back": _("The server's clock is wrong. Nothing was changed; tell the operator."),
    "case_role": _("This step is for a person whose turn it is, in their own name."),
    "case_taken": _("A colleague has taken this on. Take it over first, or leave it to them."),
    "case_ended": _("This case is over."),
    "case_text": _("Say it in your own words, in at most 2,000 characters."),
    "paper_title": _("Say in at most 100 characters what the document is."),
    "papers_many": _("Your side has handed in five documents. Put several pages into one."),
    "paper_damaged": _("This document is damaged. Ask whoever handed it in for it again."),
    "move_guard": _("Something stands against this step now."),
}

#: What was done with a case without moving it.
HANDED: dict[str, Promise] = {
    "take": _("taken on"),
    "give_back": _("given back"),
    "hand_over": _("handed over"),
    "give_paper": _("document handed in"),
    "read_paper": _("document read"),
}
ALARMS: dict[str, Promise] = {
    "reminder": _("a reminder was sent"),
    "escalation": _("it was put before those who watch over it"),
}


def refused(error: XinrongError) -> str:
    """What to tell somebody whose step was refused."""
    words = getattr(error, "words", None)
    if words is not None:
        return said(words)
    found = REFUSED.get(error.code)
    return str(error) if found is None else str(found)
