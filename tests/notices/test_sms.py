"""SMS, against a real HTTP gateway: what leaves, how it answers, and how a number is confirmed."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from datetime import timedelta

import pytest

from tests.notices.support import NOW, NUMBER, SITE, run, states, tell, with_number
from xinrong.domain.clock import SystemClock
from xinrong.notices.channels.port import Outgoing
from xinrong.notices.channels.sms import SmsChannel, signature_of
from xinrong.notices.confirming import code_of
from xinrong.notices.errors import NoticeError
from xinrong.notices.models import ChannelPause, Message, Preference
from xinrong.notices.services import ask_code, confirm, told

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _the_gateways_clock_is_ours(sms_server, clock):
    sms_server._server.RequestHandlerClass.clock = clock


@pytest.fixture(autouse=True)
def _our_stamp_is_of_the_clock(monkeypatch, clock):
    monkeypatch.setattr("xinrong.notices.channels.sms.SystemClock", lambda: clock)


def received(box):
    return [one.text for one in box.listed()]


def test_an_sms_says_platform_kind_and_link_and_nothing_else(people, sms, clock):
    with_number(people.lender)
    notice = tell(people.lender, label="恒远精密有限公司", path="/asked/f00")
    assert run(clock).sent == 1
    (one,) = sms.listed()
    assert one.to == NUMBER
    assert one.text == (
        f"【信融】信融 北京 一项授权请求被拒绝。 请登录查看： {SITE}/notices/{notice.pk}"
    )


def test_a_gateway_that_fails_is_asked_again_later(people, sms, clock):
    with_number(people.lender)
    tell(people.lender)
    sms.modes.fail = 1
    assert run(clock).down == ["sms"]
    assert ChannelPause.objects.get().why == "server_refused"
    assert run(clock, seconds=29).sent == 0
    assert run(clock, seconds=60).sent == 1


def test_an_answer_that_is_lost_brings_it_a_second_time_under_the_same_name(people, sms, clock):
    with_number(people.lender)
    tell(people.lender)
    sms.modes.double = 1
    run(clock)
    assert states() == ["failed"]
    assert run(clock, minutes=2).sent == 1
    (one,) = sms.listed()
    assert one.times == 2


def test_a_gateway_that_is_slow_is_given_up_after_the_time_that_was_set(
    people, sms, clock, settings
):
    with_number(people.lender)
    settings.SMS = {**settings.SMS, "timeout": "0.2"}
    tell(people.lender)
    sms.modes.delay = 0.5
    run(clock)
    assert ChannelPause.objects.get().why == "server_unreachable"


def test_a_number_that_is_none_is_marked_and_its_holder_told(people, sms, clock):
    with_number(people.lender)
    tell(people.lender)
    sms.modes.refuse = 1
    run(clock)
    assert states() == ["dead"]
    assert Preference.objects.get().number_refused
    assert told(people.lender.person_id).filter(kind="number_refused").exists()
    tell(people.lender, key="2")
    assert Message.objects.count() == 1


def test_a_wrong_secret_is_the_channels_fault(people, sms, clock, settings):
    with_number(people.lender)
    settings.SMS = {**settings.SMS, "secret": "another"}
    tell(people.lender)
    run(clock)
    assert ChannelPause.objects.get().why == "sign_in_refused"
    assert sms.refused == 1
    assert not sms.listed()


@pytest.mark.parametrize("change", ["body", "name", "old"])
def test_a_gateway_believes_no_request_that_was_changed_or_is_old(sms, settings, change, clock):
    body = json.dumps({"to": NUMBER, "text": "x"}).encode()
    stamp = str(int(clock.now().timestamp()))
    signature = signature_of(settings.SMS["secret"], "n", stamp, body)
    headers = {"webhook-id": "n", "webhook-timestamp": stamp, "webhook-signature": signature}
    if change == "body":
        body = body.replace(b"x", b"y")
    elif change == "name":
        headers["webhook-id"] = "m"
    else:
        clock.moment += timedelta(minutes=6)
    channel = SmsChannel(settings.SMS)
    assert channel._post(body, headers) == (401, "signature_wrong")


def test_five_an_hour_and_the_rest_in_the_summary(people, sms, clock):
    with_number(people.lender)
    for number in range(8):
        tell(people.lender, key=str(number))
    run(clock)
    assert len(sms.listed()) == 5
    run(clock, hours=22)
    assert "3 条通知" not in received(sms)[0]
    assert f"{SITE}/notices" in received(sms)[0]
    assert set(states()) == {"sent"}


def test_a_number_counts_once_its_code_was_typed(people, sms, clock):
    person = people.lender.person_id
    wanted = ask_code(person, "+86 138-0000-0001", now=NOW)
    Preference.objects.update(sms="all")
    tell(people.lender)
    assert Message.objects.filter(notice=None).count() == 1
    assert Message.objects.exclude(notice=None).filter(channel="sms").count() == 0
    run(clock)
    code = code_of(wanted, NOW)
    assert code in received(sms)[0]
    with pytest.raises(NoticeError):
        confirm(person, "000000" if code != "000000" else "111111", now=NOW)
    assert confirm(person, f" {code[:3]} {code[3:]}", now=NOW).number_at == NOW
    tell(people.lender, key="2")
    run(clock)
    assert len(sms.listed()) == 2


def test_a_code_is_guessed_five_times_at_most_and_lasts_fifteen_minutes(people, sms):
    person = people.lender.person_id
    wanted = ask_code(person, NUMBER, now=NOW)
    right = code_of(wanted, NOW)
    wrong = "000000" if right != "000000" else "111111"
    with pytest.raises(NoticeError):
        confirm(person, right, now=NOW + timedelta(minutes=15))
    for _ in range(5):
        with pytest.raises(NoticeError):
            confirm(person, wrong, now=NOW)
    with pytest.raises(NoticeError, match="void"):
        confirm(person, right, now=NOW)


def test_nobody_has_a_strangers_telephone_ring(people, sms):
    person = people.lender.person_id
    ask_code(person, NUMBER, now=NOW)
    with pytest.raises(NoticeError) as refused:
        ask_code(person, "13900000002", now=NOW + timedelta(seconds=59))
    assert refused.value.code == "number_waits"
    for minute in range(1, 5):
        ask_code(person, NUMBER, now=NOW + timedelta(minutes=minute))
    with pytest.raises(NoticeError):
        ask_code(person, NUMBER, now=NOW + timedelta(hours=23))


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "12345678901",
        "1380000000",
        "138000000011",
        "+1 212 555 0100",
        "１３８００００００01",
        "13800000001\n1",
    ],
)
def test_what_is_no_mobile_number_is_refused_with_advice(people, sms, typed):
    with pytest.raises(NoticeError) as refused:
        ask_code(people.lender.person_id, typed, now=NOW)
    assert refused.value.code == "number_wrong"
    assert "11" in refused.value.words.zh


def test_another_number_is_confirmed_anew(people, sms):
    with_number(people.lender)
    ask_code(people.lender.person_id, "13900000002", now=NOW)
    assert Preference.objects.get().number_at is None


def test_the_gateway_shows_what_it_received_as_text(sms, sms_server, settings, clock):
    evil = "<script>alert(1)</script>"
    message = Outgoing("13800000001", "n1", "zh-hans", "s", (evil,), "https://x/", "https://x/")
    SmsChannel(settings.SMS).send(message)
    address = sms_server.url.removesuffix("messages")
    with urllib.request.urlopen(address, timeout=5) as answer:
        page = answer.read().decode()
    assert evil not in page
    assert "&lt;script&gt;" in page


def test_the_gateway_is_told_what_to_do_wrong_while_it_runs(sms, sms_server):
    def turn(content):
        address = sms_server.url.replace("messages", "modes")
        request = urllib.request.Request(address, json.dumps(content).encode(), method="POST")
        with urllib.request.urlopen(request, timeout=5) as answer:
            return json.load(answer)

    assert turn({"fail": 3})["fail"] == 3
    with pytest.raises(urllib.error.HTTPError, match="422"):
        turn({"delay": -1})


@pytest.mark.big
def test_the_gateway_is_a_command(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("s")
    command = [sys.executable, "-m", "xinrong.cli.main", "sms-gateway", "--port", "0",
               "--secret-file", str(secret), "--delay", "0"]  # fmt: skip
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        line = child.stdout.readline()
        url = line.strip().removeprefix("XINRONG_SMS_URL=")
        channel = SmsChannel({"url": url, "secret": "s", "sign": "信融"}, clock=SystemClock())
        channel.send(Outgoing(NUMBER, "n", "en", "s", ("hello",), "https://x/", "https://x/"))
        with urllib.request.urlopen(url, timeout=5) as answer:
            assert json.load(answer)[0]["to"] == NUMBER
    finally:
        child.terminate()
        child.wait(10)
        child.stdout.close()
