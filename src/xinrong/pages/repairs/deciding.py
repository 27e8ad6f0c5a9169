"""What is done within the case of a repair: sign the pledge, grant with both documents, doubt."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from xinrong.accounts.services import Person, SignInLocked, mfa
from xinrong.domain.process import MoveRefused
from xinrong.pages import consent_words
from xinrong.pages.account_security.enrolling import posted_json
from xinrong.pages.account_security.entering import domain
from xinrong.pages.cases.case import shown
from xinrong.pages.cases.words import refused
from xinrong.pages.context import viewer
from xinrong.pages.errors import error_page, page
from xinrong.pages.paging import number as whole
from xinrong.pages.words import said
from xinrong.remedy.perms import can_ask_repair, can_decide_repairs
from xinrong.remedy.services import RemedyRefused, repairing
from xinrong.work import services as work

LAST = 10**7


def version_of(request: HttpRequest) -> int:
    """The version of the case that the page showed."""
    version = whole(request.POST.get("version", ""), 0, LAST)
    return -1 if version is None else version


def day_of(text: str) -> date | None:
    """A day that was typed; None where it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@require_POST
@page(can_decide_repairs)
def accept(request: HttpRequest, number: str) -> HttpResponse:
    """Grant the repair: the record is shown to nobody from then on."""
    try:
        repairing.accept(
            number,
            viewer(request),
            version=version_of(request),
            decision=request.POST.get("decision", ""),
            notice=request.POST.get("notice", ""),
            until=day_of(request.POST.get("until", "")),
            now=timezone.now(),
        )
    except RemedyRefused as error:
        return shown(request, number, problem=said(error.words))
    except (MoveRefused, work.CaseRefused) as error:
        if error.code == "case_unknown":
            raise
        return shown(request, number, problem=refused(error))
    messages.success(
        request, _("Repaired. From now on the record is shown, shared and used by nobody.")
    )
    return redirect("case", number=number)


@require_POST
@page(can_decide_repairs)
def doubt(request: HttpRequest, number: str) -> HttpResponse:
    """Say that the proof was false: the enterprise is heard in a case of its own."""
    try:
        case = repairing.doubt(
            number, viewer(request), request.POST.get("why", ""), now=timezone.now()
        )
    except RemedyRefused as error:
        if error.code == "repair_not_yours":
            raise
        return shown(request, number, problem=said(error.words))
    messages.success(request, _("The enterprise is heard now; the record stays hidden meanwhile."))
    return redirect("case", number=case.number)


@require_http_methods(["GET", "POST"])
@page(can_ask_repair)
def sign(request: HttpRequest, number: str) -> HttpResponse:
    """The words of the pledge; signed, the application goes to the department."""
    who, refusal = viewer(request), ""
    repair = repairing.repair_for(number, who)
    seen = work.case_for(number, who)
    if seen.case.state != "to_sign":
        return redirect("case", number=number)
    if request.method == "POST":
        try:
            repairing.sign(
                number,
                who,
                person(request),
                posted_json(request),
                version=seen.case.version,
                domain=domain(request),
                now=timezone.now(),
            )
        except SignInLocked:
            return error_page(request, 429)
        except mfa.FactorRefused as error:
            refusal = str(consent_words.wrong(error.code))
        except (MoveRefused, work.CaseRefused) as error:
            refusal = refused(error)
        else:
            messages.success(request, _("Signed. The department decides now."))
            return redirect("case", number=number)
    words = repairing.pledge_words(repair.enterprise.name, repair.enterprise.code)
    language = "en" if (get_language() or "").startswith("en") else "zh"
    context = {
        "repair": repair,
        "text": words.in_language(language),
        "digest": repairing.pledge_digest(repair, person(request).pk).hex(),
        "refusal": refusal,
    }
    return render(request, "pages/repairs/sign.html", context, status=422 if refusal else 200)


@require_POST
@page(can_ask_repair)
def sign_options(request: HttpRequest, number: str) -> HttpResponse:
    """What the browser is to have signed: JSON."""
    repair = repairing.repair_for(number, viewer(request))
    asked = repairing.begin_signing(repair, person(request), domain=domain(request))
    return JsonResponse(asked)


def person(request: HttpRequest) -> Person:
    """Who is signed in; `can_ask_repair` lets nobody else come here."""
    assert isinstance(request.user, Person)
    return request.user
