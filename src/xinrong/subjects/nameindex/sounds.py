"""How the signs of a name sound, for those who type pinyin, initials or a sign that sounds alike.

Sound serves to search, never to say who is who. The usual reading of each sign is pypinyin's; pairs
of signs that are read otherwise come from its phrases. What is usual in names of enterprises and
not there stands in `readings.csv`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from xinrong.domain.packaged import packaged_rows

type Signs = npt.NDArray[np.uint16]
type Bytes = npt.NDArray[np.uint8]

#: Readings of one sign that count, the usual ones first.
READINGS = 3
#: What stands for a sign that has no letter.
_SILENT = 1


@dataclass(frozen=True)
class Tables:
    """Readings by sign."""

    letters: Bytes  # first letter of the usual reading of each sign; ASCII signs are their own
    pairs: npt.NDArray[np.uint32]  # pairs of signs that are read otherwise, sorted
    pair_letters: Bytes  # the two letters of each
    readings: dict[str, tuple[str, ...]]  # of each sign, the usual one first
    signs: dict[str, Signs]  # the signs that may be read so

    @property
    def syllables(self) -> frozenset[str]:
        """All syllables there are."""
        return frozenset(self.signs)


@cache
def tables() -> Tables:
    """The readings of all signs; loading them takes some tenths of a second, once."""
    from pypinyin.contrib.tone_convert import to_normal
    from pypinyin.phrases_dict import phrases_dict
    from pypinyin.pinyin_dict import pinyin_dict

    plain = cache(to_normal)
    readings: dict[str, tuple[str, ...]] = {}
    for point, said in pinyin_dict.items():
        if point < 0x10000:
            every = dict.fromkeys(plain(one) for one in said.split(","))
            readings[chr(point)] = tuple(one for one in every if one.isascii())[:READINGS]
    otherwise = {
        phrase: tuple(plain(one[0]) for one in said)
        for phrase, said in phrases_dict.items()
        if len(phrase) == 2 and len(said) == 2
    }
    for signs, reading in _usual_in_names():
        if len(signs) == 1:
            readings[signs] = tuple(dict.fromkeys((reading, *readings.get(signs, ()))))[:READINGS]
        else:
            otherwise[signs] = tuple(reading.split())
    letters = _letters(readings)
    pairs = _pairs(otherwise, letters)
    may = dict[str, list[int]]()
    for sign, every_one in readings.items():
        for one in every_one:
            may.setdefault(one, []).append(ord(sign))
    return Tables(
        letters=letters,
        pairs=np.array(sorted(pairs), np.uint32),
        pair_letters=np.array([pairs[one] for one in sorted(pairs)], np.uint8).reshape(-1, 2),
        readings=readings,
        signs={one: np.array(sorted(points), np.uint16) for one, points in may.items()},
    )


def letters_of(text: Signs) -> Bytes:
    """The first letter of the reading of each sign; 0 where the text has a zero."""
    known = tables()
    letters = known.letters[text]
    if len(text) > 1 and len(known.pairs):
        pairs = text[:-1].astype(np.uint32) << np.uint32(16) | text[1:]
        places = np.minimum(np.searchsorted(known.pairs, pairs), len(known.pairs) - 1)
        other = np.flatnonzero(known.pairs[places] == pairs)
        letters[other] = known.pair_letters[places[other], 0]
        letters[other + 1] = known.pair_letters[places[other], 1]
    return letters


def sounding_like(sign: str) -> Signs:
    """The signs that may be read like this one; the sign itself where it has no reading."""
    known = tables()
    same = [known.signs[one] for one in known.readings.get(sign, ())]
    own = np.array([ord(sign)] if ord(sign) < 0x10000 else [], np.uint16)
    return np.unique(np.concatenate([own, *same]))


def beginning_with(start: str) -> Signs:
    """The signs that may be read with a syllable that begins so."""
    known = tables()
    found = [signs for said, signs in known.signs.items() if said.startswith(start)]
    return np.unique(np.concatenate(found)) if found else np.zeros(0, np.uint16)


def _usual_in_names() -> Sequence[tuple[str, str]]:
    return [(row["signs"], row["reading"]) for row in packaged_rows(__package__, "readings.csv")]


def _letters(readings: dict[str, tuple[str, ...]]) -> Bytes:
    letters = np.full(0x10000, _SILENT, np.uint8)
    letters[0] = 0
    for sign, said in readings.items():
        if said and said[0]:
            letters[ord(sign)] = ord(said[0][0])
    for point in range(0x30, 0x7B):
        if chr(point).isalnum():
            letters[point] = ord(chr(point).lower())
    return letters


def _pairs(otherwise: dict[str, tuple[str, ...]], letters: Bytes) -> dict[int, tuple[int, int]]:
    found = {}
    for phrase, said in otherwise.items():
        if not all(said) or max(map(ord, phrase)) >= 0x10000:
            continue
        usual = tuple(int(letters[ord(sign)]) for sign in phrase)
        here = (ord(said[0][0]), ord(said[1][0]))
        if here != usual:
            found[ord(phrase[0]) << 16 | ord(phrase[1])] = here
    return found
