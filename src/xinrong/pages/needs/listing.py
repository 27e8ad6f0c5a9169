"""My needs: what was stated, what is still a draft, what an officer wrote down for us."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from xinrong.market.perms import can_draft_needs, can_see_own_needs
from xinrong.market.services import needs
from xinrong.pages.context import viewer
from xinrong.pages.errors import page
from xinrong.pages.needs import words
from xinrong.pages.paging import leaf_of

SIZE = 20


@require_GET
@page(can_see_own_needs)
def index(request: HttpRequest) -> HttpResponse:
    """The needs of the own enterprise, or of a founder."""
    who = viewer(request)
    leaf = leaf_of(request, needs.needs_of(who), SIZE)
    return render(
        request,
        "pages/needs/index.html",
        {
            "leaf": leaf,
            "rows": [row_of(one) for one in leaf.rows],
            "founded": [row_of(one) for one in needs.founded_by(who)],
            "asked": needs.questionnaires.open_to(who, now=timezone.now())[:SIZE],
            "may": can_draft_needs(who),
            "founder": who.organisation_id is None,
        },
    )


@require_POST
@page(can_draft_needs)
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Withdraw a need; a draft is discarded."""
    needs.withdraw(viewer(request), number, now=timezone.now())
    messages.success(request, _("Withdrawn."))
    return redirect("needs")


@require_POST
@page(can_draft_needs)
def take_over(request: HttpRequest, number: str) -> HttpResponse:
    """A founder's need becomes that of the firm, which is registered by now."""
    need = needs.take_over(viewer(request), number, now=timezone.now())
    messages.success(request, _("The need is the enterprise's now."))
    return redirect("need", number=need.number)


def row_of(need: needs.StatedNeed) -> tuple[needs.StatedNeed, str, object]:
    """A need, in one line, and the words of its state."""
    return need, words.summary(need), needs.NEED_PROCESS.state_words[need.state]
