"""Forgetting the words of needs of a personal-kind enterprise that is erased.

The note that somebody wrote beside a need, and the name of a firm yet to be registered, go with the
whole of it (Personal Information Protection Law, article 47); that there was a need stays.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from xinrong.accounts.services import proof
from xinrong.collect.services import Holder, hold
from xinrong.market.needs.models import StatedNeed
from xinrong.market.needs.questions import LONGEST_NAME

_TEXTS = ("note", "planned_name")


def held(enterprise: int) -> int:
    """How many needs hold words."""
    return _kept(enterprise).count()


def forget(enterprise: int, words: str, at: datetime) -> int:
    """Put `words` in their place in the needs that were begun by then."""
    told = _kept(enterprise).filter(made_at__lte=at)
    return told.update(note=words[:LONGEST_NAME], planned_name="")


def _kept(enterprise: int) -> QuerySet[StatedNeed]:
    own = Q()
    for text in _TEXTS:
        own |= ~Q(**{text: ""}) & ~Q(**{f"{text}__startswith": proof.FORGOTTEN})
    return StatedNeed.objects.filter(own, enterprise=enterprise)


hold(Holder("needs", ("market_statedneed",), held, forget))
