"""Operators: taking every second factor from somebody who lost them, two operators together."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from xinrong.accounts import perms
from xinrong.accounts.services import Person, mfa
from xinrong.pages.account_security.entering import for_somebody
from xinrong.pages.context import viewer
from xinrong.pages.errors import error_page

LONGEST_REASON = 200


@require_http_methods(["GET", "POST"])
@for_somebody(fresh=True)
def resets(request: HttpRequest, person: Person) -> HttpResponse:
    """What waits for a second operator, and the form that asks for a reset."""
    if not perms.can_reset_factors(viewer(request)):
        return error_page(request, 403)
    wrong = False
    if request.method == "POST":
        try:
            email, reason = request.POST.get("email", ""), request.POST.get("reason", "")
            mfa.ask_reset(person, email, reason, now=timezone.now())
        except mfa.FactorRefused:
            wrong = True
        else:
            messages.success(request, _("The reset waits for a second operator."))
            return redirect("security-resets")
    return render(
        request,
        "pages/account_security/resets.html",
        {
            "resets": mfa.open_resets(),
            "me": person,
            "wrong": wrong,
            "email": request.POST.get("email", ""),
            "reason": request.POST.get("reason", ""),
            "longest": LONGEST_REASON,
        },
        status=422 if wrong else 200,
    )


@require_POST
@for_somebody(fresh=True)
def close(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """Confirm a reset, or refuse it."""
    if not perms.can_reset_factors(viewer(request)):
        return error_page(request, 403)
    confirm = request.POST.get("verdict") == "confirm"
    done = mfa.close_reset(person, number, confirm=confirm, now=timezone.now())
    said = (
        _("%(email)s has no second factor any more and adds a new one at the next sign-in.")
        if confirm
        else _("The reset for %(email)s was refused.")
    )
    messages.success(request, said % {"email": done.person.email})
    return redirect("security-resets")
