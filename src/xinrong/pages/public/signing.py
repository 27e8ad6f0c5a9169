"""Signing in and out."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from xinrong.accounts.errors import SignInLocked, SignInRefused
from xinrong.accounts.services import mfa, network_address, oidc
from xinrong.accounts.services import sign_in as sign_in_person
from xinrong.pages.account_security.entering import after_password, destination, next_step
from xinrong.pages.errors import error_page


class SignInForm(forms.Form):
    """E-mail address and password."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"class": "form-control", "autocomplete": "username"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(
            attrs={"class": "form-control", "autocomplete": "current-password"}
        ),
    )


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The form, and what comes of it; after too many attempts a page with status 429."""
    half = mfa.half_signed_in(request)
    if half is not None and request.method == "GET":
        return redirect(next_step(half, destination(request)))
    if request.user.is_authenticated and request.method == "GET":
        return redirect(destination(request))
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = sign_in_person(
                form.cleaned_data["email"],
                form.cleaned_data["password"],
                address=network_address(request),
                now=timezone.now(),
            )
        except SignInLocked:
            return error_page(request, 429)
        except SignInRefused:
            form.add_error(
                None,
                _(
                    "E-mail address and password do not belong together. Check both; after five "
                    "wrong attempts the door stays shut for 15 minutes."
                ),
            )
        else:
            return after_password(request, person, destination(request))
    return render(
        request,
        "pages/public/sign_in.html",
        {
            "form": form,
            "next": request.POST.get("next") or request.GET.get("next", ""),
            "services": oidc.services(),
        },
        status=422 if request.method == "POST" else 200,
    )


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the session, and with it every purpose that was chosen in it."""
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)
