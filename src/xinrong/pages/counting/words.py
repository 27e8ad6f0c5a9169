"""Why a draft of a count was not counted, in words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: Why a draft was not counted, and what to do.
COUNT_REFUSED: dict[str, tuple[Promise, Promise]] = {
    "count_text": (
        _("This is no condition."),
        _("Write a category, or category.field, a comparison and a value."),
    ),
    "count_many": (_("There are too many conditions."), _("Take some away.")),
    "count_category": (_("There is no such category."), _("Choose one from the list.")),
    "count_field": (
        _("This field cannot be counted."),
        _("Choose another: fields that name one enterprise are not counted."),
    ),
    "count_operator": (
        _("The field cannot be compared like that."),
        _("Only numbers, money and days have an order; other fields are equal or not."),
    ),
    "count_value": (
        _("The value does not fit the field."),
        _("Write a number, a day as 2026-11-22, or choose from the list."),
    ),
    "count_column": (
        _("You may not learn of this column, not even in aggregate."),
        _("Choose one that is offered."),
    ),
    "denied_column": (
        _("You may not learn of this column, not even in aggregate."),
        _("Take the condition away and count again."),
    ),
    "denied_budget": (
        _("The budget of the day is used up."),
        _("Count again tomorrow, or a draft that you counted before."),
    ),
    "denied_stage": (_("The stage is missing."), _("Say for which stage you count.")),
}
#: Of these the service's own words say more.
COUNT_DETAILED = frozenset({"count_text", "count_field", "count_operator", "count_value"})
