"""Words of lists, and entries and measures as a page shows them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xinrong.catalogue.lists import Cited
from xinrong.domain.law import Period
from xinrong.domain.text import Text
from xinrong.pages.context import region
from xinrong.pages.words import Words, of
from xinrong.remedy.services import listing

COLOURS: Words = {"red": _("Red list"), "black": _("Black list")}
STATES: Words = {
    "noticed": _("told, not decided"),
    "dropped": _("not entered"),
    "entered": _("on the list"),
    "suspended": _("suspended while an objection is checked"),
    "ended": _("off the list"),
}
EXITS: Words = {
    "expired": _("its time is over"),
    "fulfilled": _("done what was owed"),
    "restructured": _("restructured"),
    "disqualified": _("no longer qualifies"),
    "revoked": _("the decision was taken back"),
    "repaired": _("its basis was repaired"),
    "basis_gone": _("its basis is gone"),
}
MEASURES: Words = {
    "applied": _("applied"),
    "suspended": _("suspended"),
    "ended": _("ended"),
}
EVIDENCE: Words = {
    "verified": _("read in the text"),
    "secondary": _("from accounts of it, not verified"),
    "known": _("general knowledge, not verified"),
    "uncertain": _("uncertain, not verified"),
    "agreed": _("a rule of this platform"),
}
OUTCOMES: Words = {"yes": _("meets it"), "no": _("does not meet it"), "unknown": _("cannot tell")}


@dataclass(frozen=True)
class Source:
    """A document and article, with how well it is known."""

    words: str
    mark: Promise | str
    sourced: bool


@dataclass(frozen=True)
class Measured:
    """A measure on an entry in words."""

    number: int
    title: Text
    effect: Text
    remedy: Text
    department: Text
    basis: tuple[Source, ...]
    row: listing.ShownMeasure
    state: Promise | str


@dataclass(frozen=True)
class Entered:
    """An entry in words."""

    row: listing.ShownEntry
    list: listing.CreditList
    ground: Text
    ground_source: Source | None
    department: Text
    state: Promise | str
    left: Promise | str
    measures: tuple[Measured, ...]


def source_of(cited: Cited) -> Source:
    """A source in words."""
    return Source(str(cited), of(EVIDENCE, str(cited.evidence)), cited.sourced)


def department_of(name: str) -> Text:
    """The words of a department."""
    found = region().departments.get(name)
    return found.title if found else Text(zh=name, en=name)


def entered(row: listing.ShownEntry) -> Entered:
    """An entry in words."""
    one = listing.list_of(row.list)
    ground = one.ground(row.ground)
    return Entered(
        row,
        one,
        ground.title if ground else Text(zh=row.ground, en=row.ground),
        source_of(ground.source) if ground else None,
        department_of(row.department),
        of(STATES, row.state),
        of(EXITS, row.ended_by) if row.ended_by else "",
        tuple(_measured(each) for each in row.measures),
    )


def _measured(row: listing.ShownMeasure) -> Measured:
    known = listing.book().measures.get(row.measure)
    bare = Text(zh=row.measure, en=row.measure)
    nothing = Text(zh="", en="")
    return Measured(
        row.number,
        known.title if known else bare,
        known.effect if known else nothing,
        known.remedy if known else nothing,
        department_of(row.department),
        tuple(source_of(one) for one in known.basis) if known else (),
        row,
        of(MEASURES, row.state),
    )


def length(period: Period) -> Text:
    """A period in words."""
    parts = [
        (period.years, "年", "year"), (period.months, "个月", "month"), (period.days, "日", "day"),
        (period.working_days, "个工作日", "working day"),
    ]  # fmt: skip
    zh = "".join(f"{count}{name}" for count, name, _en in parts if count)
    return Text(zh=zh or "即时", en=str(period))
