"""Every answer names the audit row that it left and the head of the chain sealed last."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from xinrong.trust.services import noted, sealing

AUDIT, HEAD = "X-Xinrong-Audit", "X-Xinrong-Head"
#: The log took no row: there is none to name.
UNLOGGED = 503


class TrailHeaders:
    """Middleware: the ids of the rows of this request (refusals as well), and the head."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with noted() as rows:
            response = self.get_response(request)
        if rows and response.status_code != UNLOGGED:
            response[AUDIT] = ",".join(map(str, rows[-20:]))
            response[HEAD] = sealing.head()
        return response
