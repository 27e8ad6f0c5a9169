"""Institutions on the platform: listed, taken in, renamed, their managers invited, closed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xinrong.accounts import perms
from xinrong.accounts import services as accounts
from xinrong.pages import words
from xinrong.pages.account.people import roles_of
from xinrong.pages.account.typed import beside_the_form, searched, whole
from xinrong.pages.context import region, viewer
from xinrong.pages.errors import page
from xinrong.pages.paging import leaf_of
from xinrong.pages.words import said

LISTED = 30
EVENTS = 20
OUTLETS = 200


def kinds() -> list[tuple[str, str]]:
    """The kinds of institution that an operator takes in, with their words."""
    return [
        (kind.value, str(words.of(words.ORGANISATION_KINDS, kind)))
        for kind in accounts.INSTITUTIONS
    ]


@require_GET
@page(perms.can_organise)
def organisations(request: HttpRequest) -> HttpResponse:
    """The institutions, searched by name, narrowed by kind; those that are closed apart."""
    text, kind = searched(request), request.GET.get("kind", "")
    kind = kind if kind in accounts.INSTITUTIONS else ""
    closed = request.GET.get("closed") == "yes"
    found = accounts.organisations_listed(viewer(request), text, kind, closed=closed)
    return render(
        request,
        "pages/operator/organisations.html",
        {
            "leaf": leaf_of(request, found, LISTED),
            "text": text,
            "kind": kind,
            "kinds": kinds(),
            "closed": closed,
            "narrowed": bool(text or kind or closed),
        },
    )


@require_http_methods(["GET", "POST"])
@page(perms.can_organise)
def new(request: HttpRequest) -> HttpResponse:
    """Take an institution in; what a form asks depends on its kind, which comes first."""
    typed = request.POST if request.method == "POST" else request.GET
    kind = typed.get("kind", "")
    kind = kind if kind in accounts.INSTITUTIONS else ""
    name, reference = request.POST.get("name", ""), request.POST.get("reference", "")
    parent = max(0, whole(typed.get("parent", "0") or "0"))
    departments = region().departments
    problem = ""
    if request.method == "POST":
        if kind == "department" and reference not in departments:
            reference = ""
        try:
            made = accounts.take_in(
                viewer(request), name, kind, reference=reference, parent=parent,
                now=timezone.now(),
            )  # fmt: skip
        except accounts.PeopleRefused as error:
            problem = beside_the_form(error)
        else:
            told = _("%(name)s is taken in. Now invite whoever manages its people.")
            messages.success(request, told % {"name": made.name})
            return redirect("organisation", made.pk)
    banks = accounts.organisations_listed(viewer(request), kind="bank").filter(parent=None)
    return render(
        request,
        "pages/operator/organisation_new.html",
        {
            "kind": kind,
            "kinds": kinds(),
            "name": name[:200],
            "reference": reference[:64],
            "parent": parent,
            "banks": banks if kind == "bank" else (),
            "departments": [(key, said(one.title)) for key, one in sorted(departments.items())],
            "problem": problem,
        },
        status=422 if problem else 200,
    )


@require_GET
@page(perms.can_organise)
def organisation(request: HttpRequest, number: int) -> HttpResponse:
    """One institution: its people, open invitations, outlets and log, and what can be done."""
    return _page(request, accounts.organisation_numbered(viewer(request), number))


def _page(
    request: HttpRequest, found: accounts.Organisation, problem: str = "", at: str = ""
) -> HttpResponse:
    people = list(accounts.members_of(found))
    department = region().departments.get(found.reference)
    return render(
        request,
        "pages/operator/organisation.html",
        {
            "found": found,
            "department": said(department.title) if department else found.reference,
            "people": people,
            "waiting": accounts.open_invitations(found.pk, now=timezone.now()),
            "outlets": accounts.outlets_of(found)[:OUTLETS] if found.parent_id is None else (),
            "events": accounts.events_about(found.pk)[:EVENTS],
            "roles": roles_of(found),
            "email": request.POST.get("email", "")[:254],
            "role": request.POST.get("role", ""),
            "manages": not any(one.manages for one in people),
            "name": request.POST.get("name", found.name)[:200],
            "why": request.POST.get("why", "")[:300],
            "problem": problem,
            "at": at,
        },
        status=422 if problem else 200,
    )


@require_POST
@page(perms.can_organise)
def invite(request: HttpRequest, number: int) -> HttpResponse:
    """Invite somebody into an institution; the link is shown once, on the page that answers."""
    found = accounts.organisation_numbered(viewer(request), number)
    try:
        made, token = accounts.invite_to(
            viewer(request),
            number,
            request.POST.get("email", "").strip()[:254],
            request.POST.get("role", ""),
            manages=request.POST.get("manages") == "yes",
            now=timezone.now(),
        )
    except accounts.PeopleRefused as error:
        return _page(request, found, beside_the_form(error), "invite")
    link = request.build_absolute_uri(f"/invitations/{token}")
    return render(
        request,
        "pages/operator/organisation_invited.html",
        {"invitation": made, "link": link, "found": found},
    )


@require_POST
@page(perms.can_organise)
def withdraw(request: HttpRequest, number: int, key: str) -> HttpResponse:
    """Take an invitation back."""
    taken = accounts.withdraw_from(viewer(request), number, key, now=timezone.now())
    if taken.withdrawn_at is not None:
        told = _("The invitation of %(email)s is withdrawn: its link opens nothing any more.")
    else:
        told = _("%(email)s has accepted already. Its managers end the role.")
    messages.success(request, told % {"email": taken.email})
    return redirect("organisation", number)


@require_POST
@page(perms.can_organise)
def rename(request: HttpRequest, number: int) -> HttpResponse:
    """Give an institution another name; its log keeps the earlier one."""
    found = accounts.organisation_numbered(viewer(request), number)
    name = request.POST.get("name", "")
    try:
        accounts.rename_organisation(viewer(request), number, name, now=timezone.now())
    except accounts.PeopleRefused as error:
        return _page(request, found, beside_the_form(error), "rename")
    messages.success(request, _("The name was changed. It shows from now on."))
    return redirect("organisation", number)


@require_POST
@page(perms.can_organise)
def close(request: HttpRequest, number: int) -> HttpResponse:
    """Close an institution, for a reason and with its name typed: everything of it ends."""
    found = accounts.organisation_numbered(viewer(request), number)
    if " ".join(request.POST.get("confirm", "").split()) != found.name:
        return _page(request, found, _("Type the name exactly as it stands above."), "close")
    try:
        done = accounts.close_organisation(
            viewer(request), number, request.POST.get("why", ""), now=timezone.now()
        )
    except accounts.PeopleRefused as error:
        return _page(request, found, beside_the_form(error), "close")
    told = _("Closed. Ended with it: %(roles)d roles and %(keys)d API keys.")
    messages.success(request, told % {"roles": done.roles, "keys": done.keys})
    return redirect("organisation", number)


@require_POST
@page(perms.can_organise)
def reopen(request: HttpRequest, number: int) -> HttpResponse:
    """Let an institution have people again; nobody comes back by it."""
    found = accounts.organisation_numbered(viewer(request), number)
    try:
        accounts.reopen_organisation(viewer(request), number, now=timezone.now())
    except accounts.PeopleRefused as error:
        return _page(request, found, beside_the_form(error), "reopen")
    messages.success(request, _("It is open again. Nobody acts for it until you invite somebody."))
    return redirect("organisation", number)
