"""The list: typed, pasted or in a file, and what it is before anybody is asked about."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from xinrong.accounts.services import Viewer
from xinrong.collect import services as collect
from xinrong.domain.errors import XinrongError
from xinrong.files import perms
from xinrong.files import services as files
from xinrong.pages.bank.batch_query import words
from xinrong.pages.bank.batch_query.sealed import seal_plan
from xinrong.pages.context import region, viewer
from xinrong.pages.errors import page
from xinrong.pages.words import STAGES, of, said
from xinrong.trust.services import Service, Stage, purposes_of

#: Rows of a list that are looked at, and signs of a pasted one.
MOST_ROWS = 5_000
LONGEST_PASTE = 400_000
#: Rows that the page shows; those with something to mend come first.
SHOWN = 1_000
ORDER = ("faulty", "unknown", "duplicate", "no_consent", "client")


class FormRefused(XinrongError):
    """The form lacks something; the message is in the reader's language."""

    code = "batch_form"


@require_GET
@page(perms.can_ask_batches)
def form(request: HttpRequest) -> HttpResponse:
    """What to ask for, at which stage, about whom."""
    return _form(request)


def _form(request: HttpRequest, error: str = "", *, status: int = 200) -> HttpResponse:
    who = viewer(request)
    return render(
        request,
        "pages/bank/batch_query.html",
        {
            "services": [(key, *both) for key, both in words.SERVICES.items()],
            "stages": [(stage.value, of(STAGES, stage)) for stage in Stage] if staged(who) else [],
            "chosen": request.POST.get("service", "signs"),
            "stage": request.POST.get("stage", ""),
            "codes": request.POST.get("codes", "")[:LONGEST_PASTE],
            "most": files.MOST_IN_BATCH,
            "needed": bool(region().consents),
            "error": error,
        },
        status=status,
    )


def staged(who: Viewer) -> bool:
    """Whether this viewer names a stage: lenders and guarantors do."""
    return who.role != "adviser"


@require_POST
@page(perms.can_ask_batches)
def listed(request: HttpRequest) -> HttpResponse:
    """What the list is: who is a client with consent, what is no code. Nobody is asked about."""
    who = viewer(request)
    try:
        question = question_of(request, who)
        entries = entries_in(request)
    except FormRefused as error:
        return _form(request, error.wrong, status=422)
    except collect.FileError as error:
        return _form(request, said(error.words), status=422)
    now = timezone.now()
    rows = files.sort_out(entries, who, question.purpose, question.stage, now=now)
    files.log_listed(who, rows)
    return _preview(request, who, question, rows)


def _preview(
    request: HttpRequest, who: Viewer, question: files.Question, rows: list[files.ListedRow]
) -> HttpResponse:
    counted = Counter(row.fate.value for row in rows)
    over = over_asked(rows)
    shown = sorted(rows, key=lambda row: (ORDER.index(row.fate.value), row.row_no))
    return render(
        request,
        "pages/bank/batch_list.html",
        {
            "question": question,
            "rows": shown[:SHOWN],
            "more": max(0, len(rows) - SHOWN),
            "tally": [(key, of(words.FATES, key), counted[key]) for key in reversed(ORDER)],
            "total": len(rows),
            "clients": counted["client"],
            "others": counted["no_consent"],
            "over": over,
            "most": files.MOST_IN_BATCH,
            "plan": "" if over else seal_plan(who, question, rows),
            "icons": words.FATE_ICONS,
            "fates": words.FATES,
        },
        status=422 if over else 200,
    )


def over_asked(rows: list[files.ListedRow]) -> dict[str, Any] | None:
    """How the list is to be parted when it asks about too many at once."""
    known = [row for row in rows if row.enterprise and row.fate != files.Fate.DUPLICATE]
    if len(known) <= files.MOST_IN_BATCH:
        return None
    next_row = known[files.MOST_IN_BATCH].row_no
    return {"known": len(known), "last": next_row - 1, "next": next_row}


def question_of(request: HttpRequest, who: Viewer) -> files.Question:
    """What the form asks for. Raises FormRefused."""
    service = request.POST.get("service", "")
    if service not in words.SERVICES:
        raise FormRefused(_("Choose what to ask for."))
    stage = request.POST.get("stage", "")
    if staged(who) and stage not in set(Stage):
        raise FormRefused(_("Choose a stage first."))
    chosen = Stage(stage) if staged(who) else None
    return files.Question(Service(service), purposes_of(who)[0], chosen)


def entries_in(request: HttpRequest) -> list[files.Entry]:
    """The rows of the file when there is one, else those of the text. Raises FormRefused."""
    sent, text = request.FILES.get("file"), request.POST.get("codes", "")
    if isinstance(sent, UploadedFile) and sent.name:
        if text.strip():
            raise FormRefused(_("Give either a file or codes in the box, not both."))
        return entries_of_file(sent.name, sent.read())
    if len(text) > LONGEST_PASTE:
        raise FormRefused(_("The text is too long; send the list as a file, in parts."))
    entries = files.entries_of(text)
    if not entries:
        raise FormRefused(_("Type or paste codes, or choose a file."))
    if len(entries) > MOST_ROWS:
        raise FormRefused(
            _("The list has more than %(most)s rows. Split it.") % {"most": f"{MOST_ROWS:,}"}
        )
    return entries


def entries_of_file(name: str, content: bytes) -> list[files.Entry]:
    """The rows of a file in its order, unreadable ones with the reason. Raises FileError."""
    found = collect.read_listed(name, content)
    entries = [files.Entry(row_no, text.strip()[:100]) for row_no, text in found.cells]
    entries += [
        files.Entry(one.row_no, " ".join(one.original)[:100], one.words) for one in found.faults
    ]
    return sorted(entries, key=lambda one: one.row_no)
