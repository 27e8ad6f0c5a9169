"""Whether a report holds: for anybody who was handed one. Nothing that is checked is kept."""

from __future__ import annotations

import json
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from xinrong.domain.portable import MOST_BYTES, Checked, read_keys, verify_paper, verify_report
from xinrong.domain.portable import telling as told
from xinrong.domain.portable.bundling import NAME, verifier
from xinrong.domain.portable.qr import MOST_SIGNS
from xinrong.files.services import portable
from xinrong.trust.services import key_document

#: Claims that the page shows; the file itself has them all.
SHOWN = 200


@never_cache
@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """The form; posted, what holds and what does not."""
    checked: Checked | None = None
    why = ""
    qr = request.POST.get("qr", "").strip()[: MOST_SIGNS + 1]
    if request.method == "POST":
        text = given(request)
        if text or qr:
            checked = judge(text, qr)
        else:
            why = _("Choose the report's file, or enter the text of the code.")
    context: dict[str, Any] = {"checked": checked, "qr": qr, "refusal": why, "most": MOST_SIGNS}
    if checked is not None:
        context |= answer(checked, told_in())
    return render(request, "pages/portable/verify.html", context, status=422 if why else 200)


def given(request: HttpRequest) -> bytes:
    """The report's file, or its text; of one that is too large no more than shows it."""
    file = request.FILES.get("file")
    if isinstance(file, UploadedFile):
        return bytes(file.read(MOST_BYTES + 1))
    return request.POST.get("text", "").strip().encode("utf-8", "replace")


def judge(text: bytes, qr: str) -> Checked:
    """Against this platform's keys and its list of this moment."""
    now = timezone.now()
    keys = read_keys(json.dumps(key_document()))
    status = json.dumps(portable.status_list(now)).encode()
    if text:
        return verify_report(text, keys, now=now, qr=qr, status=status)
    return verify_paper(qr, keys, now=now, status=status)


def answer(checked: Checked, language: str) -> dict[str, Any]:
    """What the page says of it."""
    icons = {True: "check", False: "block", None: "info"}
    # Of a changed file no claim is believed: "not shown" of every part would blame the enterprise.
    hidden = not checked.accepted and not checked.claims
    return {
        "findings": [
            (icons[one.holds], told.QUESTIONS[one.question].said(language),
             told.sentence(one, language))
            for one in checked.findings
        ],
        "verdict": (told.ACCEPTED if checked.accepted else told.REFUSED).said(language),
        "coverage": told.coverage(checked.core.coverage, language) if checked.core else "",
        "facts": list(told.fact_lines(checked.facts, language)) if checked.facts else [],
        "parts": [
            {
                "title": told.PARTS[part.name].said(language),
                "told": told.part_sentence(part, language),
                "name": part.name,
                "claims": [one.says for one in checked.claims if one.part == part.name][:SHOWN],
                "beyond": max(part.shown - SHOWN, 0),
            }
            for part in checked.parts
            if not hidden
        ],
        "hidden": hidden,
    }  # fmt: skip


def told_in() -> str:
    """The language of the page."""
    return "en" if (get_language() or "").startswith("en") else "zh"


@require_GET
def status_list(request: HttpRequest) -> JsonResponse:
    """The signed list of reports that ended before their time; it names nobody."""
    made = portable.status_list(timezone.now())
    return JsonResponse(made, headers={"Cache-Control": "max-age=30"})


@require_GET
def take_verifier(request: HttpRequest) -> HttpResponse:
    """The verifier as one file, to run where there is no network."""
    return HttpResponse(
        verifier(),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{NAME}"'},
    )
