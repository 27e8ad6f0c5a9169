"""Requests that are too large, never end, or come byte by byte, to a server that really runs."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from tests.attacks.support import Served, everything, status_of

pytestmark = pytest.mark.timeout(120)
HEAD = b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
#: Seconds in which somebody else is still answered while the server is under attack.
STILL = 5.0


def test_a_form_larger_than_any_of_ours_is_refused(served: Served) -> None:
    body = b"email=" + b"a" * (6 << 20)
    length = f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode()
    assert status_of(served.say(HEAD + FORM + length, body)) in (0, 400, 403, 413)
    assert served.get()[0] == 200


def test_a_form_of_very_many_fields_is_refused(served: Served) -> None:
    body = b"&".join(b"f%d=1" % number for number in range(5_000))
    length = f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode()
    assert status_of(served.say(HEAD + FORM + length + body)) in (400, 403, 413)


def test_a_header_without_end_is_cut_off(served: Served) -> None:
    with served.connect() as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: ")
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            for _ in range(64):
                line.sendall(b"a" * 65536)
        assert status_of(everything(line)) in (0, 400, 414, 431)
    assert served.get()[0] == 200


def test_very_many_headers_are_refused(served: Served) -> None:
    headers = b"".join(b"X-%d: 1\r\n" % number for number in range(2_000))
    answer = served.say(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n" + headers + b"\r\n")
    assert status_of(answer) in (0, 400, 431)


def test_an_address_of_a_megabyte_is_refused(served: Served) -> None:
    address = b"/search?q=" + b"a" * (1 << 20)
    answer = served.say(b"GET " + address + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    assert status_of(answer) in (0, 400, 414, 431)


def test_two_lengths_in_one_request_are_refused(served: Served) -> None:
    two = b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    answer = served.say(HEAD + FORM + two, b"0\r\n\r\nGET /batches HTTP/1.1\r\nHost: x\r\n\r\n")
    assert answer.count(b"HTTP/1.1 ") <= 1


def test_another_host_in_the_header_is_refused(served: Served) -> None:
    asked = b"GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
    assert status_of(served.say(asked)) == 400


@contextmanager
def dripping(served: Served, many: int, start: bytes, drip: bytes) -> Iterator[None]:
    """So many connections that begin a request and then send a drop twice a second."""
    stop = threading.Event()
    with ExitStack() as held:
        lines = [held.enter_context(served.connect()) for _ in range(many)]
        for line in lines:
            line.sendall(start)

        def drop() -> None:
            while not stop.wait(0.5):
                for line in lines:
                    with contextlib.suppress(OSError):
                        line.sendall(drip)

        thread = threading.Thread(target=drop, daemon=True)
        thread.start()
        try:
            time.sleep(1)
            yield
        finally:
            stop.set()
            thread.join()


def test_headers_that_come_byte_by_byte_keep_nobody_waiting(served: Served) -> None:
    with dripping(served, 200, b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ", b"a"):
        status, seconds = served.get(timeout=STILL)
    assert status == 200
    assert seconds < STILL


def test_bodies_that_come_byte_by_byte_keep_nobody_waiting(served: Served) -> None:
    start = HEAD + FORM + b"Content-Length: 100000\r\n\r\nemail="
    with dripping(served, 40, start, b"a"):
        status, seconds = served.get(timeout=STILL)
    assert status == 200
    assert seconds < STILL


def test_answers_that_nobody_reads_keep_nobody_waiting(served: Served) -> None:
    asked = b"GET /static/vendor/echarts/echarts.min.js HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    with ExitStack() as held:
        for _ in range(40):
            held.enter_context(served.connect()).sendall(asked * 3)
        time.sleep(1)
        status, seconds = served.get(timeout=STILL)
    assert status == 200
    assert seconds < STILL
