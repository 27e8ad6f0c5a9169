"""Forgetting what corrections and objections hold of a personal-kind enterprise that is erased.

What people wrote about a sole trader or farm household goes with the whole of it (Personal
Information Protection Law, article 47); that they asked, about which field or record, and when
stays.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from xinrong.accounts.services import proof
from xinrong.collect.services import Holder, hold
from xinrong.remedy.correcting.models import Correction
from xinrong.remedy.objecting.models import Objection

_TEXTS = {Correction: ("stands", "right", "why"), Objection: ("statement", "why", "new")}
LONGEST = 300


def held(enterprise: int) -> int:
    """How many corrections and objections hold words."""
    return sum(_kept(model, enterprise).count() for model in _TEXTS)


def forget(enterprise: int, words: str, at: datetime) -> int:
    """Put `words` in their place; what was agreed to and not sent yet is not sent any more."""
    unsent = _kept(Correction, enterprise).filter(asked_at__lte=at, carried_at=None)
    unsent.exclude(accepted_at=None).update(carried_at=at)
    return sum(
        _kept(model, enterprise)
        .filter(asked_at__lte=at)
        .update(**dict.fromkeys(texts, words[:LONGEST]))
        for model, texts in _TEXTS.items()
    )


def _kept(model: Any, enterprise: int) -> QuerySet[Any]:
    """The rows of an enterprise in which one of the texts is somebody's own."""
    own = Q()
    for text in _TEXTS[model]:
        own |= ~Q(**{text: ""}) & ~Q(**{f"{text}__startswith": proof.FORGOTTEN})
    found: QuerySet[Any] = model.objects.filter(own, enterprise=enterprise)
    return found


hold(Holder("remedy", ("remedy_correction", "remedy_objection"), held, forget))
