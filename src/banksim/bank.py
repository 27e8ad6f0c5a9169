"""A bank: it receives, decides, speaks, and compares ledgers, until it is stopped or killed."""

from __future__ import annotations

import http.client
import json
import queue
import ssl
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from banksim import signing
from banksim.deciding import Habits, next_steps, standing
from banksim.faults import Dice, Faults
from banksim.ledger import Ledger
from banksim.posting import Post
from banksim.receiving import Desk, server_of

CHINA = timezone(timedelta(hours=8))
SPEAKERS = 4
PAUSE = 0.1
#: Seconds before an attempt that failed is made again: twice as long each time, up to the longest.
FIRST_RETRY, LONGEST_RETRY = 1.0, 30.0
ROWS = 1_000  # of one part of a ledger
#: Seconds after which an application that is held back is asked for once more.
ASKED_AGAIN = 10.0, 320.0
#: Seconds between two looks for such.
LOOKS = 1.0
#: More messages than an application has.
UNTOLD = 1 << 30


@dataclass(frozen=True)
class Setup:
    """Who this bank is, where the platform listens, and how it behaves."""

    name: str
    platform: str
    ours: str  # secret with which the bank signs
    theirs: str  # secret with which the platform signs
    ledger: Path
    port: int = 0
    habits: Habits = field(default_factory=Habits)
    faults: Faults = field(default_factory=Faults)
    tls: ssl.SSLContext | None = None  # towards the platform
    listens: ssl.SSLContext | None = None


