"""A bank, guarantor or adviser asks for consent, sees what became of it, answers notices."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xinrong.catalogue.consent_template import ALWAYS, ConsentTemplate
from xinrong.domain.clock import day_in_china
from xinrong.domain.errors import XinrongError
from xinrong.pages import consent_words as words
from xinrong.pages.context import region, viewer
from xinrong.pages.enterprise.consents import party
from xinrong.pages.errors import page
from xinrong.pages.paging import leaf_of
from xinrong.pages.paging import number as whole
from xinrong.pages.words import STAGES, of
from xinrong.subjects import services as subjects
from xinrong.trust import perms
from xinrong.trust.services import ConsentRefused, consenting, purposes_of

ROWS = 30
LONGEST_MESSAGE = 500
#: What the form says when nobody has filled it in.
FORM = {
    "days": "90",
    "keep_days": "180",
    "years": "3",
    "one_time": "",
    "loan_reference": "",
    "message": "",
}


@require_GET
@page(perms.can_see_asked)
def asked(request: HttpRequest) -> HttpResponse:
    """Notices to answer on top, then everything that was asked, newest first."""
    who, now = viewer(request), timezone.now()
    leaf = leaf_of(request, consenting.requests_by(who.grantees), ROWS)
    notices = consenting.notices_for(who.grantees).exclude(answer="deleted")
    return render(
        request,
        "pages/bank/asked.html",
        {
            "rows": [words.row_of(row, now=now) for row in leaf.rows],
            "leaf": leaf,
            "notices": [
                (
                    one,
                    not one.answer and one.answer_by <= now,
                    of(words.ANSWERS, one.answer) if one.answer else "",
                )
                for one in notices[:ROWS]
            ],
            "needed": bool(region().consents),
        },
    )


@require_GET
@page(perms.can_see_asked)
def request_page(request: HttpRequest, number: str) -> HttpResponse:
    """One request, what became of it, and its papers."""
    who, now = viewer(request), timezone.now()
    found = consenting.request_for(number, grantees=who.grantees)
    row = words.row_of(found, now=now)
    mine = found.grantee_id == who.organisation_id and perms.can_ask_consent(who)
    return render(
        request,
        "pages/bank/asked_request.html",
        {
            "row": row,
            "asked": found,
            "consent": row.consent,
            "signature": words.signature_of(row.consent),
            "seen": words.seen(found, (row.consent or found).levels),
            "receipts": [
                (one, of(words.RECEIPTS, one.kind)) for one in consenting.receipts_of(found)
            ],
            "may_withdraw": mine and row.state == "asked",
            "may_repay": mine and row.state == "granted" and bool(found.loan_reference),
        },
    )


@require_http_methods(["GET", "POST"])
@page(perms.can_ask_consent)
def ask(request: HttpRequest, code: str) -> HttpResponse:
    """The form that asks an enterprise; the template says what there is to tick."""
    enterprise = subjects.enterprise_by_code(code)
    who = viewer(request)
    templates = consenting.templates_for(purposes_of(who)[0].value)
    refusal, clause = "", ""
    if request.method == "POST":
        try:
            made = consenting.ask(
                enterprise.pk,
                party(request),
                wanted(request, templates),
                now=timezone.now(),
                message=request.POST.get("message", ""),
                loan_reference=request.POST.get("loan_reference", ""),
            )
        except XinrongError as error:
            refusal, clause = str(words.wrong(error.code)), error.wrong
        else:
            messages.success(request, _("Asked. The enterprise sees it when it signs in."))
            return redirect("asked-request", number=made.number)
    return render(
        request,
        "pages/bank/ask_consent.html",
        {
            "enterprise": enterprise,
            "template": templates[0] if templates else None,
            "choices": choices(templates),
            "form": {name: request.POST.get(name, given) for name, given in FORM.items()},
            "ticked": request.POST.getlist("category"),
            "ticked_stages": request.POST.getlist("stage"),
            "refusal": refusal,
            "clause": clause,
            "longest": LONGEST_MESSAGE,
        },
        status=422 if refusal else 200,
    )


def choices(templates: tuple[ConsentTemplate, ...]) -> dict[str, Any]:
    """What the form offers: stages with limits, categories with stages that allow them."""
    if not templates:
        return {"stages": [], "categories": []}
    template = templates[0]
    stages = [
        (name, of(STAGES, name), use) for name, use in template.stages.items() if name != ALWAYS
    ]
    contracts = region().contracts
    names = template.levels_at(list(template.stages))
    categories = [
        (name, contracts[name].title, level, [of(STAGES, stage) for stage, use in
         template.stages.items() if name in use.levels and stage != ALWAYS])
        for name, level in names.items()
    ]  # fmt: skip
    return {"stages": stages, "categories": categories}


def wanted(request: HttpRequest, templates: tuple[ConsentTemplate, ...]) -> consenting.Wanted:
    """What the form asks for; the levels are the template's for the stages chosen."""
    form = request.POST
    template = next((one for one in templates if one.template == form.get("template")), None)
    if template is None:
        raise ConsentRefused("no such template", code="template_unknown")
    stages = tuple(dict.fromkeys(form.getlist("stage")))
    used = consenting.stages_of(template.purpose, stages)
    if not used or any(template.stage(stage) is None for stage in used):
        raise ConsentRefused("no such stage", code="stage_unknown")
    highest = template.levels_at(used)
    days = whole(form.get("days", ""), 1, 3660) or 0
    keep = whole(form.get("keep_days", ""), 1, 9999) or 0
    years = whole(form.get("years", ""), 1, 10) or 99
    return consenting.Wanted(
        template=template.template,
        purpose=template.purpose,
        stages=stages if ALWAYS not in used else (),
        levels={name: highest.get(name, 1) for name in form.getlist("category")},
        days=days,
        keep_days=keep,
        one_time=form.get("one_time") == "yes",
        data_from=consenting.years_before(day_in_china(timezone.now()), min(years, 99)),
    )


