"""The page that an invitation's link opens: take up the role, newly or with one's account."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from xinrong.accounts import services as accounts
from xinrong.pages.account.typed import beside_the_form
from xinrong.pages.errors import error_page, page
from xinrong.pages.words import said


class NewPersonForm(forms.Form):
    """Name and password of somebody new; the address is the one that was invited."""

    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=100,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "name"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        help_text=gettext_lazy("At least 10 characters. A sentence is easy to remember."),
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"class": "form-control", "autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=gettext_lazy("The password once more"),
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"class": "form-control", "autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, str]:
        """Both passwords are the same."""
        typed = super().clean() or self.cleaned_data
        if typed.get("password") and typed.get("password") != typed.get("again"):
            self.add_error("again", _("The two passwords differ."))
        return typed


@sensitive_post_parameters("password", "again")
@never_cache
@require_http_methods(["GET", "POST"])
@page()
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """What the link offers, and what comes of it. A guess counts like an attempt to sign in."""
    address = accounts.network_address(request)
    try:
        invitation = accounts.invitation_of(token, address=address, now=timezone.now())
    except accounts.SignInLocked:
        return error_page(request, 429)
    except accounts.PeopleRefused as error:
        said_so = {"problem": said(error.words)}
        return render(request, "pages/account/invitation_closed.html", said_so, status=404)
    if isinstance(request.user, accounts.Person):
        return _with_account(request, request.user, token, invitation)
    if accounts.person_invited(invitation) is not None:
        return render(request, "pages/account/invitation.html", {"invitation": invitation})
    return _as_new(request, token, invitation)


def _with_account(
    request: HttpRequest, person: accounts.Person, token: str, invitation: accounts.Invitation
) -> HttpResponse:
    problem = ""
    if request.method == "POST":
        try:
            accounts.accept_as(person, token, now=timezone.now())
        except accounts.PeopleRefused as error:
            problem = beside_the_form(error)
        else:
            told = _("You have taken up the role. Choose for whom you act.")
            messages.success(request, told)
            return redirect("account")
    content = {
        "invitation": invitation,
        "problem": problem,
        "other": person.email != invitation.email,
    }
    status = 422 if problem else 200
    return render(request, "pages/account/invitation.html", content, status=status)


def _as_new(request: HttpRequest, token: str, invitation: accounts.Invitation) -> HttpResponse:
    form = NewPersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            accounts.accept_as_new(token, typed["name"], typed["password"], now=timezone.now())
        except accounts.PeopleRefused as error:
            form.add_error(None, beside_the_form(error))
        except accounts.AccountError:
            weak = _("This password is too short or too common. Choose another one.")
            form.add_error("password", weak)
        else:
            told = _("Your account is made. Sign in with your e-mail address and this password.")
            messages.success(request, told)
            return redirect("sign-in")
    return render(
        request,
        "pages/account/invitation.html",
        {"invitation": invitation, "form": form},
        status=422 if request.method == "POST" else 200,
    )
