"""What values look like, as whole numbers: the length of a text, the magnitude of a sum …

Each function maps the values of a field to one code a row. The codes of a good feed are spread in
much the same way from batch to batch; damage to one value in a hundred moves some of them.
No code says what a value is, but for one-way marks of frequent values.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Codes = npt.NDArray[np.int64]
#: A row without a value.
NONE = -(1 << 40)
#: A value that is not among the frequent ones.
REST = -1

# Classes of characters, as bits.
HAN, RARE_HAN, DIGIT, UPPER, LOWER, MARK, WIDE, SPACE, FOREIGN = (1 << bit for bit in range(9))
#: Class bit -> its word in codes of `kinds`.
CLASSES = {
    HAN: "han",
    RARE_HAN: "rare_han",
    DIGIT: "digit",
    UPPER: "upper",
    LOWER: "lower",
    MARK: "mark",
    WIDE: "wide",
    SPACE: "space",
    FOREIGN: "foreign",
}
_LONGEST = 64  # lengths above are put into steps of a quarter of their size


def text_shapes(values: pa.Array) -> dict[str, Codes]:
    """Shapes of texts: length, kinds of characters, both ends, share of rare characters."""
    words, rows = _distinct(values)
    if not len(words):
        return {
            name: np.full(len(rows), NONE, np.int64)
            for name in ("length", "kinds", "first", "last", "rare")
        }
    points, starts = _points(words)
    lengths = np.diff(np.append(starts, len(points)))
    kinds = _classes()[points]
    mask = np.bitwise_or.reduceat(kinds, starts)
    odd = np.add.reduceat(((kinds & (RARE_HAN | FOREIGN)) > 0).astype(np.int64), starts)
    rare = np.where(odd == 0, 0, 1 + np.minimum(3, odd * 4 // lengths))
    of_word = {
        "length": _length_codes(lengths),
        "kinds": mask.astype(np.int64),
        "first": points[starts].astype(np.int64),
        "last": points[starts + lengths - 1].astype(np.int64),
        "rare": rare.astype(np.int64),
    }
    return {name: _spread(codes, rows) for name, codes in of_word.items()}


def form_shapes(cells: pa.Array) -> dict[str, Codes]:
    """How a value that is not text is written: kinds of characters and length together."""
    words, rows = _distinct(cells)
    if not len(words):
        return {"form": np.full(len(rows), NONE, np.int64)}
    points, starts = _points(words)
    lengths = np.diff(np.append(starts, len(points)))
    mask = np.bitwise_or.reduceat(_classes()[points], starts)
    return {"form": _spread(mask * 1000 + _length_codes(lengths), rows)}


def number_shapes(whole: npt.NDArray[np.int64], known: npt.NDArray[np.bool_]) -> dict[str, Codes]:
    """Shapes of whole numbers (fen, ten-thousandths): magnitude, first digit, last digits.

    `magnitude` counts quarters of a decade; `zeros` is the number of zeros at the end, `first`
    the first digit, `grain` magnitude and zeros together.
    """
    size = np.abs(whole)
    some = size > 0
    safe = np.where(some, size, 1)
    logs = np.log10(safe.astype(np.float64))
    sign = np.where(whole < 0, -1, 1)
    magnitude = np.where(some, sign * (1 + np.floor(logs * 4).astype(np.int64)), 0)
    zeros = np.zeros(len(whole), np.int64)
    for power in range(1, 13):
        zeros += safe % 10**power == 0
    decade = np.floor(logs + 1e-9).astype(np.int64)
    first = np.where(some, safe // 10 ** np.clip(decade, 0, 18), 0)
    last = np.where(some, safe // 10 ** np.clip(zeros, 0, 18) % 10, 0)
    shapes = {
        "magnitude": magnitude,
        "zeros": zeros,
        "first_digit": first,
        "last_digit": last,
        "grain": np.where(some, (decade // 2) * 20 + zeros, NONE + 1),
    }
    return {name: np.where(known, codes, NONE) for name, codes in shapes.items()}


def date_shapes(days: npt.NDArray[np.int64], known: npt.NDArray[np.bool_]) -> dict[str, Codes]:
    """Shapes of dates (days since 1970): distance from the batch's middle, day of the month."""
    middle = int(np.median(days[known])) if known.any() else 0
    far = days - middle
    steps = np.where(
        far == 0, 0, np.sign(far) * (1 + np.floor(2 * np.log2(np.maximum(np.abs(far), 32) / 32)))
    )
    moments = days.astype("datetime64[D]")
    in_month = (moments - moments.astype("datetime64[M]")).astype(np.int64) + 1
    weekday = (days + 3) % 7  # 1 January 1970 was a Thursday
    shapes = {
        "distance": steps.astype(np.int64),
        "day": in_month,
        "weekday": weekday,
    }
    return {name: np.where(known, codes, NONE) for name, codes in shapes.items()}