class Bank:
    """`start` begins in threads; `stop` ends them, `port` is where it listens."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self.ledger = Ledger(setup.ledger)
        self.dice = Dice(setup.habits.seed)
        self._ended = threading.Event()
        self._caught_up = threading.Event()
        self._look: queue.Queue[str] = queue.Queue()
        self._sending: queue.Queue[tuple[Any, ...]] = queue.Queue()
        self._flying: set[str] = set()
        self._lock = threading.Lock()
        desk = Desk(setup.name, setup.theirs, self.ledger, setup.faults, self.dice, self._hear)
        self._server = server_of(desk, setup.port)
        if setup.listens is not None:
            self._server.socket = setup.listens.wrap_socket(self._server.socket, server_side=True)
        self._threads: list[threading.Thread] = []

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_address[1])

    def start(self) -> None:
        """Listen first; then ask what was missed; then decide and speak."""
        jobs = [lambda: self._server.serve_forever(poll_interval=0.1), self._catch_up]
        jobs += [self._decide, self._dispatch, *[self._speak] * SPEAKERS]
        for job in jobs:
            thread = threading.Thread(target=job, daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """End; what was not said is said after the next start."""
        self._ended.set()
        self._server.shutdown()
        self._server.server_close()
        for thread in self._threads:
            thread.join(5)
        self.ledger.close()

    def today(self) -> date:
        """The day in China."""
        return datetime.now(CHINA).date()

    # -- what comes -------------------------------------------------------------------------------

    def _hear(self, message: dict[str, Any]) -> None:
        if message["type"] == "ledger":
            self.post_ledger(message["data"]["day"])
        elif message["type"] == "not_taken":
            self.ledger.refused(message["data"]["message"])
        if message["type"] == "echo":
            self._look.put(message["data"]["message"]["application"])
        elif message.get("application"):
            self._look.put(message["application"])

    # -- catching up ------------------------------------------------------------------------------

    def _catch_up(self) -> None:
        """Send the ledger at the start, and hold back whatever this bank has lost."""
        post, pause = Post(self.setup.platform, self.setup.tls), FIRST_RETRY
        for message in self.ledger_of(self.today().isoformat()):
            while not self._ended.is_set():
                if self._posted_ledger(post, message):
                    break
                self._ended.wait(pause)
                pause = min(pause * 2, LONGEST_RETRY)
        post.close()
        self._caught_up.set()
        for application in self.ledger.applications():
            self._look.put(application)

    def _posted_ledger(self, post: Post, message: dict[str, Any]) -> bool:
        body = spelled(message)
        headers = signing.sign(self.setup.ours, message["id"], int(time.time()), body)
        try:
            status, answer = post(body, headers)
        except (OSError, http.client.HTTPException):
            return False
        if status in (200, 202) and answer:
            self._behind(answer)
        return status < 500 and status not in (401, 409)

    def ledger_of(self, day: str) -> list[dict[str, Any]]:
        """This bank's ledger, in parts."""
        rows = []
        for application in sorted(self.ledger.applications()):
            heard, done = self.ledger.heard(application), self.ledger.told(application)
            counts = {"received": len(heard), "sent": len(done)}
            rows.append({"application": application, **standing(heard, done), **counts})
        parts = [rows[at : at + ROWS] for at in range(0, len(rows), ROWS)] or [[]]
        return [
            self._message("ledger", {"day": day, "part": n, "of": len(parts), "rows": part})
            for n, part in enumerate(parts, start=1)
        ]

    def post_ledger(self, day: str) -> None:
        """Put the ledger of a day among what is to be said."""
        self.ledger.say([(message, time.time()) for message in self.ledger_of(day)])

    def _behind(self, answer: dict[str, Any]) -> None:
        """Say nothing of what was lost until it has come again."""
        for one in answer.get("behind") or []:
            self.ledger.hold(one["application"], one["sent"], one["received"])
            self._look.put(one["application"])

    # -- deciding ---------------------------------------------------------------------------------

    def _decide(self) -> None:
        self._caught_up.wait()
        while not self._ended.is_set():
            try:
                application = self._look.get(timeout=0.2)
            except queue.Empty:
                continue
            self.decide(application)

    def decide(self, application: str) -> int:
        """Say what comes next about an application; how many messages."""
        heard, said = self.ledger.heard(application), self.ledger.said(application)
        if self.ledger.held(application, len(heard), len(self.ledger.told(application))):
            return 0
        steps = next_steps(self.setup.habits, heard, said, self.today())
        if not steps:
            return 0
        now, late = time.time(), self.setup.faults.late
        messages = [
            (self._message(kind, data, application, len(said) + n), now + self.dice.between(late))
            for n, (kind, data) in enumerate(steps, start=1)
        ]
        if not self.ledger.say(messages):  # a number is used: the platform knows more
            self._lost(application)
            return 0
        return len(messages)

    def _message(
        self, kind: str, data: dict[str, Any], application: str = "", sequence: int = 0
    ) -> dict[str, Any]:
        message: dict[str, Any] = {
            "version": "1",
            "id": signing.new_name(),
            "link": self.setup.name,
            "type": kind,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "data": data,
        }
        if application:
            message |= {"application": application, "sequence": sequence}
        return message

    # -- speaking ---------------------------------------------------------------------------------

    def _dispatch(self) -> None:
        """Hand what is due to the speakers, each message to one at a time."""
        self._caught_up.wait()
        looked = 0.0
        while not self._ended.is_set():
            with self._lock:
                flying = len(self._flying)
            rows = self.ledger.due(time.time(), 64 + flying) if flying < 64 else []
            new = 0
            for row in rows:
                with self._lock:
                    if row[0] in self._flying:
                        continue
                    self._flying.add(row[0])
                self._sending.put(row)
                new += 1
            if time.monotonic() - looked >= LOOKS:
                looked = time.monotonic()
                for application in self.ledger.held_long(*ASKED_AGAIN):
                    self._ask_again(application)
            if not new:
                self._ended.wait(PAUSE)

    def _speak(self) -> None:
        post = Post(self.setup.platform, self.setup.tls)
        while not self._ended.is_set():
            try:
                row = self._sending.get(timeout=0.2)
            except queue.Empty:
                continue
            try:
                self.speak(post, *row)
            finally:
                with self._lock:
                    self._flying.discard(row[0])
        post.close()

    def speak(
        self, post: Post, name: str, application: str, text: str, attempts: int, stamp: int
    ) -> None:
        """Post one message and write down how it ended."""
        body = text.encode()
        # A repeat is signed later than what it repeats, else it could be a copy of it.
        at = max(int(time.time()), stamp + 1)
        headers = signing.sign(self.setup.ours, name, at, body)
        retry = time.time() + min(FIRST_RETRY * 2 ** min(attempts, 10), LONGEST_RETRY)
        try:
            status, answer = post(body, headers)
        except (OSError, http.client.HTTPException) as error:
            self.ledger.settle(name, "waiting", type(error).__name__, at, retry)
            return
        code = ((answer or {}).get("error") or {}).get("code", "")
        if attempts == 0 and self.dice.falls(self.setup.faults.doubles):
            self.ledger.settle(name, "waiting", "doubled on purpose", at, retry)
        elif status in (200, 202) and answer is not None:
            self.ledger.settle(name, "done", json.dumps(answer)[:500], at)
            self._behind(answer)
            self._look.put(application)
        elif code == "link_sequence_taken":
            self._lost(application)
        elif (
            status >= 500 or status in (401, 403, 429) or code in ("link_replayed", "link_too_far")
        ):
            self.ledger.settle(name, "waiting", f"{status} {code}", at, retry)
        else:
            self.ledger.settle(name, "refused", f"{status} {code}", at)
            self._look.put(application)

    def _lost(self, application: str) -> None:
        """The platform has more of this application than this bank: ask for it."""
        self.ledger.hold(application, UNTOLD, UNTOLD)  # until the platform says how much it is
        self._ask_again(application)

    def _ask_again(self, application: str) -> None:
        received = self.ledger.in_order(application)
        sent = len(self.ledger.told(application))
        data = {"application": application, "received": received, "sent": sent}
        self.ledger.say([(self._message("resend", data), time.time())])


def spelled(message: dict[str, Any]) -> bytes:
    """A message as it is signed and sent."""
    return json.dumps(message, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
