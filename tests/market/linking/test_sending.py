"""What is told to a bank arrives once and in order, or lies where a person sees it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from banksim.faults import Dice, Faults
from banksim.ledger import Ledger
from banksim.receiving import Desk, server_of
from tests.market.applying.cast import Cast
from tests.market.linking.cast import System, said
from xinrong.domain.clock import FixedClock
from xinrong.market.linking import filing, queueing, sending
from xinrong.market.services import applying, linking
from xinrong.trust.services import consenting, who_looked
from xinrong.work import services as work

pytestmark = pytest.mark.django_db


class Listening:
    """A bank's address on this machine, whose behaviour a test changes."""

    def __init__(self, bank: System, folder: Path) -> None:
        self.ledger = Ledger(folder / "bank.sqlite3")
        self.heard: list[dict[str, Any]] = []
        self.desk = Desk(
            bank.link.name, bank.secret(linking.Direction.OURS), self.ledger, Faults(), Dice(1),
            self.heard.append,
        )  # fmt: skip
        self.server = server_of(self.desk, 0)
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        url = f"http://127.0.0.1:{self.server.server_address[1]}/"
        linking.Link.objects.filter(pk=bank.link.pk).update(url=url)

    def behave(self, **faults: Any) -> None:
        handler: Any = self.server.RequestHandlerClass
        handler.desk = replace(self.desk, faults=Faults(**faults))

    def received(self) -> list[tuple[str, int, int]]:
        found = self.ledger.rows("SELECT type, sequence, times FROM received ORDER BY rowid")
        return [(kind, sequence, times) for kind, sequence, times in found]

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.ledger.close()


@pytest.fixture
def listening(bank: System, tmp_path: Path) -> Iterator[Listening]:
    made = Listening(bank, tmp_path)
    yield made
    made.stop()


def send(at: datetime | None = None) -> int:
    """One run of the worker, now or at another moment."""
    at = at or datetime.now(UTC) + timedelta(minutes=1)  # tests of the cast move its clock ahead
    return linking.send_due(FixedClock(at))


def states(bank: System) -> list[str]:
    return [one.state for one in said(bank.link)]


def test_application_and_consented_file_arrive_in_order(
    bank: System, cast: Cast, application: Any, listening: Listening
) -> None:
    assert send() == 2
    assert listening.received() == [("application", 1, 1), ("file", 2, 1)]
    file = listening.heard[1]["data"]
    assert file["stage"] == "pre_loan"
    assert file["pages"][0]["enterprise"] == application.enterprise_id
    looks = list(who_looked(application.enterprise_id))
    assert any(one.audit_id == file["audit"] for one in looks)
    assert send() == 0


def test_a_pushed_file_is_the_banks_logged_query(
    bank: System, cast: Cast, application: Any, listening: Listening
) -> None:
    send()
    bank.to_offer(application)
    assert bank.offer(application).status == 409  # not looked at for the approval yet
    assert send() == 1
    bank.numbers[application.number] = 4
    assert bank.offer(application).status == 200
    assert listening.heard[-1]["data"]["stage"] == "approval"


def test_without_a_consent_nothing_of_the_file_leaves(
    bank: System, cast: Cast, application: Any, listening: Listening
) -> None:
    revoke(cast, application)  # between the queue and the sending
    assert send() == 2
    assert [kind for kind, *_ in listening.received()] == ["application", "void"]
    told = listening.heard[1]["data"]
    assert (told["instead_of"], told["reason"]) == ("file", "denied_no_consent")


def test_a_revocation_tells_the_bank_to_stop_using_what_it_has(
    bank: System, cast: Cast, application: Any, listening: Listening
) -> None:
    send()
    revoke(cast, application)
    assert linking.follow_revocations(cast.tick()) == 1
    assert linking.follow_revocations(cast.tick()) == 0
    send()
    assert listening.received()[-1][0] == "stop_use"
    assert "answer_by" in listening.heard[-1]["data"]


def revoke(cast: Cast, application: Any) -> None:
    request = consenting.ConsentRequest.objects.filter(
        grantor=application.enterprise_id, grantee=application.institution_id
    ).latest("pk")
    by = consenting.Party.of(cast.firm)
    consenting.revoke(request.consent.number, request.grantor_id, by, now=cast.tick())


def test_an_answer_that_is_lost_repeats_the_same_message(
    bank: System, application: Any, listening: Listening
) -> None:
    names = [one.name for one in said(bank.link)]
    listening.behave(loses=1.0)
    assert send() == 0
    listening.behave()
    linking.Link.objects.update(not_before=None)
    linking.OutMessage.objects.update(not_before=datetime.now(UTC))
    assert send() == 2
    assert [one.name for one in said(bank.link)] == names
    assert [row[:2] for row in listening.received()] == [("application", 1), ("file", 2)]


