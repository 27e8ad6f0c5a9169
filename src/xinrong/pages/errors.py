"""Errors as pages: what is wrong, and what to do next, in both languages.

A service raises XinrongError; `page` turns it into the right status. The words of an error are
those of the service, in English; the page adds its own in the reader's language.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xinrong.accounts.services import Viewer
from xinrong.domain.errors import XinrongError
from xinrong.domain.text import Text
from xinrong.pages.context import viewer
from xinrong.pages.words import said

logger = logging.getLogger(__name__)
ErrorWords = tuple[Promise, Promise, Promise, str]

#: status -> title, what it means, what to do, icon
PAGES: dict[int, ErrorWords] = {
    400: (
        _("This request cannot be understood"),
        _("Something in the address or the form is not as it should be."),
        _("Go back, check what you filled in and send it again."),
        "warn",
    ),
    403: (
        _("You may not open this"),
        _("Your role, or the purpose you gave, does not include it."),
        _("If your work needs it, ask the person who manages accounts in your organisation."),
        "lock",
    ),
    404: (
        _("There is nothing here"),
        _("The address is wrong, or what was here has been taken back."),
        _("Check the address, or look for the enterprise by its name or code."),
        "search",
    ),
    429: (
        _("Too many attempts"),
        _("The door stays shut for a while so that nobody can guess a password."),
        _("Wait 15 minutes and try again."),
        "clock",
    ),
    500: (
        _("Something broke on our side"),
        _("The fault has been recorded. Nothing that you entered was changed."),
        _("Try again in a minute. If it happens again, tell the operator the time."),
        "warn",
    ),
    503: (
        _("This cannot be answered just now"),
        _("The access log could not be written, so nothing was released."),
        _("Try again in a minute."),
        "clock",
    ),
}

#: Codes of which the page says more than its status would.
OF_CODE: dict[str, ErrorWords] = {
    "denied_column": (
        _("This may not be counted for your purpose"),
        _("The draft asks for something that may not be learned for the purpose that you gave."),
        _("Take it out of the draft, or count for the purpose that your work really has."),
        "lock",
    ),
    "denied_budget": (
        _("Enough drafts like this one for today"),
        _(
            "Counts of drafts that hardly differ could together point to one enterprise, so each "
            "of you may ask for a few only."
        ),
        _("Go on with the figures that you have, or ask again tomorrow."),
        "clock",
    ),
}

#: error code -> status; anything else that a service refuses is 400
STATUSES = {
    "denied": 403,
    "denied_role": 403,
    "denied_purpose": 403,
    "denied_stage": 403,
    "denied_subject": 403,
    "denied_no_consent": 403,
    "denied_revoked": 403,
    "denied_used": 403,
    "denied_column": 403,
    "denied_budget": 429,
    "count_column": 403,
    "count_unknown": 404,
    "unknown_enterprise": 404,
    "unknown_member": 404,
    "unknown_invitation": 404,
    "unknown_key": 404,
    "unknown_support": 404,
    "unknown_batch": 404,
    "consent_unknown": 404,
    "request_unknown": 404,
    "repair_not_yours": 404,
    "notice_unknown": 404,
    "message_unknown": 404,
    "move_unknown": 409,
    "case_unknown": 404,
    "unknown_query": 404,
    "report_unknown": 404,
    "unknown_indicator": 404,
    "criterion_unknown": 404,
    "classes_unknown": 404,
    "cards_unknown": 404,
    "cards_role": 403,
    "cards_tampered": 500,
    "cards_key": 500,
    "classes_not_yours": 403,
    "list_unknown": 404,
    "product_unknown": 404,
    "no_products": 404,
    "need_unknown": 404,
    "application_unknown": 404,
    "proposal_unknown": 404,
    "need_role": 403,
    "fits_role": 403,
    "questionnaire_unknown": 404,
    "plan_unknown": 404,
    "league_role": 403,
    "event_unknown": 404,
    "event_role": 403,
    "project_unknown": 404,
    "project_role": 403,
    "no_outlets": 404,
    "no_services": 404,
    "service_unknown": 404,
    "service_role": 403,
    "outlet_unknown": 404,
    "entry_unknown": 404,
    "list_role": 403,
    "list_department": 403,
    "unknown_alarm": 404,
    "unknown_snoop_alert": 404,
    "unknown_feed": 404,
    "unknown_upload": 404,
    "claim_unknown": 404,
    "factor_unknown": 404,
    "identity_unknown": 404,
    "identity_unreachable": 502,
    "upload_too_large": 413,
    "chunk_refused": 413,
    "digest_differs": 409,
    "upload_state": 409,
    "upload_quota": 409,
    "no_room": 507,
    "disk_full": 507,
    "unknown_organisation": 404,
    "disk_read_only": 507,
    "sign_in_locked": 429,
    "gate_fault": 500,
    "audit_unavailable": 503,
}


#: A form that was open too long, or came from elsewhere: a page of its own, with status 403.
STALE_FORM: ErrorWords = (
    _("This form is no longer valid"),
    _("It was open for too long, or you signed in or out in another window meanwhile."),
    _("Go back, load the page again and send the form once more."),
    "clock",
)


#: A body that nobody read: xinrong.bodies says so, with status 413.
TOO_LARGE: ErrorWords = (
    _("This is too large"),
    _("What was sent is larger than this page takes. Nothing of it was read."),
    _("Go back and send less at once: a shorter list, or a smaller file."),
    "warn",
)


def error_page(
    request: HttpRequest, status: int, detail: str = "", words: ErrorWords | None = None
) -> HttpResponse:
    """The page of a status; its content alone when htmx asked.

    `detail` is what the service said, when it said something.
    """
    title, meaning, remedy, icon = words or PAGES[status]
    response = render(
        request,
        "pages/parts/error.html" if asked_by_htmx(request) else "pages/error.html",
        {
            "status": status,
            "title": title,
            "meaning": meaning,
            "remedy": remedy,
            "icon": icon,
            "detail": detail,
            "detail_in_english": detail.isascii(),
        },
        status=status,
    )
    add_never_cache_headers(response)
    return response


def asked_by_htmx(request: HttpRequest) -> bool:
    """Whether a part of a page is wanted, not a whole one."""
    return request.headers.get("HX-Request") == "true"


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Ask to sign in and come back; a part of a page sends the whole page there."""
    redirect = redirect_to_login(request.get_full_path())
    if asked_by_htmx(request):
        return HttpResponse(headers={"HX-Redirect": redirect["Location"]})
    return redirect


