"""Bodies without a stated length, to a server that really runs: measured, and cut at the limit."""

from __future__ import annotations

import contextlib

import pytest

from tests.attacks.support import Served, everything, status_of

pytestmark = pytest.mark.timeout(120)
HEAD = (
    b"POST /api/v1/batch-queries HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
    b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
)


def test_a_body_in_chunks_without_end_is_cut_off(served: Served) -> None:
    chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    with served.connect() as line:
        line.sendall(HEAD)
        with contextlib.suppress(OSError):
            for _ in range(1_000):
                line.sendall(chunk)
        assert status_of(everything(line)) in (0, 413)
    assert served.get()[0] == 200


def test_a_stated_length_beyond_all_bounds_is_refused_unread(served: Served) -> None:
    form = b"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 99999999999\r\n\r\n"
    head = b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
    assert status_of(served.say(head + form, b"x")) == 413
