"""Support sessions: asked for, nodded to, begun and ended by operators; seen by everybody else."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xinrong.accounts import perms
from xinrong.accounts import services as accounts
from xinrong.pages.account.typed import beside_the_form, whole
from xinrong.pages.context import viewer
from xinrong.pages.errors import page
from xinrong.pages.paging import leaf_of

SESSIONS = 30
MINUTES = (5, 10, 15, 20, 30)


@require_http_methods(["GET", "POST"])
@page(perms.can_support)
def board(request: HttpRequest) -> HttpResponse:
    """Every session, and the form that asks for one."""
    now = timezone.now()
    problem = ""
    if request.method == "POST":
        try:
            session = accounts.ask_for_support(
                viewer(request),
                whole(request.POST.get("organisation", "")),
                request.POST.get("reason", ""),
                minutes=whole(request.POST.get("minutes", "")),
                now=now,
            )
        except accounts.PeopleRefused as error:
            problem = beside_the_form(error)
        else:
            if session.started_at is not None:
                accounts.enter_support(request, session)
                return redirect("home")
            told = _("Asked. A second operator has to nod before you can begin.")
            messages.success(request, told)
            return redirect("support")
    leaf = leaf_of(request, accounts.sessions_for_operators(viewer(request)), SESSIONS)
    return render(
        request,
        "pages/account/support.html",
        {
            "leaf": leaf,
            "rows": [(one, accounts.support_state(one, now=now)) for one in leaf.rows],
            "organisations": accounts.supportable(),
            "minutes": MINUTES,
            "typed_minutes": whole(request.POST.get("minutes", "30")),
            "organisation": whole(request.POST.get("organisation", "")),
            "reason": request.POST.get("reason", "")[:300],
            "problem": problem,
        },
        status=422 if problem else 200,
    )


@require_POST
@page(perms.can_support)
def nod(request: HttpRequest, key: str) -> HttpResponse:
    """Agree to another operator's session about an enterprise."""
    try:
        accounts.nod(viewer(request), key, now=timezone.now())
    except accounts.PeopleRefused as error:
        messages.error(request, beside_the_form(error))
    else:
        messages.success(request, _("You agreed. The operator who asked can begin now."))
    return redirect("support")


@require_POST
@page(perms.can_support)
def begin(request: HttpRequest, key: str) -> HttpResponse:
    """Begin, or come back to, a session of one's own."""
    session = accounts.resume_or_start(viewer(request), key, now=timezone.now())
    accounts.enter_support(request, session)
    return redirect("home")


@require_POST
@page(perms.acts_for_somebody)
def end(request: HttpRequest, key: str) -> HttpResponse:
    """End a session: the operator's own, or one about the organisation that one manages."""
    who = viewer(request)
    ended = accounts.end_support(who, key, now=timezone.now())
    if ended is None:
        raise accounts.not_waiting()
    if who.support_id == ended.pk:
        accounts.leave_support(request)
        return redirect("support")
    messages.success(request, _("The support session has ended."))
    return redirect("support" if perms.can_support(who) else "account-support")


@require_GET
@page(perms.acts_for_somebody)
def about_us(request: HttpRequest) -> HttpResponse:
    """The sessions in which an operator acted, or asked to act, for the own organisation."""
    who = viewer(request)
    now = timezone.now()
    found = accounts.sessions_about(who.organisation_id or 0)
    leaf = leaf_of(request, found, SESSIONS)
    return render(
        request,
        "pages/account/support_about_us.html",
        {
            "leaf": leaf,
            "rows": [(one, accounts.support_state(one, now=now)) for one in leaf.rows],
            "may_end": perms.can_manage(who),
        },
    )
