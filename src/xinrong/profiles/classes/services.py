"""Verbs of classes: which there are, where an enterprise stands, who needs and has finance."""

from __future__ import annotations

from xinrong.profiles.classes.assigning import (
    Asked,
    Assigned,
    Judged,
    assign,
    columns_asked,
    primary_class,
)
from xinrong.profiles.classes.batching import classes_of_all
from xinrong.profiles.classes.definitions import (
    CANNOT_TELL,
    NONE,
    OUTSIDE,
    ClassBook,
    RegionClasses,
    classes_now,
    has_own,
    load_classes,
)
from xinrong.profiles.classes.errors import ClassesBroken, ClassesRefused
from xinrong.profiles.classes.financing import can_be_made, figures
from xinrong.profiles.classes.linting import lint_classes
from xinrong.profiles.classes.publishing import (
    Financing,
    FinancingAsk,
    Line,
    can_monitor,
    financing,
)
from xinrong.profiles.classes.released import class_in

__all__ = [
    "CANNOT_TELL",
    "NONE",
    "OUTSIDE",
    "Asked",
    "Assigned",
    "ClassBook",
    "ClassesBroken",
    "ClassesRefused",
    "Financing",
    "FinancingAsk",
    "Judged",
    "Line",
    "RegionClasses",
    "assign",
    "can_be_made",
    "can_monitor",
    "class_in",
    "classes_now",
    "classes_of_all",
    "columns_asked",
    "figures",
    "financing",
    "has_own",
    "lint_classes",
    "load_classes",
    "primary_class",
]
