"""The class of one enterprise: the first that it meets, with the reasons of every one.

The rule, in words:

1. Whoever the population leaves out is in no class ("outside").
2. Classes are asked in order. The first that says yes is primary, if every one before it says no.
3. Where one cannot be told before any has said yes, the answer is "cannot tell": unknown is never
   laundered into a later class. The answer then names what is undecided, and the class that it is
   in at the latest, where there is one.
4. Where all say no it is "none".
5. Later classes that say yes are kept beside the primary one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any

from django.conf import settings

from xinrong.domain.criteria import (
    Explainer,
    Explanation,
    MissingReason,
    Outcome,
    parse,
)
from xinrong.domain.criteria.tree import columns_of, leaves
from xinrong.domain.standards.size import SizeClass
from xinrong.domain.text import Text
from xinrong.profiles.classes.definitions import (
    CANNOT_TELL,
    NONE,
    OUTSIDE,
    ClassBook,
    ClassDefinition,
    classes_now,
)
from xinrong.profiles.classes.sizes import (
    SIZES,
    Answered,
    class_schema,
    reads,
    size_of,
    sizes_of,
)
from xinrong.profiles.criteria.answering import reasons_of
from xinrong.profiles.reading import profile_of
from xinrong.store.services import Snapshot, snapshot

_NO_REASONS: Mapping[str, MissingReason] = MappingProxyType({})
_ANSWERS = {Outcome.YES: True, Outcome.NO: False, Outcome.UNKNOWN: None}


@dataclass(frozen=True)
class Judged:
    """One class and what it says of the enterprise, with the reasons."""

    definition: ClassDefinition
    explanation: Explanation

    @property
    def answer(self) -> bool | None:
        """Yes, no, or None: it cannot be told."""
        return _ANSWERS[self.explanation.outcome]


@dataclass(frozen=True)
class Assigned:
    """Where an enterprise stands among the classes.

    `primary` is a class, "none", "cannot_tell" or "outside". `met` are all classes that say yes,
    in order; `undecided` those that cannot be told and come before the first of them.
    """

    book: ClassBook
    as_of: date
    primary: str
    met: tuple[str, ...]
    undecided: tuple[str, ...]
    judged: tuple[Judged, ...]
    population: Explanation | None
    size: SizeClass | None

    @property
    def also(self) -> tuple[str, ...]:
        """The classes that it meets besides the primary one."""
        return tuple(one for one in self.met if one != self.primary)

    @property
    def at_the_latest(self) -> str:
        """Where it cannot be told: the class that it would be in if no earlier one held; or ""."""
        return self.met[0] if self.primary == CANNOT_TELL and self.met else ""


def primary_of(population: Answered, answers: Iterable[tuple[str, Answered]]) -> str:
    """The one answer that follows from those of the population and of the classes in order."""
    if population is not True:
        return OUTSIDE if population is False else CANNOT_TELL
    for name, answer in answers:
        if answer is not False:
            return name if answer else CANNOT_TELL
    return NONE


@cache
def explainer(region: str, text: str) -> Explainer:
    """A text of the classes, compiled. Raises CriterionRefused."""
    return Explainer(parse(text, class_schema(region)))


@dataclass(frozen=True)
class Asked:
    """A column that a class asks about; `indicator`: it has a page of its own."""

    name: str
    title: Text
    indicator: bool


def columns_asked(one: ClassDefinition, on: date) -> tuple[Asked, ...]:
    """The columns that a class asks about on a day, in the order of its text."""
    version = one.in_force(on)
    if version is None:
        return ()
    condition = explainer(settings.REGION, version.text).expression.condition
    found = [column for leaf in leaves(condition) for column in columns_of(leaf)]
    return tuple(
        Asked(column.name, column.title, column.name not in SIZES)
        for column in dict.fromkeys(found)
    )


def assign(
    values: Mapping[str, Any],
    as_of: date,
    reasons: Mapping[str, MissingReason] = _NO_REASONS,
    book: ClassBook | None = None,
) -> Assigned:
    """The class of an enterprise with this profile on a day.

    Raises CriterionMisused where a class is not in force on that day.
    """
    region = settings.REGION
    book = book or classes_now().book
    row = {**values, **sizes_of(region, values, as_of)}
    why = {**reasons, **_of_sizes(region, values, reasons)}
    population = None
    if book.population is not None:
        population = explainer(region, book.population.text).explain(row, as_of, why)
    judged = tuple(
        Judged(one, explainer(region, one.must_hold(as_of).text).explain(row, as_of, why))
        for one in book.classes
    )
    answers = [(one.definition.id, one.answer) for one in judged]
    inside = True if population is None else _ANSWERS[population.outcome]
    met = tuple(name for name, answer in answers if answer)
    first = next((at for at, (_, answer) in enumerate(answers) if answer), len(answers))
    return Assigned(
        book=book,
        as_of=as_of,
        primary=primary_of(inside, answers),
        met=met if inside is not False else (),
        undecided=tuple(name for name, answer in answers[:first] if answer is None),
        judged=judged,
        population=population,
        size=size_of(values, as_of) if reads(region) else None,
    )


def _of_sizes(
    region: str, values: Mapping[str, Any], reasons: Mapping[str, MissingReason]
) -> dict[str, MissingReason]:
    """A size is missing for the reason of the first of its facts that is."""
    inputs = reads(region)
    if not inputs:
        return dict.fromkeys(SIZES, MissingReason.NO_FEED)
    lacking = next((name for name in inputs if values.get(name) is None), "")
    return dict.fromkeys(SIZES, reasons.get(lacking, MissingReason.NOT_KNOWN))


def primary_class(enterprise: int, as_of: date, *, snap: Snapshot | None = None) -> Assigned:
    """The class of one enterprise on a day, as of a snapshot. Nothing here is released."""
    if snap is None:
        with snapshot() as opened:
            return primary_class(enterprise, as_of, snap=opened)
    row = profile_of(enterprise, snap, as_of)
    return assign(row.values, as_of, reasons_of(row))
