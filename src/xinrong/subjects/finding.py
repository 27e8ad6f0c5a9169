"""An enterprise by its code or its number."""

from __future__ import annotations

from copy import copy

from xinrong.domain.uscc import read_code
from xinrong.subjects import quick
from xinrong.subjects.errors import UnknownEnterprise
from xinrong.subjects.models import Enterprise, RegisterChange


def enterprise_by_code(code: str, *, seq: int | None = None, using: str = "default") -> Enterprise:
    """The enterprise that answers for a unified social credit code, as of `seq` (now when None).

    After a merge that is the surviving one: its own code then differs from the one asked for.
    Raises UnknownEnterprise.
    """
    reading = read_code(code)
    found = quick.answering(reading.code, seq, using) if reading.code else None
    if found is None:
        raise UnknownEnterprise(
            f"no enterprise here has the code {code!r}",
            remedy="Check the 18 characters, or search by name.",
        )
    return found


def enterprise_of_code(code: str) -> Enterprise:
    """The enterprise that has the code itself, whoever answers for it. Raises UnknownEnterprise."""
    reading = read_code(code)
    found = Enterprise.objects.filter(code=reading.code).first() if reading.code else None
    return found or enterprise_by_code(code)


def enterprise_by_id(number: int, *, seq: int | None = None, using: str = "default") -> Enterprise:
    """The enterprise with that number, as known at `seq` (now when None).

    Raises UnknownEnterprise.
    """
    known = quick.enterprise_of(number, seq, using)
    if known is None:
        raise UnknownEnterprise(f"there is no enterprise number {number}")
    found, changed = known
    return as_known_at(found, seq, using=using) if seq is not None and changed else found


def as_known_at(enterprise: Enterprise, seq: int, *, using: str = "default") -> Enterprise:
    """The same enterprise under the name, of the kind and in the standing known at a seq."""
    changes = RegisterChange.objects.using(using).filter(enterprise=enterprise.pk)
    then = copy(enterprise)
    for change in changes.filter(seq__gt=seq).order_by("-seq", "-pk"):
        if change.what in ("name", "kind"):
            setattr(then, change.what, change.before)
        elif change.what in ("provisional", "cancelled"):
            setattr(then, change.what, change.before == "yes")
    if then.cancelled != enterprise.cancelled:
        told = changes.filter(seq__lte=seq, what="cancelled", after="yes").order_by("seq", "pk")
        last = told.last() if then.cancelled else None
        then.cancelled_on = last.day if last else None
    return then
