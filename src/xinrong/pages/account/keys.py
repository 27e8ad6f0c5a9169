"""API keys: made, shown once, rotated with an overlap, revoked."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xinrong.accounts import perms
from xinrong.accounts import services as accounts
from xinrong.accounts.enums import SCOPES_OF
from xinrong.pages import words
from xinrong.pages.account.typed import beside_the_form, whole
from xinrong.pages.context import viewer
from xinrong.pages.errors import page
from xinrong.pages.paging import leaf_of

KEYS = 30
DAYS = 90
OVERLAP_DAYS = 2


@require_GET
@page(perms.can_manage)
def keys(request: HttpRequest) -> HttpResponse:
    """The keys of the organisation and its outlets, the newest first; what ends soon is marked."""
    who = accounts.managing(viewer(request))
    now = timezone.now()
    leaf = leaf_of(request, accounts.keys_of(*who.organisations), KEYS)
    rows = [(key, _state(key, now)) for key in leaf.rows]
    organisations = accounts.managed(who)
    return render(
        request,
        "pages/account/keys.html",
        {
            "leaf": leaf,
            "rows": rows,
            "several": len(organisations) > 1,
            "ending": sum(state == "ends_soon" for _key, state in rows),
            "has_scopes": any(SCOPES_OF[one.kind] for one in organisations),
        },
    )


def _state(key: accounts.ApiKey, now: datetime) -> str:
    if key.revoked_at is not None:
        return "revoked"
    if key.expires_at <= now:
        return "expired"
    if key.suspended_at is not None:
        return "suspended"
    return "ends_soon" if accounts.ends_soon(key, now=now) else "valid"


@require_http_methods(["GET", "POST"])
@page(perms.can_manage)
def new(request: HttpRequest) -> HttpResponse:
    """Make a key; its token is shown once, on the page that answers."""
    organisations = accounts.managed(accounts.managing(viewer(request)))
    offered = SCOPES_OF[organisations[0].kind]
    title = request.POST.get("title", "")[:100]
    days = request.POST.get("days", str(DAYS))[:4]
    chosen = request.POST.getlist("scopes")
    number = whole(request.POST.get("organisation", str(organisations[0].pk)))
    problem = ""
    if request.method == "POST":
        try:
            key, token = accounts.make_key(
                viewer(request), number, title, chosen, days=whole(days), now=timezone.now()
            )
        except accounts.PeopleRefused as error:
            problem = beside_the_form(error)
        else:
            return render(request, "pages/account/key_made.html", {"key": key, "token": token})
    return render(
        request,
        "pages/account/key_new.html",
        {
            "organisations": organisations,
            "number": number,
            "scopes": [(scope, words.of(words.SCOPES, scope)) for scope in offered],
            "chosen": chosen or list(offered[:1]),
            "title": title,
            "days": days,
            "problem": problem,
        },
        status=422 if problem else 200,
    )


@require_http_methods(["GET", "POST"])
@page(perms.can_manage)
def rotate(request: HttpRequest, prefix: str) -> HttpResponse:
    """A new key in the place of one, which goes on for at most 7 days."""
    key = accounts.managed_key(viewer(request), prefix)
    days = request.POST.get("days", str(DAYS))[:4]
    overlap = request.POST.get("overlap", str(OVERLAP_DAYS))[:4]
    problem = ""
    if request.method == "POST":
        try:
            made, token = accounts.replace_key(
                viewer(request),
                prefix,
                overlap_days=whole(overlap),
                days=whole(days),
                now=timezone.now(),
            )
        except accounts.PeopleRefused as error:
            problem = beside_the_form(error)
        else:
            key.refresh_from_db()
            content = {"key": made, "token": token, "replaced": key}
            return render(request, "pages/account/key_made.html", content)
    return render(
        request,
        "pages/account/key_rotate.html",
        {"key": key, "days": days, "overlap": overlap, "problem": problem},
        status=422 if problem else 200,
    )


@require_POST
@page(perms.can_manage)
def revoke(request: HttpRequest, prefix: str) -> HttpResponse:
    """End a key at once."""
    key = accounts.end_key(viewer(request), prefix, now=timezone.now())
    messages.success(
        request, _("The key %(prefix)s opens nothing any more.") % {"prefix": key.prefix}
    )
    return redirect("account-keys")
