"""One's own account at a glance: for whom one acts, and choosing another organisation."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from xinrong.accounts import perms
from xinrong.accounts import services as accounts
from xinrong.pages.account.typed import whole
from xinrong.pages.context import viewer
from xinrong.pages.errors import page


@require_GET
@page(perms.is_signed_in)
def overview(request: HttpRequest) -> HttpResponse:
    """Every role of the person, which one acts, and where to go from here."""
    who = viewer(request)
    roles = accounts.all_roles(who.person_id) if who.person_id is not None else []
    return render(
        request,
        "pages/account/overview.html",
        {
            "roles": roles,
            "acting": who.organisation_id if who.support_id is None else None,
            "may_manage": perms.can_manage(who),
            "may_support": perms.can_support(who),
            "acts": perms.acts_for_somebody(who),
            "may_claim": perms.can_claim(who),
        },
    )


@require_POST
@page(perms.is_signed_in)
def choose(request: HttpRequest) -> HttpResponse:
    """Act for another of one's organisations; a support session ends by it."""
    session = accounts.support_of(viewer(request), now=timezone.now())
    chosen = accounts.choose_organisation(request, whole(request.POST.get("organisation", "")))
    if session is not None:
        accounts.end_support(viewer(request), session.key, now=timezone.now())
    name = chosen.organisation.name
    messages.success(request, _("You act for %(organisation)s now.") % {"organisation": name})
    return redirect("account")
