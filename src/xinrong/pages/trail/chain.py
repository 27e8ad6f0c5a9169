"""How the audit chain stands, and checking it: for the auditor and the operator."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from xinrong.domain.clock import SystemClock
from xinrong.pages import words
from xinrong.pages.context import viewer
from xinrong.pages.errors import page
from xinrong.trust import perms
from xinrong.trust.services import sealing

#: Rows that the page checks at once, the newest; the whole is for `xinrong audit verify`.
CHECKED = 20_000


@require_http_methods(["GET", "POST"])
@page(perms.can_see_chain)
def chain(request: HttpRequest) -> HttpResponse:
    """Last seal, lag, last checkpoint, alarms; POST checks the newest rows."""
    may_verify = perms.can_audit(viewer(request))
    found = sealing.verify_newest(CHECKED) if request.method == "POST" and may_verify else None
    state = sealing.chain_state(SystemClock())
    return render(
        request,
        "pages/trail/chain.html",
        {
            "state": state,
            "lag": round(state.lag.total_seconds(), 1),
            "alarms": [words.of(words.CHAIN_ALARMS, one) for one in state.alarms],
            "keys": sealing.checkpoint_keys(),
            "found": found,
            "may_verify": may_verify,
        },
    )
