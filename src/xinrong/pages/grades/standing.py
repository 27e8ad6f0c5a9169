"""The grade of one enterprise and why, through the gate: its own, or with its consent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_GET

from xinrong.accounts import perms
from xinrong.domain.clock import SystemClock, day_in_china
from xinrong.domain.text import Text
from xinrong.files.services import is_open
from xinrong.files.types import SIGNS, Objection
from xinrong.pages.bank.opening import ask, is_own, opening_of
from xinrong.pages.context import region, viewer
from xinrong.pages.errors import page
from xinrong.rating import services as rating
from xinrong.subjects import services as subjects


@dataclass(frozen=True)
class Record:
    """A record behind a reason: its category and day in words, and where it stands in the file."""

    category: Text
    day: Any
    address: str
    new: bool  # it came after the grade before
    objection: Objection | None  # what stands beside it


@dataclass(frozen=True)
class Reason:
    """A sentence with the records behind it; `unnamed` are those besides."""

    sentence: rating.Sentence
    records: tuple[Record, ...]
    number: int
    unnamed: int
    objected: int = 0  # under objection beside those that say so themselves


@dataclass(frozen=True)
class Rung:
    """A grade of the scale: whether it is the one, and whether it lies within the range."""

    name: str
    meaning: Text
    here: bool
    within: bool


@require_GET
@page(perms.can_query_files)
def grade(request: HttpRequest, code: str) -> HttpResponse:
    """Grade, range, reasons with their records, what is unknown, what would lift it."""
    who = viewer(request)
    enterprise = subjects.enterprise_by_code(code)
    opening = opening_of(request, who, enterprise)
    if opening is None:
        return ask(request, enterprise, "enterprise-grade")
    today = day_in_china(SystemClock().now())
    context: dict[str, Any] = {"enterprise": enterprise, "opening": opening}
    try:
        release = rating.grade_of(who, enterprise.pk, opening.purpose, opening.stage, as_of=today)
    except (rating.NoCards, rating.CardsNotInForce) as refused:
        context["words"] = refused.words
        return render(request, "pages/grades/none.html", context, status=404)
    except rating.GradeRefused as refused:
        if refused.words is None:
            raise
        context["words"] = refused.words
        return render(request, "pages/grades/none.html", context, status=403)
    context |= {"release": release, "own": is_own(who, enterprise)}
    context |= shown(release.content, enterprise.code)
    return render(request, "pages/grades/standing.html", context)


def shown(found: rating.GradeFile, code: str) -> dict[str, Any]:
    """What the page says of a grade."""
    told = found.told

    def with_records(sentences: tuple[rating.Sentence, ...]) -> list[Reason]:
        return [reason(one, found, code) for one in sentences]

    return {
        "found": found,
        "scored": found.graded.scored,
        "told": told,
        "rungs": rungs(found),
        "counts_for": with_records(told.counts_for),
        "counts_against": with_records(told.counts_against),
        "changed": with_records(told.changed),
        "before": found.before,
        "other_card": rating.OTHER_CARD,
        "never_alone": rating.NEVER_ALONE,
        "object_at": address_of("objections"),
        "repair_at": address_of("repairs"),
    }


def rungs(found: rating.GradeFile) -> list[Rung]:
    """The scale from the best grade to the worst, with the range marked."""
    scored, grades = found.graded.scored, found.book.scale.grades
    first, last = grades.index(scored.highest), grades.index(scored.lowest)
    return [
        Rung(one.name, one.meaning, one == scored.grade, first <= place <= last)
        for place, one in enumerate(grades)
    ]


def reason(one: rating.Sentence, found: rating.GradeFile, code: str) -> Reason:
    """A sentence with links to its records."""
    backing = found.behind.get(one.column)
    if backing is None:
        return Reason(one, (), 0, 0)
    since = found.before.line.seq if found.before else None
    records = tuple(record(each, code, since) for each in backing.newest)
    said = sum(is_open(each.objection) for each in records)
    return Reason(one, records, backing.number, backing.unnamed, backing.objected - said)


def record(one: rating.Named, code: str, since: int | None) -> Record:
    """A record with the address at which the file shows it."""
    narrowed = {"category": one.category, "sign": SIGNS[one.polarity].value}
    if one.day is not None:
        narrowed["year"] = str(one.day.year)
    address = f"{reverse('comprehensive', args=[code])}?{urlencode(narrowed)}#{one.ref}"
    title = region().contracts[one.category].title
    new = since is not None and one.seq > since
    return Record(title, one.day, address, new, one.objection)


def address_of(name: str) -> str:
    """The address of a page, empty where this deployment does not have it."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
