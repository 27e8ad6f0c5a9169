"""The answer: asked in short parts, so that each leaves as soon as it is released."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xinrong.accounts.services import Viewer
from xinrong.files import perms
from xinrong.files import services as files
from xinrong.pages.bank.batch_query import words
from xinrong.pages.bank.batch_query.sealed import (
    Line,
    Plan,
    line_of,
    lines_of,
    plan_of,
    seal_lines,
)
from xinrong.pages.context import viewer
from xinrong.pages.errors import asked_by_htmx, page
from xinrong.pages.paging import number
from xinrong.pages.sheets import csv_answer, xlsx_answer
from xinrong.pages.words import PURPOSES, STAGES, of, said
from xinrong.trust.services import Denied, Standing, handing_over

KNOWN = (files.Fate.CLIENT, files.Fate.NO_CONSENT)
#: Enterprises of a part: a fifth of a second, well within that after which a release is asked
#: about again.
PART = 25


@require_POST
@page(perms.can_ask_batches)
def ask(request: HttpRequest) -> HttpResponse:
    """The first part with the page around it; further parts for htmx; all at once without it."""
    who = viewer(request)
    plan = plan_of(who, request.POST.get("plan", ""))
    left_out = request.POST.get("about") != "all"
    asked = [row for row in plan.asked if not left_out or row.fate == files.Fate.CLIENT]
    start = number(request.POST.get("start", ""), 0, files.MOST_IN_BATCH) or 0
    size = files.MOST_IN_BATCH if request.POST.get("whole") == "yes" else PART
    part = asked[start : start + size]
    lines = [line_of(one) for one in _asked(who, part, plan)]
    following = start + len(part)
    context = {
        "lines": lines,
        "part": seal_lines(who, plan.bundle, lines) if lines else "",
        "plan": request.POST["plan"],
        "about": "clients" if left_out else "all",
        "next": following if following < len(asked) else 0,
        "done": following,
        "total": len(asked),
        "finding_icons": words.FINDING_ICONS,
        "findings": words.FINDINGS,
        "refusals": words.REFUSALS,
    }
    if asked_by_htmx(request):
        return render(request, "pages/bank/batch_part.html", context)
    return render(request, "pages/bank/batch_answer.html", context | _around(plan, asked, lines))


def _asked(who: Viewer, part: list[files.ListedRow], plan: Plan) -> list[files.AskedRow]:
    if not part:
        return []
    return list(files.ask_about(who, part, plan.question, bundle=plan.bundle))


def _around(plan: Plan, asked: list[files.ListedRow], lines: list[Line]) -> dict[str, Any]:
    """What the page says besides the lines: the sum, and the rows that nobody was asked about."""
    going = {row.enterprise for row in asked}
    others = [row for row in plan.rows if row.fate not in KNOWN or row.enterprise not in going]
    counted = [line.status for line in lines]
    fates = [row.fate.value for row in others]
    tally = [
        ("answered", _("answered"), counted.count("answered")),
        ("denied", _("refused"), counted.count("denied")),
        ("unknown", _("unknown here"), fates.count("unknown")),
        ("faulty", _("not a code"), fates.count("faulty")),
        ("duplicate", _("twice"), fates.count("duplicate")),
    ]
    left_out = fates.count("no_consent")
    if left_out:
        tally.append(("left_out", _("left out"), left_out))
    return {
        "question": plan.question,
        "bundle": plan.bundle,
        "rows_in": len(plan.rows),
        "tally": tally,
        "others": others,
        "fates": words.FATES,
        "icons": words.FATE_ICONS,
    }


@require_POST
@page(perms.can_ask_batches)
def sheet(request: HttpRequest) -> HttpResponse:
    """What was answered as CSV or XLSX; what may no longer be handed over is left blank."""
    who = viewer(request)
    plan = plan_of(who, request.POST.get("plan", ""))
    found: dict[str, Line] = {}
    for token in request.POST.getlist("part")[: files.MOST_IN_BATCH]:
        found |= {line.code: line for line in lines_of(who, plan.bundle, token)}
    lines = _standing(who, list(found.values()))
    others = [row for row in plan.rows if row.fate not in KNOWN or row.code not in found]
    lines += [line_of(files.not_asked(row)) for row in others]
    lines.sort(key=lambda line: line.row_no)
    rows = [_cells(line, plan) for line in lines]
    name = f"batch-{plan.bundle[:8]}"
    if request.POST.get("as") == "xlsx":
        return xlsx_answer(f"{name}.xlsx", _("Batch query"), _headings(), rows)
    return csv_answer(f"{name}.csv", _headings(), rows)


def _standing(who: Viewer, lines: list[Line]) -> list[Line]:
    """The lines that may be handed over still; of the others only that their consent ended.

    Raises Denied when the viewer no longer acts in the role.
    """
    now = timezone.now()
    every = frozenset(consent for line in lines for consent in line.consents)
    try:
        handing_over(Standing(who, every, now))
    except Denied as refusal:
        if refusal.code != "denied_revoked":
            raise
    else:
        return lines
    kept = []
    for line in lines:
        try:
            handing_over(Standing(who, frozenset(line.consents), now))
            kept.append(line)
        except Denied as refusal:
            if refusal.code != "denied_revoked":
                raise
            kept.append(
                Line(
                    line.row_no,
                    line.text,
                    line.code,
                    line.name,
                    "ended",
                    refusal.code,
                    line.audit_id,
                )
            )
    return kept


def _headings() -> list[str]:
    return [
        _("Row"),
        _("As it was listed"),
        _("Code"),
        _("Enterprise"),
        _("Result"),
        _("Finding"),
        _("Why"),
        _("Covered sources"),
        _("Without a negative record"),
        _("Withheld sources"),
        _("Out of date"),
        _("Records"),
        _("Positive"),
        _("Negative"),
        _("Under objection"),
        _("Last negative one"),
        _("Number in the log"),
        _("For what"),
        _("Stage"),
    ]


def _cells(line: Line, plan: Plan) -> list[Any]:
    figures, question = line.figures, plan.question
    counts: list[Any] = [""] * 9
    if figures is not None:
        counts = [
            figures.covered,
            figures.clean,
            figures.withheld,
            figures.stale,
            figures.records,
            figures.positive,
            figures.negative,
            figures.objected,
            figures.latest_negative.isoformat() if figures.latest_negative else "",
        ]
    return [
        line.row_no,
        line.text,
        line.code,
        line.name,
        str(of(words.STATUSES, line.status)),
        str(of(words.FINDINGS, figures.finding)) if figures else "",
        _why(line),
        *counts,
        line.audit_id or "",
        str(of(PURPOSES, question.purpose)),
        str(of(STAGES, question.stage)) if question.stage else "",
    ]


def _why(line: Line) -> str:
    """Why there is no answer, in the reader's language."""
    if line.why is not None:
        return said(line.why)
    if line.first_row:
        return _("the same enterprise as in row %(row)s") % {"row": line.first_row}
    return words.refusal(line.error) if line.error else ""
