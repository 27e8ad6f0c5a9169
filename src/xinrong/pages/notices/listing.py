"""One's own notices: the list, opening one, marking them as read."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from xinrong.accounts import services as accounts
from xinrong.notices import perms
from xinrong.notices import services as notices
from xinrong.pages.account.typed import whole
from xinrong.pages.context import region, viewer
from xinrong.pages.errors import page
from xinrong.pages.paging import leaf_of
from xinrong.pages.words import said
from xinrong.work import services as work

ROWS = 30


def own(request: HttpRequest) -> int:
    """The number of whoever is signed in; `page` has made sure that somebody is."""
    return viewer(request).person_id or 0


@require_GET
@page(perms.can_see_notices)
def listed(request: HttpRequest) -> HttpResponse:
    """What the person was told, unread first unless asked otherwise, newest first."""
    everything = request.GET.get("show") == "all"
    found = notices.told(own(request)).select_related("organisation").order_by("-at", "-pk")
    leaf = leaf_of(request, found if everything else found.filter(read_at=None), ROWS)
    rows = [(one, notices.KINDS.get(one.kind), label_of(one)) for one in leaf.rows]
    return render(
        request,
        "pages/notices/list.html",
        {
            "leaf": leaf,
            "rows": rows,
            "everything": everything,
            "several": len({one.organisation_id for one in leaf.rows}) > 1,
            "last": max((one.pk for one in leaf.rows), default=0),
            "unread_here": any(one.read_at is None for one in leaf.rows),
            "any": bool(leaf.rows) or found.exists(),
        },
    )


def label_of(notice: notices.Notice) -> str:
    """What a notice is about, as a person calls it: a process and a feed by their titles."""
    feed = region().feeds.get(notice.label)
    if notice.kind == "quality_alarm" and feed is not None:
        return said(feed.title)
    process = work.handled().get(notice.label) if notice.path.startswith("/cases/") else None
    return said(process.process.title) if process is not None else notice.label


@require_GET
@page(perms.can_see_notices)
def opened(request: HttpRequest, number: int) -> HttpResponse:
    """The page that a notice leads to; if it is another organisation's, ask to act for that one."""
    found = notices.find(own(request), number)
    if found.organisation_id in (None, viewer(request).organisation_id):
        return redirect(notices.read(found, now=timezone.now()))
    kind = notices.KINDS.get(found.kind)
    return render(request, "pages/notices/other.html", {"notice": found, "kind": kind})


@require_POST
@page(perms.can_see_notices)
def act(request: HttpRequest, number: int) -> HttpResponse:
    """Act for the organisation that a notice is about, and go where it leads."""
    found = notices.find(own(request), number)
    if found.organisation is not None:
        accounts.choose_organisation(request, found.organisation.pk)
        name = found.organisation.name
        messages.success(request, _("You act for %(organisation)s now.") % {"organisation": name})
    return redirect(notices.read(found, now=timezone.now()))


@require_POST
@page(perms.can_see_notices)
def read(request: HttpRequest) -> HttpResponse:
    """Mark one notice as read, or all up to the newest one that was shown."""
    now, person = timezone.now(), own(request)
    one = whole(request.POST.get("notice", ""))
    if one > 0:
        notices.read(notices.find(person, one), now=now)
        return redirect("notices")
    many = notices.read_all(person, up_to=whole(request.POST.get("up_to", "")), now=now)
    said = ngettext("%(n)d notice marked as read.", "%(n)d notices marked as read.", many)
    messages.success(request, said % {"n": many})
    return redirect("notices")
