"""What was released leaves only while it may: every half second, and at hand-over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.trust.support import Everything, People, ask
from xinrong.accounts.models import Membership
from xinrong.accounts.scoping import everywhere
from xinrong.subjects.models import Enterprise
from xinrong.trust.guarded import LARGE, PIECE, HandOver, check_standing, guarded
from xinrong.trust.models import Consent
from xinrong.trust.services import Denied, Purpose, Release, Stage, revoke_consent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("snapshots")]


class Ticks:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


@pytest.fixture
def release(
    firms: list[Enterprise], people: People, everything: Everything, consent: Consent
) -> Release:
    """One that rests on the consent."""
    return ask(people.lender, firms[0], everything, Purpose.CREDIT, Stage.PRE_LOAN)


def revoke(consent: Consent) -> None:
    revoke_consent(consent.pk, grantor=consent.grantor_id, now=timezone.now())


def test_what_stands_costs_one_trip_to_postgresql(release: Release) -> None:
    with CaptureQueriesContext(connection) as caught:
        check_standing(release.standing)
    assert len(caught) == (1 if connection.vendor == "postgresql" else 2)


def test_what_was_just_asked_about_is_asked_about_again_in_half_a_second(
    release: Release, consent: Consent, ticks: Ticks
) -> None:
    revoke(consent)
    assert list(guarded(release, [b"a"], clock=ticks, checked=-0.4)) == [b"a"]
    with pytest.raises(Denied):
        next(guarded(release, [b"a"], clock=ticks, checked=-0.5))


def test_what_stands_is_handed_over_whole(release: Release, ticks: Ticks) -> None:
    assert b"".join(guarded(release, [b"ab", b"", b"c"], clock=ticks)) == b"abc"


def test_nothing_leaves_of_a_consent_that_ended_before_the_hand_over(
    release: Release, consent: Consent, ticks: Ticks
) -> None:
    revoke(consent)
    with pytest.raises(Denied) as caught:
        next(guarded(release, [b"ab"], clock=ticks))
    assert caught.value.code == "denied_revoked"


def test_a_stream_breaks_off_within_half_a_second_of_a_revocation(
    release: Release, consent: Consent, ticks: Ticks
) -> None:
    stream = guarded(release, [b"a"] * 9, clock=ticks)
    assert next(stream) == b"a"
    revoke(consent)
    ticks.now = 0.49
    assert next(stream) == b"a"
    ticks.now = 0.5
    with pytest.raises(Denied):
        next(stream)


def test_a_large_chunk_is_not_one_long_look_away(
    release: Release, consent: Consent, ticks: Ticks
) -> None:
    stream = guarded(release, [b"x" * PIECE * 3], clock=ticks)
    assert len(next(stream)) == PIECE
    revoke(consent)
    ticks.now = 1.0
    with pytest.raises(Denied):
        next(stream)


def test_a_role_that_ended_stops_the_stream_too(
    release: Release, people: People, ticks: Ticks
) -> None:
    stream = guarded(release, [b"a", b"b"], clock=ticks)
    next(stream)
    roles = everywhere(Membership, because="a test takes a role away")
    roles.filter(person_id=people.lender.person_id).delete()
    ticks.now = 0.5
    with pytest.raises(Denied) as caught:
        next(stream)
    assert caught.value.code == "denied_role"


def test_a_consent_that_expires_while_it_is_sent_stops_the_stream(
    release: Release, consent: Consent, ticks: Ticks
) -> None:
    stream = guarded(release, [b"a", b"b"], clock=ticks)
    next(stream)
    ticks.now = 0.5
    with time_machine.travel(consent.valid_until, tick=False), pytest.raises(Denied):
        next(stream)


def test_whoever_makes_the_chunks_is_told_to_stop(
    release: Release, consent: Consent, ticks: Ticks
) -> None:
    stopped = []

    def chunks() -> Iterator[bytes]:
        try:
            while True:
                yield b"a"
        finally:
            stopped.append(True)

    stream = guarded(release, chunks(), clock=ticks)
    next(stream)
    revoke(consent)
    ticks.now = 0.6
    with pytest.raises(Denied):
        next(stream)
    assert stopped == [True]


def test_a_bundle_stops_when_one_of_its_consents_ends(
    firms: list[Enterprise],
    people: People,
    everything: Everything,
    release: Release,
    consent: Consent,
) -> None:
    other = ask(people.lender, firms[1], everything, Purpose.CREDIT, Stage.PRE_LOAN)
    assert other.consents == frozenset()
    revoke(consent)
    assert list(guarded(other, [b"a"])) == [b"a"]
    with pytest.raises(Denied):
        list(guarded([other, release], [b"a"]))


class TestAnswers:
    """The middleware through which every answer leaves."""

    @pytest.fixture(autouse=True)
    def someone(self, firms, people, everything, consent) -> None:
        self.firm, self.lender, self.everything, self.consent = (
            firms[0],
            people.lender,
            everything,
            consent,
        )

    def answer(self, response: Any, *, revoked: bool = False, late: bool = False) -> Any:
        def view(request: HttpRequest) -> Any:
            ask(self.lender, self.firm, self.everything, Purpose.CREDIT, Stage.PRE_LOAN)
            if revoked:
                revoke(self.consent)
            if late:
                time.shift(timedelta(seconds=0.6))
            return response

        with time_machine.travel(timezone.now(), tick=False) as time:
            return HandOver(view)(HttpRequest())

    def test_one_that_carries_a_release_is_stored_nowhere(self) -> None:
        answer = self.answer(HttpResponse(b"file"))
        assert (answer["Cache-Control"], answer.content) == ("no-store", b"file")

    def test_one_that_carries_none_is_left_alone(self) -> None:
        answer = HandOver(lambda _: HttpResponse(b"page"))(HttpRequest())
        assert "Cache-Control" not in answer

    def test_one_that_took_long_to_make_is_asked_about_again(self) -> None:
        answer = self.answer(HttpResponse(b"file"), revoked=True, late=True)
        assert (answer.status_code, answer["Cache-Control"]) == (403, "no-store")
        assert b"file" not in answer.content

    def test_a_large_one_is_asked_about_and_sent_in_pieces(self) -> None:
        content = b"x" * (LARGE + 1)
        answer = self.answer(HttpResponse(content))
        assert isinstance(answer, StreamingHttpResponse)
        assert answer["Content-Length"] == str(len(content))
        pieces = list(answer)
        assert (b"".join(pieces), max(map(len, pieces))) == (content, PIECE)

    def test_a_large_one_is_asked_about_once_before_it_leaves(self) -> None:
        answer = self.answer(HttpResponse(b"x" * (LARGE + 1)))
        with CaptureQueriesContext(connection) as caught:
            assert len(b"".join(answer)) == LARGE + 1
        assert len(caught) == 0

    def test_a_large_one_whose_consent_ended_is_not_begun(self) -> None:
        answer = self.answer(HttpResponse(b"x" * (LARGE + 1)), revoked=True)
        assert answer.status_code == 403

    def test_one_that_is_streamed_breaks_off(self) -> None:
        answer = self.answer(StreamingHttpResponse(iter([b"a", b"b"])), revoked=True)
        with pytest.raises(Denied):
            list(answer)
