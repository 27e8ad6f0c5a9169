"""Verbs of key projects: keep the list, read it, begin a need for one, and the figures."""

from __future__ import annotations

from xinrong.market.projects.figures import FIGURES, ProjectFigure, Published, published
from xinrong.market.projects.finding import (
    Applied,
    NeedTold,
    is_listed,
    needs_told,
    project_for,
    projects_for,
    projects_on,
)
from xinrong.market.projects.keeping import LONGEST_WHY, Owner, add, check_new, correct, end
from xinrong.market.projects.models import KeyProject, ProjectChange, ProjectNeed
from xinrong.market.projects.reading import FIELDS, LONGEST, TITLES, Listing, read_listing
from xinrong.market.projects.sheets import (
    HEADINGS,
    MOST_ROWS,
    SheetRead,
    SheetRow,
    enter_sheet,
    read_sheet,
    rows_of,
    unknown_code,
)
from xinrong.market.projects.stating import begin_need

__all__ = [
    "FIELDS",
    "FIGURES",
    "HEADINGS",
    "LONGEST",
    "LONGEST_WHY",
    "MOST_ROWS",
    "TITLES",
    "Applied",
    "KeyProject",
    "Listing",
    "NeedTold",
    "Owner",
    "ProjectChange",
    "ProjectFigure",
    "ProjectNeed",
    "Published",
    "SheetRead",
    "SheetRow",
    "add",
    "begin_need",
    "check_new",
    "correct",
    "end",
    "enter_sheet",
    "is_listed",
    "needs_told",
    "project_for",
    "projects_for",
    "projects_on",
    "published",
    "read_listing",
    "read_sheet",
    "rows_of",
    "unknown_code",
]
