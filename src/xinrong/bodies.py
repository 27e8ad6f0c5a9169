"""How large the body of a request may be: looked at before anything of it is read.

One table for pages and API. `BoundedBodies`, a middleware, refuses by the stated length; a body
that comes in chunks, without any, is measured by `Measured`, around the WSGI application, which
stops reading at the limit. Only then Django reads, parses and keeps what was sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

KIBIBYTE, MEBIBYTE = 1 << 10, 1 << 20
#: Beginning of a path -> bytes; the first that fits counts. 0: the view looks at the length itself,
#: before it reads, and says it in its own words.
LIMITS: dict[str, int] = {
    "/api/v1/feeds/": 32 * MEBIBYTE,  # ten thousand long records
    "/api/v1/bank-link/": 4 * MEBIBYTE,  # a ledger of two thousand applications is long
    "/api/": MEBIBYTE,
    "/uploads/new": 0,
    "/represent/claims/": 0,
    "/case-papers/": 0,
    "/batch-query": 4 * MEBIBYTE,
    "/visits/upload": 3 * MEBIBYTE,  # a form of at most 2 MB
    "/projects/upload": 3 * MEBIBYTE,  # a sheet of at most 2 MB
    "/bank/allocation": 5 * MEBIBYTE,  # two files of at most 2 MB
    "": 6 * MEBIBYTE,  # more than DATA_UPLOAD_MAX_MEMORY_SIZE: forms are smaller, files are not
}
#: What to do about it, by the same beginning.
REMEDIES: dict[str, str] = {
    "/api/v1/feeds/": "Split the records into several pushes, each with a key of its own.",
}

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]


def limit_of(path: str) -> int:
    """The most bytes that the body of a request to this path may have; 0: the view looks."""
    return next(limit for start, limit in LIMITS.items() if path.startswith(start))


class Measured:
    """WSGI: gives a body that came in chunks its length; what is beyond the limit stays unread."""

    def __init__(self, application: Application) -> None:
        self.application = application

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        chunked = "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower()
        if chunked and not environ.get("CONTENT_LENGTH"):
            limit = limit_of(environ.get("PATH_INFO", "")) or settings.UPLOAD_FORM_BYTES
            body = _read(environ["wsgi.input"], limit + 1)
            environ["CONTENT_LENGTH"] = str(len(body))
            environ["wsgi.input"] = BytesIO(body)
        return self.application(environ, start_response)


def _read(stream: Any, most: int) -> bytes:
    """At most so many bytes, however few a read gives at once."""
    parts, left = [], most
    while left > 0:
        part = stream.read(min(left, 64 * KIBIBYTE))
        if not part:
            break
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


class BoundedBodies:
    """Middleware: answers 413 to a request whose body is larger than its path takes, unread."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        stated = str(request.META.get("CONTENT_LENGTH") or "0")
        limit = limit_of(request.path)
        if limit and (not stated.isdecimal() or int(stated[:20]) > limit):
            return too_large(request, limit)
        return self.get_response(request)


def too_large(request: HttpRequest, limit: int) -> HttpResponse:
    """What is said of a body that was not read: JSON to a program, a page to a person."""
    if not request.path.startswith("/api/"):
        from xinrong.pages.errors import TOO_LARGE, error_page  # needs the apps

        return error_page(request, 413, words=TOO_LARGE)
    from xinrong.api.errors import body

    found = next(start for start in LIMITS if request.path.startswith(start))
    told = f"{limit / MEBIBYTE:g} MiB" if limit >= MEBIBYTE else f"{limit:,} bytes"
    response = JsonResponse(
        body(
            "body_too_large",
            f"the body is larger than {told}",
            remedy=REMEDIES.get(found, "Send less at once."),
        ),
        status=413,
    )
    response["Cache-Control"] = "no-store"
    return response
