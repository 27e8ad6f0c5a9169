"""Digests of many texts at once: `domain.digests.digest`, a column at a time.

Python's own MD5 takes half a microsecond a text before it has looked at it, and a large upload
needs two digests a row. Here the 64 steps run over whole arrays: a slice of texts is laid out as
blocks of sixteen words, and each step is done for all texts of the slice together.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from xinrong.domain.digests import digest

Words = npt.NDArray[np.uint32]

#: Texts that are hashed together: the arrays of a step stay in the processor's cache.
SLICE = 16_384
#: Texts of more blocks are hashed one by one; there are few, and they would need much memory.
MOST_BLOCKS = 16
_BLOCK = 64
_LENGTH = 8  # bytes at the end of the last block that say how long the text is, in bits
_START = (0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476)
_TURNS = ((7, 12, 17, 22), (5, 9, 14, 20), (4, 11, 16, 23), (6, 10, 15, 21))
#: For each step: the word of the block, the constant, and by how much to turn left (RFC 1321).
_STEPS = tuple(
    (
        (step, 5 * step + 1, 3 * step + 5, 7 * step)[step // 16] % 16,
        np.uint32(int(abs(math.sin(step + 1)) * 2**32)),
        np.uint32(_TURNS[step // 16][step % 4]),
        np.uint32(32 - _TURNS[step // 16][step % 4]),
    )
    for step in range(64)
)


def digests_of(texts: pa.Array) -> pa.Array:
    """`domain.digests.digest` of every text; none of them may be null."""
    found = np.empty(len(texts), np.int64)
    sizes = pc.binary_length(texts).to_numpy(zero_copy_only=False)
    blocks = (sizes + _LENGTH) // _BLOCK + 1
    for count in np.unique(blocks).tolist():
        places = np.flatnonzero(blocks == count)
        if count > MOST_BLOCKS:
            long = texts.take(pa.array(places)).to_pylist()
            found[places] = [digest(text) for text in long]
            continue
        for start in range(0, len(places), SLICE):
            few = places[start : start + SLICE]
            here = texts if len(few) == len(texts) else texts.take(pa.array(few))
            found[few] = _digests(here, sizes[few], count)
    return pa.array(found)


def _digests(texts: pa.Array, sizes: npt.NDArray[np.int32], blocks: int) -> npt.NDArray[np.int64]:
    """Of texts that all fill the same number of blocks."""
    width = blocks * _BLOCK
    padded = pc.ascii_rpad(texts, width, "\0")
    _, _, data = padded.buffers()
    start = padded.offset * width
    raw = np.frombuffer(data, np.uint8)[start : start + len(texts) * width]
    rows = raw.reshape(len(texts), width).copy()
    rows[np.arange(len(texts)), sizes] = 0x80
    words = np.ascontiguousarray(rows.view("<u4").T)  # by word, then by text
    words[-2] = sizes.astype(np.uint32) << np.uint32(3)
    state = [np.full(len(texts), word, np.uint32) for word in _START]
    for block in range(blocks):
        _add_block(state, words[16 * block : 16 * block + 16])
    low = state[2].astype(np.uint64) | state[3].astype(np.uint64) << np.uint64(32)
    shifted: npt.NDArray[np.int64] = (low >> np.uint64(1)).astype(np.int64)
    return shifted


def _add_block(state: list[Words], words: Words) -> None:
    """The 64 steps over one block of every text; `state` is changed in place."""
    a, b, c, d = (part.copy() for part in state)
    mixed, turned = np.empty_like(a), np.empty_like(a)
    for step, (word, constant, left, right) in enumerate(_STEPS):
        _mix(step // 16, b, c, d, mixed)
        np.add(mixed, a, out=mixed)
        np.add(mixed, constant, out=mixed)
        np.add(mixed, words[word], out=mixed)
        np.left_shift(mixed, left, out=turned)
        np.right_shift(mixed, right, out=mixed)
        np.bitwise_or(mixed, turned, out=mixed)
        np.add(mixed, b, out=a)  # what was a is not needed any more and becomes the new b
        a, b, c, d = d, a, b, c
    for part, new in zip(state, (a, b, c, d), strict=True):
        np.add(part, new, out=part)


def _mix(turn: int, b: Words, c: Words, d: Words, out: Words) -> None:
    """The function of a step's round: F, G, H or I of RFC 1321."""
    if turn == 0:
        np.bitwise_xor(c, d, out=out)
        np.bitwise_and(out, b, out=out)
        np.bitwise_xor(out, d, out=out)
    elif turn == 1:
        np.bitwise_xor(b, c, out=out)
        np.bitwise_and(out, d, out=out)
        np.bitwise_xor(out, c, out=out)
    elif turn == 2:
        np.bitwise_xor(b, c, out=out)
        np.bitwise_xor(out, d, out=out)
    else:
        np.invert(d, out=out)
        np.bitwise_or(out, b, out=out)
        np.bitwise_xor(out, c, out=out)
