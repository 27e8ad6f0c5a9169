"""Who followed whom: mergers, divisions, sole traders that became companies (个转企).

A succession is not a merge of identities: both enterprises were real, and each record stays of
the one about which it was sent. It joins their histories, so that a reader of the successor's
file may go on to the predecessor's. It is beside the ledger of decisions, since it moves no
subject; it takes a seq of its own all the same, so that a file can be read as it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from xinrong.store import services as store
from xinrong.subjects import quick
from xinrong.subjects.errors import SuccessionRefused, UnknownSuccession
from xinrong.subjects.finding import enterprise_by_code, enterprise_by_id
from xinrong.subjects.journalled import succeed, unsucceed
from xinrong.subjects.models import Enterprise, EnterpriseKind
from xinrong.subjects.register.models import Succession, SuccessionKind

#: Kinds after which the predecessor is no more: it has one successor.
_ENDING = (SuccessionKind.MERGER, SuccessionKind.CONVERSION)


@dataclass(frozen=True, slots=True)
class Joined:
    """An enterprise whose history goes on in, or came from, another's; `steps` away from it."""

    enterprise: Enterprise
    succession: Succession
    steps: int


def record_succession(
    predecessor: int,
    successor: int,
    *,
    kind: str,
    on: date | None,
    by: str,
    why: str,
    at: datetime,
) -> Succession:
    """Say that one enterprise follows another.

    Raises SuccessionRefused when that cannot be: the same enterprise, one that is part of
    another, a circle, a second end, a conversion of what is no sole trader; UnknownEnterprise.
    """
    if not by.strip() or not why.strip():
        raise SuccessionRefused(
            "a succession says who decided, and why", remedy="Give a name and a reason."
        )
    with transaction.atomic():
        seq = store.identity_seq(at, f"succession of {predecessor} by {successor}")
        before, after = enterprise_by_id(predecessor), enterprise_by_id(successor)
        made = record_at(seq, before, after, kind=kind, on=on, by=by, why=why, at=at)
        succeed(before, after, made.kind, on, at)
    return made


def record_at(
    seq: int,
    before: Enterprise,
    after: Enterprise,
    *,
    kind: str,
    on: date | None,
    by: str,
    why: str,
    at: datetime,
    source: str = "",
) -> Succession:
    """The same inside the caller's transaction, which took `seq`. Raises SuccessionRefused."""
    check_succession(before, after, SuccessionKind(kind))
    return Succession.objects.create(
        predecessor=before,
        successor=after,
        kind=kind,
        on=on,
        from_seq=seq,
        by=by.strip()[:200],
        at=at,
        why=why.strip()[:500],
        source=source[:120],
    )


def undo_succession(number: int, *, by: str, why: str, at: datetime) -> Succession:
    """Take a succession back: it holds no more, and a reader as of an older seq still sees it.

    Raises UnknownSuccession, SuccessionRefused when it was taken back already.
    """
    if not by.strip() or not why.strip():
        raise SuccessionRefused("an undo says who decided, and why", remedy="Give both.")
    with transaction.atomic():
        seq = store.identity_seq(at, f"undo of succession {number}")
        found = Succession.objects.filter(pk=number).first()
        if found is None:
            raise UnknownSuccession(
                f"there is no succession number {number}", remedy="See the list of successions."
            )
        if found.to_seq is not None:
            raise SuccessionRefused(
                f"{found} was taken back by {found.undone_by}: {found.undone_why}",
                remedy="Record it anew if it was right after all.",
            )
        found.to_seq, found.undone_at = seq, at
        found.undone_by, found.undone_why = by.strip()[:200], why.strip()[:500]
        found.save(update_fields=["to_seq", "undone_at", "undone_by", "undone_why"])
        unsucceed(found, at)
    return found


def open_at(seq: int | None = None, using: str = "default") -> QuerySet[Succession]:
    """The successions that hold as of a seq (now when None), oldest first."""
    found = Succession.objects.using(using).order_by("from_seq", "pk")
    if seq is None:
        return found.filter(to_seq=None)
    return found.filter(Q(to_seq=None) | Q(to_seq__gt=seq), from_seq__lte=seq)


def successions_of(enterprise: int | None = None) -> QuerySet[Succession]:
    """All that concern an enterprise (everybody's when None), undone ones too, newest first."""
    found = Succession.objects.select_related("predecessor", "successor").order_by("-from_seq")
    if enterprise is None:
        return found
    return found.filter(Q(predecessor=enterprise) | Q(successor=enterprise))


def predecessors_of(
    enterprise: int, *, seq: int | None = None, using: str = "default"
) -> list[Joined]:
    """Everybody whom an enterprise follows, the nearest first, each once.

    What was said of an enterprise that is part of another now holds for that one.
    """
    return _Walk("successor", "predecessor", seq, using).from_(enterprise)


def successors_of(
    enterprise: int, *, seq: int | None = None, using: str = "default"
) -> list[Joined]:
    """Everybody who follows an enterprise, the nearest first, each once."""
    return _Walk("predecessor", "successor", seq, using).from_(enterprise)


@dataclass(frozen=True, slots=True)
class _Walk:
    """From one side of successions to the other, step by step, by the identity map of a seq."""

    near: str
    far: str
    seq: int | None
    using: str

    def from_(self, start: int) -> list[Joined]:
        """Whom one reaches, the nearest first."""
        found: dict[int, Joined] = {}
        step, here = 1, [start]
        while here:
            new: dict[int, Joined] = {}
            for one in quick.following(here, self.near, self.far, self.seq, self.using):
                side = self._now(getattr(one, self.far))
                new.setdefault(side.pk, Joined(side, one, step))
            here = [pk for pk in new if pk not in found and pk != start]
            found |= {pk: new[pk] for pk in here}
            step += 1
        return list(found.values())

    def _now(self, side: Enterprise) -> Enterprise:
        """Who answers for the code of an enterprise."""
        return enterprise_by_code(side.code, seq=self.seq, using=self.using)


# -- what must hold -------------------------------------------------------------------------


def check_succession(before: Enterprise, after: Enterprise, kind: str) -> None:
    """Whether one may follow the other so. Raises SuccessionRefused."""
    if before == after:
        raise SuccessionRefused(
            f"{before} cannot follow itself", remedy="Name two different enterprises."
        )
    for one in (before, after):
        answers = enterprise_by_code(one.code)
        if answers != one:
            raise SuccessionRefused(
                f"{one} is part of {answers}", remedy=f"Name {answers.code}, which answers for it."
            )
    if kind == SuccessionKind.CONVERSION and (
        before.kind != EnterpriseKind.SOLE_TRADER or after.kind == EnterpriseKind.SOLE_TRADER
    ):
        raise SuccessionRefused(
            f"a conversion leads from a sole trader to a company, not from {before} "
            f"({before.kind}) to {after} ({after.kind})",
            remedy="Record a merger, or correct the kind in the register.",
        )
    if any(joined.enterprise == before for joined in successors_of(after.pk)):
        raise SuccessionRefused(
            f"{before} follows {after} already", remedy="Take that succession back first."
        )
    standing = open_at().filter(predecessor=before).select_related("successor", "predecessor")
    if any(one.successor == after for one in standing):
        raise SuccessionRefused(
            f"{after} follows {before} already", remedy="There is nothing to record."
        )
    last = next((one for one in standing if kind in _ENDING or one.kind in _ENDING), None)
    if last is not None:
        raise SuccessionRefused(
            f"{before} has a successor already: {last}",
            remedy="Take that succession back first (or record a division).",
        )
