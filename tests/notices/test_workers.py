"""Several workers, one message; and the command line."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.utils import timezone

from tests.notices.support import NOW, by, run, states, tell
from xinrong.accounts.models import Membership, Person
from xinrong.cli.notices import command
from xinrong.notices.delivering import CLAIM, claim
from xinrong.notices.errors import NoticeError
from xinrong.notices.models import Message, Notice
from xinrong.notices.services import Recipient, notify, told, unread
from xinrong.notices.tasks import KEPT, sweep

pytestmark = pytest.mark.django_db


def ran(*words: str) -> str:
    done = CliRunner().invoke(command, list(words), catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_of_two_workers_one_has_a_message_in_hand_until_its_claim_runs_out(people, mailbox):
    by(people.lender)
    tell(people.lender)
    number = Message.objects.get().pk
    assert claim(number, NOW) is not None
    assert claim(number, NOW) is None
    assert claim(number, NOW + CLAIM - timedelta(seconds=1)) is None
    assert claim(number, NOW + CLAIM) is not None


def test_a_message_that_kills_every_worker_is_given_up(people, mailbox, clock, monkeypatch):
    by(people.lender)
    tell(people.lender)

    def dies(*_args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("xinrong.notices.channels.mail.MailChannel.send", dies)
    for _ in range(8):
        with pytest.raises(KeyboardInterrupt):
            run(clock, minutes=2)
    run(clock, minutes=2)
    assert states() == ["dead"]
    assert Message.objects.get().why == "worker_ended"


def test_a_fault_of_ours_with_one_message_holds_up_no_other(people, mailbox, clock, monkeypatch):
    from xinrong.notices import handing

    by(people.lender)
    first = tell(people.lender, key="1")
    tell(people.lender, key="2")
    real = handing.written

    def breaks(name, to, language, notices):
        if notices[0].pk == first.pk:
            raise LookupError("no words")
        return real(name, to, language, notices)

    monkeypatch.setattr(handing, "written", breaks)
    assert run(clock).sent == 1
    assert sorted(states()) == ["failed", "sent"]
    for _ in range(8):
        run(clock, hours=8)
    assert sorted(states()) == ["dead", "sent"]
    assert Message.objects.get(state="dead").why == "fault"


def test_settings_that_are_wrong_are_the_channels_fault(people, mailbox, clock, settings):
    settings.MAILERS = {"default": {"BACKEND": "no.such.backend"}}
    by(people.lender)
    tell(people.lender)
    assert run(clock).down == ["mail"]
    assert states() == ["failed"]


def test_a_summary_that_a_worker_left_half_done_is_sent_as_one(people, mailbox, clock):
    by(people.lender, mail="daily")
    for number in range(3):
        tell(people.lender, key=str(number))
    run(clock)
    assert not mailbox.received
    Message.objects.update(claimed_until=NOW + timedelta(hours=22))
    run(clock, hours=22)
    assert len(mailbox.received) == 1
    assert set(states()) == {"sent"}


def test_one_notice_is_told_once_whatever_the_order(people):
    who = Recipient(people.lender.person_id, people.lender.organisation_id, "loan_officer")
    for _ in range(2):
        notify("case_moved", [who, who], path="/asked", key="one", at=NOW)
    assert Notice.objects.count() == 1


def test_a_kind_that_is_none_is_refused(people):
    with pytest.raises(NoticeError) as refused:
        tell(people.lender, "promotion")
    assert refused.value.code == "kind_unknown"


@pytest.mark.parametrize("change", ["nothing", "suspended", "another role", "inactive", "left"])
def test_the_count_is_that_of_what_is_shown(people, change):
    who = people.lender
    tell(who, key="1")
    read = tell(who, key="2")
    Notice.objects.filter(pk=read.pk).update(read_at=NOW)
    notify("address_refused", [Recipient(who.person_id)], path="/notices", key="3", at=NOW)
    tell(people.rival, key="4")
    roles = Membership.objects.filter(person=who.person_id)
    if change == "suspended":
        roles.update(suspended_at=NOW)
    elif change == "another role":
        roles.update(role="compliance_officer")
    elif change == "inactive":
        Person.objects.filter(pk=who.person_id).update(is_active=False)
    elif change == "left":
        roles.delete()
    shown = told(who.person_id).filter(read_at=None).count()
    assert unread(who.person_id) == shown == (2 if change == "nothing" else 1)
    assert unread(who.person_id, at_most=1) == 1


def test_notices_are_kept_for_a_year(people, mailbox, clock):
    by(people.lender)
    tell(people.lender, key="1")
    tell(people.lender, key="2", at=NOW + timedelta(days=2))
    assert sweep(NOW + KEPT + timedelta(days=1)) == 1
    assert Notice.objects.get().key == "2"
    assert Message.objects.count() == 1


def test_the_command_line_says_what_stands_where_runs_and_sends_again(people, mailbox):
    by(people.lender)
    tell(people.lender, at=timezone.now(), label="恒远")
    mailbox.to_data = "554 5.6.0 no"
    assert "1 dead" in ran("run")
    assert json.loads(ran("state", "--json"))["messages"] == {"mail": {"dead": 1}}
    listed = ran("dead")
    assert "1 dead letters" in listed
    assert "恒远" not in listed
    assert "lender" not in listed
    mailbox.to_data = ""
    assert "1 queued again" in ran("resend", "--all")
    assert "1 sent" in ran("run")


def test_the_command_line_asks_which_one(people):
    assert CliRunner().invoke(command, ["resend"]).exit_code == 2
    assert CliRunner().invoke(command, ["resend", "3", "--all"]).exit_code == 2


def test_without_a_channel_the_command_line_says_what_to_set(people, settings):
    settings.SITE = ""
    assert "XINRONG_SITE" in ran("state")
