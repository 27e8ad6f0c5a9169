"""What a person wants to be told, by what and when; the mobile number and its code."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from xinrong.notices import perms
from xinrong.notices import services as notices
from xinrong.notices.enums import Channel, Language
from xinrong.pages.account.typed import whole
from xinrong.pages.errors import page
from xinrong.pages.notices.listing import own
from xinrong.pages.notices.words import WANTED
from xinrong.pages.words import said

HOURS = range(24)


@require_http_methods(["GET", "POST"])
@page(perms.can_see_notices)
def settings(request: HttpRequest) -> HttpResponse:
    """The form, and keeping what was chosen."""
    if request.method == "GET":
        return shown(request)
    typed = request.POST
    first, last = whole(typed.get("quiet_from", "")), whole(typed.get("quiet_to", ""))
    try:
        notices.prefer(
            own(request),
            language=typed.get("language", ""),
            mail=typed.get("mail", ""),
            sms=typed.get("sms", "off"),
            quiet=(first, last) if typed.get("quiet") else None,
            digest_hour=whole(typed.get("digest_hour", "")),
            now=timezone.now(),
        )
    except notices.NoticeError as refused:
        return shown(request, problem=said(refused.words))
    messages.success(request, _("Kept. It counts from the next message on."))
    return redirect("notices-settings")


def shown(
    request: HttpRequest, *, problem: str = "", number: str = "", wrong: str = ""
) -> HttpResponse:
    """The page; `problem` is with the choices, `wrong` with the number or its code."""
    channels = notices.open_channels()
    context: dict[str, Any] = {
        "wanted": notices.preference_of(own(request)),
        "choices": WANTED.items(),
        "languages": Language.choices,
        "hours": HOURS,
        "mail_open": Channel.MAIL in channels,
        "sms_open": Channel.SMS in channels,
        "problem": problem,
        "typed": number,
        "wrong": wrong,
    }
    status = 422 if problem or wrong else 200
    return render(request, "pages/notices/settings.html", context, status=status)


@require_POST
@page(perms.can_see_notices)
def number(request: HttpRequest) -> HttpResponse:
    """Have a code sent to a mobile number."""
    typed = request.POST.get("number", "")[:40]
    try:
        notices.ask_code(own(request), typed, now=timezone.now())
    except notices.NoticeError as refused:
        return shown(request, number=typed, wrong=said(refused.words))
    messages.success(request, _("A code is on its way. Type it below within 15 minutes."))
    return redirect("notices-settings")


@require_POST
@page(perms.can_see_notices)
def code(request: HttpRequest) -> HttpResponse:
    """Confirm the number by the code that was sent to it."""
    try:
        notices.confirm(own(request), request.POST.get("code", "")[:20], now=timezone.now())
    except notices.NoticeError as refused:
        return shown(request, wrong=said(refused.words))
    messages.success(request, _("The number is confirmed."))
    return redirect("notices-settings")


@require_POST
@page(perms.can_see_notices)
def forget(request: HttpRequest) -> HttpResponse:
    """Keep no number any more."""
    notices.forget_number(own(request), now=timezone.now())
    messages.success(request, _("The number is deleted."))
    return redirect("notices-settings")


@require_POST
@page(perms.can_see_notices)
def again(request: HttpRequest) -> HttpResponse:
    """Try the address again that refused messages."""
    notices.try_again(own(request))
    messages.success(request, _("The next message is sent there again."))
    return redirect("notices-settings")