@require_POST
@page(perms.can_ask_consent)
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Take the question back."""
    consenting.withdraw(number, party(request), now=timezone.now())
    messages.success(request, _("Withdrawn."))
    return redirect("asked-request", number=number)


@require_POST
@page(perms.can_ask_consent)
def repaid(request: HttpRequest, number: str) -> HttpResponse:
    """The loan is repaid: the consent that served it ends now."""
    found = consenting.request_for(number, grantees=viewer(request).grantees)
    consent = getattr(found, "consent", None)
    consenting.repaid(consent.number if consent else "", party(request), now=timezone.now())
    messages.success(request, _("Ended. Nothing more is released under it."))
    return redirect("asked-request", number=number)


@require_http_methods(["GET", "POST"])
@page(perms.can_answer_notice)
def notice(request: HttpRequest, number: str) -> HttpResponse:
    """What must no longer be used, and the answer: deleted, needed for a loan, disputed."""
    who, now = viewer(request), timezone.now()
    found = consenting.notices_for(who.grantees).filter(number=number).first()
    if found is None:
        raise ConsentRefused("there is no such notice for you", code="notice_unknown")
    refusal = ""
    if request.method == "POST":
        answer, note = request.POST.get("answer", ""), request.POST.get("note", "")
        try:
            consenting.answer_notice(number, party(request), answer, now=now, note=note)
        except XinrongError as error:
            refusal = str(words.wrong(error.code))
        else:
            messages.success(request, _("Answered. The enterprise sees it."))
            return redirect("asked")
    return render(
        request,
        "pages/bank/notice.html",
        {
            "notice": found,
            "asked": found.request,
            "answers": [(key, of(words.ANSWERS, key)) for key in consenting.ANSWERS],
            "chosen": request.POST.get("answer", found.answer),
            "note": request.POST.get("note", found.note),
            "refusal": refusal,
            "overdue": not found.answer and found.answer_by <= now,
            "longest": LONGEST_MESSAGE,
        },
        status=422 if refusal else 200,
    )
