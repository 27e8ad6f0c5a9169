"""Reading the identity map: which subjects an enterprise is, now or as of a seq."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import F, Q, QuerySet

from xinrong.subjects import quick
from xinrong.subjects.bulk import run
from xinrong.subjects.models import Decision, Enterprise, IdentityLink, Subject

CHUNK = 500


def links_at(seq: int | None, using: str) -> QuerySet[IdentityLink]:
    """The map as of a seq (now when None)."""
    links = IdentityLink.objects.using(using)
    if seq is None:
        return links.filter(to_seq=None)
    return links.filter(Q(to_seq=None) | Q(to_seq__gt=seq), from_seq__lte=seq)


def subjects_of(
    enterprises: Sequence[int], *, seq: int | None = None, using: str = "default"
) -> dict[int, list[int]]:
    """Enterprise → the subjects that it is, by the identity map as of `seq` (now when None)."""
    if len(enterprises) == 1:
        return {one: quick.subjects_of_one(one, seq, using) for one in enterprises}
    links = links_at(seq, using).filter(enterprise__in=list(enterprises))
    found: dict[int, list[int]] = {enterprise: [] for enterprise in enterprises}
    for enterprise, subject in links.order_by("subject").values_list("enterprise", "subject"):
        found[enterprise].append(subject)
    return found


def enterprises_of_subjects(subjects: Sequence[int]) -> list[Enterprise]:
    """The enterprises that these subjects are now, in the subjects' order, each once."""
    linked = enterprises_of_each(subjects)
    found = {linked[number].pk: linked[number] for number in subjects if number in linked}
    return list(found.values())


def enterprises_of_each(subjects: Sequence[int]) -> dict[int, Enterprise]:
    """Subject → the enterprise that it is now; without those that are linked to none."""
    linked: dict[int, Enterprise] = {}
    for part in _chunks(subjects):
        links = IdentityLink.objects.filter(subject__in=part, to_seq=None)
        linked |= {link.subject_id: link.enterprise for link in links.select_related("enterprise")}
    return linked


def linked_among(subjects: Sequence[int]) -> set[int]:
    """Those of the subjects that are linked to an enterprise now."""
    statement = (
        "SELECT l.subject_id FROM {rows} CROSS JOIN subjects_identitylink AS l "
        "WHERE l.subject_id = r.subject AND l.to_seq IS NULL"
    )
    rows = [(subject,) for subject in subjects]
    return {subject for (subject,) in run(statement, {"subject": "bigint"}, rows)}


def standing_of_subjects(
    subjects: Sequence[int], *, seq: int | None = None, using: str = "default"
) -> dict[int, tuple[int, bool]]:
    """Subject → the enterprise that it is at `seq`, and whether the register knows it.

    The name of one that the register knows is open. Without subjects that are linked to none.
    """
    return quick.standing_of(subjects, seq, using) if subjects else {}


def names_of_enterprise(
    enterprise: int, *, seq: int, using: str = "default"
) -> list[tuple[str, int]]:
    """(name, seq of the commit that brought it first), oldest first, as known at `seq`.

    Names are remembered under the code with which they came: they follow its subject through
    merges and splits.
    """
    return quick.names_of(enterprise, seq, using)


def names_of_subjects(
    subjects: Sequence[int], *, seq: int | None = None, using: str = "default"
) -> dict[int, tuple[str, str]]:
    """Subject → (code, name) of the enterprise that it is at `seq`: for counterparties on a page.

    The name is the one with which that code was first sent, which never changes: what was shown
    as of a seq can be shown again. A subject that is linked to none has what it was sent with.
    """
    if not subjects:
        return {}
    found = quick.sent_names(subjects, using)
    moved = quick.moved_codes(subjects, seq, using)
    if moved:
        own = Subject.objects.using(using).filter(key__in={f"code:{x}" for x in moved.values()})
        names = dict(own.values_list("code", "name"))
        found |= {subject: (code, names.get(code, "")) for subject, code in moved.items()}
    return found


def codes_of_enterprise(
    enterprise: int, *, seq: int | None = None, using: str = "default"
) -> list[str]:
    """The codes for which an enterprise answers, its own among them, in order."""
    codes = links_at(seq, using).filter(enterprise=enterprise).exclude(subject__code="")
    return sorted(codes.values_list("subject__code", flat=True))


def subjects_as_sent(enterprise: int) -> list[Subject]:
    """The subjects that an enterprise is now, as their sources wrote them."""
    links = links_at(None, "default").filter(enterprise=enterprise).select_related("subject")
    return [link.subject for link in links.order_by("subject")]


def count_enterprises() -> dict[str, int]:
    """How many enterprises there are, and how many subjects are linked to none."""
    linked = IdentityLink.objects.filter(to_seq=None).values("subject")
    return {
        "enterprises": Enterprise.objects.count() - _absorbed(),
        "provisional": Enterprise.objects.filter(provisional=True).count(),
        "unlinked_subjects": Subject.objects.filter(code="").exclude(pk__in=linked).count(),
    }


def _absorbed() -> int:
    """How many enterprises are part of another one: the subject of their own code is there."""
    into = Decision.objects.exclude(target=None).values("target")
    moved = IdentityLink.objects.filter(to_seq=None, enterprise__in=into).exclude(subject__code="")
    return moved.exclude(subject__code=F("enterprise__code")).count()


def _chunks[T](items: Sequence[T]) -> list[Sequence[T]]:
    return [items[start : start + CHUNK] for start in range(0, len(items), CHUNK)]
