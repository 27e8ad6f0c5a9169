"""The class of an enterprise from what the gate has released of its indicators, and no more."""

from __future__ import annotations

from xinrong.domain.criteria import MissingReason
from xinrong.profiles.classes.assigning import Assigned, assign
from xinrong.profiles.columns import columns
from xinrong.profiles.criteria.columns import REASONS
from xinrong.profiles.products import IndicatorFile


def class_in(content: IndicatorFile) -> Assigned:
    """The class as far as the released indicators tell it; what is withheld is not known."""
    values = {one.name: one.value for one in content.shown}
    reasons = {name: MissingReason.WITHHELD for name in columns() if name not in values}
    reasons |= {one.name: REASONS[one.reason] for one in content.shown if one.reason is not None}
    return assign(values, content.as_of, reasons)
