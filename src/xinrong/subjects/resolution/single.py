"""One name looked up: candidates from the index of names, compared one by one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Protocol

from xinrong.domain.names import looks_like_enterprise
from xinrong.domain.naming import ParsedName, parse
from xinrong.subjects.nameindex import Candidate as Near
from xinrong.subjects.resolution.asking import asked_of, settle
from xinrong.subjects.resolution.blocking import keys_of
from xinrong.subjects.resolution.choosing import choose
from xinrong.subjects.resolution.comparing import SAME, SAME_UNSURE, judge
from xinrong.subjects.resolution.directory import Directory, Known, Plain
from xinrong.subjects.resolution.features import Features, features_of, seat_of, significant
from xinrong.subjects.resolution.levels import Levels, levels_of
from xinrong.subjects.resolution.verdicts import NOBODY, Named, Resolved, Verdict
from xinrong.subjects.resolution.weights import weights

#: So many names are compared in full.
COMPARED = 20


class Index(Protocol):
    """What is asked of the index of names."""

    def near(self, folded: str, limit: int) -> Sequence[Near]:
        """The names that share most with a folded name, best first."""
        ...


def look_up(
    name: str,
    *,
    index: Index,
    region: str = "",
    on: date | None = None,
    directory: Directory | None = None,
) -> Resolved:
    """Who is meant by a name.

    `region`: GB/T 2260 code of the region for which the sender answers. `on`: the day on which the
    name was used, today when None.
    """
    return resolve_one(Named(0, name, region=region), index, directory or Plain(), on)


def resolve_one(named: Named, index: Index, directory: Directory, on: date | None) -> Resolved:
    """`look_up` for a name with its subject and department."""
    reasons: list[str] = []
    answers: list[Resolved] = []
    for asked in asked_of(named.name):
        reasons.append(asked.reason)
        answers.append(_answer(named, asked.name, index, directory, on))
        if answers[-1].verdict.link:
            break
    return settle(named, reasons, answers)


def _answer(
    named: Named, name: ParsedName, index: Index, directory: Directory, on: date | None
) -> Resolved:
    near = index.near(name.folded, COMPARED) if name.folded else ()
    codes = directory.codes({one.enterprise for one in near})
    left = features_of(name, region=named.region)
    equal = SAME if looks_like_enterprise(named.name) else SAME_UNSURE
    found: list[tuple[Near, Verdict, float]] = []
    for one in near:
        if left.folded == _parsed(one.name).folded:
            found.append((one, equal, math.inf))
        elif levels := _levels(left, one, codes.get(one.enterprise, "")):
            found.append((one, judge(levels), weights().bits(levels)))
    worth = [each for each in found if each[1].link or each[1].review]
    if not worth:
        return Resolved(named, NOBODY)
    numbers = {one.enterprise for one, _, _ in worth}
    several = {one.enterprise for one, _, bits in worth if math.isinf(bits)}
    held = directory.held(several, on) if len(several) > 1 else {}
    known = Known(codes, held, directory.answering(numbers))
    options = [known.option(one.enterprise, one.name, said, bits) for one, said, bits in worth]
    return choose(named, options, home=significant(named.region))


def _levels(left: Features, near: Near, code: str) -> Levels | None:
    """The levels of a candidate; None when no key is shared."""
    right = features_of(_parsed(near.name), region=seat_of(code))
    if keys_of(left, sent=True).isdisjoint(keys_of(right, sent=False)):
        return None
    return levels_of(left, right)


@lru_cache(maxsize=50_000)
def _parsed(name: str) -> ParsedName:
    return parse(name)
