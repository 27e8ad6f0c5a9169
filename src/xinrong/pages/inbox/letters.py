"""Events that a part of the platform did not take: what they are, why, and sending them again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from xinrong.pages.errors import page
from xinrong.work import services as work
from xinrong.work.perms import can_see_dead_letters

SHOWN = 200


@require_GET
@page(can_see_dead_letters)
def letters(request: HttpRequest) -> HttpResponse:
    """What was given up, the oldest first."""
    found = work.dead_letters()
    context = {"letters": found[:SHOWN], "total": len(found)}
    return render(request, "pages/inbox/letters.html", context)


@require_POST
@page(can_see_dead_letters)
def resend(request: HttpRequest, number: int) -> HttpResponse:
    """Try one again from the beginning."""
    try:
        work.resend(number, now=timezone.now())
    except work.CaseRefused:
        messages.error(request, _("It has been sent again meanwhile."))
    else:
        messages.success(request, _("It is being sent again. If it fails once more, it returns."))
    return redirect("events-lost")
