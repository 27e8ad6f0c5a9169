"""Unified social credit codes for invented enterprises: lawful, and nobody's.

GB 32100-2015: registration department (9), kind (1 enterprise, 2 sole trader, 3 cooperative), six
digits of the district (GB/T 2260), nine characters of organisation code with their own check
character (GB 11714), one check character. Every organisation code here begins with `XR`: real ones
are digits, or begin with `MA` and a few other letters; of 908,229 in open data none has `XR`.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from xinrong.synth.streams import Ints, salt
from xinrong.synth.words import DISTRICTS, District

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
MARK = "XR"
SPACE = 31**6  # organisation codes that begin with the mark
_STEP = 514_229_731  # shares no factor with 31, so that neighbours get unlike codes

_LETTERS = np.frombuffer(ALPHABET.encode(), dtype=np.uint8)
_VALUE_36 = np.array([int(c, 36) for c in ALPHABET], dtype=np.int64)
_WEIGHTS_11714 = np.array([3, 7, 9, 10, 5, 8, 4, 2], dtype=np.int64)
_WEIGHTS_32100 = np.array([pow(3, place, 31) for place in range(17)], dtype=np.int64)
_KIND = np.array([1, 2, 3], dtype=np.int64)
_CHECK_11714 = np.frombuffer(b"0123456789X", dtype=np.uint8)


@cache
def _digits(districts: tuple[District, ...]) -> Ints:
    return np.array([[int(c) for c in one.code] for one in districts], dtype=np.int64)


def _positions(characters: str) -> list[int]:
    return [ALPHABET.index(c) for c in characters]


def codes_of(
    seed: int,
    numbers: Ints,
    kind: Ints,
    district: Ints,
    districts: tuple[District, ...] = DISTRICTS,
) -> NDArray[np.bytes_]:
    """The codes (18 bytes each) of enterprises by number, kind and district (of `districts`).

    Different numbers have different codes: the number is scattered over all `SPACE` bodies by a
    step that visits each once.
    """
    size = len(numbers)
    body = (numbers % SPACE * (_STEP % SPACE) + salt(seed, 11714) % SPACE) % SPACE
    values = np.zeros((size, 18), dtype=np.int64)  # positions in ALPHABET
    values[:, 0] = 9
    values[:, 1] = _KIND[kind]
    values[:, 2:8] = _digits(districts)[district]
    values[:, 8:10] = _positions(MARK)
    for place in range(15, 9, -1):
        values[:, place] = body % 31
        body = body // 31
    total = _VALUE_36[values[:, 8:16]] @ _WEIGHTS_11714
    check = (11 - total % 11) % 11  # 11 is written 0, 10 is written X
    letter = _CHECK_11714[check]
    values[:, 16] = np.searchsorted(_LETTERS, letter)
    values[:, 17] = (31 - values[:, :17] @ _WEIGHTS_32100 % 31) % 31
    return np.ascontiguousarray(_LETTERS[values]).view("S18").ravel()
