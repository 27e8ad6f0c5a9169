"""Passwords: changing one's own, and a link for somebody who forgot theirs."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from xinrong.accounts.errors import SignInLocked
from xinrong.accounts.services import Person, mfa, network_address
from xinrong.pages.account_security.entering import for_somebody
from xinrong.pages.context import viewer
from xinrong.pages.errors import error_page, page

LINK_CLOSED = (
    gettext_lazy("This link opens nothing any more"),
    gettext_lazy("It was used, is older than a day, or is not complete."),
    gettext_lazy("Ask whoever manages accounts in your organisation for a new one."),
    "clock",
)


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
                request.session, person, now=timezone.now(), address=network_address(request)
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


@require_http_methods(["GET", "POST"])
@for_somebody(fresh=True)
def links(request: HttpRequest, person: Person) -> HttpResponse:
    """For who manages an organisation: make a link for somebody who forgot the password."""
    who = viewer(request)
    if not mfa.can_renew_passwords(who):
        return error_page(request, 403)
    address, wrong = "", False
    if request.method == "POST":
        try:
            token = mfa.make_link(who, request.POST.get("email", ""), now=timezone.now())
            address = request.build_absolute_uri(reverse("new-password", args=[token]))
        except mfa.FactorRefused:
            wrong = True
    return render(
        request,
        "pages/account_security/links.html",
        {"address": address, "wrong": wrong, "email": request.POST.get("email", "")},
        status=422 if wrong else 200,
    )


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
@page()
def renew(request: HttpRequest, key: str) -> HttpResponse:
    """What such a link opens: a new password, twice. It does not sign in."""
    try:
        person = mfa.person_of_link(key, now=timezone.now())
    except mfa.FactorRefused:
        return error_page(request, 404, words=LINK_CLOSED)
    form = SetPasswordForm(person, request.POST or None)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["new_password1"]
        mfa.choose_password(key, chosen, now=timezone.now(), address=network_address(request))
        messages.success(request, _("Your new password counts from now on. Sign in with it."))
        return redirect("sign-in")
    return render(
        request,
        "pages/account_security/renew.html",
        {"form": form, "person": person},
        status=422 if request.method == "POST" else 200,
    )
