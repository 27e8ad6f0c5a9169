"""E-mail, against a real SMTP server: what leaves, and what the server's answers come to."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.notices.support import NOW, SITE, by, links, mail_at, run, states, tell
from xinrong.accounts.models import Membership, Person
from xinrong.notices.models import ChannelPause, Message, Notice, Preference
from xinrong.notices.services import resend, told

pytestmark = pytest.mark.django_db


def test_a_mail_says_platform_kind_and_link_and_nothing_else(people, mailbox, clock):
    by(people.lender)
    notice = tell(people.lender, label="恒远精密有限公司", reference="f00", path="/asked/f00")
    assert run(clock).sent == 1
    (mail,) = mailbox.received
    assert mail.envelope_to == ["lender@example.cn"]
    assert "授权请求被拒绝" in mail["Subject"]
    body = mail.get_content()
    assert links(body) == [f"{SITE}/notices/{notice.pk}", f"{SITE}/notices/settings"]
    for secret in ("恒远", "f00", "asked", "token", people.lender.organisation):
        assert secret not in mail.as_string() + body


def test_a_mail_is_in_the_persons_language(people, mailbox, clock):
    by(people.lender, language="en")
    tell(people.lender)
    run(clock)
    assert "A request for consent was refused" in mailbox.received[0]["Subject"]
    assert "Sign in to see more" in mailbox.bodies[0]


def test_who_chose_nothing_gets_what_is_urgent_at_once_and_the_rest_once_a_day(
    people, mailbox, clock
):
    tell(people.lender, "consent_refused", key="1")
    tell(people.lender, "consent_withdrawn", key="2")
    tell(people.lender, "consent_revoked", key="3")
    run(clock)
    assert len(mailbox.received) == 1
    assert "撤回" in mailbox.received[0]["Subject"]
    run(clock, hours=21)  # seven in the morning: the night is over, the summary is at eight
    assert len(mailbox.received) == 1
    run(clock, hours=1)
    assert len(mailbox.received) == 2
    assert links(mailbox.bodies[1])[0] == f"{SITE}/notices"
    assert states() == ["sent", "sent", "sent"]


def test_in_quiet_hours_nothing_leaves(people, mailbox, clock):
    by(people.lender, quiet_from=22, quiet_to=7)
    clock.moment = NOW + timedelta(hours=13)  # eleven at night
    tell(people.lender, "consent_revoked", at=clock.moment)
    run(clock)
    run(clock, hours=7, minutes=59)
    assert not mailbox.received
    run(clock, minutes=1)
    assert len(mailbox.received) == 1


def test_a_server_that_is_down_delays_mail_and_is_left_alone_meanwhile(
    people, mailbox, clock, settings
):
    for number in range(3):
        by(people.lender)
        tell(people.lender, key=str(number))
    up, settings.MAILERS = settings.MAILERS, mail_at(1)  # nothing listens there
    assert run(clock).down == ["mail"]
    assert sorted(states()) == ["failed", "queued", "queued"]  # one was tried, the others wait
    assert ChannelPause.objects.get().why == "server_unreachable"
    settings.MAILERS = up
    assert run(clock, seconds=10).sent == 0  # the pause is not over
    assert run(clock, seconds=60).sent == 3
    assert not ChannelPause.objects.exists()


def test_a_channel_works_again_when_it_took_a_message_not_when_none_was_sent(
    people, mailbox, clock, settings
):
    by(people.lender)
    tell(people.lender, key="1")
    tell(people.lender, key="2")
    up, settings.MAILERS = settings.MAILERS, mail_at(1)
    run(clock)
    by(people.lender, mail="off")
    run(clock, minutes=2)
    assert set(states()) == {"dropped"}
    assert ChannelPause.objects.exists()
    by(people.lender)
    tell(people.lender, key="3")
    settings.MAILERS = up
    run(clock, minutes=2)
    assert not ChannelPause.objects.exists()


def test_what_is_urgent_leaves_before_the_summaries(people, mailbox, clock):
    by(people.lender, mail="daily")
    by(people.rival, mail="daily")
    tell(people.lender, "consent_refused")
    tell(people.rival, "consent_revoked", at=NOW + timedelta(hours=22))
    run(clock, hours=22)
    assert [one.envelope_to[0] for one in mailbox.received] == [
        "rival@example.cn", "lender@example.cn",
    ]  # fmt: skip


def test_what_is_refused_for_now_is_tried_again_later_each_time_then_given_up(
    people, mailbox, clock
):
    by(people.lender)
    tell(people.lender)
    mailbox.to_recipient = "451 4.7.1 greylisted"
    tries = 0
    while states() != ["dead"]:
        before = Message.objects.get().attempts
        run(clock, minutes=1)
        tries += Message.objects.get().attempts - before
        clock.moment += timedelta(hours=2)
    assert tries == 8
    assert Message.objects.get().why == "server_busy"


def test_an_operator_sends_a_dead_letter_again(people, mailbox, clock):
    by(people.lender)
    tell(people.lender)
    mailbox.to_data = "554 5.6.0 no"
    run(clock)
    assert states() == ["dead"]
    mailbox.to_data = ""
    resend(Message.objects.get().pk, role="operator", now=clock.now())
    assert run(clock).sent == 1


def test_an_address_that_is_none_is_marked_and_its_holder_told_in_the_platform(
    people, mailbox, clock
):
    by(people.lender)
    tell(people.lender)
    mailbox.to_recipient = "550 5.1.1 no such user"
    run(clock)
    assert states() == ["dead"]
    assert Preference.objects.get().mail_refused == "lender@example.cn"
    assert told(people.lender.person_id).get(kind="address_refused").path == "/notices/settings"
    mailbox.to_recipient = ""
    tell(people.lender, key="2")
    run(clock)
    assert not mailbox.received
    Person.objects.filter(pk=people.lender.person_id).update(email="other@example.cn")
    tell(people.lender, key="3")
    assert run(clock).sent == 1


def test_a_policy_of_the_server_is_not_the_addresss_fault(people, mailbox, clock):
    by(people.lender)
    tell(people.lender)
    mailbox.to_recipient = "550 5.7.1 we dislike your network"
    run(clock)
    assert states() == ["dead"]
    assert not Preference.objects.get().mail_refused


def test_a_line_break_in_an_address_adds_no_header_and_no_recipient(people, mailbox, clock):
    by(people.lender)
    evil = "a@example.cn\r\nBcc: all@example.cn"
    Person.objects.filter(pk=people.lender.person_id).update(email=evil)
    tell(people.lender)
    run(clock)
    assert states() == ["dead"]
    assert Message.objects.get().why == "message_malformed"
    assert not mailbox.received


def test_a_name_with_line_breaks_reaches_no_header(people, mailbox, clock):
    by(people.lender)
    tell(people.lender, label="甲公司\r\nBcc: all@example.cn\r\n\r\n<b>x</b>")
    run(clock)
    (mail,) = mailbox.received
    assert "Bcc" not in mail.as_string()
    assert Notice.objects.get().label == "甲公司 Bcc: all@example.cn <b>x</b>"


def test_killed_between_the_servers_yes_and_the_mark_it_comes_twice_under_one_name(
    people, mailbox, clock, monkeypatch
):
    by(people.lender)
    tell(people.lender)

    def killed(*_args: object) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("xinrong.notices.handing._step", killed)
        with pytest.raises(KeyboardInterrupt):
            run(clock)
    assert states() == ["queued"]
    assert run(clock, seconds=60).sent == 0  # the claim of the one that was killed holds
    assert run(clock, seconds=61).sent == 1
    first, second = mailbox.received
    assert first["Message-ID"] == second["Message-ID"]


def test_more_than_twenty_an_hour_wait_for_the_summary(people, mailbox, clock):
    by(people.lender)
    for number in range(30):
        tell(people.lender, key=str(number))
    run(clock)
    assert len(mailbox.received) == 20
    assert mailbox.sessions == 1
    run(clock, hours=22)
    assert len(mailbox.received) == 21
    assert set(states()) == {"sent"}


def test_whose_role_has_ended_meanwhile_gets_nothing(people, mailbox, clock):
    by(people.lender)
    tell(people.lender)
    Membership.objects.filter(person=people.lender.person_id).delete()
    run(clock)
    assert not mailbox.received
    assert Message.objects.get().why == "role_ended"
    assert not told(people.lender.person_id).exists()


@pytest.mark.parametrize("change", ["suspended", "another role", "inactive"])
def test_nor_whose_role_rests_or_is_another_or_who_is_inactive(people, mailbox, clock, change):
    by(people.lender)
    tell(people.lender)
    roles = Membership.objects.filter(person=people.lender.person_id)
    if change == "suspended":
        roles.update(suspended_at=NOW)
    elif change == "another role":
        roles.update(role="compliance_officer")
    else:
        Person.objects.filter(pk=people.lender.person_id).update(is_active=False)
    run(clock)
    assert states() == ["dropped"]
    assert not mailbox.received


def test_what_was_read_or_is_no_longer_wanted_is_not_sent(people, mailbox, clock):
    by(people.lender)
    tell(people.lender, key="1")
    Notice.objects.update(read_at=NOW)
    tell(people.lender, key="2")
    by(people.lender, mail="off")
    run(clock)
    assert states() == ["dropped", "dropped"]


def test_without_a_site_nothing_is_queued(people, mailbox, settings):
    settings.SITE = ""
    by(people.lender)
    tell(people.lender)
    assert not Message.objects.exists()
    assert Notice.objects.count() == 1


def test_an_old_message_is_no_news(people, mailbox, clock):
    by(people.lender)
    tell(people.lender)
    run(clock, days=4)
    assert not mailbox.received
    assert Message.objects.get().why == "too_old"
