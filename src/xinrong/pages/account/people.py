"""The people of one's organisation: listed, searched, invited, their roles changed and ended."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xinrong.accounts import perms
from xinrong.accounts import services as accounts
from xinrong.accounts.enums import ROLES_OF
from xinrong.pages import words
from xinrong.pages.account.typed import beside_the_form, searched, whole
from xinrong.pages.context import viewer
from xinrong.pages.errors import page
from xinrong.pages.paging import leaf_of

PEOPLE = 30
EVENTS = 50
LISTED = 100  # invitations that can be accepted still


@require_GET
@page(perms.can_manage)
def people(request: HttpRequest) -> HttpResponse:
    """Who acts for the organisation and its outlets, and who is invited."""
    who = accounts.managing(viewer(request))
    text = searched(request)
    waiting = accounts.open_invitations(*who.organisations, now=timezone.now())
    return render(
        request,
        "pages/account/people.html",
        {
            "leaf": leaf_of(request, accounts.people_of(who, text), PEOPLE),
            "text": text,
            "waiting": list(waiting[:LISTED]),
            "several": len(who.organisations) > 1,
        },
    )


def roles_of(organisation: accounts.Organisation) -> list[tuple[str, Any]]:
    """The roles that there are in an organisation, with their words."""
    return [(role, words.of(words.ROLES, role)) for role in ROLES_OF[organisation.kind]]


@require_http_methods(["GET", "POST"])
@page(perms.can_manage)
def invite(request: HttpRequest) -> HttpResponse:
    """Invite somebody; the link is shown once, on the page that answers."""
    who = accounts.managing(viewer(request))
    organisations = accounts.managed(who)
    email = request.POST.get("email", "").strip()[:254]
    role = request.POST.get("role", "")
    manages = request.POST.get("manages") == "yes"
    number = whole(request.POST.get("organisation", str(organisations[0].pk)))
    problem = ""
    if request.method == "POST":
        try:
            made, token = accounts.invite(
                viewer(request), number, email, role, manages=manages, now=timezone.now()
            )
        except accounts.PeopleRefused as error:
            problem = beside_the_form(error)
        else:
            link = request.build_absolute_uri(f"/invitations/{token}")
            return render(request, "pages/account/invited.html", {"invitation": made, "link": link})
    return render(
        request,
        "pages/account/invite.html",
        {
            "organisations": organisations,
            "roles": roles_of(organisations[0]),
            "number": number,
            "email": email,
            "role": role,
            "manages": manages,
            "problem": problem,
        },
        status=422 if problem else 200,
    )


@require_POST
@page(perms.can_manage)
def withdraw(request: HttpRequest, key: str) -> HttpResponse:
    """Take an invitation back."""
    taken = accounts.withdraw(viewer(request), key, now=timezone.now())
    if taken.withdrawn_at is not None:
        told = _("The invitation of %(email)s is withdrawn: its link opens nothing any more.")
    else:
        told = _("%(email)s has accepted already. End the role in the list instead.")
    messages.success(request, told % {"email": taken.email})
    return redirect("account-people")


@require_http_methods(["GET", "POST"])
@page(perms.can_manage)
def member(request: HttpRequest, number: int) -> HttpResponse:
    """One person's role: change it, or go on to end it."""
    found = accounts.member_of(accounts.managing(viewer(request)), number)
    problem = ""
    if request.method == "POST":
        try:
            accounts.change_role(
                viewer(request),
                number,
                request.POST.get("role", ""),
                manages=request.POST.get("manages") == "yes",
                now=timezone.now(),
            )
        except accounts.PeopleRefused as error:
            problem = beside_the_form(error)
        else:
            messages.success(request, _("The role was changed. It holds from now on."))
            return redirect("account-people")
    return _member_page(request, found, problem)


@require_POST
@page(perms.can_manage)
def end(request: HttpRequest, number: int) -> HttpResponse:
    """End a role at once."""
    found = accounts.member_of(accounts.managing(viewer(request)), number)
    name = str(found.person)
    try:
        accounts.end_role(viewer(request), number, now=timezone.now())
    except accounts.PeopleRefused as error:
        return _member_page(request, found, beside_the_form(error))
    messages.success(request, _("%(name)s acts for you no more.") % {"name": name})
    return redirect("account" if found.person_id == viewer(request).person_id else "account-people")


def _member_page(request: HttpRequest, found: accounts.Membership, problem: str) -> HttpResponse:
    return render(
        request,
        "pages/account/member.html",
        {
            "member": found,
            "roles": roles_of(found.organisation),
            "problem": problem,
            "oneself": found.person_id == viewer(request).person_id,
        },
        status=422 if problem else 200,
    )


@require_GET
@page(perms.can_manage)
def log(request: HttpRequest) -> HttpResponse:
    """What was done about people, keys and support, the newest first."""
    who = accounts.managing(viewer(request))
    return render(
        request,
        "pages/account/log.html",
        {
            "leaf": leaf_of(request, accounts.events_of(who), EVENTS),
            "several": len(who.organisations) > 1,
        },
    )
