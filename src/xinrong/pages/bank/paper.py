"""The numbered PDF of a file: what it is, and the file itself as a download."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from xinrong.accounts import perms
from xinrong.files import services as files
from xinrong.pages.bank.opening import ask, opening_of
from xinrong.pages.context import viewer
from xinrong.pages.errors import page
from xinrong.subjects import services as subjects

LANGUAGES = {"zh-hans": "中文", "en": "English"}
#: Code of what stops a paper -> status, and what the page says.
STOPPED: dict[str, tuple[int, Promise]] = {
    "paper_busy": (503, _("Others are being made at this moment. Try again in a minute.")),
    "paper_refused": (
        403,
        _("A printed file is issued to an institution for which you act yourself."),
    ),
    "paper_fonts": (
        500,
        _("The fonts of a printed file are not installed. Tell the operator of the platform."),
    ),
    "paper_failed": (
        500,
        _("It could not be made. Its number is void. Try again, or tell the operator the time."),
    ),
}


@require_http_methods(["GET", "POST"])
@page(perms.can_query_files)
def paper(request: HttpRequest, code: str) -> HttpResponse:
    """What a printed file is, and what it costs; posted, the PDF. It is a query of its own."""
    who = viewer(request)
    enterprise = subjects.enterprise_by_code(code)
    opening = opening_of(request, who, enterprise)
    if opening is None:
        return ask(request, enterprise, "paper")
    context: dict[str, Any] = {
        "enterprise": enterprise,
        "opening": opening,
        "languages": LANGUAGES,
        "chosen": get_language() or "zh-hans",
        "stopped": "",
    }
    if request.method != "POST":
        return render(request, "pages/bank/paper.html", context)
    language = request.POST.get("language", "")
    context["chosen"] = language if language in LANGUAGES else "zh-hans"
    try:
        made = files.issue_paper(
            who,
            enterprise.pk,
            opening.purpose,
            opening.stage,
            language=context["chosen"],
            check_at=request.build_absolute_uri(reverse("paper-check")),
        )
    except files.PaperError as error:
        status, context["stopped"] = STOPPED.get(error.code, STOPPED["paper_failed"])
        return render(request, "pages/bank/paper.html", context, status=status)
    return pdf_answer(made)


def pdf_answer(made: files.Paper) -> HttpResponse:
    """The PDF as a download, which nothing on the way keeps."""
    return HttpResponse(
        made.pdf,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{made.file_name}"',
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )
