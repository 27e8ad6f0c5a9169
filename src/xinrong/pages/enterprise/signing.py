"""The page on which a person signs a consent with a passkey, after having read its words."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from xinrong.accounts.services import Person, SignInLocked, mfa
from xinrong.domain.errors import XinrongError
from xinrong.pages import consent_words as words
from xinrong.pages.account_security.enrolling import posted_json
from xinrong.pages.account_security.entering import domain
from xinrong.pages.enterprise import drafts
from xinrong.pages.enterprise.consents import own, party
from xinrong.pages.errors import error_page, page
from xinrong.trust import perms
from xinrong.trust.services import ConsentRefused, consenting


@require_http_methods(["GET", "POST"])
@page(perms.can_grant)
def sign(request: HttpRequest, number: str) -> HttpResponse:
    """The words of one consent; signed, it is given, and the next one that waits is shown."""
    draft = drafts.draft_for(request, number)
    if draft is None:
        return start_again(request, number)
    refusal = ""
    if request.method == "POST":
        try:
            give(request, draft)
        except SignInLocked:
            return error_page(request, 429)
        except mfa.FactorRefused as error:
            refusal = str(words.wrong(error.code))
        except XinrongError as error:
            drafts.drop(request, number)
            return start_again(request, number, str(words.wrong(error.code)))
        else:
            return go_on(request, draft)
    try:
        shown = about(request, draft)
    except ConsentRefused as error:
        return start_again(request, number, str(words.wrong(error.code)))
    return render(
        request,
        "pages/enterprise/sign.html",
        shown | {"refusal": refusal},
        status=422 if refusal else 200,
    )


def about(request: HttpRequest, draft: consenting.Draft) -> dict[str, Any]:
    """What the page of signing shows."""
    grantor = own(request)
    worded = consenting.words_to_sign(draft, grantor, party(request), now=timezone.now())
    language = "en" if (get_language() or "").startswith("en") else "zh"
    others = {code: text for code, text in worded.texts.items() if code != language}
    return {
        "asked": consenting.request_for(draft.request, grantor=grantor),
        "text": worded.texts[language],
        "others": others,
        "digest": worded.digest.hex(),
        "left": len(drafts.waiting(request)) - 1,
    }


def give(request: HttpRequest, draft: consenting.Draft) -> None:
    """Grant what the browser had signed."""
    consenting.sign(
        draft,
        own(request),
        person(request),
        party(request),
        posted_json(request),
        domain=domain(request),
        now=timezone.now(),
    )


def go_on(request: HttpRequest, draft: consenting.Draft) -> HttpResponse:
    """To the next consent that waits for its signature, else to the list."""
    left = drafts.drop(request, draft.request)
    messages.success(request, _("Signed and given."))
    return redirect("consent-sign", number=left[0].request) if left else redirect("consents")


def start_again(request: HttpRequest, number: str, why: str = "") -> HttpResponse:
    """Back to the ticks: there is nothing to sign, or no longer."""
    messages.error(request, why or _("Choose first what you agree to, then sign it."))
    return redirect("consent-request", number=number)


@require_POST
@page(perms.can_grant)
def options(request: HttpRequest, number: str) -> HttpResponse:
    """What the browser is to have signed: JSON."""
    draft = drafts.draft_for(request, number)
    if draft is None:
        raise ConsentRefused("nothing waits to be signed", code="draft_old")
    asked = consenting.ask_signature(
        draft,
        own(request),
        person(request),
        party(request),
        domain=domain(request),
        now=timezone.now(),
    )
    return JsonResponse(asked)


def person(request: HttpRequest) -> Person:
    """Who is signed in; `can_grant` lets nobody else come here."""
    assert isinstance(request.user, Person)
    return request.user
