"""Sending a file: choose its feed, send it, look at what it would give, confirm."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xinrong.catalogue.feed import Feed
from xinrong.collect import perms
from xinrong.collect import services as collect
from xinrong.domain.clock import SystemClock
from xinrong.domain.text import Text
from xinrong.pages.context import region, viewer
from xinrong.pages.department.batches import shares, titles_of
from xinrong.pages.errors import asked_by_htmx, error_page, page
from xinrong.pages.paging import leaf_of

UPLOADS = 30
FORM_OVERHEAD = 64 << 10  # what a form weighs besides its file
RENAME = "column:"


@dataclass(frozen=True)
class FeedChoice:
    """A feed to send through: when its last file came, and whether the next one is overdue."""

    feed: Feed
    last: Any  # Receipt or None
    overdue: bool


@page(perms.can_send_files)
def uploads(request: HttpRequest) -> HttpResponse:
    """The department's uploads, newest first."""
    leaf = leaf_of(request, collect.uploads_of(viewer(request)), UPLOADS)
    feeds = {name: feed.title for name, feed in region().feeds.items()}
    return render(request, "pages/department/uploads.html", {"leaf": leaf, "feeds": feeds})


@csrf_exempt  # checked inside, once the size is known to be small enough to read
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponseBase:
    """Choose a feed, then a file. The plain form posts it whole, up to its bound."""
    length = request.headers.get("Content-Length", "")
    size = int(length) if length.isdecimal() and len(length) < 16 else 0
    if request.method == "POST" and size > settings.UPLOAD_FORM_BYTES + FORM_OVERHEAD:
        return _too_large(request, size)
    return _new(request)


@page(perms.can_send_files)
def _too_large(request: HttpRequest, size: int) -> HttpResponse:
    """The body was not read: only what is said about it is known."""
    said = Text(
        zh=f"文件过大：{size / 2**20:,.1f} MB；不使用 JavaScript 时上限为 "
        f"{settings.UPLOAD_FORM_BYTES / 2**20:,.0f} MB。请开启浏览器的 JavaScript 后重新发送。",
        en=f"The file is too large: {size / 2**20:,.1f} MB; without JavaScript the bound is "
        f"{settings.UPLOAD_FORM_BYTES / 2**20:,.0f} MB. Turn JavaScript on in your browser and "
        "send it again.",
    )
    return _choose_feed(request, said, status=413)


@csrf_protect
@page(perms.can_send_files)
def _new(request: HttpRequest) -> HttpResponse:
    name = request.GET.get("feed", "") or request.POST.get("feed", "")
    if not name:
        return _choose_feed(request)
    who, pack = viewer(request), region()
    if name not in pack.feeds:
        return error_page(request, 404)
    feed = pack.feeds[name]
    if not perms.can_send_to(who, feed.department):
        raise PermissionDenied
    if request.method != "POST":
        return _choose_file(request, feed)
    sent = request.FILES.get("file")
    if not isinstance(sent, UploadedFile):
        said = Text(zh="请先选择一个文件。", en="Choose a file first.")
        return _choose_file(request, feed, said, status=422)
    try:
        upload = collect.receive_whole(
            who,
            feed.feed,
            sent.name or "",
            sent.size or 0,
            sent.chunks(),
            region=pack,
            clock=SystemClock(),
        )
    except collect.UploadError as error:
        return _choose_file(request, feed, error.words, status=422)
    return redirect("upload", key=upload.key)


def _choose_feed(
    request: HttpRequest, error: Text | None = None, *, status: int = 200
) -> HttpResponse:
    text = " ".join(request.GET.get("q", "").split())[:100]
    part = "pages/department/feeds.html" if asked_by_htmx(request) else None
    return render(
        request,
        part or "pages/department/choose_feed.html",
        {"text": text, "choices": choices_of(request, text), "error": error},
        status=status,
    )


def _choose_file(
    request: HttpRequest, feed: Feed, error: Text | None = None, *, status: int = 200
) -> HttpResponse:
    choice = next(one for one in choices_of(request, "") if one.feed.feed == feed.feed)
    corrects = request.GET.get("corrects", "")
    return render(
        request,
        "pages/department/choose_file.html",
        {
            "feed": feed,
            "choice": choice,
            "error": error,
            "corrects": corrects if corrects.isdecimal() else "",
            "form_limit": settings.UPLOAD_FORM_BYTES // 2**20,
        },
        status=status,
    )


