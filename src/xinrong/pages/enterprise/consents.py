"""An enterprise's consents: who asks, who may look, what was taken back, with every paper."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xinrong.accounts.services import Viewer, mfa
from xinrong.domain.clock import day_in_china
from xinrong.domain.errors import XinrongError
from xinrong.pages import consent_words as words
from xinrong.pages.context import region, viewer
from xinrong.pages.enterprise import drafts
from xinrong.pages.errors import page
from xinrong.pages.paging import leaf_of
from xinrong.pages.sheets import csv_answer
from xinrong.pages.words import STAGES, of
from xinrong.subjects import services as subjects
from xinrong.trust import perms
from xinrong.trust.services import ConsentRefused, consenting

ROWS = 30
EXPORTED = 10_000
#: Shorter periods that the granting page offers, in days.
SHORTER = (30, 90, 180, 366)


def own(request: HttpRequest) -> int:
    """The number of the enterprise that the viewer represents. Raises PermissionDenied."""
    try:
        return int(subjects.enterprise_by_code(viewer(request).reference).pk)
    except XinrongError:
        raise PermissionDenied from None


def party(request: HttpRequest) -> consenting.Party:
    """Who grants, with the name that the signed paper carries."""
    who = viewer(request)
    return consenting.Party.of(who, getattr(request.user, "name", "") or str(request.user))


@require_GET
@page(perms.can_see_consents)
def consents(request: HttpRequest) -> HttpResponse:
    """Open requests on top; below, everything that was ever asked, newest first."""
    grantor, now = own(request), timezone.now()
    leaf = leaf_of(request, consenting.requests_to(grantor), ROWS)
    waiting = consenting.open_requests(grantor, now=now)
    return render(
        request,
        "pages/enterprise/consents.html",
        {
            "open": [words.row_of(row, now=now) for row in waiting],
            "rows": [words.row_of(row, now=now) for row in leaf.rows],
            "leaf": leaf,
            "may_grant": perms.can_grant(viewer(request)),
            "needed": bool(region().consents),
        },
    )


@require_http_methods(["GET", "POST"])
@page(perms.can_see_consents)
def answer(request: HttpRequest, number: str) -> HttpResponse:
    """One request in plain words; while it is open, the form that grants all or less."""
    grantor, now = own(request), timezone.now()
    found = consenting.request_for(number, grantor=grantor)
    refusal = ""
    if request.method == "POST":
        check_grants(viewer(request))
        try:
            numbers, ticked = ticked_in(request, found, now)
            if mfa.can_sign(viewer(request).person_id):
                drafts.keep(
                    request,
                    [consenting.propose(one, grantor, ticked, now=now) for one in numbers],
                )
                return redirect("consent-sign", number=found.number)
            made = consenting.grant_all(numbers, grantor, party(request), ticked, now=now)
        except XinrongError as error:
            refusal = str(words.wrong(error.code))
        else:
            messages.success(request, _("%(number)d consents given.") % {"number": len(made)})
            return redirect("consents")
    return render(
        request,
        "pages/enterprise/request.html",
        about(request, found, now) | {"refusal": refusal},
        status=422 if refusal else 200,
    )


def check_grants(who: Viewer) -> None:
    """Raises PermissionDenied unless the viewer binds the enterprise in person."""
    if not perms.can_grant(who):
        raise PermissionDenied


def ticked_in(
    request: HttpRequest, found: Any, now: datetime
) -> tuple[list[str], consenting.Answer]:
    """The requests that the form answers, and how: ticks count, nothing else that it may send."""
    form = request.POST
    alike = {one.number for one in consenting.others_alike(found, now=now)}
    numbers = [found.number, *sorted(alike & set(form.getlist("also")))]
    days = form.get("days", "")
    if days not in {str(one) for one in (*SHORTER, found.days)}:
        raise ConsentRefused("no such period", code="days")
    ticked = consenting.Answer(
        frozenset(form.getlist("category")), frozenset(form.getlist("sensitive")), int(days)
    )
    if not set(ticked.categories) <= set(found.levels):
        raise ConsentRefused("ticked what nobody asked for", code="not_asked")
    return numbers, ticked


def about(request: HttpRequest, found: Any, now: datetime) -> dict[str, Any]:
    """What the page of a request shows."""
    row = words.row_of(found, now=now)
    consent = row.consent
    levels = consent.levels if consent else found.levels
    template = region().consents.get(found.template)
    form = request.POST
    return {
        "row": row,
        "asked": found,
        "consent": consent,
        "seen": words.seen(found, levels),
        "ticked": form.getlist("category") if form else list(found.levels),
        "ticked_twice": form.getlist("sensitive"),
        "also": form.getlist("also"),
        "others": consenting.others_alike(found, now=now) if row.state == "asked" else [],
        "periods": [days for days in SHORTER if days < found.days] + [found.days],
        "chosen_days": form.get("days", str(found.days)),
        "template": template,
        "signature": words.signature_of(consent),
        "signs": mfa.can_sign(viewer(request).person_id),
        "namings": consenting.namings_of(consent) if consent else (0, None),
        "named_elsewhere": consenting.named_elsewhere(found.levels, one_time=found.one_time),
        "needs_passkey": consenting.needs_passkey(found),
        "receipts": [(one, of(words.RECEIPTS, one.kind)) for one in consenting.receipts_of(found)],
        "may_grant": perms.can_grant(viewer(request)),
        "may_revoke": row.state == "granted" and not found.loan_reference,
    }


@require_POST
@page(perms.can_grant)
def refuse(request: HttpRequest, number: str) -> HttpResponse:
    """Say no: one press, no reason asked."""
    consenting.refuse(number, own(request), party(request), now=timezone.now())
    messages.success(request, _("Refused. Only the one who asked is told."))
    return redirect("consents")


@require_http_methods(["GET", "POST"])
@page(perms.can_grant)
def revoke(request: HttpRequest, number: str) -> HttpResponse:
    """What would stop; pressed, it stops."""
    grantor, now = own(request), timezone.now()
    consent = consenting.consent_of(number, grantor=grantor)
    assert consent.request is not None  # consent_of finds no other
    if request.method == "POST":
        consenting.revoke(number, grantor, party(request), now=now)
        messages.success(request, _("Taken back. Nothing more is released under it."))
        return redirect("consent-request", number=consent.request.number)
    same = consenting.requests_to(grantor).filter(grantee=consent.grantee, state="granted")
    loans = [one for one in same if one.loan_reference and one.pk != consent.request_id]
    return render(
        request,
        "pages/enterprise/revoke.html",
        {
            "consent": consent,
            "seen": words.seen(consent.request, consent.levels),
            "stages": [of(STAGES, stage) for stage in consent.stages],
            "deliveries": sum(1 for _one in consenting.deliveries_of(consent)),
            "loans": loans,
            "live": bool(consent.loan_reference),
            "running": words.row_of(consent.request, now=now).state == "granted",
        },
    )


@require_GET
@page(perms.can_see_consents)
def export(request: HttpRequest) -> HttpResponse:
    """Everything that was asked and granted, as a table for a spreadsheet."""
    now, rows = timezone.now(), []
    headings = [
        _("Asked on"), _("By whom"), _("Purpose"), _("Stage"), _("State"), _("Information"),
        _("Valid until"), _("Once only"), _("Kept for days"), _("Number"),
    ]  # fmt: skip
    for found in consenting.requests_to(own(request))[:EXPORTED]:
        row = words.row_of(found, now=now)
        until = day_in_china(row.consent.valid_until).isoformat() if row.consent else ""
        titles = [str(one.title.zh if hasattr(one.title, "zh") else one.title)
                  for one in words.seen(found, (row.consent or found).levels)]  # fmt: skip
        rows.append(
            (
                day_in_china(found.asked_at).isoformat(), found.grantee.name, row.purpose,
                " ".join(map(str, row.stages)), row.words, " ".join(titles), until,
                _("yes") if found.one_time else _("no"), found.keep_days, found.number,
            )
        )  # fmt: skip
    return csv_answer("consents.csv", headings, rows)


def side(request: HttpRequest) -> dict[str, Any]:
    """On which side the viewer stands. Raises PermissionDenied for anybody else."""
    who = viewer(request)
    if perms.can_see_consents(who):
        return {"grantor": own(request)}
    if perms.can_see_asked(who):
        return {"grantees": who.grantees}
    raise PermissionDenied


def has_papers(who: Viewer) -> bool:
    """Both sides read the signed papers."""
    return perms.can_see_consents(who) or perms.can_see_asked(who)


@require_GET
@page(has_papers)
def papers(request: HttpRequest, number: str) -> HttpResponse:
    """Artefact, words and receipts in one file: what the offline verifier reads."""
    found = consenting.request_for(number, **side(request))
    return download(consenting.bundle(found), f"consent-{number}.json")


@require_GET
@page(has_papers)
def receipt(request: HttpRequest, number: str, receipt: str) -> HttpResponse:
    """One receipt, signed."""
    found = consenting.request_for(number, **side(request))
    for one in consenting.receipts_of(found):
        if one.number == receipt:
            return download(one.envelope, f"receipt-{receipt}.json")
    raise ConsentRefused("there is no such receipt for you", code="request_unknown")


def download(content: Any, name: str) -> JsonResponse:
    """A signed paper as a file of its own."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return JsonResponse(content, headers=headers, json_dumps_params={"ensure_ascii": False})
