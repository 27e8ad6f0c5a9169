"""Numbers that stand for a record's key and for its content.

Both are the low 64 bits of MD5 over one text, shifted right once, so that they fit a signed
BIGINT and are never negative. MD5 serves as a spread of bits, not as protection. DuckDB computes
the same from the same text: `(md5_number_lower(text) >> 1)::BIGINT`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

#: Between two parts: U+001F, the unit separator; in SQL `chr(31)`.
SEPARATOR = "\x1f"
#: A part that is not known: U+001E; in SQL `coalesce(part, chr(30))`.
NULL_MARK = "\x1e"

_CLEAN = {ord(SEPARATOR): " ", ord(NULL_MARK): " "}


def key_text(category: str, parts: Sequence[str | None]) -> str:
    """The text whose digest is the key: the category, then each part.

    Parts cannot pass for a separator or for an unknown: those two characters become spaces, in
    SQL `translate(part, chr(30) || chr(31), '  ')`.
    """
    return SEPARATOR.join((category, content_text(parts))) if parts else category


def content_text(parts: Sequence[str | None]) -> str:
    """The text whose digest stands for the content."""
    return SEPARATOR.join(NULL_MARK if part is None else part.translate(_CLEAN) for part in parts)


def key_of(category: str, parts: Sequence[str | None]) -> int:
    """The 63-bit key of a record of a category."""
    return digest(key_text(category, parts))


def content_of(parts: Sequence[str | None]) -> int:
    """The 63-bit digest of what a record says."""
    return digest(content_text(parts))


def digest(text: str) -> int:
    """63 bits of a text: equal to DuckDB's `(md5_number_lower(text) >> 1)::BIGINT`."""
    raw = hashlib.md5(text.encode(), usedforsecurity=False).digest()
    return int.from_bytes(raw[8:], "little") >> 1