def of_error(request: HttpRequest, error: XinrongError) -> HttpResponse:
    """The page of an error that a service raised; what it says is added where the page cannot."""
    status = STATUSES.get(error.code, 400)
    if error.code in OF_CODE:
        return error_page(request, status, str(error), OF_CODE[error.code])
    if status in PAGES and status != 400:
        return error_page(request, status)
    words = getattr(error, "words", None) or Text(zh=str(error), en=str(error))
    return error_page(request, status, said(words), PAGES[400])


def page[**P](
    allowed: Callable[[Viewer], bool] | None = None,
) -> Callable[
    [Callable[Concatenate[HttpRequest, P], HttpResponseBase]],
    Callable[Concatenate[HttpRequest, P], HttpResponseBase],
]:
    """A view that only some may open: asks to sign in, refuses, and never lets itself be cached.

    Without `allowed` anybody may open it.
    """

    def wrap(
        view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if allowed is not None and not allowed(viewer(request)):
                if not request.user.is_authenticated:
                    return to_sign_in(request)
                return error_page(request, 403)
            try:
                response = view(request, *args, **kwargs)
            except XinrongError as error:
                response = of_error(request, error)
            if allowed is not None:
                add_never_cache_headers(response)
            return response

        return guarded

    return wrap


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Handler of 400."""
    return error_page(request, 400)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """What Django's protection against forged forms answers with (CSRF_FAILURE_VIEW)."""
    return error_page(request, 403, words=STALE_FORM)


def forbidden(request: HttpRequest, exception: PermissionDenied) -> HttpResponse:
    """Handler of 403."""
    return error_page(request, 403)


def not_found(request: HttpRequest, exception: Http404) -> HttpResponse:
    """Handler of 404."""
    return error_page(request, 404)


def broken(request: HttpRequest) -> HttpResponse:
    """Handler of 500; where even the page cannot be made, the bare words in both languages."""
    try:
        return error_page(request, 500)
    except Exception:  # whatever broke the page may break its frame as well
        logger.exception("the page of an error could not be made")
        return HttpResponse(
            "系统出错，请稍后再试。 Something broke on our side; try again in a minute.",
            status=500,
            content_type="text/plain; charset=utf-8",
        )
