"""Taking a batch back, by its department or the operator: a preview, a reason, a typed number."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from xinrong.accounts import perms as accounts
from xinrong.accounts.perms import is_data_officer_of
from xinrong.collect import perms
from xinrong.collect import services as collect
from xinrong.domain.clock import SystemClock
from xinrong.pages.context import region, viewer
from xinrong.pages.department.batches import receipt_for
from xinrong.pages.errors import page

LONGEST_REASON = 300


@require_http_methods(["GET", "POST"])
@page(accounts.can_see_batches)
def retract(request: HttpRequest, batch: int) -> HttpResponse:
    """What retracting would do; with a reason and the batch's number typed, do it."""
    receipt = receipt_for(request, batch)
    if not perms.can_retract(viewer(request), receipt.department):
        raise PermissionDenied
    if batch in collect.retracted_batches([batch]):
        return redirect("batch", batch=batch)
    reason = " ".join(request.POST.get("reason", "").split())[:LONGEST_REASON]
    confirmed = request.POST.get("confirm", "").strip() == str(batch)
    if request.method == "POST" and reason and confirmed:
        collect.retract(batch, reason, clock=SystemClock())
        messages.success(request, _("Batch %(batch)d is retracted.") % {"batch": batch})
        return redirect("batch", batch=batch)
    asked = request.method == "POST"
    return render(
        request,
        "pages/operator/retract.html",
        {
            "receipt": receipt,
            "department": region().departments.get(receipt.department),
            "preview": collect.preview_retraction(batch),
            "own": is_data_officer_of(viewer(request), receipt.department),
            "reason": reason,
            "longest": LONGEST_REASON,
            "reason_missing": asked and not reason,
            "confirm_missing": asked and not confirmed,
        },
        status=422 if asked else 200,
    )
