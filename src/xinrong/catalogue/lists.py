"""Red and black lists and joint measures of a region, as its authors write them.

`regions/<region>/lists/<list>.yaml` says of each list on which law it rests, who may enter whom for
what, how long the notice before is, how long an entry is shown, how one gets off, and what of it is
public. `measures.yaml` says what may follow from an entry: what it does not name cannot be applied.
Each document names how well it is known that it says so.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Literal, Self

from pydantic import Field, model_validator

from xinrong.catalogue.contract import Strict
from xinrong.catalogue.law_packs import WrittenPeriod
from xinrong.domain.law import Evidence, Period
from xinrong.domain.text import Text

#: What a list may show of an entry to everybody.
PublicField = Literal[
    "enterprise", "code", "ground", "department", "entered_on", "shown_until", "responsible"
]
NAME = r"^[a-z][a-z0-9_]*$"
#: Names of lists also name their process, and are kept in rows.
LONGEST_NAME = 40


class Colour(StrEnum):
    """Whether a list speaks for those on it, or against them."""

    RED = "red"
    BLACK = "black"


class Sense(StrEnum):
    """What a measure does: reward on red lists, punish on black ones."""

    REWARD = "reward"
    SANCTION = "sanction"

    @property
    def colour(self) -> Colour:
        """The lists on which it may be."""
        return Colour.RED if self is Sense.REWARD else Colour.BLACK


class ExitKind(StrEnum):
    """How an entry ends.

    The last three hold for every list, whatever its file says: a decision that was wrong is taken
    back, and nothing stands on a record that was repaired or is no more.
    """

    EXPIRED = "expired"  # its display period is over
    FULFILLED = "fulfilled"  # what was owed is done
    RESTRUCTURED = "restructured"  # a reorganisation or settlement in insolvency
    DISQUALIFIED = "disqualified"  # on a red list: what it was for holds no longer
    REVOKED = "revoked"  # the department takes its decision back
    REPAIRED = "repaired"  # the record it rests on was repaired
    BASIS_GONE = "basis_gone"  # that record was erased, taken back, or may be shown no more


#: Those of every list.
ALWAYS = (ExitKind.REVOKED, ExitKind.REPAIRED, ExitKind.BASIS_GONE)


class Cited(Strict):
    """A document, its article, and how well it is known that it says this."""

    document: str = Field(min_length=1)
    article: str = ""
    evidence: Evidence

    @property
    def sourced(self) -> bool:
        """Whether it was read in the text itself, and where."""
        return self.evidence is Evidence.VERIFIED and bool(self.article)

    def __str__(self) -> str:
        return " ".join(part for part in (self.document, self.article) if part)


class Clocked(WrittenPeriod):
    """A length of time and what it rests on."""

    source: Cited

    @property
    def period(self) -> Period:
        """The length. Raises ValueError for working days mixed with others."""
        return Period(self.years, self.months, self.days, self.working_days)

    @property
    def runs(self) -> bool:
        """Whether it is longer than nothing."""
        return self.period != Period()


class Ground(Strict):
    """For what somebody is entered: a record of `category` of which the criterion says yes.

    `criterion` is one of the region's over events of that category.
    """

    id: str = Field(pattern=NAME, max_length=LONGEST_NAME)
    title: Text
    category: str
    criterion: str
    source: Cited


class Exit(Strict):
    """One way off the list.

    `after`: not before so long after the entry, or (`start: settled`) after the record it rests on
    was settled, which is its end date.
    """

    kind: ExitKind
    title: Text
    how: Text  # what the enterprise does, and what then happens
    after: WrittenPeriod = WrittenPeriod()
    start: Literal["entered", "settled"] = "entered"
    source: Cited

    @property
    def earliest(self) -> Period:
        """How long it takes at least."""
        return Period(**self.after.model_dump())


class Publicity(Strict):
    """What everybody sees of a list.

    Whoever is a person is withheld, unless `persons` names an article that publishes them.
    """

    shown: bool
    fields: tuple[PublicField, ...] = ()
    persons: Cited | None = None
    source: Cited


class Responsible(Strict):
    """Whether an entry names the persons responsible, and on which law."""

    named: bool
    source: Cited


class CreditList(Strict):
    """A red or a black list."""

    list: str = Field(pattern=NAME, max_length=LONGEST_NAME)
    version: int = Field(default=1, ge=1)
    colour: Colour
    title: Text
    description: Text
    basis: tuple[Cited, ...] = Field(min_length=1)
    departments: tuple[str, ...] = Field(min_length=1)
    grounds: tuple[Ground, ...] = Field(min_length=1)
    notice: Clocked  # between the notice and the decision: the time for a statement
    decision: Clocked  # in which the department decides after that, or it has dropped it
    display: Clocked  # from the decision
    answer: Clocked  # in which the department answers who asks to be taken off
    exits: tuple[Exit, ...] = Field(min_length=1)
    publicity: Publicity
    responsible: Responsible
    law_kind: str = ""  # the kind of information under which the law packs' display rules know it

    def ground(self, name: str) -> Ground | None:
        """The ground of that name."""
        return next((one for one in self.grounds if one.id == name), None)

    def exit(self, kind: str) -> Exit | None:
        """The way off of that kind, None for those of every list."""
        return next((one for one in self.exits if one.kind == kind), None)

    @property
    def exit_kinds(self) -> tuple[ExitKind, ...]:
        """Every way off, those of every list last."""
        return (*(one.kind for one in self.exits), *ALWAYS)

    @property
    def unsourced(self) -> tuple[Cited, ...]:
        """What it rests on that was not read in the text itself, each once."""
        cited = (
            *self.basis,
            *(one.source for one in self.grounds),
            *(one.source for one in (self.notice, self.decision, self.display, self.answer)),
            *(one.source for one in self.exits),
            self.publicity.source,
            self.responsible.source,
        )
        return tuple(
            dict.fromkeys(
                one for one in cited if not one.sourced and one.evidence is not Evidence.AGREED
            )
        )


class Edition(Strict):
    """An edition of the catalogue of measures: from when to when what it names may be applied."""

    edition: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=LONGEST_NAME)
    title: Text
    published_on: date
    in_force: date
    until: date | None = None
    source: Cited

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.until is not None and self.until < self.in_force:
            raise ValueError(f"it ends on {self.until}, before {self.in_force}")
        return self

    def holds_on(self, on: date) -> bool:
        """Whether it is in force on a day and has been published by then."""
        begun = self.in_force <= on and self.published_on <= on
        return begun and (self.until is None or on <= self.until)


class Measure(Strict):
    """What a department may do because of an entry, and what that changes for the enterprise."""

    id: str = Field(pattern=NAME, max_length=LONGEST_NAME)
    title: Text
    sense: Sense
    editions: tuple[str, ...] = Field(min_length=1)
    lists: tuple[str, ...] = Field(min_length=1)
    departments: tuple[str, ...] = Field(min_length=1)
    effect: Text
    basis: tuple[Cited, ...] = Field(min_length=1)
    remedy: Text  # where whoever it meets can turn to


class MeasureFile(Strict):
    """measures.yaml: the editions and the measures."""

    editions: tuple[Edition, ...] = Field(min_length=1)
    measures: tuple[Measure, ...] = Field(min_length=1)

    def edition(self, name: str) -> Edition | None:
        """The edition of that name."""
        return next((one for one in self.editions if one.edition == name), None)

    def editions_of(self, measure: Measure, on: date) -> tuple[Edition, ...]:
        """The editions that name a measure and hold on a day, the newest first."""
        found = [
            one for one in self.editions if one.edition in measure.editions and one.holds_on(on)
        ]
        return tuple(sorted(found, key=lambda one: one.in_force, reverse=True))
