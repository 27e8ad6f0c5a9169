"""Answers under /api/ that never reached an operation get the one error shape, too."""

from __future__ import annotations

import json
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from xinrong.api.errors import plain_body


class OneErrorShape:
    """Rewrites an error that is not JSON: unknown address, wrong method, refused host …"""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if (
            not request.path.startswith("/api/")
            or response.status_code < 400
            or response.get("Content-Type", "").startswith("application/json")
        ):
            return response
        response.content = json.dumps(plain_body(response.status_code)).encode()
        response["Content-Type"] = "application/json; charset=utf-8"
        response["Content-Length"] = str(len(response.content))
        response["Cache-Control"] = "no-store"
        return response