def test_a_file_that_is_repeated_is_the_same_unless_less_may_be_shown(
    bank: System, cast: Cast, application: Any, listening: Listening
) -> None:
    row = said(bank.link)[1]
    kind, first = filing.filed(bank.link, row)
    assert kind == "file"
    row.refresh_from_db()
    name = row.name
    assert filing.filed(bank.link, row)[1] == first
    assert row.name == name
    row.data = {**row.data, "digests": ["of what may be shown no longer"]}
    assert filing.filed(bank.link, row)[1]["digests"] == first["digests"]
    assert row.name != name


def test_500_for_a_day_is_tried_again_and_again_and_then_lies_dead(
    bank: System, application: Any, listening: Listening
) -> None:
    listening.behave(down=True)
    began = at = datetime.now(UTC) + timedelta(seconds=1)
    tries = []
    while "dead" not in states(bank):
        assert send(at) == 0
        link = linking.Link.objects.get()
        tries.append(at)
        assert link.not_before is not None
        at = link.not_before
        assert at - began < timedelta(days=2)
    pauses = [(two - one).total_seconds() for one, two in pairwise(tries)]
    assert pauses[:4] == [10, 20, 40, 80]
    assert max(pauses) == 3600
    assert timedelta(hours=24) <= tries[-1] - began < timedelta(hours=26)
    dead = list(linking.dead_letters())
    assert [one.error for one in dead] == ["500 down"] * 2
    listening.behave()
    assert send(at) == 0  # a dead letter waits for a person
    linking.OutMessage.objects.update(stamp=0)  # it was not really signed tomorrow
    linking.resend(dead[0].pk, now=datetime.now(UTC))
    assert send() == 2
    assert set(states(bank)) == {"done"}


def test_whoever_resends_while_the_worker_posts_is_not_overruled(
    bank: System, application: Any, listening: Listening
) -> None:
    now = datetime.now(UTC) + timedelta(minutes=1)
    linking.OutMessage.objects.update(made_at=now - timedelta(days=3))
    linking.Link.objects.update(failing_since=now - timedelta(days=2), failures=30)
    worker = linking.Link.objects.get()  # as a worker read it before a person came
    linking.resend_all(worker, now=now)
    failed = sending.Tried(sending.Said(arrived=False, error="503"))
    assert not sending._breathe(worker, [failed], now)
    assert set(states(bank)) == {"waiting"}
    assert linking.Link.objects.get().failing_since == now


def test_ten_megabytes_of_garbage_are_not_read(
    bank: System, application: Any, listening: Listening
) -> None:
    listening.behave(garbles=1.0)
    assert send() == 0
    assert "more than 65536 bytes" in said(bank.link)[0].error
    assert linking.Link.objects.get().failures == 1


@pytest.mark.parametrize(
    "answer", [b"", b"ok", b"[]", b'{"id": "another"}', b'{"outcome": "taken"}', b"[" * 60_000]
)
def test_200_without_the_name_of_the_message_is_no_arrival(
    bank: System, application: Any, answer: bytes
) -> None:
    with saying(200, answer) as url:
        linking.Link.objects.update(url=url)
        assert send() == 0
    assert states(bank) == ["waiting", "waiting"]
    assert "does not name the message" in said(bank.link)[0].error


def test_a_bank_that_answers_200_and_does_nothing_is_found(
    bank: System, cast: Cast, application: Any, listening: Listening
) -> None:
    listening.behave(silent=True)
    assert send() == 2
    assert cast.wait(application) == "silent"  # the clock of the process: supervisor, operator
    later = datetime.now(UTC) + timedelta(hours=25)
    assert [one.application for one in linking.silent_of(bank.link, now=later)] == [
        application.number
    ]


def test_what_a_bank_never_takes_is_dead_at_once_and_holds_up_its_application_only(
    bank: System, cast: Cast, application: Any, listening: Listening
) -> None:
    with saying(422, b'{"error": {"code": "type_unknown"}}') as url:
        linking.Link.objects.update(url=url)
        assert send() == 0
    assert [one.error for one in linking.dead_letters()] == ["422 type_unknown"]
    assert states(bank) == ["dead", "waiting"]
    assert linking.Link.objects.get().failing_since is None


def test_a_redirect_is_not_followed(bank: System, application: Any, listening: Listening) -> None:
    target = f"http://127.0.0.1:{listening.server.server_address[1]}/"
    with saying(307, b"", Location=target) as url:
        linking.Link.objects.update(url=url)
        assert send() == 0
    assert listening.received() == []


