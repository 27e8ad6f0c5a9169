"""Posting one message to the platform over a connection that is kept."""

from __future__ import annotations

import http.client
import json
import ssl
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

LONGEST_ANSWER = 4 << 20
SECONDS = 30.0


class Post:
    """A connection to one address; each thread has its own. Raises OSError, HTTPException."""

    def __init__(self, url: str, tls: ssl.SSLContext | None = None) -> None:
        parts = urlsplit(url)
        self._parts, self._tls = parts, tls
        self._path = parts.path or "/"
        self._line: http.client.HTTPConnection | None = None

    def __call__(
        self, body: bytes, headers: Mapping[str, str]
    ) -> tuple[int, dict[str, Any] | None]:
        """Status and JSON of the answer; None where it is no object."""
        fresh = self._line is None
        try:
            return self._once(body, headers)
        except (OSError, http.client.HTTPException):
            self.close()
            if fresh:
                raise
            return self._once(body, headers)  # the kept connection had ended meanwhile

    def _once(self, body: bytes, headers: Mapping[str, str]) -> tuple[int, dict[str, Any] | None]:
        line = self._line = self._line or self._open()
        sent = {"Content-Type": "application/json", **headers}
        try:
            line.request("POST", self._path, body, sent)
            answer = line.getresponse()
            text = answer.read(LONGEST_ANSWER)
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        if answer.will_close:
            self.close()
        try:
            found = json.loads(text)
        except ValueError:
            found = None
        return answer.status, found if isinstance(found, dict) else None

    def _open(self) -> http.client.HTTPConnection:
        host, port = self._parts.hostname or "", self._parts.port
        if self._parts.scheme == "https":
            return http.client.HTTPSConnection(host, port, timeout=SECONDS, context=self._tls)
        return http.client.HTTPConnection(host, port, timeout=SECONDS)

    def close(self) -> None:
        """End the connection."""
        if self._line is not None:
            self._line.close()
            self._line = None
