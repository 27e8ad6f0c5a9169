"""What was released is handed over only while it may be: jobs, exports and long answers ask again.

A release is decided once. What takes longer than a page, a file that is streamed, an export that
a job writes, asks again every half second and as it hands over: whether whoever asked still acts
in that role, and whether every consent that the release rests on still stands.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextvars import ContextVar
from datetime import timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone

from xinrong.accounts.services import acts_question, still_acts
from xinrong.store import services as store
from xinrong.trust.consents import still_stand
from xinrong.trust.errors import Denied
from xinrong.trust.quick import stand_question
from xinrong.trust.types import Release, Standing

#: How long a release is handed over without asking again, in seconds.
EVERY = 0.5
#: So many bytes leave between two looks at the clock.
PIECE = 64 * 1024
#: An answer of more bytes is sent in pieces.
LARGE = 256 * 1024

Clock = Callable[[], float]


#: What the request at hand has been given so far; None outside of a request.
_given: ContextVar[list[Standing] | None] = ContextVar("given", default=None)


def given(release: Release) -> Release:
    """Remember that the answer to the request at hand carries this release."""
    found = _given.get()
    if found is not None:
        found.append(release.standing)
    return release


def check_standing(*standings: Standing) -> None:
    """Whether what rests on these may still be handed over. Raises Denied.

    `denied_role`: whoever asked no longer acts in that role; `denied_revoked`: a consent that it
    rests on has ended.
    """
    now = timezone.now()
    people = {one.who for one in standings}
    consents = set().union(*(one.consents for one in standings))
    asked = [acts_question(who, now=now) for who in people]
    asked += [stand_question(consents, now)] if consents else []
    with store.asked_ahead("default", *(one for one in asked if one is not None)):
        for who in people:
            if not still_acts(who, now=now):
                raise Denied(
                    f"you no longer act for {who.organisation} in this role",
                    remedy="Sign in again.",
                    code="denied_role",
                )
        if not still_stand(consents, now=now):
            raise Denied(
                "a consent ended while this was read", remedy="Ask again.", code="denied_revoked"
            )


def handing_over(standing: Standing) -> None:
    """The answer to the request at hand carries what was released before and rests on this.

    Raises Denied where it may no longer be handed over; from here on it is guarded like any
    release.
    """
    check_standing(standing)
    found = _given.get()
    if found is not None:
        found.append(standing)


def guarded(
    releases: Release | Iterable[Release | Standing],
    chunks: Iterable[bytes],
    *,
    every: float = EVERY,
    clock: Clock = time.monotonic,
    checked: float | None = None,
) -> Iterator[bytes]:
    """The chunks, as long as what they are made of may be handed over.

    Asked before the first byte leaves and again whenever `every` seconds have passed; `checked`
    says when, by the clock, it was asked last, where the caller just has. Raises Denied where it
    may not: a response that is being sent breaks off there, and whoever makes the chunks is told
    to stop (`close`).
    """
    found = (releases,) if isinstance(releases, Release) else releases
    standings = [one.standing if isinstance(one, Release) else one for one in found]
    try:
        if checked is None or clock() - checked >= every:
            check_standing(*standings)
            checked = clock()
        for chunk in chunks:
            for start in range(0, len(chunk), PIECE):
                if clock() - checked >= every:
                    check_standing(*standings)
                    checked = clock()
                yield chunk[start : start + PIECE]
    finally:
        close = getattr(chunks, "close", None)
        if close is not None:
            close()


class HandOver:
    """Middleware: an answer that carries a release is stored nowhere, and guarded when it is long.

    One that took half a second to make is asked about again; one that is streamed, or too large
    to leave at once, is asked about for as long as it takes to send.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        found: list[Standing] = []
        token = _given.set(found)
        try:
            response = self.get_response(request)
        finally:
            _given.reset(token)
        return handed_over(response, found) if found else response


def handed_over(response: HttpResponseBase, found: list[Standing]) -> HttpResponseBase:
    """The answer as it leaves: never stored, and asked about once more where that took time."""
    response["Cache-Control"] = "no-store"
    if isinstance(response, StreamingHttpResponse):
        chunks = response.streaming_content
        assert not isinstance(chunks, AsyncIterator)  # served over WSGI
        response.streaming_content = guarded(found, chunks)
        return response
    assert isinstance(response, HttpResponse)
    large = len(response.content) > LARGE
    checked = time.monotonic()
    if large or timezone.now() - found[0].at > timedelta(seconds=EVERY):
        try:
            check_standing(*found)
        except Denied:
            return withdrawn()
    return in_pieces(response, found, checked) if large else response


def withdrawn() -> HttpResponse:
    """What is answered instead of content whose consent or role ended while it was made."""
    return HttpResponse(
        "授权或身份已终止，内容未提供。 A consent or role has ended; nothing was handed over.",
        status=403,
        content_type="text/plain; charset=utf-8",
        headers={"Cache-Control": "no-store"},
    )


def in_pieces(
    response: HttpResponse, found: list[Standing], checked: float
) -> StreamingHttpResponse:
    """The same answer, sent piece by piece; `checked`: when it was asked about, by the clock."""
    sent = StreamingHttpResponse(
        guarded(found, [response.content], checked=checked),
        status=response.status_code,
        reason=response.reason_phrase,
        headers=dict(response.items()),
    )
    sent["Content-Length"] = str(len(response.content))
    sent.cookies = response.cookies
    return sent
