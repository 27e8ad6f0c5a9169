"""A QR code read from its picture: the standard's way back, without correcting errors.

For codes that nobody has damaged: a picture that deviates in one field fails in the text.
"""

from __future__ import annotations

import re

import qrcode.base
import qrcode.util

ALNUM = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
Fields = list[list[bool]]


def fields_of(svg: str, border: int) -> Fields:
    """The fields of an SVG of one path, whose squares are `M x,y H … V … H … z`, in units."""
    box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    assert box
    squares = re.findall(r"M([\d.]+),([\d.]+)H([\d.]+)V([\d.]+)", svg)
    step = float(squares[0][2]) - float(squares[0][0])
    side = round(float(box[1]) / step) - 2 * border
    found = [[False] * side for _ in range(side)]
    for x, y, *_ in squares:
        column, line = round(float(x) / step) - border, round(float(y) / step) - border
        found[line][column] = True
    return found


MASKS = [
    lambda i, j: (i + j) % 2 == 0,
    lambda i, _j: i % 2 == 0,
    lambda _i, j: j % 3 == 0,
    lambda i, j: (i + j) % 3 == 0,
    lambda i, j: (i // 2 + j // 3) % 2 == 0,
    lambda i, j: i * j % 2 + i * j % 3 == 0,
    lambda i, j: (i * j % 2 + i * j % 3) % 2 == 0,
    lambda i, j: (i * j % 3 + (i + j) % 2) % 2 == 0,
]


def reserved(side: int) -> Fields:
    """Fields of finders, timing, alignment, format and version: no data lies there."""
    version = (side - 17) // 4
    found = [[False] * side for _ in range(side)]

    def block(line: int, column: int, height: int, width: int) -> None:
        for i in range(line, line + height):
            for j in range(column, column + width):
                found[i][j] = True

    block(0, 0, 9, 9)
    block(0, side - 8, 9, 8)
    block(side - 8, 0, 8, 9)
    block(6, 0, 1, side)
    block(0, 6, side, 1)
    places = qrcode.util.pattern_position(version)
    for i in places:
        for j in places:
            corner = (i < 9 and j < 9) or (i < 9 and j > side - 10) or (i > side - 10 and j < 9)
            if not corner:
                block(i - 2, j - 2, 5, 5)
    if version >= 7:
        block(0, side - 11, 6, 3)
        block(side - 11, 0, 3, 6)
    return found


def words_of(fields: Fields) -> tuple[list[int], int, int]:
    """The code words in the order in which they lie, the level of correction and the version."""
    side = len(fields)
    places = [(8, j) for j in (0, 1, 2, 3, 4, 5, 7, 8)] + [(i, 8) for i in (7, 5, 4, 3, 2, 1, 0)]
    bits = 0
    for i, j in places:
        bits = bits << 1 | fields[i][j]
    bits ^= 0b101010000010010
    level, mask = bits >> 13, MASKS[bits >> 10 & 7]
    taken, found, word, number = reserved(side), [], 0, 0
    column, up = side - 1, True
    while column > 0:
        column -= column == 6
        for line in range(side - 1, -1, -1) if up else range(side):
            for j in (column, column - 1):
                if not taken[line][j]:
                    word = word << 1 | (fields[line][j] ^ mask(line, j))
                    number += 1
                    if number % 8 == 0:
                        found.append(word)
                        word = 0
        column, up = column - 2, not up
    return found, level, (side - 17) // 4


def text_of(svg: str, border: int = 4) -> str:
    """What a reader reads: numbers, the dense signs and bytes."""
    words, level, version = words_of(fields_of(svg, border))
    blocks = qrcode.base.rs_blocks(version, level)
    data: list[list[int]] = [[] for _ in blocks]
    left = iter(words)
    for place in range(max(block.data_count for block in blocks)):
        for block, held in zip(blocks, data, strict=True):
            if place < block.data_count:
                held.append(next(left))
    bits = "".join(f"{word:08b}" for held in data for word in held)
    place, text = 0, b""

    def take(number: int) -> int:
        nonlocal place
        place += number
        return int(bits[place - number : place], 2)

    while len(bits) - place >= 4 and (mode := take(4)):
        if mode == 2:
            count = take(9 if version < 10 else 11 if version < 27 else 13)
            for _ in range(count // 2):
                pair = take(11)
                text += (ALNUM[pair // 45] + ALNUM[pair % 45]).encode()
            if count % 2:
                text += ALNUM[take(6)].encode()
        elif mode == 4:
            text += bytes(take(8) for _ in range(take(8 if version < 10 else 16)))
        else:
            raise AssertionError(f"mode {mode} is not written")
    return text.decode()
