"""Bodies of banks' messages are kept while they can be needed, and no longer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.market.applying.cast import Cast
from tests.market.linking.cast import System, heard
from xinrong.market.linking.forgetting import KEPT, forget_bodies
from xinrong.market.linking.models import InMessage, Taken
from xinrong.market.linking.reconciling import catch_up
from xinrong.market.models import Application
from xinrong.market.services import applying, linking

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def bodies() -> list[str]:
    return [one.body for one in InMessage.objects.order_by("pk")]


def ended(application: Any, cast: Cast) -> None:
    """The enterprise withdraws it, and what became of it is written beside it."""
    applying.withdraw(cast.firm, application.number, now=cast.tick())
    heard(cast)
    assert Application.objects.get(pk=application.pk).ended_at is not None


def test_a_body_is_kept_while_its_application_lives_and_for_a_time_after(
    bank: System, cast: Cast, application: Any
) -> None:
    bank.must(application, "state", state="accepted")
    bank.must(application, "dispute", about="offer", words="额度有误")
    much_later = cast.now + 3 * KEPT
    assert forget_bodies(much_later) == 0, "the application lives"
    ended(application, cast)
    assert forget_bodies(cast.now + KEPT - DAY) == 0
    assert forget_bodies(cast.now + KEPT + DAY) == 1, "a dispute waits until it is settled"
    InMessage.objects.filter(type="dispute").update(settled_at=cast.now)
    assert forget_bodies(cast.now + KEPT + DAY) == 1
    assert bodies() == ["", ""]
    assert forget_bodies(cast.now + KEPT + DAY) == 0
    assert [linking.data_of(one) for one in linking.disputes(bank.link)] == [{}]


def test_a_message_that_comes_again_is_still_known(
    bank: System, cast: Cast, application: Any
) -> None:
    message = bank.message("state", {"state": "accepted"}, application)
    first = bank.post(message)
    ended(application, cast)
    assert forget_bodies(cast.now + KEPT + DAY) == 1
    assert bank.post(message).content == first.content | {"repeated": True}
    assert InMessage.objects.count() == 1


def test_what_waits_for_its_turn_is_never_emptied(
    bank: System, cast: Cast, application: Any
) -> None:
    bank.post(bank.message("state", {"state": "accepted"}, application, sequence=5))
    assert InMessage.objects.get().outcome == Taken.PARKED
    ended(application, cast)
    assert forget_bodies(cast.now + 3 * KEPT) == 0


def test_what_is_of_no_application_goes_after_the_same_time(bank: System, cast: Cast) -> None:
    bank.post(bank.message("ping", {}))
    came = InMessage.objects.count()
    assert came == 1
    assert forget_bodies(cast.now + KEPT - DAY) == 0
    assert forget_bodies(cast.now + KEPT + DAY) == 1


def test_a_bank_that_lost_everything_is_told_what_is_still_kept(
    bank: System, cast: Cast, application: Any
) -> None:
    bank.must(application, "state", state="accepted")
    ended(application, cast)
    forget_bodies(cast.now + KEPT + DAY)
    catch_up(bank.link, application.number, 99, 0, now=cast.tick())
    assert not linking.OutMessage.objects.filter(type="echo").exists()
