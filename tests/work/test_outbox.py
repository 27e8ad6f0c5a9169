"""Events reach their receivers at least once, in the order of their case, and are never lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from xinrong.work import outbox
from xinrong.work.errors import CaseRefused
from xinrong.work.models import Delivery, DeliveryDue, OutboxEvent

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)


class Broken(Exception):
    pass


@pytest.fixture
def receiver(monkeypatch):
    """A receiver of the kind `happened` that writes down what it gets; `breaks` makes it fail."""

    class Receiver:
        def __init__(self):
            self.got = []
            self.breaks = lambda _: False

        def __call__(self, event):
            self.got.append(event.about["n"])
            if self.breaks(event):
                raise Broken("the mail server is away")

    monkeypatch.setattr(outbox, "_receivers", {})
    made = Receiver()
    outbox.receives("happened", name="test")(made)
    return made


def tell(n, case=None):
    about = {"n": n} if case is None else {"n": n, "case": case}
    return outbox.emit("happened", about, at=NOW)


def test_an_event_reaches_its_receiver_once(receiver):
    tell(1)
    assert outbox.deliver(NOW) == 1
    assert outbox.deliver(NOW) == 0
    assert receiver.got == [1]


def test_every_receiver_of_the_kind_gets_it(receiver):
    other = []
    outbox.receives("happened", "else", name="other")(lambda event: other.append(event.id))
    outbox.receives("else", name="third")(lambda _: pytest.fail("not of this kind"))
    number = tell(1)
    assert outbox.deliver(NOW) == 2
    assert (receiver.got, other) == ([1], [number])


def test_an_event_that_nobody_receives_is_kept(receiver):
    outbox.emit("unheard", {}, at=NOW)
    assert outbox.deliver(NOW) == 0
    assert OutboxEvent.objects.filter(kind="unheard").exists()


def test_what_is_rolled_back_never_happened(receiver):
    with transaction.atomic():
        tell(1)
        transaction.set_rollback(True)
    assert outbox.deliver(NOW) == 0
    assert receiver.got == []


def test_what_fails_is_tried_again_later_and_later(receiver):
    receiver.breaks = lambda _: True
    tell(1)
    outbox.deliver(NOW)
    outbox.deliver(NOW + timedelta(seconds=29))
    assert len(receiver.got) == 1
    outbox.deliver(NOW + timedelta(seconds=30))
    assert len(receiver.got) == 2
    outbox.deliver(NOW + timedelta(seconds=60))
    assert len(receiver.got) == 2
    receiver.breaks = lambda _: False
    assert outbox.deliver(NOW + timedelta(seconds=90)) == 1


def give_up(now=NOW):
    for _ in range(outbox.ATTEMPTS):
        outbox.deliver(now)
        now += outbox.LONGEST_PAUSE
    return now


def test_in_the_end_it_is_a_dead_letter_that_a_person_resends(receiver):
    receiver.breaks = lambda _: True
    tell(1)
    now = give_up()
    (letter,) = outbox.dead_letters()
    assert letter.error == "Broken: the mail server is away"
    assert len(receiver.got) == outbox.ATTEMPTS
    assert outbox.deliver(now) == 0
    receiver.breaks = lambda _: False
    outbox.resend(letter.pk, now=now)
    assert outbox.deliver(now) == 1
    assert outbox.dead_letters() == []


def test_only_a_dead_letter_is_resent(receiver):
    tell(1)
    with pytest.raises(CaseRefused, match="no such dead letter"):
        outbox.resend(Delivery.objects.get().pk, now=NOW)


def test_a_case_is_told_in_order_though_one_fails(receiver):
    receiver.breaks = lambda event: event.about["n"] == 1 and receiver.got.count(1) < 2
    for n in (1, 2, 3):
        tell(n, case=7)
    tell(4, case=8)
    outbox.deliver(NOW)
    assert receiver.got == [1, 4]
    outbox.deliver(NOW + timedelta(seconds=30))
    assert receiver.got == [1, 4, 1, 2, 3]


def test_a_dead_letter_does_not_hold_up_what_comes_after(receiver):
    receiver.breaks = lambda event: event.about["n"] == 1
    tell(1, case=7)
    tell(2, case=7)
    outbox.deliver(give_up())
    assert receiver.got[-1] == 2


def test_one_receiver_that_is_broken_does_not_hold_up_another(receiver):
    receiver.breaks = lambda _: True
    other = []
    outbox.receives("happened", name="other")(lambda event: other.append(event.about["n"]))
    tell(1, case=7)
    tell(2, case=7)
    outbox.deliver(NOW)
    assert other == [1, 2]


def test_what_a_failed_receiver_wrote_is_taken_back(receiver, monkeypatch):
    def writes(event):
        OutboxEvent.objects.create(kind="effect", at=NOW)
        raise Broken

    monkeypatch.setattr(outbox, "_receivers", {"happened": {"test": writes}})
    tell(1)
    outbox.deliver(NOW)
    assert not OutboxEvent.objects.filter(kind="effect").exists()


def test_a_worker_that_was_overtaken_takes_back_what_it_wrote(receiver, monkeypatch):
    def writes(event):
        OutboxEvent.objects.create(kind="effect", at=NOW)
        Delivery.objects.update(attempts=5)  # its pause was over, and another took it up

    monkeypatch.setattr(outbox, "_receivers", {"happened": {"test": writes}})
    tell(1)
    assert outbox.deliver(NOW) == 0
    assert not OutboxEvent.objects.filter(kind="effect").exists()
    assert Delivery.objects.get().state == "waiting"


def test_a_worker_killed_at_every_attempt_leaves_a_dead_letter(receiver):
    tell(1)
    Delivery.objects.update(attempts=outbox.ATTEMPTS)
    assert outbox.deliver(NOW) == 0
    assert receiver.got == []
    assert [letter.error for letter in outbox.dead_letters()] == ["the worker ended"]


def test_a_clock_that_went_back_does_not_hold_an_event_for_years(receiver):
    receiver.breaks = lambda _: len(receiver.got) == 1
    tell(1)
    outbox.deliver(NOW + timedelta(days=3650))
    outbox.deliver(NOW)
    assert receiver.got == [1, 1]


def test_a_receiver_that_is_gone_leaves_a_dead_letter_that_names_it(receiver, monkeypatch):
    tell(1)
    monkeypatch.setattr(outbox, "_receivers", {})
    give_up()
    assert "nothing here is called test" in outbox.dead_letters()[0].error


def test_delivery_is_asked_for_once_however_many_commits_ask(
    receiver, django_capture_on_commit_callbacks
):
    from django_ox.models import OxTask

    with django_capture_on_commit_callbacks(execute=True):
        tell(1)
        tell(2)
    assert OxTask.objects.count() == 1
    outbox.begin()
    assert not DeliveryDue.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        tell(3)
    assert OxTask.objects.count() == 2


def test_what_a_receiver_does_not_want_is_not_handed_over(receiver, monkeypatch):
    monkeypatch.setattr(outbox, "_wanted", {})
    choosy = []
    odd = outbox.receives("happened", name="odd", wanted=lambda _, about: about["n"] % 2 == 1)
    odd(lambda event: choosy.append(event.about["n"]))
    for n in (1, 2, 3):
        tell(n)
    assert outbox.deliver(NOW) == 5
    assert (receiver.got, choosy) == ([1, 2, 3], [1, 3])
    assert Delivery.objects.filter(receiver="odd").count() == 2


def test_what_a_killed_worker_held_is_tried_again_each_by_itself(receiver):
    for n in (1, 2, 3):
        tell(n)
    assert len(outbox._claimed(NOW, outbox.TOGETHER)) == 3  # and then it was killed
    assert outbox.deliver(NOW) == 0
    later = NOW + outbox.FIRST_PAUSE
    assert [len(outbox._claimed(later, outbox.TOGETHER)) for _ in range(4)] == [1, 1, 1, 0]
    tell(4)
    assert outbox.deliver(later) == 1
    assert outbox.deliver(later + 2 * outbox.FIRST_PAUSE) == 3
    assert receiver.got == [4, 1, 2, 3]


def test_more_than_one_run_takes_is_asked_for_again(receiver):
    from django_ox.models import OxTask

    for n in (1, 2, 3):
        tell(n)
    assert outbox.deliver(NOW, at_most=2) == 2
    assert OxTask.objects.count() == 1
    outbox.begin()
    assert outbox.deliver(NOW, at_most=2) == 1
    assert OxTask.objects.count() == 1
    assert receiver.got == [1, 2, 3]


def test_what_arrived_long_ago_is_deleted_and_what_did_not_arrive_is_kept(receiver):
    tell(1)
    outbox.deliver(NOW)
    receiver.breaks = lambda _: True
    lost = tell(2)
    later = give_up() + outbox.KEPT + timedelta(days=1)
    assert outbox.sweep(NOW) == 0
    assert outbox.sweep(later) == 1
    assert list(OutboxEvent.objects.values_list("pk", flat=True)) == [lost]
    assert len(outbox.dead_letters()) == 1