def ratio_shape(values: pa.Array, others: pa.Array) -> Codes:
    """One number by another, in eighths of a decade; a price or a rate hardly moves."""
    (one, one_known), (other, other_known) = whole_of(values), whole_of(others)
    known = one_known & other_known & (one > 0) & (other > 0)
    ratio = np.where(known, one, 1) / np.where(known, other, 1)
    return np.where(known, np.round(8 * np.log10(ratio)).astype(np.int64), NONE)


def gap_shape(values: pa.Array, others: pa.Array) -> Codes:
    """Days between two dates of a row: exact up to a week, then in steps of a fifth."""
    (one, one_known), (other, other_known) = days_of(values), days_of(others)
    gap = one - other
    size = np.abs(gap)
    steps = 7 + np.round(np.log(np.maximum(size, 7) / 7) / np.log(1.2))
    codes = np.sign(gap) * np.where(size <= 7, size, steps).astype(np.int64)
    return np.where(one_known & other_known, codes, NONE)


def value_marks(values: pa.Array, frequent: int) -> Codes:
    """A one-way mark of 32 bits for each of the most frequent values, REST for all others."""
    words, rows = _distinct(values)
    marks = np.full(len(words), REST, np.int64)
    times = np.bincount(rows[rows >= 0], minlength=len(words))
    for place in np.argsort(-times, kind="stable")[:frequent]:
        if times[place] > 1:
            marks[place] = mark_of(str(words[place]))
    return _spread(marks, rows)


def mark_of(word: str) -> int:
    """The mark of one value."""
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=4).digest())


def days_of(values: pa.Array) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Dates as days since 1970, and which rows have one."""
    return whole_of(pc.cast(values, pa.int32()))


def whole_of(values: pa.Array) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Whole numbers, and which rows have one; decimals count in ten-thousandths."""
    known = pc.is_valid(values).to_numpy(zero_copy_only=False)
    if pa.types.is_decimal(values.type):
        scaled = np.rint(pc.cast(values, pa.float64()).to_numpy(zero_copy_only=False) * 10_000)
        return np.nan_to_num(scaled).astype(np.int64), known
    filled = pc.fill_null(values, 0)
    return filled.to_numpy(zero_copy_only=False).astype(np.int64), known


def day_number(day: date) -> int:
    """Days since 1970."""
    return (day - date(1970, 1, 1)).days


def _distinct(values: pa.Array) -> tuple[list[str], Codes]:
    """The distinct values, and for each row its place among them; -1 without a value."""
    encoded = values.dictionary_encode()
    places = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)
    return encoded.dictionary.to_pylist(), places


def _spread(of_word: npt.NDArray[np.int64], rows: Codes) -> Codes:
    if not len(of_word):
        return np.full(len(rows), NONE, np.int64)
    return np.where(rows < 0, NONE, of_word[np.maximum(rows, 0)])


def _points(words: Iterable[str]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Code points of all words in one row, and where each word starts; no word is empty."""
    listed = [word or "\0" for word in words]
    points = np.frombuffer("".join(listed).encode("utf-32-le", "replace"), np.uint32)
    starts = np.cumsum([0, *map(len, listed[:-1])])
    return np.minimum(points, 0xFFFF).astype(np.int64), starts.astype(np.int64)


def _length_codes(lengths: npt.NDArray[np.int64]) -> Codes:
    beyond = _LONGEST + np.floor(4 * np.log2(np.maximum(lengths, _LONGEST) / _LONGEST))
    return np.where(lengths <= _LONGEST, lengths, beyond).astype(np.int64)


@cache
def _classes() -> npt.NDArray[np.int64]:
    """Class bit of each code point up to 0xFFFF (which stands for all beyond).

    Han characters of GB 2312's first level, the 3,755 that people use, are HAN; the others are
    RARE_HAN: damage by a wrong encoding is full of them.
    """
    table = np.full(0x10000, FOREIGN, np.int64)
    table[0x3400:0xA000] = RARE_HAN
    for row in range(0xB0, 0xD8):
        for cell in range(0xA1, 0xFF):
            found = bytes((row, cell)).decode("gb2312", "ignore")
            if found:
                table[ord(found)] = HAN
    table[0x21:0x7F] = MARK
    table[0x30:0x3A], table[0x41:0x5B], table[0x61:0x7B] = DIGIT, UPPER, LOWER
    table[0x2010:0x2040] = MARK
    table[0x3000:0x3020] = WIDE
    table[0xFF01:0xFF5F] = WIDE
    table[[0x20, 0x09, 0x0A, 0x0D, 0xA0, 0x3000]] = SPACE
    table[0xB7] = MARK
    table[0xD7] = MARK
    table[0x2103] = MARK
    return table
