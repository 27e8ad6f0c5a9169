"""Words of the builder: comparisons, and why something was not kept or counted."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: How a condition compares, in the order in which it is offered.
OPERATORS: dict[str, Promise] = {
    ">=": _("at least (≥)"),
    ">": _("more than (>)"),
    "<=": _("at most (≤)"),
    "<": _("less than (<)"),
    "=": _("equal to (=)"),
    "<>": _("other than (≠)"),
    "between": _("between two values"),
    "in": _("one of a list"),
    "not in": _("none of a list"),
    "yes": _("yes"),
    "no": _("no"),
    "known": _("known at all"),
    "not known": _("not known"),
}
JOINTS: dict[str, Promise] = {"AND": _("all of these"), "OR": _("any of these")}

#: Why a criterion was not kept: words, and what to do.
NOT_KEPT: dict[str, tuple[Promise, Promise]] = {
    "criteria_source": (
        _("A version names its document and its article."),
        _("Write both: whoever asks why wants to read them."),
    ),
    "criteria_days": (
        _("Two versions would hold on one day, or it ends before it begins."),
        _("Choose a first day after the version before."),
    ),
    "criteria_code": (
        _("This is no code."),
        _("Begin with a lower-case letter; use only a-z, 0-9 and underscores, 64 at most."),
    ),
    "criteria_code_taken": (_("There is a criterion with this code."), _("Choose another code.")),
    "criteria_title": (
        _("It has no title, or one that is too long."),
        _("Write up to 80 characters, 120 in English."),
    ),
    "criteria_many": (_("There are too many."), _("Go on with one that there is.")),
    "criteria_role": (_("Your role writes no criteria."), _("Ask whoever does.")),
    "criteria_day": (_("This is no day."), _("Write it as 2026-11-22.")),
}
#: Why it was not counted.
NOT_COUNTED: dict[str, tuple[Promise, Promise]] = {
    "denied_column": (
        _("You may not learn of one of these columns, not even in aggregate."),
        _("The criterion can be kept all the same; it is asked of each enterprise by the gate."),
    ),
    "denied_budget": (
        _("The budget of the day is used up."),
        _("Count again tomorrow, or a draft that you counted before."),
    ),
    "denied_stage": (_("The stage is missing."), _("Say for which stage you count.")),
    "no_profile": (
        _("There is no profile of all enterprises yet."),
        _("It is made in the night; the operator can make it with xinrong profile build."),
    ),
    "criterion_too_slow": (
        _("It took longer than two seconds and was broken off."),
        _("Ask about fewer columns, or make an indicator of a part."),
    ),
}
