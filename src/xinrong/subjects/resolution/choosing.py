"""The choice among candidates: one that fits clearly best, or a question for a person."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from xinrong.subjects.resolution.levels import within
from xinrong.subjects.resolution.verdicts import NOBODY, Candidate, Named, Resolved, Verdict

#: Two candidates are about equally good when the evidence differs by fewer bits.
MARGIN_BITS = 3.0
#: So many that came behind are shown.
RUNNERS_UP = 5


@dataclass(frozen=True, slots=True)
class Option:
    """A name of an enterprise that may be meant.

    `bits`: the evidence, infinite for an equal name. `held`: had it the name on the day asked
    for; None where the register does not say. `seat`: region of the authority of its code,
    without trailing zeros.
    """

    enterprise: int
    name: str
    verdict: Verdict
    bits: float
    held: bool | None = None
    seat: str = ""


def choose(named: Named, options: Iterable[Option], *, home: str = "") -> Resolved:
    """The outcome for a name. `home`: region of its sender, without trailing zeros.

    Equal names come first: those who had the name on that day, then those whose code was given
    in the sender's region. Else the best by evidence, unless another enterprise comes near.
    """
    best = _best_of_each(options)
    if not best:
        return Resolved(named, NOBODY)
    equal = [one for one in best if math.isinf(one.bits)]
    if equal:
        return _of_equal(named, equal, home)
    top, *others = best
    rivals = [one for one in others if top.bits - one.bits < MARGIN_BITS]
    verdict = _ambiguous(top.verdict) if top.verdict.link and rivals else top.verdict
    return _resolved(named, verdict, top, others)


def _best_of_each(options: Iterable[Option]) -> list[Option]:
    """The best name of each enterprise, best first; equal ones in order of their number."""
    best: dict[int, Option] = {}
    for one in sorted(options, key=lambda one: (-one.bits, one.held is False, one.name)):
        best.setdefault(one.enterprise, one)
    ranked = [one for one in best.values() if one.verdict.link or one.verdict.review]
    return sorted(ranked, key=lambda one: (-one.bits, not one.verdict.link, one.enterprise))


def _of_equal(named: Named, equal: list[Option], home: str) -> Resolved:
    """Who is meant when the name is equal: only one may be left."""
    reasons: tuple[str, ...] = ()
    left = equal
    if len(left) > 1 and (held := [one for one in left if one.held]):
        left, reasons = held, ("held_then",) if len(held) < len(equal) else ()
    if len(left) > 1 and (here := [one for one in left if _here(one, home)]) != left and here:
        left, reasons = here, (*reasons, "seat_here")
    top = left[0]
    others = [one for one in equal if one is not top]
    verdict = replace(top.verdict, reasons=(*top.verdict.reasons, *reasons))
    if len(left) > 1:
        verdict = _ambiguous(verdict)
    return _resolved(named, verdict, top, others)


def _here(one: Option, home: str) -> bool:
    return bool(home and one.seat) and within(one.seat, home)


def _ambiguous(verdict: Verdict) -> Verdict:
    return replace(verdict, link=False, review=True, reasons=("several_fit", *verdict.reasons))


def _resolved(named: Named, verdict: Verdict, top: Option, others: list[Option]) -> Resolved:
    runners = tuple(Candidate(one.enterprise, one.name, one.verdict) for one in others[:RUNNERS_UP])
    return Resolved(named, verdict, Candidate(top.enterprise, top.name, verdict), runners)