def choices_of(request: HttpRequest, text: str) -> list[FeedChoice]:
    """The feeds of the viewer's department in which `text` occurs, those overdue first."""
    who, now = viewer(request), SystemClock().now()
    last = collect.last_receipts(who.reference)
    wanted = text.casefold()
    found = []
    for feed in region().feeds.values():
        words = f"{feed.feed} {feed.title.zh} {feed.title.en} {feed.category}".casefold()
        if feed.department == who.reference and wanted in words:
            came = last.get(feed.feed)
            found.append(FeedChoice(feed, came, _overdue(feed, came, now)))
    return sorted(found, key=lambda choice: (not choice.overdue, choice.feed.feed))


def _overdue(feed: Feed, last: Any, now: datetime) -> bool:
    return last is None or (now - last.received_at).days > feed.freshness.stale_after_days


@require_GET
@page(perms.can_send_files)
def upload(request: HttpRequest, key: str) -> HttpResponse:
    """One upload, by its state: go on, look and confirm, wait, or see its receipt."""
    found = collect.find_upload(key, viewer(request))
    pack = region()
    context: dict[str, Any] = {"upload": found, "feed": pack.feeds.get(found.feed)}
    if found.state == "received":
        preview = collect.look_at(found, region=pack, clock=SystemClock())
        context |= _of_preview(found, preview)
        return render(request, "pages/department/preview.html", context)
    return render(request, "pages/department/upload.html", context)


def _of_preview(found: collect.Upload, preview: collect.Preview) -> dict[str, Any]:
    meant = {column: heading for heading, column in found.renamed.items()}
    # Guesses are offered until the sender has said something.
    columns = [
        (missing, meant.get(missing.column) or ("" if found.renamed else missing.guess))
        for missing in preview.missing
    ]
    titles = titles_of(preview.contract)
    return {
        "preview": preview,
        "columns": columns,
        "guessed": not found.renamed and any(chosen for _missing, chosen in columns),
        "shares": shares(_Sums(preview)),
        "reasons": [(reason, titles.get(reason.problem.field, "")) for reason in preview.reasons],
        "sides": list(zip(*(row.cells for row in preview.shown), strict=True)),
    }


class _Sums:
    """A preview's counts under the names of a receipt's."""

    def __init__(self, preview: collect.Preview) -> None:
        self.rows_in = preview.rows
        self.accepted = preview.accepted
        self.duplicates = preview.duplicates
        self.quarantined = preview.quarantined


@require_POST
@page(perms.can_send_files)
def rename(request: HttpRequest, key: str) -> HttpResponse:
    """Which heading of the file stands for which column of the feed; then the preview again."""
    found = collect.find_upload(key, viewer(request))
    renamed = {
        heading: name.removeprefix(RENAME)
        for name, heading in request.POST.items()
        if name.startswith(RENAME) and isinstance(heading, str) and heading
    }
    collect.rename_columns(found, renamed, clock=SystemClock())
    return redirect(reverse("upload", args=[key]) + "#preview")


@require_POST
@page(perms.can_send_files)
def confirm(request: HttpRequest, key: str) -> HttpResponse:
    """Take the upload in; small ones are on record when this answers."""
    found = collect.find_upload(key, viewer(request))
    return _after(request, collect.confirm_upload(found, clock=SystemClock()))


def _after(request: HttpRequest, found: collect.Upload) -> HttpResponse:
    if found.state != "done":
        return redirect("upload", key=found.key)
    if found.repeated:
        messages.info(
            request,
            _("These very bytes had come before: nothing was written, and this is their receipt."),
        )
    else:
        messages.success(request, _("The file is taken in. This is its receipt."))
    return redirect("batch", batch=found.batch)


@require_POST
@page(perms.can_send_files)
def discard(request: HttpRequest, key: str) -> HttpResponse:
    """Give the upload up; its bytes are deleted."""
    found = collect.find_upload(key, viewer(request))
    collect.discard_upload(found, clock=SystemClock())
    messages.success(request, _("The upload is discarded and its bytes are deleted."))
    return redirect("uploads")


@require_GET
@page(perms.can_send_files)
def progress(request: HttpRequest, key: str) -> HttpResponse:
    """How far taking in has come, for htmx; at the end it leads on."""
    found = collect.find_upload(key, viewer(request))
    if found.state == "taking":
        return render(request, "pages/department/progress.html", {"upload": found})
    return HttpResponse(headers={"HX-Redirect": _after(request, found)["Location"]})
