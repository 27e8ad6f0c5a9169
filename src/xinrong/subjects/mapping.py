"""Reading the identity map: which subjects an enterprise is, now or as of a seq."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q

from xinrong.subjects.models import Enterprise, EnterpriseName, IdentityLink, Subject

CHUNK = 500


def subjects_of(
    enterprises: Sequence[int], *, seq: int | None = None, using: str = "default"
) -> dict[int, list[int]]:
    """Enterprise → the subjects that it is, by the identity map as of `seq` (now when None)."""
    links = IdentityLink.objects.using(using).filter(enterprise__in=list(enterprises))
    if seq is None:
        links = links.filter(to_seq=None)
    else:
        links = links.filter(Q(to_seq=None) | Q(to_seq__gt=seq), from_seq__lte=seq)
    found: dict[int, list[int]] = {enterprise: [] for enterprise in enterprises}
    for enterprise, subject in links.order_by("subject").values_list("enterprise", "subject"):
        found[enterprise].append(subject)
    return found


def enterprises_of_subjects(subjects: Sequence[int]) -> list[Enterprise]:
    """The enterprises that these subjects are now, in the subjects' order, each once."""
    linked: dict[int, Enterprise] = {}
    for part in _chunks(subjects):
        links = IdentityLink.objects.filter(subject__in=part, to_seq=None)
        linked |= {link.subject_id: link.enterprise for link in links.select_related("enterprise")}
    found = {linked[number].pk: linked[number] for number in subjects if number in linked}
    return list(found.values())


def names_of_enterprise(
    enterprise: int, *, seq: int, using: str = "default"
) -> list[tuple[str, int]]:
    """(name, seq of the commit that brought it first), oldest first, as known at `seq`."""
    found = EnterpriseName.objects.using(using).filter(enterprise=enterprise, seq__lte=seq)
    return list(found.order_by("seq", "pk").values_list("name", "seq"))


def names_of_subjects(subjects: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Subject → (code, name) as first sent: for counterparties on a page."""
    found: dict[int, tuple[str, str]] = {}
    for part in _chunks(list(subjects)):
        rows = Subject.objects.filter(pk__in=part).values_list("pk", "code", "name")
        found.update({pk: (code, name) for pk, code, name in rows})
    return found


def count_enterprises() -> dict[str, int]:
    """How many enterprises there are, and how many subjects are linked to none."""
    linked = IdentityLink.objects.filter(to_seq=None).values("subject")
    return {
        "enterprises": Enterprise.objects.count(),
        "provisional": Enterprise.objects.filter(provisional=True).count(),
        "unlinked_subjects": Subject.objects.filter(code="").exclude(pk__in=linked).count(),
    }


def _chunks[T](items: Sequence[T]) -> list[Sequence[T]]:
    return [items[start : start + CHUNK] for start in range(0, len(items), CHUNK)]
