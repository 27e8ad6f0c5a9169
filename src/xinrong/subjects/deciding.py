"""Deciding who a subject is: merge, split, and undo of either or of links (see `judging`).

A decision takes a seq of its own and writes identity links that begin and end with it, never a
record: a reader as of an older seq sees the older map. Two rules hold at every seq, so that no
record is shown in no file:

- an enterprise with subjects has the subject of its own code among them;
- an enterprise whose own subject is elsewhere is *absorbed*: it has no subjects, and its code
  answers as the enterprise where that subject is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from xinrong.domain.names import fold
from xinrong.domain.uscc import read_code, words
from xinrong.store import services as store
from xinrong.subjects.errors import IdentityRefused, UnknownDecision, UnknownSubject
from xinrong.subjects.finding import enterprise_by_id
from xinrong.subjects.journalled import part
from xinrong.subjects.judging.undone import judge_undone
from xinrong.subjects.linking import LONGEST, Identity, ensure_subjects, kind_of_code
from xinrong.subjects.models import (
    Decision,
    DecisionKind,
    Enterprise,
    EnterpriseName,
    IdentityLink,
    Subject,
)


@dataclass(frozen=True)
class NewEnterprise:
    """An enterprise that is not known yet, to which a subject belongs: a lawful code and a name."""

    code: str
    name: str


@dataclass(frozen=True)
class Move:
    """One subject that a decision moves; None is nobody."""

    subject: Subject
    source: Enterprise | None
    target: Enterprise | None


@dataclass(frozen=True)
class Preview:
    """What a decision would do: the subjects that move, and their records by category."""

    moves: tuple[Move, ...]
    records: Mapping[str, int]


@dataclass(frozen=True)
class _Plan:
    kind: DecisionKind
    moves: tuple[Move, ...]
    undoes: Decision | None = None


def merge(absorbed: int, survivor: int, *, by: str, why: str, at: datetime) -> Decision:
    """Decide that the enterprise `absorbed` is `survivor`, which then answers for both codes.

    Raises IdentityRefused when one of them is part of another already, UnknownEnterprise.
    """
    with transaction.atomic():
        seq = store.identity_seq(at, f"merge {absorbed} into {survivor}")
        return _carry_out(_merge(absorbed, survivor), seq, by=by, why=why, at=at)


def split(
    subjects: Sequence[int], target: int | NewEnterprise, *, by: str, why: str, at: datetime
) -> Decision:
    """Decide that subjects of one enterprise, or of none yet, belong to another one.

    A new enterprise is provisional until the register names it. Raises IdentityRefused,
    UnknownSubject, UnknownEnterprise.
    """
    with transaction.atomic():
        seq = store.identity_seq(at, f"split {len(subjects)} subjects")
        if isinstance(target, NewEnterprise):
            target = _make(target, seq)
        return _carry_out(_split(subjects, target), seq, by=by, why=why, at=at)


def undo(decision: int, *, by: str, why: str, at: datetime) -> Decision:
    """Take a merge, a split or links back: its subjects are again who they were before.

    Raises IdentityRefused when a later decision stands on it, UnknownDecision.
    """
    with transaction.atomic():
        seq = store.identity_seq(at, f"undo of decision {decision}")
        return _carry_out(_undo(decision), seq, by=by, why=why, at=at)


def preview_merge(absorbed: int, survivor: int) -> Preview:
    """What `merge` would move. Raises what it raises."""
    return _preview(_merge(absorbed, survivor))


def preview_split(subjects: Sequence[int], target: int | NewEnterprise) -> Preview:
    """What `split` would move. Raises what it raises; makes no enterprise."""
    if not isinstance(target, NewEnterprise):
        return _preview(_split(subjects, target))
    code = _new_code(target)
    unsaved = Enterprise(code=code, name=target.name, provisional=True)
    return _preview(_plan_split(subjects, unsaved))


def preview_undo(decision: int) -> Preview:
    """What `undo` would move. Raises what it raises."""
    return _preview(_undo(decision))


def decisions_of(enterprise: int | None = None) -> QuerySet[Decision]:
    """Decisions that concern an enterprise (all when None), newest first."""
    found = Decision.objects.select_related("source", "target", "undone_by").order_by("-seq")
    if enterprise is None:
        return found
    links = IdentityLink.objects.filter(enterprise=enterprise, reason__in=LATER)
    return found.filter(
        Q(source=enterprise)
        | Q(target=enterprise)
        | Q(seq__in=links.values("from_seq"))
        | Q(seq__in=links.exclude(to_seq=None).values("to_seq"))
    )


# -- plans ----------------------------------------------------------------------------------


def _merge(absorbed: int, survivor: int) -> _Plan:
    source, target = enterprise_by_id(absorbed), enterprise_by_id(survivor)
    if source == target:
        raise IdentityRefused(
            f"{source} is the same enterprise twice", remedy="Name two different enterprises."
        )
    for one in (source, target):
        _refuse_absorbed(one)
    links = IdentityLink.objects.filter(enterprise=source, to_seq=None).select_related("subject")
    moves = tuple(Move(link.subject, source, target) for link in links.order_by("subject"))
    if not moves:
        raise IdentityRefused(
            f"{source} has no subject that could move",
            remedy="It has no records: there is nothing to merge.",
        )
    return _Plan(DecisionKind.MERGE, moves)


def _split(subjects: Sequence[int], target: int) -> _Plan:
    return _plan_split(subjects, enterprise_by_id(target))


def _plan_split(subjects: Sequence[int], target: Enterprise) -> _Plan:
    found = Subject.objects.in_bulk(list(subjects))
    for number in subjects:
        if number not in found:
            raise UnknownSubject(f"there is no subject number {number}")
    if not found:
        raise IdentityRefused("no subject is named", remedy="Name the subjects that move.")
    now = _links_of(found)
    sources: set[Enterprise | None] = {link.enterprise for link in now.values()}
    if len(now) < len(found):
        sources.add(None)
    if len(sources) != 1:
        raise IdentityRefused(
            "the subjects are of several enterprises",
            remedy="Decide on those of one enterprise at a time.",
        )
    (source,) = sources
    if source == target:
        raise IdentityRefused(
            f"they are {target} already", remedy="Name the enterprise to which they belong."
        )
    return _Plan(
        DecisionKind.SPLIT, tuple(Move(found[one], source, target) for one in sorted(found))
    )


def _undo(number: int) -> _Plan:
    decision = Decision.objects.filter(pk=number).select_related("undone_by").first()
    if decision is None:
        raise UnknownDecision(
            f"there is no decision number {number}", remedy="See the list of decisions."
        )
    if decision.kind == DecisionKind.UNDO:
        raise IdentityRefused(
            f"decision {number} is itself an undo", remedy="Decide anew: merge or split again."
        )
    if decision.kind == DecisionKind.UNLINK:
        raise IdentityRefused(
            f"decision {number} follows from a judgement",
            remedy="Take that judgement back: see the list of judgements.",
        )
    if decision.undone_by is not None:
        raise IdentityRefused(
            f"decision {number} was undone by decision {_words(decision.undone_by)}",
            remedy="Decide anew if it was right after all.",
        )
    opened = _opened_by(decision)
    _refuse_if_later(decision, opened)
    before = {
        link.subject_id: link.enterprise
        for link in IdentityLink.objects.filter(subject__in=opened, to_seq=decision.seq)
        .select_related("enterprise")
    }  # fmt: skip
    moves = tuple(
        Move(link.subject, link.enterprise, before.get(subject))
        for subject, link in sorted(opened.items())
    )
    return _Plan(DecisionKind.UNDO, moves, decision)


def _opened_by(decision: Decision) -> dict[int, IdentityLink]:
    """What it moved. The own subject of an enterprise that it made stays with that enterprise."""
    links = IdentityLink.objects.filter(from_seq=decision.seq)
    made = links.select_related("subject", "enterprise").exclude(reason=MADE)
    return {link.subject_id: link for link in made}


def _refuse_if_later(decision: Decision, opened: Iterable[int]) -> None:
    later = IdentityLink.objects.filter(subject__in=list(opened), from_seq__gt=decision.seq)
    standing = Decision.objects.filter(
        seq__in=list(later.values_list("from_seq", flat=True)), undone_by=None
    ).exclude(kind=DecisionKind.UNDO)
    last = standing.order_by("-seq").first()
    if last is not None:
        raise IdentityRefused(
            f"decision {_words(last)} stands on decision {decision.pk}: it moved the same subjects",
            remedy=f"Undo decision {last.pk} first.",
        )


# -- what must hold -------------------------------------------------------------------------


def _refuse_absorbed(enterprise: Enterprise) -> None:
    link = _own_link(enterprise)
    if link is not None and link.enterprise != enterprise:
        raise IdentityRefused(
            f"{enterprise} is part of {link.enterprise} since decision {_placed_by(link)}",
            remedy=f"Decide about {link.enterprise}, or undo that decision first.",
        )


def _check(plan: _Plan) -> None:
    """Both rules of this module, after these moves."""
    moving = {move.subject.pk for move in plan.moves}
    codes = {move.subject.code for move in plan.moves} - {""}
    targets = {move.target.code: move.target for move in plan.moves if move.target is not None}
    for code in targets.keys() - codes:
        _refuse_absorbed(targets[code])
    for move in plan.moves:
        if move.source is None or move.subject.code != move.source.code:
            continue
        rest = IdentityLink.objects.filter(enterprise=move.source, to_seq=None)
        left = rest.exclude(subject__in=moving).select_related("subject").order_by("-from_seq")
        behind = left.first()
        if behind is not None:
            raise IdentityRefused(
                f"{move.source} would lose its own code while {behind.subject} stays with it "
                f"(decision {_placed_by(behind)})",
                remedy="Merge the two enterprises, or move the other subjects first.",
            )


def _own_link(enterprise: Enterprise) -> IdentityLink | None:
    own = IdentityLink.objects.filter(subject__key=f"code:{enterprise.code}", to_seq=None)
    return own.select_related("enterprise").first()


def _links_of(subjects: Iterable[int]) -> dict[int, IdentityLink]:
    links = IdentityLink.objects.filter(subject__in=list(subjects), to_seq=None)
    return {link.subject_id: link for link in links.select_related("enterprise")}


def _placed_by(link: IdentityLink) -> str:
    decision = Decision.objects.filter(seq=link.from_seq).first()
    return _words(decision) if decision else f"none: sent so at seq {link.from_seq}"


def _words(decision: Decision) -> str:
    return f"{decision.pk} ({decision.kind}, {decision.by}, {decision.at:%Y-%m-%d}: {decision.why})"


# -- carrying out ---------------------------------------------------------------------------

#: Reasons of links of names that came without a code: by resolution, by a person's judgement.
LATER = ("resolution", "judgement")
#: Reason of the link of a new enterprise's own subject.
MADE = "made"


def _carry_out(plan: _Plan, seq: int, *, by: str, why: str, at: datetime) -> Decision:
    """Write the links and the ledger row; the seq's lock keeps any other decision waiting."""
    if not by.strip() or not why.strip():
        raise IdentityRefused(
            "a decision says who decided, and why", remedy="Give a name and a reason."
        )
    sides = {one.pk for move in plan.moves for one in (move.source, move.target) if one}
    list(Enterprise.objects.select_for_update().filter(pk__in=sides).order_by("pk"))
    _check(plan)
    moving = [move.subject.pk for move in plan.moves]
    IdentityLink.objects.filter(subject__in=moving, to_seq=None).update(to_seq=seq)
    IdentityLink.objects.bulk_create(
        IdentityLink(
            subject=move.subject, enterprise=move.target, from_seq=seq, reason=plan.kind.value
        )
        for move in plan.moves
        if move.target is not None
    )
    made = Decision.objects.create(
        seq=seq,
        kind=plan.kind,
        by=by.strip()[:200],
        at=at,
        why=why.strip()[:500],
        source=_only([move.source for move in plan.moves]),
        target=_only([move.target for move in plan.moves]),
        subjects=len(plan.moves),
    )
    if plan.kind == DecisionKind.SPLIT or _undoes_merge(plan):
        leaving = [(one.subject, one.target) for one in plan.moves if one.source and one.target]
        part(leaving, at)
    if plan.undoes is not None:
        plan.undoes.undone_by = made
        plan.undoes.save(update_fields=["undone_by"])
        if plan.undoes.kind == DecisionKind.LINK:
            judge_undone(made)
    return made


