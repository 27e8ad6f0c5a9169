"""The runs of retention, a preview of today's, and the certificate of each."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from xinrong.catalogue.law_terms import record_law
from xinrong.domain.clock import SystemClock, day_in_china
from xinrong.pages import words
from xinrong.pages.context import region
from xinrong.pages.errors import page
from xinrong.remedy.perms import can_see_retention
from xinrong.remedy.services import retention


@dataclass(frozen=True)
class RunRow:
    """One run with its numbers by what was done."""

    run: retention.RetentionRun
    suppressed: int
    erased: int
    lifted: int
    state: str


@dataclass(frozen=True)
class Done:
    """What a run did with the records of a category under one rule."""

    what: object
    category: object
    source: str
    records: int


@require_safe
@page(can_see_retention)
def runs(request: HttpRequest) -> HttpResponse:
    """The last runs, newest first, and whether today's is done."""
    today = day_in_china(SystemClock().now())
    return render(
        request,
        "pages/retention/runs.html",
        {
            "runs": [_row(one) for one in retention.runs()],
            "today": today,
            "due": retention.is_due(today),
            "stuck": retention.stuck(today),
        },
    )


def _row(one: retention.RetentionRun) -> RunRow:
    def total(what: str) -> int:
        return sum(row[3] for row in one.done if row[0] == what)

    state = "ended" if one.ended_at else "stopped" if one.failure else "under_way"
    return RunRow(one, total("suppressed"), total("erased"), total("lifted"), state)


@require_safe
@page(can_see_retention)
def preview(request: HttpRequest) -> HttpResponse:
    """What a run of today would do: counts and references, nothing of any record's content."""
    found = retention.preview(day_in_china(SystemClock().now()))
    return render(
        request,
        "pages/retention/preview.html",
        {
            "preview": found,
            "lines": [(words.of(words.RETENTION_ACTS, line.what), line) for line in found.lines],
            "suppressed": found.records("suppressed"),
            "erased": found.records("erased"),
        },
    )


@require_safe
@page(can_see_retention)
def run(request: HttpRequest, number: int) -> HttpResponse:
    """One run: what was done with which category's records, by which rule."""
    found = _run_of(number)
    return render(
        request,
        "pages/retention/run.html",
        {"row": _row(found), "done": [_done(*one) for one in sorted(found.done)]},
    )


def _done(what: str, category: str, rule: str, records: int) -> Done:
    contract = region().contracts.get(category)
    law = next((one for one in record_law(region()).law.rules if one.id == rule), None)
    source = f"{law.document.title.zh}{law.article}" if law else ""
    title: object = contract.title if contract else category
    return Done(words.of(words.RETENTION_ACTS, what), title, source, records)


@require_safe
@page(can_see_retention)
def certificate(request: HttpRequest, number: int) -> HttpResponse:
    """The signed certificate of a run, as a file."""
    found = _run_of(number)
    if found.certificate is None:
        raise Http404
    name = f"retention-{found.day}-{found.pk}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return JsonResponse(found.certificate, headers=headers)


def _run_of(number: int) -> retention.RetentionRun:
    found = retention.run_of(number)
    if found is None:
        raise Http404
    return found
