"""Where one enterprise stands among the classes and why, from what the gate releases of it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from xinrong.accounts import perms
from xinrong.domain.clock import SystemClock, day_in_china
from xinrong.domain.criteria import OUTCOME_WORDS
from xinrong.domain.text import Text
from xinrong.pages.bank.opening import ask, opening_of
from xinrong.pages.context import viewer
from xinrong.pages.errors import page
from xinrong.profiles.services import classes, indicators_of
from xinrong.subjects import services as subjects


@dataclass(frozen=True)
class Row:
    """A class and what it says of the enterprise: yes, no, or that it cannot be told."""

    title: Text
    outcome: str
    words: Text
    sentences: list[str]
    role: str  # "primary", "also", "undecided" or ""


@require_GET
@page(perms.can_query_files)
def standing(request: HttpRequest, code: str) -> HttpResponse:
    """The primary class, those met beside it, and every class with its reasons."""
    who = viewer(request)
    enterprise = subjects.enterprise_by_code(code)
    opening = opening_of(request, who, enterprise)
    if opening is None:
        return ask(request, enterprise, "enterprise-class")
    today = day_in_china(SystemClock().now())
    release = indicators_of(who, enterprise.pk, opening.purpose, opening.stage, as_of=today)
    found = classes.class_in(release.content)
    book = found.book
    context = {
        "enterprise": enterprise,
        "opening": opening,
        "release": release,
        "content": release.content,
        "found": found,
        "own": classes.classes_now().own,
        "title": book.named(found.primary),
        "note": {classes.NONE: book.none.note, classes.CANNOT_TELL: book.cannot_tell.note}.get(
            found.primary
        ),
        "also": [book.named(one) for one in found.also] if not found.at_the_latest else [],
        "at_the_latest": book.named(found.at_the_latest) if found.at_the_latest else None,
        "rows": rows_of(found),
    }
    return render(request, "pages/classes/standing.html", context)


def rows_of(found: classes.Assigned) -> list[Row]:
    """Every class in its order."""
    language = get_language() or "zh-hans"
    made = []
    for one in found.judged:
        name, explained = one.definition.id, one.explanation
        role = "primary" if name == found.primary else ""
        role = role or ("also" if name in found.met else "")
        role = role or ("undecided" if name in found.undecided else "")
        words = OUTCOME_WORDS[explained.outcome]
        sentences = explained.sentences(language)
        made.append(Row(one.definition.title, str(explained.outcome), words, sentences, role))
    return made
