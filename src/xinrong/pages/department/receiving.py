"""What the browser's script talks to while it sends a file: JSON, in pieces.

Every answer is JSON: `{offset, size, …}`, or `{code, message}` and, where a piece did not fit,
the `offset` at which to go on.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from xinrong.collect import perms
from xinrong.collect import services as collect
from xinrong.domain.clock import SystemClock
from xinrong.domain.errors import XinrongError
from xinrong.pages.context import region, viewer
from xinrong.pages.errors import STATUSES
from xinrong.pages.words import said

OFFSET = "Upload-Offset"


def for_script[**P](
    view: Callable[Concatenate[HttpRequest, P], dict[str, Any]],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A view for senders of files that answers in JSON, whatever happens."""

    @wraps(view)
    def answered(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = _answer(request, lambda: view(request, *args, **kwargs))
        add_never_cache_headers(response)
        return response

    return answered


def _answer(request: HttpRequest, ask: Callable[[], dict[str, Any]]) -> JsonResponse:
    if not perms.can_send_files(viewer(request)):
        if not request.user.is_authenticated:
            return _refusal(401, "signed_out", _("You are signed out. Sign in, then go on."))
        return _refusal(403, "denied", _("Only a department sends files."))
    try:
        return JsonResponse(ask())
    except collect.WrongOffset as wrong:
        return _refusal(409, wrong.code, said(wrong.words), offset=wrong.offset)
    except collect.UploadError as error:
        return _refusal(STATUSES.get(error.code, 400), error.code, said(error.words))
    except XinrongError as error:
        return _refusal(STATUSES.get(error.code, 400), error.code, str(error))
    except RequestDataTooBig:
        return _refusal(413, "chunk_refused", _("This piece of the file is too large."))
    except UnreadablePostError:
        return _refusal(400, "cut_off", _("The connection ended in the middle of a piece."))


def _refusal(status: int, code: str, message: str, **more: Any) -> JsonResponse:
    return JsonResponse({"code": code, "message": message, **more}, status=status)


def _whole_number(text: str) -> int:
    """A number of bytes, or -1, which no file has."""
    plain = text.isascii() and text.isdecimal() and len(text) <= 15
    return int(text) if plain else -1


@require_POST
@for_script
def start(request: HttpRequest) -> dict[str, Any]:
    """Begin a file: `{feed, name, size}` → its key and how to send it."""
    try:
        asked = json.loads(request.body)
        feed, name, size = str(asked["feed"]), str(asked["name"]), int(asked["size"])
    except (ValueError, KeyError, TypeError) as error:
        raise BadRequest from error
    who, pack = viewer(request), region()
    found = collect.find_feed(pack, feed)
    if not perms.can_send_to(who, found.department):
        raise OtherDepartment
    upload = collect.start_upload(who, found.feed, name, size, region=pack, clock=SystemClock())
    return {
        "offset": 0,
        "size": upload.size,
        "chunk": settings.UPLOAD_CHUNK_BYTES,
        "page": reverse("upload", args=[upload.key]),
    }


@require_GET
@for_script
def offset(request: HttpRequest, key: str) -> dict[str, Any]:
    """How much is there, and by which first bytes the file is known again."""
    arrived = collect.arrived(collect.find_upload(key, viewer(request)))
    return {
        "offset": arrived.offset,
        "size": arrived.size,
        "state": arrived.state,
        "head": arrived.head,
        "head_size": arrived.head_size,
        "chunk": settings.UPLOAD_CHUNK_BYTES,
        "page": reverse("upload", args=[key]),
    }


@require_POST
@for_script
def chunk(request: HttpRequest, key: str) -> dict[str, Any]:
    """One piece, in the body; `Upload-Offset` says where it begins."""
    upload = collect.find_upload(key, viewer(request))
    begins = _whole_number(request.headers.get(OFFSET, ""))
    stated = _whole_number(request.headers.get("Content-Length", ""))
    body = request.body
    if stated >= 0 and len(body) != stated:
        raise CutOff
    there = collect.receive_chunk(upload, begins, body, clock=SystemClock())
    return {"offset": there, "size": upload.size}


@require_POST
@for_script
def finish(request: HttpRequest, key: str) -> dict[str, Any]:
    """All is sent: `{digest}` is the browser's SHA-256, or empty where it has none."""
    upload = collect.find_upload(key, viewer(request))
    try:
        digest = str(json.loads(request.body or b"{}").get("digest", ""))
    except (ValueError, AttributeError) as error:
        raise BadRequest from error
    done = collect.finish_upload(upload, digest[:64], clock=SystemClock())
    return {"offset": done.received, "size": done.size, "digest": done.digest,
            "page": reverse("upload", args=[key])}  # fmt: skip


class BadRequest(XinrongError):
    """The request is not what the script sends."""

    code = "bad_request"

    def __init__(self) -> None:
        super().__init__("The request cannot be read.", remedy="Load the page again.")


class CutOff(XinrongError):
    """A piece ended before its stated length: nothing of it is kept."""

    code = "cut_off"

    def __init__(self) -> None:
        super().__init__("The piece was cut off.", remedy="Ask for the offset and send it again.")


class OtherDepartment(XinrongError):
    """The feed is another department's."""

    code = "denied"

    def __init__(self) -> None:
        super().__init__(
            "This feed is another department's.", remedy="Choose one of your own feeds."
        )
