"""What the outbox hands over of cases, through real cases of a small process."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.notices.support import by, run
from tests.work.support import NOW, OPERATOR, ask, cast
from xinrong.accounts.models import Membership
from xinrong.domain.clock import FixedClock
from xinrong.notices.models import Message, Notice
from xinrong.work import outbox
from xinrong.work.services import deliver, move, take, tick

__all__ = ["cast"]
pytestmark = pytest.mark.django_db
OURS = {
    kind: {name: one for name, one in found.items() if name.startswith("notices.")}
    for kind, found in outbox._receivers.items()
}


@pytest.fixture
def told(cast, monkeypatch):
    """`told()`: who was told what, once the outbox has delivered."""
    monkeypatch.setattr(outbox, "_receivers", {kind: dict(found) for kind, found in OURS.items()})
    seen: set[int] = set()

    def told(now=NOW):
        deliver(now)
        new = Notice.objects.exclude(pk__in=seen).select_related("person")
        found = {(one.person.name, one.kind) for one in new}
        seen.update(new.values_list("pk", flat=True))
        return found

    return told


def test_a_case_waits_for_everybody_who_may_act_and_for_nobody_else(cast, told):
    ask(cast)
    found = told()
    assert {("clerk", "case_waiting"), ("colleague", "case_waiting")} <= found
    assert not {name for name, _kind in found} & {"stranger"}


def test_who_takes_it_on_is_told_of_its_clocks_alone(cast, told):
    case = ask(cast)
    told()
    take(case.number, cast.clerk, now=NOW)
    told()
    tick(NOW + timedelta(days=4))
    assert {name for name, kind in told() if kind == "deadline_near"} == {"clerk"}


def test_who_watches_is_told_when_a_clock_has_run_out(cast, told):
    ask(cast)
    told()
    tick(NOW + timedelta(days=5))
    found = told(NOW + timedelta(days=5))
    assert (OPERATOR, "escalated") in found
    assert Notice.objects.filter(kind="escalated").first().path.startswith("/cases/")


def test_the_end_is_told_to_who_had_it(cast, told):
    case = ask(cast)
    take(case.number, cast.clerk, now=NOW)
    told()
    case.refresh_from_db()
    move(case.number, "answer", cast.clerk, version=case.version, text="so", now=NOW)
    assert told() >= {("clerk", "case_ended")}


def test_nobody_is_mailed_to_act_on_what_a_colleague_has_taken_on(cast, told, mailbox):
    by(cast.clerk)
    by(cast.colleague)
    case = ask(cast)
    told()
    take(case.number, cast.clerk, now=NOW)
    run(FixedClock(NOW))
    assert [one.envelope_to for one in mailbox.received] == [["clerk@example.cn"]]
    assert Message.objects.get(person=cast.colleague.person_id).why == "over"


def test_an_event_that_is_handed_over_twice_tells_once(cast, told):
    ask(cast)
    told()
    outbox.Delivery.objects.update(state="waiting", attempts=0, not_before=NOW)
    assert told() == set()


def test_a_case_is_opened_when_the_mail_server_is_down(cast, told, settings):
    settings.MAILERS = {"default": {"BACKEND": "no.such.backend"}}
    settings.SITE = "https://credit.example.cn"
    by(cast.clerk)
    ask(cast)
    assert ("clerk", "case_waiting") in told()
    assert Message.objects.filter(state="queued").exists()


def test_who_has_left_meanwhile_is_not_told(cast, told):
    ask(cast)
    Membership.objects.filter(person=cast.colleague.person_id).delete()
    assert ("colleague", "case_waiting") not in told()
