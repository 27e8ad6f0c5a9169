"""One name looked up: those who share a key, compared one by one."""

from __future__ import annotations

import math
from datetime import date

from xinrong.domain.names import looks_like_enterprise
from xinrong.domain.naming import ParsedName, parse
from xinrong.subjects.nameindex import NameIndex
from xinrong.subjects.resolution.asking import asked_of, settle
from xinrong.subjects.resolution.choosing import choose
from xinrong.subjects.resolution.comparing import SAME, SAME_UNSURE, judge
from xinrong.subjects.resolution.directory import Directory, Known, Plain
from xinrong.subjects.resolution.features import features_of, seat_of, significant
from xinrong.subjects.resolution.keyindex import Gathered, gather
from xinrong.subjects.resolution.levels import levels_of
from xinrong.subjects.resolution.verdicts import NOBODY, Named, Resolved, Verdict
from xinrong.subjects.resolution.weights import weights


def look_up(
    name: str,
    *,
    index: NameIndex,
    region: str = "",
    on: date | None = None,
    directory: Directory | None = None,
) -> Resolved:
    """Who is meant by a name.

    `region`: GB/T 2260 code of the region for which the sender answers. `on`: the day on which the
    name was used, today when None.
    """
    return resolve_one(Named(0, name, region=region), index, directory or Plain(), on)


def resolve_one(named: Named, index: NameIndex, directory: Directory, on: date | None) -> Resolved:
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
    named: Named, name: ParsedName, index: NameIndex, directory: Directory, on: date | None
) -> Resolved:
    if not name.folded:
        return Resolved(named, NOBODY)
    left = features_of(name, region=named.region)
    gathered = gather(index, left)
    codes = directory.codes({one.enterprise for one in gathered})
    sure = SAME if looks_like_enterprise(named.name) else SAME_UNSURE
    found: list[tuple[Gathered, Verdict, float]] = []
    for one in gathered:
        right = features_of(parse(one.name), region=seat_of(codes.get(one.enterprise, "")))
        if left.folded == right.folded:
            found.append((one, sure, math.inf))
        else:
            levels = levels_of(left, right)
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