def _undoes_merge(plan: _Plan) -> bool:
    return plan.undoes is not None and plan.undoes.kind == DecisionKind.MERGE


def _only(sides: Sequence[Enterprise | None]) -> Enterprise | None:
    """The one that all moves have in common; None where they differ."""
    return sides[0] if len({side and side.pk for side in sides}) == 1 else None


def _new_code(new: NewEnterprise) -> str:
    reading = read_code(new.code)
    if reading.code is None:
        raise IdentityRefused(words(reading.problem).en, code="identity_code")
    if Enterprise.objects.filter(code=reading.code).exists():
        raise IdentityRefused(
            f"an enterprise with the code {reading.code} is known already",
            remedy="Name it by its code, without a new name.",
        )
    if not fold(new.name):
        raise IdentityRefused("a new enterprise needs a name", remedy="Give its name.")
    return reading.code


def _make(new: NewEnterprise, seq: int) -> int:
    """A provisional enterprise with the subject of its own code."""
    code, name = _new_code(new), new.name.strip()[:LONGEST]
    folded = fold(name)[:LONGEST]
    made = Enterprise.objects.create(
        code=code, name=name, folded_name=folded, kind=kind_of_code(code), provisional=True
    )
    [own] = ensure_subjects([Identity(code, name, "")])
    IdentityLink.objects.create(subject_id=own, enterprise=made, from_seq=seq, reason=MADE)
    EnterpriseName.objects.create(enterprise=made, name=name, folded_name=folded, seq=seq)
    return made.pk


def _preview(plan: _Plan) -> Preview:
    _check(plan)
    subjects = [move.subject.pk for move in plan.moves]
    with store.snapshot() as snap:
        found = snap.records(subjects, columns=())
    return Preview(plan.moves, dict(sorted(Counter(found["category"].to_pylist()).items())))
