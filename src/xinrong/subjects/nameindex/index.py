"""The names of all enterprises: what lies on disk, and what came since, as one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from xinrong.subjects.nameindex import asking
from xinrong.subjects.nameindex.codes import Codes
from xinrong.subjects.nameindex.folder import Mark, keep, read
from xinrong.subjects.nameindex.making import rows_of, segment_of
from xinrong.subjects.nameindex.segment import Segment


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name that may be the one meant, and whose it is.

    `enterprise` is the one with which the name came: after a merge another may answer for it.
    `shared`: twice the rarity of the pairs of signs that both names hold, by the rarity of all
    pairs of both; 1 when both hold the same pairs. 0 where that was not asked.
    """

    enterprise: int
    name: str
    folded: str
    shared: float


@dataclass(frozen=True)
class NameIndex:
    """Present and former names of enterprises. The first segment says which pairs are rare."""

    segments: tuple[Segment, ...]
    codes: Codes | None = None  # of enterprises up to `coded`; later ones are in the database
    coded: int = 0

    def __len__(self) -> int:
        return sum(len(segment) for segment in self.segments)

    def near(self, folded: str, limit: int) -> list[Candidate]:
        """The names that share most, by rarity, with a folded name: best first.

        The names that hold its rarer pairs of signs are looked at; a name that shares nothing but
        pairs that a large part of the register holds is not found.
        """
        rare = max(self.segments, key=len, default=None)
        found = [
            candidate(segment, one.number, one.shared)
            for segment in self.segments
            for one in asking.near(segment, folded, limit, rare)
        ]
        found.sort(key=lambda one: (-one.shared, one.folded, one.enterprise))
        return found[:limit]

    def containing(self, fragment: str, limit: int) -> list[Candidate]:
        """The names that contain a folded fragment of any length: equal, beginning, shorter first.

        Every name that contains it is found, up to `limit`.
        """
        found = [
            candidate(segment, int(number))
            for segment in self.segments
            for number in asking.containing(segment, fragment, limit)
        ]
        return sorted(found, key=lambda one: _rank(one, fragment))[:limit]


def _rank(one: Candidate, fragment: str) -> tuple[bool, int, str, int]:
    return not one.folded.startswith(fragment), len(one.folded), one.folded, one.enterprise


def candidate(segment: Segment, number: int, shared: float = 0.0) -> Candidate:
    """A name of a segment as a candidate."""
    return Candidate(
        int(segment.enterprises[number]), segment.name(number), segment.folded(number), shared
    )


def build(rows: Iterable[tuple[int, str]], folder: Path, mark: Mark | None = None) -> NameIndex:
    """Make an index of (enterprise number, name) in a folder and open it. Needs no database."""
    keep(segment_of(rows_of(rows)), folder, mark)
    return open_folder(folder)


def open_folder(folder: Path) -> NameIndex:
    """The index that lies in a folder; an empty one when none does."""
    found = read(folder)
    return NameIndex((found.segment,) if found else ())
