"""What an institution has to withdraw, and for the operator who has not said so in time."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from xinrong.domain.clock import day_in_china
from xinrong.pages.context import viewer
from xinrong.pages.errors import page
from xinrong.pages.paging import leaf_of
from xinrong.pages.paging import number as whole
from xinrong.pages.repairs.words import WITHDRAWN
from xinrong.pages.words import of, said
from xinrong.remedy.perms import can_see_withdrawals, can_withdraw_copies
from xinrong.remedy.services import RemedyRefused, repairing, telling

PAGE, LAST = 50, 10**15


@require_GET
@page(can_see_withdrawals)
def withdrawals(request: HttpRequest) -> HttpResponse:
    """What the own institution was told, the newest first; for the operator who is late."""
    return _shown(request)


def _shown(request: HttpRequest, problem: str = "") -> HttpResponse:
    who, today = viewer(request), day_in_china(timezone.now())
    operator = who.role == "operator"
    found = (
        telling.overdue(today)
        if operator
        else telling.entries(who).order_by("acknowledged_at", "-withdrawal__number")
    )
    leaf = leaf_of(request, found, PAGE)
    rows = [
        {
            "told": one,
            "what": of(WITHDRAWN, one.withdrawal.kind),
            "category": said(repairing.category_words(one.withdrawal.category)),
            "late": one.due_on is not None and one.acknowledged_at is None and one.due_on < today,
        }
        for one in leaf.rows
    ]
    context = {"leaf": leaf, "rows": rows, "problem": problem, "may": can_withdraw_copies(who)}
    name = "late" if operator else "withdrawals"
    return render(request, f"pages/repairs/{name}.html", context, status=422 if problem else 200)


@require_POST
@page(can_withdraw_copies)
def done(request: HttpRequest) -> HttpResponse:
    """Say that the copies of what was ticked are withdrawn."""
    who = viewer(request)
    given = [whole(one, 1, LAST) for one in request.POST.getlist("number")[:500]]
    numbers = [one for one in given if one is not None]
    try:
        telling.acknowledge(who, numbers, by=f"person {who.person_id}", now=timezone.now())
    except RemedyRefused as error:
        return _shown(request, said(error.words))
    messages.success(request, _("Noted: your copies are withdrawn."))
    return redirect("withdrawals")
