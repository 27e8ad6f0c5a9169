"""How often one caller may ask: per key, per person, or per address where nobody signs in.

Counted in the process, in windows of a minute, so N worker processes allow up to N times as
many. A shared count belongs in front of the platform, where one proxy sees every request.
"""

from __future__ import annotations

import time
from threading import Lock

from django.conf import settings
from django.http import HttpRequest
from ninja.throttling import BaseThrottle

from xinrong.accounts.services import network_address
from xinrong.api.auth import caller_of

WINDOW_SECONDS = 60
#: Requests per minute and caller, unless settings.API_REQUESTS_PER_MINUTE says otherwise.
DEFAULT_LIMIT = 600
#: A bank's own system, known by its signature, speaks for all of its officers at once.
LINKS = 100


class PerCaller(BaseThrottle):
    """At most so many requests a minute for each caller."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.window = 0
        self.counts: dict[str, int] = {}

    def allow_request(self, request: HttpRequest) -> bool:
        """Count this request and say whether it may pass."""
        caller = caller_of(request)
        name = caller.name if caller else f"address {network_address(request)}"
        window = int(time.time() // WINDOW_SECONDS)
        with self.lock:
            if window != self.window:
                self.window, self.counts = window, {}
            self.counts[name] = self.counts.get(name, 0) + 1
            return self.counts[name] <= limit() * (LINKS if name.startswith("link ") else 1)

    def wait(self) -> float:
        """Seconds until the next window begins."""
        return WINDOW_SECONDS - time.time() % WINDOW_SECONDS


def limit() -> int:
    """Requests per minute and caller."""
    return int(getattr(settings, "API_REQUESTS_PER_MINUTE", DEFAULT_LIMIT))
