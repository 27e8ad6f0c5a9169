"""For what a file is opened: chosen once an enterprise, remembered in the session, shown on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from xinrong.accounts import perms
from xinrong.accounts.services import Viewer
from xinrong.pages import words
from xinrong.pages.context import viewer
from xinrong.pages.errors import page
from xinrong.subjects import services as subjects
from xinrong.trust.gate import Purpose, Stage
from xinrong.trust.services import own_enterprise

TABS = (
    "basic", "register", "comprehensive", "cube", "signs", "paper", "indicator-values",
    "criterion-answers", "enterprise-class", "enterprise-grade",
)  # fmt: skip
REMEMBERED = 50  # enterprises a session; the oldest choice is forgotten first
SESSION_KEY = "opened_files"

#: Role -> its own purpose, when it needs no further choice.
FIXED = {
    "data_officer": Purpose.SUPERVISION,
    "operator": Purpose.OPERATION,
    "adviser": Purpose.ADVICE,
}


@dataclass(frozen=True)
class Opening:
    """Why this viewer looks at this enterprise."""

    purpose: Purpose
    stage: Stage | None


def is_own(who: Viewer, enterprise: Any) -> bool:
    """Whether a representative acts for it: under its code, or one that was merged into it."""
    if who.role != "representative":
        return False
    return who.reference == enterprise.code or own_enterprise(who) == {enterprise.pk}


def opening_of(request: HttpRequest, who: Viewer, enterprise: Any) -> Opening | None:
    """Why the file is open; None when a loan officer has yet to say for which stage."""
    if who.role in FIXED:
        return Opening(FIXED[who.role], None)
    if who.role == "representative":
        return Opening(Purpose.SELF if is_own(who, enterprise) else Purpose.PUBLIC, None)
    stage = request.session.get(SESSION_KEY, {}).get(choice_key(who, enterprise.code))
    purpose = Purpose.GUARANTEE if who.role == "guarantee_officer" else Purpose.CREDIT
    return Opening(purpose, Stage(stage)) if stage in set(Stage) else None


def choice_key(who: Viewer, code: str) -> str:
    """A choice is made for one enterprise and one organisation."""
    return f"{who.organisation_id}:{code}"


def ask(request: HttpRequest, enterprise: Any, tab: str, *, missing: bool = False) -> HttpResponse:
    """The form that asks for the stage before the file opens."""
    return render(
        request,
        "pages/bank/opening.html",
        {
            "enterprise": enterprise,
            "tab": tab,
            "stages": [(stage.value, words.of(words.STAGES, stage)) for stage in Stage],
            "missing": missing,
        },
        status=422 if missing else 200,
    )


@require_POST
@page(perms.can_query_files)
def choose(request: HttpRequest, code: str) -> HttpResponse:
    """Remember the stage for this enterprise and open the file."""
    enterprise = subjects.enterprise_by_code(code)
    tab = request.POST.get("tab", "")
    tab = tab if tab in TABS else TABS[0]
    stage = request.POST.get("stage", "")
    if stage not in set(Stage):
        return ask(request, enterprise, tab, missing=True)
    chosen = dict(request.session.get(SESSION_KEY, {}))
    key = choice_key(viewer(request), enterprise.code)
    chosen.pop(key, None)
    chosen[key] = stage
    request.session[SESSION_KEY] = dict(list(chosen.items())[-REMEMBERED:])
    return redirect(tab, code=enterprise.code)


@require_POST
@page(perms.can_query_files)
def close(request: HttpRequest, code: str) -> HttpResponse:
    """Forget the stage, so that the file asks again: the button «change» on the file."""
    enterprise = subjects.enterprise_by_code(code)
    chosen = dict(request.session.get(SESSION_KEY, {}))
    chosen.pop(choice_key(viewer(request), enterprise.code), None)
    request.session[SESSION_KEY] = chosen
    return redirect("basic", code=enterprise.code)
