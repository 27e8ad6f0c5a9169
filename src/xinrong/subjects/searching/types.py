"""What a search finds, and why, in words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from xinrong.domain.packaged import packaged_rows
from xinrong.domain.text import Text

type Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Hit:
    """One answer of a search."""

    enterprise: int
    code: str
    name: str
    kind: str
    provisional: bool
    matched: str  # code, name, former_name, other_code (of an enterprise that is part of it)
    matched_text: str
    how: str = "fragment"  # a key of `ways`
    marks: Spans = ()  # the pieces of `matched_text` that were met: (first, one past the last)
    cancelled: bool = False

    @property
    def why(self) -> Text:
        """Why it was found, in words."""
        return ways()[self.how]

    @property
    def pieces(self) -> list[tuple[str, bool]]:
        """`matched_text` cut into (piece, whether it was met)."""
        found, at = [], 0
        for start, end in self.marks:
            found += [(self.matched_text[at:start], False), (self.matched_text[start:end], True)]
            at = end
        return [piece for piece in (*found, (self.matched_text[at:], False)) if piece[0]]


@dataclass(frozen=True, slots=True)
class Match:
    """A name or code that answers what was typed, before anybody knows whose it is today."""

    enterprise: int
    text: str  # as written
    how: str
    order: tuple[float, ...] = ()  # among matches of one way: the smaller the better
    spans: Spans = ()  # in `text`
    is_code: bool = False


@cache
def ways() -> dict[str, Text]:
    """All ways in which a text is met, the best first, in words."""
    rows = packaged_rows(__package__, "how.csv")
    return {row["how"]: Text(zh=row["zh"], en=row["en"]) for row in rows}
