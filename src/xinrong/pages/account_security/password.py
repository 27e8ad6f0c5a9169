"""Changing one's own password, which ends every other session."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from xinrong.accounts.errors import SignInLocked
from xinrong.accounts.services import Person, mfa
from xinrong.pages.account_security.entering import for_somebody, place
from xinrong.pages.errors import error_page


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@for_somebody(fresh=True)
def change(request: HttpRequest, person: Person) -> HttpResponse:
    """The old password and the new one twice."""
    form = PasswordChangeForm(person, request.POST or None)
    if request.method == "POST":
        try:
            mfa.count_attempt(person, timezone.now())
        except SignInLocked:
            return error_page(request, 429)
        if form.is_valid():
            form.save()
            update_session_auth_hash(request, person)
            mfa.password_changed(
                request.session, person, now=timezone.now(), address=place(request)
            )
            messages.success(
                request, _("Your password is changed. Every other session of yours was ended.")
            )
            return redirect("security")
    return render(
        request,
        "pages/account_security/password.html",
        {"form": form},
        status=422 if request.method == "POST" else 200,
    )
