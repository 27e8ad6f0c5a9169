"""One's own sign-in at a glance: factors, recovery codes, sessions, what happened lately."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xinrong.accounts import perms
from xinrong.accounts.services import Person, mfa, network_address, oidc
from xinrong.pages.account_security.enrolling import NEW_CODES
from xinrong.pages.account_security.entering import destination, for_somebody
from xinrong.pages.context import viewer

EVENTS = 20


@require_GET
@for_somebody()
def overview(request: HttpRequest, person: Person) -> HttpResponse:
    """Factors, codes, sessions, and the last twenty events."""
    linked = {link.issuer for link in oidc.links_of(person)}
    events = mfa.FactorEvent.objects.filter(person=person).select_related("by", "second")
    return render(
        request,
        "pages/account_security/overview.html",
        {
            "factors": mfa.factors_of(person),
            "codes_left": mfa.recovery_codes_left(person),
            "sessions": mfa.sessions_of(person, timezone.now()),
            "this": mfa.row_of(request.session),
            "services": [(one, one.issuer in linked) for one in oidc.services()],
            "manages": mfa.can_renew_passwords(viewer(request)),
            "operator": perms.can_reset_factors(viewer(request)),
            "events": events.order_by("-at", "-pk")[:EVENTS],
        },
    )


@require_POST
@for_somebody(fresh=True)
def remove(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """Take a factor away while another one stays."""
    try:
        mfa.remove_factor(person, number, now=timezone.now(), address=network_address(request))
    except mfa.FactorRefused as error:
        if error.code != "factor_last":
            raise
        messages.error(
            request,
            _(
                "The last second factor stays. Add another one first; if you lost it, two "
                "operators of the platform can reset it."
            ),
        )
        return redirect("security")
    messages.success(request, _("The second factor was removed."))
    return redirect("security")


@require_http_methods(["GET", "POST"])
@for_somebody(fresh=True)
def codes(request: HttpRequest, person: Person) -> HttpResponse:
    """The recovery codes just made, shown once; posting makes new ones."""
    if request.method == "POST":
        made = mfa.make_recovery_codes(person, now=timezone.now(), address=network_address(request))
    else:
        sealed = request.session.pop(NEW_CODES, "")
        if not sealed:
            return redirect("security")
        made = mfa.unseal(sealed, mfa.owner(person)).split()
    return render(
        request,
        "pages/account_security/codes.html",
        {"codes": made, "next": destination(request)},
    )


@require_POST
@for_somebody()
def end(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """End one of one's own sessions, wherever it is."""
    if mfa.end_session(person, number):
        messages.success(request, _("The session was ended."))
    return redirect("security")


@require_POST
@for_somebody()
def end_others(request: HttpRequest, person: Person) -> HttpResponse:
    """End every session of one's own but this one."""
    ended = mfa.end_sessions(person, but=mfa.row_of(request.session))
    messages.success(
        request,
        ngettext("%(count)d session was ended.", "%(count)d sessions were ended.", ended)
        % {"count": ended},
    )
    return redirect("security")
