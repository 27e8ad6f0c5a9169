"""Verbs of rating: the scorecards and their versions, the grade of one enterprise and of all.

`grade_of` asks the gate and is what a person is shown. `grade_now` and `grades_of_all` release
nothing to anybody: other capabilities read them. `build_grades` and `keep_grades` keep the grades
of all; `versions` has the life of a version.
"""

from __future__ import annotations

from xinrong.rating.backing import Backing, Named
from xinrong.rating.cards import (
    FORMAT,
    CardBook,
    book_from_json,
    is_graded,
    lint_cards,
    load_cards,
)
from xinrong.rating.errors import (
    CardsBroken,
    CardsNotInForce,
    CardsRefused,
    CardsTampered,
    GradeRefused,
    NoCards,
)
from xinrong.rating.grading import Graded, grade, grade_now
from xinrong.rating.kept.building import build_grades, current_grades
from xinrong.rating.kept.following import keep_grades
from xinrong.rating.kept.history import OTHER_CARD
from xinrong.rating.perms import can_manage_cards
from xinrong.rating.products import GradeFile, Grades, grade_of
from xinrong.rating.scanning import grades_of_all, grades_sql
from xinrong.rating.telling import NEVER_ALONE, Laid, Sentence, Told, laid_down, tell
from xinrong.rating.versions import services as versions
from xinrong.rating.versions.standing import Standing, in_force

__all__ = [
    "FORMAT",
    "NEVER_ALONE",
    "OTHER_CARD",
    "Backing",
    "CardBook",
    "CardsBroken",
    "CardsNotInForce",
    "CardsRefused",
    "CardsTampered",
    "GradeFile",
    "GradeRefused",
    "Graded",
    "Grades",
    "Laid",
    "Named",
    "NoCards",
    "Sentence",
    "Standing",
    "Told",
    "book_from_json",
    "build_grades",
    "can_manage_cards",
    "current_grades",
    "grade",
    "grade_now",
    "grade_of",
    "grades_of_all",
    "grades_sql",
    "in_force",
    "is_graded",
    "keep_grades",
    "laid_down",
    "lint_cards",
    "load_cards",
    "tell",
    "versions",
]
