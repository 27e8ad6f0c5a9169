"""The master scale: one row of grades for all cards, each from so many points up."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from xinrong.domain.text import Text


@dataclass(frozen=True)
class Grade:
    """A grade, from how many points, and what it means."""

    name: str
    since: int
    meaning: Text


@dataclass(frozen=True)
class MasterScale:
    """Grades from the best to the worst. The worst takes everything below the last but one.

    Raises ValueError for fewer than two grades, a name twice, or grades that do not fall.
    """

    name: str
    grades: tuple[Grade, ...]

    def __post_init__(self) -> None:
        names = [grade.name for grade in self.grades]
        floors = [grade.since for grade in self.grades]
        falling = all(one > other for one, other in pairwise(floors))
        if len(names) < 2 or len(set(names)) != len(names) or not falling:
            raise ValueError(f"{self.name}: grades fall from the best to the worst, each once")

    def grade_of(self, points: int) -> Grade:
        """The grade of a number of points."""
        for grade in self.grades[:-1]:
            if points >= grade.since:
                return grade
        return self.grades[-1]

    def above(self, grade: Grade) -> Grade | None:
        """The next better grade; None for the best."""
        place = self.grades.index(grade)
        return self.grades[place - 1] if place else None

    def steps_between(self, one: Grade, other: Grade) -> int:
        """How many grades lie from one to the other; 0 for the same."""
        return abs(self.grades.index(one) - self.grades.index(other))
