"""The ways of looking, from the surest to the vaguest; each gives matches, whoever they belong to.

None of them needs more of the database than the codes that came after the index.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise, product

import numpy as np

from xinrong.domain.names import fold
from xinrong.domain.naming import parse
from xinrong.domain.uscc import read_code
from xinrong.subjects.models import Enterprise
from xinrong.subjects.nameindex import asking, gaps, slips, sounding
from xinrong.subjects.nameindex.index import NameIndex
from xinrong.subjects.nameindex.segment import Ints, Segment
from xinrong.subjects.searching import marking
from xinrong.subjects.searching.types import Match

#: Signs of a code from which on a fragment is looked for.
CODE_SHORTEST = 4
#: Two signs with others between them are in every tenth name.
SHORT_SHORTEST = 3
#: A similar name shares so much of the rarity of the pairs of both, or so many signs of the text.
SIMILAR, COVERED = 0.35, 0.75
_RUNS = re.compile(r"[0-9A-Z]+|[^0-9A-Z]+")


@dataclass(frozen=True)
class Typed:
    """What somebody typed: as one fragment, and as words where spaces separate it."""

    text: str
    folded: str
    words: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Typed:
        """Fold a text; signs that say nothing are gone."""
        words = dict.fromkeys(fold(word) for word in text.split())
        return cls(text, fold(text), tuple(word for word in words if word))


type Pass = Callable[[NameIndex, Typed, int], list[Match]]


def by_code(index: NameIndex, typed: Typed, most: int) -> list[Match]:
    """Codes that hold the fragment; a whole code is repaired where it can be meant in one way."""
    whole = read_code(typed.text).code
    fragment = whole or typed.folded
    if len(fragment) < CODE_SHORTEST or not re.fullmatch(r"[0-9A-Z]*[0-9][0-9A-Z]*", fragment):
        return []
    later = Enterprise.objects.filter(pk__gt=index.coded if index.codes else 0)
    rows = list(index.codes.holding(fragment, most)) if index.codes and not whole else []
    if whole:
        later = Enterprise.objects.filter(code=whole)
    rows += later.filter(code__contains=fragment).order_by("pk").values_list("pk", "code")[:most]
    found = []
    for enterprise, code in rows:
        start = code.find(fragment)
        how = "code" if code == fragment else "code_part"
        spans = ((start, start + len(fragment)),)
        found.append(Match(enterprise, code, how, (start, enterprise), spans, is_code=True))
    return found


def by_fragment(index: NameIndex, typed: Typed, most: int) -> list[Match]:
    """Names that contain the text."""
    found = []
    for segment in index.segments:
        for number in asking.containing(segment, typed.folded, most):
            folded = segment.folded(int(number))
            at = folded.find(typed.folded)
            how = "beginning" if at == 0 else "fragment"
            if folded == typed.folded:
                how = "exact"
            found.append(_run(segment, int(number), how, at, len(typed.folded)))
    return found


def by_words(index: NameIndex, typed: Typed, most: int) -> list[Match]:
    """Names that contain all the words, in any order; a word may be pinyin."""
    if len(typed.words) < 2:
        return []
    found = []
    for segment in index.segments:
        numbers = _holding_all(segment, typed.words)
        lengths = segment.lengths(numbers)
        best = numbers[np.lexsort((numbers, lengths))][:most]
        heard = [_heard_in(segment, word, best) for word in typed.words]
        for number in best.tolist():
            places = marking.places_of_pieces(segment.folded(number), typed.words)
            places.update(*(one.get(number, ()) for one in heard))
            found.append(_match(segment, number, "words", places))
    return found


def by_short_name(index: NameIndex, typed: Typed, most: int) -> list[Match]:
    """Names that hold the signs in their order, others between them."""
    if len(typed.folded) < SHORT_SHORTEST or typed.folded.isascii():
        return []
    found = []
    for segment in index.segments:
        for one in gaps.in_order(segment, typed.folded, most):
            folded = segment.folded(one.number)
            places = marking.places_in_order(folded, typed.folded)
            order = (one.first != 0, *_left_out(segment.name(one.number), places))
            found.append(_match(segment, one.number, "short", places, order))
    return found


def by_pinyin(index: NameIndex, typed: Typed, most: int) -> list[Match]:
    """Names that sound as the latin letters of the text say, alone or among Chinese signs."""
    if not re.search("[A-Z]", typed.folded):
        return []
    found = []
    for segment in index.segments:
        for way in _ways(typed.folded):
            if len(way) < 2:
                continue
            initials = all(len(one.typed) == 1 for one in way)
            how = "initials" if initials else "pinyin"
            found += _heard(segment, way, how, most)
    return found


def by_same_sound(index: NameIndex, typed: Typed, most: int) -> list[Match]:
    """Names with a piece that sounds like the text and is written otherwise."""
    if len(typed.folded) < 2 or typed.folded.isascii():
        return []
    sounds = sounding.read_aloud(typed.folded)
    return [one for segment in index.segments for one in _heard(segment, sounds, "alike", most)]


def by_slip(index: NameIndex, typed: Typed, most: int) -> list[Match]:
    """Names that hold the text but for one slip."""
    found = []
    for segment in index.segments:
        for slip in slips.slipped(segment, typed.folded, most):
            folded = segment.folded(slip.number)
            piece = folded[slip.offset : slip.offset + slip.wide]
            agreeing = marking.places_agreeing(piece, typed.folded)
            places = {slip.offset + place for place in agreeing}
            grade = _grade(segment.name(slip.number), folded, slip.offset, slip.wide)
            order = (grade, len(folded))
            found.append(_match(segment, slip.number, slip.kind, places, order))
    return found


def by_likeness(index: NameIndex, typed: Typed, most: int) -> list[Match]:
    """Names that share most of their rare pairs of signs, or most signs in order, with the text."""
    found = []
    for one in index.near(typed.folded, min(most, 10)):
        places = marking.places_agreeing(one.folded, typed.folded)
        if one.shared >= SIMILAR or len(places) >= max(COVERED * len(typed.folded), 3):
            spans = marking.in_written(one.name, places)
            found.append(Match(one.enterprise, one.name, "near", (-one.shared,), spans))
    return found


def _match(
    segment: Segment,
    number: int,
    how: str,
    places: Iterator[int] | set[int] | list[int],
    order: tuple[float, ...] = (),
) -> Match:
    name, enterprise = segment.name(number), int(segment.enterprises[number])
    spans = marking.in_written(name, places)
    return Match(enterprise, name, how, (*order, len(name), enterprise), spans)


def _run(segment: Segment, number: int, how: str, start: int, wide: int) -> Match:
    """A match of signs one after another."""
    grade = _grade(segment.name(number), segment.folded(number), start, wide)
    return _match(segment, number, how, set(range(start, start + wide)), (grade,))


def _grade(name: str, folded: str, start: int, wide: int) -> int:
    """How well a piece stands for a name: its trade name, the beginning of it, or anything."""
    trade = parse(name).trade_name
    at = folded.find(trade) if trade else -1
    if at == start:
        return 0 if len(trade) == wide else 1
    return 2 if start == 0 else 3


def _left_out(name: str, places: list[int]) -> tuple[int, int]:
    """Signs left out other than before a part of the name begins, and all but region and form."""
    parsed = parse(name)
    folded = fold(name)
    parts = (parsed.region, parsed.trade_name, parsed.industry, parsed.branch)
    begins = {folded.find(part) for part in parts if part} | {0}
    apart = sum(later != place + 1 and later not in begins for place, later in pairwise(places))
    return apart, sum(map(len, parts)) - len(places)


def _heard(
    segment: Segment, sounds: tuple[sounding.Sound, ...], how: str, most: int
) -> list[Match]:
    numbers, offsets = sounding.sounding(segment, sounds)
    order = np.lexsort((numbers, segment.lengths(numbers), offsets != 0))[:most]
    return [_run(segment, int(numbers[one]), how, int(offsets[one]), len(sounds)) for one in order]


def _ways(folded: str) -> list[tuple[sounding.Sound, ...]]:
    """How a text may sound in which latin letters stand among Chinese signs."""
    runs = [
        sounding.spelt(run) if run.isascii() else [sounding.as_written(run)]
        for run in _RUNS.findall(folded)
    ]
    if not all(runs):
        return []
    together = product(*runs)
    ways = [tuple(sound for part in parts for sound in part) for parts in together]
    return sorted(ways, key=len)[: sounding.READINGS]


def _holding_all(segment: Segment, words: tuple[str, ...]) -> Ints:
    holding = []
    for word in words:
        numbers = [asking.places(segment, word)[0]]
        numbers += [sounding.sounding(segment, way)[0] for way in _pinyin(word)]
        holding.append(np.concatenate(numbers))
    score = segment.scratch
    fewest, *others = sorted(holding, key=len)
    left = np.unique(fewest)
    for holders in others:
        score[holders] = 1
        left = left[score[left] > 0]
        score[holders] = 0
    return left


def _heard_in(segment: Segment, word: str, some: Ints) -> dict[int, range]:
    """Where in some names a word in pinyin sounds."""
    found: dict[int, range] = {}
    for way in _pinyin(word):
        numbers, offsets = sounding.sounding(segment, way)
        keep = np.isin(numbers, some)
        for number, offset in zip(numbers[keep].tolist(), offsets[keep].tolist(), strict=True):
            found.setdefault(number, range(offset, offset + len(way)))
    return found


def _pinyin(word: str) -> list[tuple[sounding.Sound, ...]]:
    return sounding.spelt(word) if word.isascii() and len(word) > 1 else []