def test_a_bank_that_nobody_reaches_is_left_alone_for_a_while(
    bank: System, application: Any
) -> None:
    linking.Link.objects.update(url="http://127.0.0.1:9/")
    assert send() == 0
    link = linking.Link.objects.get()
    assert link.not_before is not None
    assert link.not_before > datetime.now(UTC) + timedelta(seconds=5)
    assert "ConnectError" in said(bank.link)[0].error


def test_after_a_failure_a_worker_is_asked_for_the_end_of_the_pause(
    bank: System, application: Any
) -> None:
    from django_ox.models import OxTask

    linking.Link.objects.update(url="http://127.0.0.1:9/")
    assert send() == 0
    [again] = OxTask.objects.filter(task_path__endswith="send_to_banks", run_after__isnull=False)
    assert again.run_after == linking.Link.objects.get().not_before


def test_a_bank_that_lets_one_wait_is_not_asked_for_the_rest(
    bank: System, application: Any, listening: Listening
) -> None:
    for _ in range(3):
        queueing.tell(bank.link, "ping", {}, now=bank.now)
    linking.Link.objects.update(timeout=1)
    listening.behave(waits=1.5)
    began = time.monotonic()
    assert send() == 0
    assert time.monotonic() - began < 2 * 1.5
    errors = [one.error for one in said(bank.link) if one.sequence != 2]
    assert "Timeout" in errors[0]
    assert [one.split(":")[0] for one in errors[1:]] == ["put off"] * 3
    assert linking.Link.objects.get().failures == 1
    time.sleep(1)  # it has answered nobody, and has the message
    listening.behave()
    linking.Link.objects.update(not_before=None)
    linking.OutMessage.objects.update(not_before=bank.now)
    assert send() == 5
    assert listening.received()[0] == ("application", 1, 2)


def test_more_than_one_run_takes_is_asked_for_again(
    bank: System, application: Any, listening: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []
    monkeypatch.setattr(queueing, "ask_once", lambda: asked.append(True))
    clock = FixedClock(datetime.now(UTC) + timedelta(minutes=1))
    assert linking.send_due(clock, at_most=1) == 1
    assert asked == [True]
    assert linking.send_due(clock, at_most=9) == 1
    assert asked == [True]


def test_a_worker_that_was_killed_leaves_its_message_to_the_next(
    bank: System, application: Any, listening: Listening
) -> None:
    row = said(bank.link)[0]
    linking.OutMessage.objects.filter(pk=row.pk).update(
        attempts=1, not_before=datetime.now(UTC) + 2 * sending.HELD
    )
    assert send() == 0
    linking.OutMessage.objects.filter(pk=row.pk).update(not_before=datetime.now(UTC))
    assert send() == 2


def test_a_key_that_the_bank_revoked_stops_the_files(
    bank: System, cast: Cast, application: Any, listening: Listening
) -> None:
    from xinrong.accounts.services import keys_of, revoke_key

    send()
    for key in keys_of(bank.link.organisation_id):
        revoke_key(key, now=cast.now)
    bank.to_offer(application)
    assert send() == 0
    assert "has revoked the key" in said(bank.link)[-1].error
    assert linking.Link.objects.get().failing_since is None  # it is not the bank that failed


def test_what_the_enterprise_says_reaches_the_bank(
    bank: System, cast: Cast, application: Any, listening: Listening
) -> None:
    send()
    bank.must(application, "state", state="accepted")
    bank.must(application, "state", state="due_diligence")
    bank.must(application, "more_wanted", words="请补充近三个月的流水。")
    applying.supply(cast.firm, application.number, "已在网点提交流水。", now=cast.tick())
    work.deliver(cast.tick())
    send()
    assert listening.heard[-1]["type"] == "supplement"
    assert listening.heard[-1]["data"] == {"words": "已在网点提交流水。"}


class saying:  # noqa: N801 - read as a word: `with saying(200, b"ok") as url`
    """An address that answers the same to everything."""

    def __init__(self, status: int, body: bytes, **headers: str) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    def __enter__(self) -> str:
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return f"http://127.0.0.1:{self.server.server_address[1]}/"

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.mark.parametrize(
    "url",
    ["http://bank.example.cn/", "ftp://bank.example.cn/", "bank", "", "https://", "https://a:b/",
     "https://user:pass@bank.example.cn/"],
)  # fmt: skip
def test_an_address_that_is_none_is_refused(cast: Cast, url: str) -> None:
    from tests.market.linking.cast import linked

    refused(lambda: linked(cast, url=url), "link_config")


def refused(act: Callable[[], Any], code: str) -> None:
    with pytest.raises(linking.LinkBroken) as wrong:
        act()
    assert wrong.value.code == code
    assert json.dumps(str(wrong.value))
