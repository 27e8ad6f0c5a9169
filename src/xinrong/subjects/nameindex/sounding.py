"""Names that sound as somebody typed them: pinyin, initials, or signs that sound alike."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from xinrong.subjects.nameindex.segment import SOUND_WIDE, Ints, Segment
from xinrong.subjects.nameindex.sounds import (
    Signs,
    beginning_with,
    letters_of,
    sounding_like,
    tables,
)

#: Ways to take a text in pinyin apart that are tried ("xian" is one sign or two).
READINGS = 6
#: Places that sound right by their letters and are then looked at sign by sign.
MOST = 150_000
#: Initials of two letters.
_DOUBLE = ("zh", "ch", "sh")


@dataclass(frozen=True, slots=True)
class Sound:
    """What one sign of a name must sound like: its first letter, and which signs may be meant.

    `typed` is what was typed for it: "h", "heng", or a sign.
    """

    letter: int
    typed: str
    signs: Signs | None = field(default=None, compare=False)  # None: any with that letter


def spelt(text: str) -> list[tuple[Sound, ...]]:
    """The ways to read latin letters and digits as the sounds of signs, the shortest first.

    Each piece is a whole syllable, an initial, or (at the end) the beginning of a syllable.
    """
    text = text.lower()
    if not text or not (text.isascii() and text.isalnum()):
        return []
    return [tuple(_sound(piece) for piece in pieces) for pieces in _apart(text)]


def _apart(text: str) -> list[tuple[str, ...]]:
    """All ways with as few pieces as possible, then those with one more."""
    ways: list[list[tuple[str, ...]]] = [[] for _ in range(len(text) + 1)]
    ways[0] = [()]
    for start in range(len(text)):
        for end in range(start + 1, min(start + 6, len(text)) + 1):
            piece = text[start:end]
            if _is_piece(piece, last=end == len(text)):
                ways[end] += [(*way, piece) for way in ways[start]]
        for end in range(start + 1, len(text) + 1):
            ways[end].sort(key=len)
            del ways[end][READINGS:]
    return ways[len(text)]


def _is_piece(piece: str, *, last: bool) -> bool:
    if len(piece) == 1 or piece in _DOUBLE or piece in tables().signs:
        return True
    return last and piece.isalpha() and any(one.startswith(piece) for one in tables().signs)


def _sound(piece: str) -> Sound:
    if len(piece) == 1:
        return Sound(ord(piece), piece)
    exact = tables().signs.get(piece)
    return Sound(ord(piece[0]), piece, beginning_with(piece) if exact is None else exact)


def read_aloud(folded: str) -> tuple[Sound, ...]:
    """The sounds of the signs of a folded text."""
    signs = np.array([min(ord(sign), 0xFFFF) for sign in folded], np.uint16)
    letters = letters_of(signs)
    return tuple(
        Sound(int(letter), sign, sounding_like(sign))
        for letter, sign in zip(letters, folded, strict=True)
    )


def as_written(folded: str) -> tuple[Sound, ...]:
    """The signs of a folded text, each meaning only itself."""
    return tuple(
        Sound(one.letter, one.typed, np.array([min(ord(one.typed), 0xFFFF)], np.uint16))
        for one in read_aloud(folded)
    )


def sounding(segment: Segment, sounds: tuple[Sound, ...]) -> tuple[Ints, Ints]:
    """Every place at which a name sounds so: (names, signs before it there)."""
    nothing = np.zeros(0, np.int64)
    if not sounds or not len(segment):
        return nothing, nothing
    letters = np.array([one.letter for one in sounds], np.uint8)
    pieces = [letters[at : at + SOUND_WIDE] for at in range(max(len(sounds) - SOUND_WIDE, 0) + 1)]
    first, last = segment.sound_ranges(pieces)
    rarest = int(np.argmin(last - first))
    low, high = int(first[rarest]), int(last[rarest])
    exact = all(one.signs is None for one in sounds)
    if not exact or len(sounds) > SOUND_WIDE:
        high = min(high, low + MOST)
    numbers = segment.sound_holders[low:high].astype(np.int64)
    offsets = segment.sound_offsets[low:high].astype(np.int64) - rarest
    if exact and len(sounds) <= SOUND_WIDE:
        return numbers, offsets
    return _heard(segment, sounds, numbers, offsets)


def _heard(
    segment: Segment, sounds: tuple[Sound, ...], numbers: Ints, offsets: Ints
) -> tuple[Ints, Ints]:
    """Those places of which every sign sounds right; the most telling signs are looked at first."""
    keep = (offsets >= 0) & (offsets + len(sounds) <= segment.lengths(numbers))
    numbers, offsets = numbers[keep], offsets[keep]
    known = tables().letters
    for step in sorted(range(len(sounds)), key=lambda step: _many(sounds[step])):
        if not len(numbers):
            break
        signs = segment.text[segment.starts[numbers].astype(np.int64) + offsets + step]
        wanted = sounds[step].signs
        if wanted is None:
            if len(sounds) <= SOUND_WIDE:
                continue  # the order of sounds has seen to it
            keep = known[signs] == sounds[step].letter
        else:
            table = np.zeros(0x10000, np.bool_)
            table[wanted] = True
            keep = table[signs]
        numbers, offsets = numbers[keep], offsets[keep]
    return numbers, offsets


def _many(sound: Sound) -> int:
    return 0x10000 if sound.signs is None else len(sound.signs)
