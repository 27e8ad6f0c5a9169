"""For the operator: do the channels work, which messages were given up, and sending them again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from xinrong.notices import perms
from xinrong.notices import services as notices
from xinrong.pages.context import viewer
from xinrong.pages.errors import page
from xinrong.pages.notices.words import CHANNELS, MESSAGE_STATES, WHYS
from xinrong.pages.paging import leaf_of
from xinrong.pages.words import of

ROWS = 30
#: What connects a channel.
SETTINGS = {"mail": "XINRONG_MAIL_HOST", "sms": "XINRONG_SMS_URL"}


@require_GET
@page(perms.can_see_messages)
def outgoing(request: HttpRequest) -> HttpResponse:
    """Each channel with its counts and whether it works; below, the dead letters."""
    down = {row.channel: row for row in notices.pauses()}
    opened = [str(one) for one in notices.open_channels()]
    counted = notices.counted()
    channels = [
        {
            "name": of(CHANNELS, name),
            "open": name in opened,
            "setting": SETTINGS[name],
            "down": down.get(name),
            "why": of(WHYS, down[name].why) if name in down else "",
            "counts": [(words, counted.get(name, {}).get(state, 0))
                       for state, words in MESSAGE_STATES.items()],
        }
        for name in CHANNELS
    ]  # fmt: skip
    leaf = leaf_of(request, notices.dead_letters(), ROWS)
    letters = [
        {
            "row": one,
            "kind": notices.KINDS[one.notice.kind].words
            if one.notice and one.notice.kind in notices.KINDS
            else _("code for a mobile number"),
            "channel": of(CHANNELS, one.channel),
            "why": of(WHYS, one.why),
        }
        for one in leaf.rows
    ]
    context = {"channels": channels, "leaf": leaf, "letters": letters}
    return render(request, "pages/notices/outgoing.html", context)


@require_POST
@page(perms.can_see_messages)
def resend(request: HttpRequest, number: int) -> HttpResponse:
    """Queue one dead letter again."""
    notices.resend(number, role=viewer(request).role, now=timezone.now())
    messages.success(request, _("The message is queued again."))
    return redirect("messages")


@require_POST
@page(perms.can_see_messages)
def resend_all(request: HttpRequest) -> HttpResponse:
    """Queue all dead letters again."""
    many = notices.resend_all(role=viewer(request).role, now=timezone.now())
    said = ngettext("%(n)d message is queued again.", "%(n)d messages are queued again.", many)
    messages.success(request, said % {"n": many})
    return redirect("messages")
