"""The words of the pages of portable reports, and what was refused."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = dict[str, Promise]

#: Part -> its title, and what it holds.
PARTS: dict[str, tuple[Promise, Promise]] = {
    "register": (_("Registration"), _("Who you are: the register's entry, and your names.")),
    "negative": (
        _("Negative information"),
        _("All that may be shown, or none: they cannot be chosen one by one."),
    ),
    "positive": (_("Positive records"), _("Honours, good grades, what speaks for you.")),
    "other": (_("Other records"), _("Neutral ones: taxes, licences, bills, loans.")),
    "figures": (_("Sums by year"), _("How many records and how much money, by kind and year.")),
    "grade": (_("Grade"), _("Your grade of today, with its range and reasons.")),
    "sources": (_("What is covered"), _("Which kinds of information are connected, how fresh.")),
}
STATES: dict[str, tuple[Promise, str, str]] = {
    "running": (_("valid"), "check", "tag-accent"),
    "withdrawn": (_("withdrawn"), "undo", "tag-caution"),
    "superseded": (_("superseded"), "warn", "tag-caution"),
    "over": (_("over"), "clock", ""),
}
#: Code of what stops a report -> what the page says.
REFUSALS: Words = {
    "report_empty": _("Choose at least one part."),
    "report_choice": _("Something was chosen that this platform does not have. Choose again."),
    "report_days": _("A report is valid for 1 to 90 days."),
    "report_addressee": _("For whom it is: a name of at most 80 signs on one line."),
    "report_changed": _(
        "What would be inside has changed since you looked. Read the preview again, then sign."
    ),
    "report_ended": _("This report has ended. Make a new one."),
    **dict.fromkeys(
        ("grade_not_covered", "grade_refused", "no_cards", "cards_not_in_force"),
        _("There is no grade of you yet. Leave the grade out."),
    ),
}
#: The same where a report that was signed is fetched again.
STALE = _(
    "Something in this report may no longer be shown, or is shown in another way now. It is not "
    "handed out any more: make a new one."
)


def refusal(code: str) -> Promise | None:
    """What the page says of a refusal; None where the page of errors says it."""
    return REFUSALS.get(code)
