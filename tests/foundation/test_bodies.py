"""The body of a request is measured before anything of it is read."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from xinrong import bodies
from xinrong.bodies import LIMITS, BoundedBodies, Measured, limit_of


class Unread(BytesIO):
    """A body that must not be read."""

    def read(self, *args: Any) -> bytes:
        raise AssertionError("the body was read")


def answer(path: str, length: int | str) -> HttpResponse:
    request = RequestFactory().post(path, b"", content_type="application/json")
    request.META["CONTENT_LENGTH"] = str(length)
    request._stream = Unread()  # type: ignore[attr-defined]
    return BoundedBodies(lambda _: HttpResponse("passed"))(request)


@pytest.mark.parametrize("path", ["/api/v1/feeds/x/records", "/api/v1/consents"])
def test_the_api_refuses_a_body_above_its_limit_unread(path: str) -> None:
    assert answer(path, limit_of(path)).content == b"passed"
    for length in (limit_of(path) + 1, "9" * 5_000, "-1", "1e9"):
        refused = answer(path, length)
        assert refused.status_code == 413
        error = json.loads(refused.content)["error"]
        assert (error["code"], bool(error["remedy"])) == ("body_too_large", True)


def test_records_may_be_larger_than_other_bodies_of_the_api() -> None:
    assert limit_of("/api/v1/feeds/x/records") > limit_of("/api/v1/batch-queries") > 0


@pytest.mark.django_db
def test_a_page_says_what_to_do() -> None:
    large = Client().post("/sign-in", {"email": "x" * (LIMITS[""] + 1)})
    assert large.status_code == 413
    assert "内容过大" in large.content.decode()


@pytest.mark.parametrize("path", ["/uploads/new", "/represent/claims/1/papers"])
def test_views_that_look_themselves_are_let_through(path: str) -> None:
    assert answer(path, 10**9).content == b"passed"


def seen_by(environ: dict[str, Any]) -> tuple[str, bytes]:
    """The length that the application behind is told, and what it can read."""
    found: list[tuple[str, bytes]] = []

    def application(inner: dict[str, Any], _: Any) -> list[bytes]:
        found.append((inner.get("CONTENT_LENGTH", ""), inner["wsgi.input"].read()))
        return []

    Measured(application)({"PATH_INFO": "/api/v1/consents", **environ}, lambda *_: None)
    return found[0]


class Slow(BytesIO):
    """Gives less than it was asked for, and remembers how much it gave."""

    given = 0

    def read(self, size: int | None = -1, /) -> bytes:
        part = super().read(min(size or 1, 1000) if size and size > 0 else 1000)
        self.given += len(part)
        return part


def test_a_body_in_chunks_gets_its_length() -> None:
    body = b"x" * 5_000
    chunked = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input": Slow(body)}
    assert seen_by(chunked) == ("5000", body)


def test_a_body_in_chunks_without_end_is_read_to_the_limit_and_no_further(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(bodies.LIMITS, "/api/", 2_000)
    endless = Slow(b"x" * 1_000_000)
    length, _ = seen_by({"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input": endless})
    assert (length, endless.given) == ("2001", 2001)
    request = HttpRequest()
    request.path, request.META["CONTENT_LENGTH"] = "/api/v1/consents", length
    assert BoundedBodies(lambda _: HttpResponse())(request).status_code == 413


def test_a_body_with_a_length_is_left_alone() -> None:
    body = BytesIO(b"abc")
    assert seen_by({"CONTENT_LENGTH": "3", "wsgi.input": body}) == ("3", b"abc")
