"""A run: who waits is resolved; what is sure is linked, what is not goes to people, the rest waits.

A run that finds nothing new costs a few queries. Everything that it links is one decision with a
seq of its own: a file shows the records from that seq on, and reads as before as of an older one.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from xinrong.domain.clock import Clock
from xinrong.subjects.judging import ledger, resolving, waiting
from xinrong.subjects.judging.ledger import NOTHING, Standing, digest_of
from xinrong.subjects.judging.linkage import link_many
from xinrong.subjects.judging.models import Judgement, NamedState, ResolutionRun
from xinrong.subjects.judging.waiting import Outcome, Waiting
from xinrong.subjects.models import Decision
from xinrong.subjects.resolution.verdicts import Candidate, Named, Resolved

#: Told how many were looked at, and of how many.
Progress = Callable[[int, int], None]
#: So many candidates are kept for a person to choose from: one for each digit.
SHOWN = 9


@dataclass(frozen=True)
class Done:
    """What a run came to. `decision` is None when nothing was linked."""

    looked_at: int = 0
    linked: int = 0
    review: int = 0
    waiting: int = 0
    seconds: float = 0.0
    decision: Decision | None = None


@dataclass
class _Plan:
    """What is to be linked, gathered over all chunks."""

    pairs: dict[int, int] = field(default_factory=dict)
    found: dict[int, Outcome] = field(default_factory=dict)
    keys: dict[int, str] = field(default_factory=dict)
    judged: set[int] = field(default_factory=set)  # rest on what a person said
    review: list[int] = field(default_factory=list)
    tally: Counter[NamedState] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)

    def add(self, one: Waiting, outcome: Outcome, enterprise: int | None, *, judged: bool) -> None:
        """Take an outcome into the plan."""
        self.tally[outcome.state] += 1
        if outcome.state == NamedState.REVIEW:
            self.review.append(one.subject)
        if enterprise is None:
            return
        self.pairs[one.subject], self.keys[one.subject] = enterprise, one.key
        self.found[one.subject] = outcome
        self.reasons[outcome.candidates[0][2][0] if outcome.candidates[0][2] else "-"] += 1
        if judged:
            self.judged.add(one.subject)


def link_waiting(
    *, clock: Clock, everybody: bool = False, progress: Progress | None = None
) -> Done:
    """Resolve who is new among those who wait, and link whom resolution is sure of.

    New are subjects that came since, those that a new name of the register could mean, and those
    that an older version of resolution looked at; `everybody` looks at all who wait again.
    """
    started, names = time.monotonic(), waiting.names_known()
    waiting.see()
    seen = waiting.names_seen()
    if names > seen:
        waiting.wake(seen, names)
    waiting.wake_all(but="" if everybody else resolving.VERSION)
    mark = Judgement.objects.aggregate(last=Max("pk"))["last"] or 0
    plan, looked = _Plan(), 0
    new = waiting.new_ones()
    for chunk in waiting.to_look_at(new):
        outcomes = []
        for one, outcome, enterprise, judged in _looked(chunk):
            plan.add(one, outcome, enterprise, judged=judged)
            if enterprise is None:
                outcomes.append(outcome)
        waiting.keep(outcomes, resolving.VERSION)
        looked += len(chunk)
        if progress:
            progress(looked, len(new))
    decision, linked = _link(plan, mark, clock)
    waiting.count_records(plan.review)
    done = Done(
        looked, linked, plan.tally[NamedState.REVIEW],
        plan.tally[NamedState.WAITING] + plan.tally[NamedState.SETTLED],
        round(time.monotonic() - started, 3), decision,
    )  # fmt: skip
    if looked or names > seen:
        _remember(done, names, clock)
    return done


def preview(*, everybody: bool = False) -> tuple[Done, list[tuple[Waiting, Outcome]]]:
    """What a run would come to, and whom it would link; writes nothing that anybody reads."""
    started = time.monotonic()
    waiting.see()
    found: list[tuple[Waiting, Outcome]] = []
    tally: Counter[NamedState] = Counter()
    with transaction.atomic():
        names, seen = waiting.names_known(), waiting.names_seen()
        if names > seen:
            waiting.wake(seen, names)
        waiting.wake_all(but="" if everybody else resolving.VERSION)
        new = waiting.new_ones()
        transaction.set_rollback(True)
    for chunk in waiting.to_look_at(new):
        for one, outcome, _, _ in _looked(chunk):
            tally[outcome.state] += 1
            if outcome.state == NamedState.LINKED:
                found.append((one, outcome))
    resting = tally[NamedState.WAITING] + tally[NamedState.SETTLED]
    done = Done(
        tally.total(), len(found), tally[NamedState.REVIEW], resting,
        round(time.monotonic() - started, 3),
    )  # fmt: skip
    return done, found


def _looked(chunk: Sequence[Waiting]) -> Iterator[tuple[Waiting, Outcome, int | None, bool]]:
    """Each of a chunk with its outcome, whom to link it to, and whether a person said so."""
    digests = {one.subject: digest_of(one.key) for one in chunk}
    said = ledger.standing(digests.values())
    same = waiting.answering([one.same for one in said.values()])
    resolved = list(
        resolving.resolve([Named(one.subject, one.name, one.department) for one in chunk])
    )
    codes = waiting.codes_of(
        [
            each.enterprise
            for one in resolved
            if digests[one.subject] in said
            for each in _candidates(one)
        ]
    )
    for one, answer in zip(chunk, resolved, strict=True):
        held = said.get(digests[one.subject], NOTHING)
        if held.same:
            yield (one, *_as_judged(one, same.get(held.same)))
        else:
            outcome, enterprise = _as_resolved(answer, held, codes)
            yield one, outcome, enterprise, False


def _as_judged(one: Waiting, enterprise: int | None) -> tuple[Outcome, int | None, bool]:
    """A person said who it is; until that code is known here, it waits."""
    if enterprise is None:
        return Outcome(one.subject, NamedState.WAITING), None, False
    made = Outcome(one.subject, NamedState.LINKED, 1.0, ((enterprise, 1.0, ("judgement",)),))
    return made, enterprise, True


def _candidates(one: Resolved) -> list[Candidate]:
    return [*([one.candidate] if one.candidate else []), *one.runners_up]


def _as_resolved(
    one: Resolved, held: Standing, codes: dict[int, set[str]]
) -> tuple[Outcome, int | None]:
    """The outcome without those whom people ruled out."""
    left = [
        each
        for each in _candidates(one)
        if not held.different or not codes.get(each.enterprise, set()) & held.different
    ][:SHOWN]
    kept = tuple(
        (each.enterprise, round(each.verdict.score, 4), each.verdict.reasons) for each in left
    )
    ruled_out = bool(one.candidate) and (not left or left[0] is not one.candidate)
    score = kept[0][1] if kept else 0.0
    if one.enterprise is not None and not ruled_out:
        chosen = (one.enterprise, round(one.verdict.score, 4), one.verdict.reasons)
        outcome = Outcome(one.subject, NamedState.LINKED, chosen[1], (chosen, *kept[1:]))
        return outcome, one.enterprise
    # Once the best is ruled out, nobody behind it is linked without a person.
    worth = [each for each in left if each.verdict.review or each.verdict.link]
    if (one.verdict.review and not ruled_out) or (ruled_out and worth):
        return Outcome(one.subject, NamedState.REVIEW, score, kept), None
    state = NamedState.SETTLED if ruled_out else NamedState.WAITING
    return Outcome(one.subject, state, score, kept), None


def _link(plan: _Plan, mark: int, clock: Clock) -> tuple[Decision | None, int]:
    """Write the links: those that people judged, then all others in one decision."""
    at, by = clock.now(), f"resolution {resolving.VERSION}"
    why = "; ".join(f"{key} {many:,}" for key, many in plan.reasons.most_common(8))
    judged = {one: plan.pairs[one] for one in plan.judged}
    pairs = {one: to for one, to in plan.pairs.items() if one not in plan.judged}
    first, linked = _link_some(plan, judged, mark, by=by, why=why, at=at, reason="judgement")
    last, others = _link_some(plan, pairs, mark, by=by, why=why, at=at, reason="resolution")
    return last or first, linked + others


def _link_some(
    plan: _Plan, pairs: dict[int, int], mark: int, *, by: str, why: str, at: datetime, reason: str
) -> tuple[Decision | None, int]:
    def admitted() -> set[int]:
        """Those that are still new, and of whom nobody said anything since the run began."""
        kept = waiting.keep([plan.found[one] for one in pairs], resolving.VERSION)
        since = set(Judgement.objects.filter(pk__gt=mark).values_list("digest", flat=True))
        return {one for one in kept if not since or digest_of(plan.keys[one]) not in since}

    decision, made = link_many(pairs, by=by, why=why, at=at, reason=reason, admitted=admitted)
    return decision, len(made)


def _remember(done: Done, names: int, clock: Clock) -> None:
    ResolutionRun.objects.create(
        at=clock.now(),
        version=resolving.VERSION,
        names_to=names,
        looked_at=done.looked_at,
        linked=done.linked,
        review=done.review,
        waiting=done.waiting,
        seconds=done.seconds,
        decision=done.decision,
    )
