"""The bank's own address: takes what the platform says, and answers as the format asks."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

from banksim import signing
from banksim.faults import Dice, Faults
from banksim.ledger import Ledger

#: Bytes of a message: a file of many records is long.
LONGEST = 16 << 20
TYPES = frozenset({
    "application", "file", "supplement", "choice", "appeal", "withdrawal", "stop_use", "void",
    "not_taken", "echo", "ledger", "ping",
})  # fmt: skip
#: Why something is not taken -> status and words.
REFUSALS = {
    "signature_wrong": (401, "The signature does not fit this body, id and timestamp."),
    "too_large": (413, "The message is too large."),
    "unreadable": (422, "The body is no message of version 1."),
    "other_link": (422, "The message is for another link."),
    "type_unknown": (422, "There is no such type of a message."),
    "id_differs": (422, "The id is not that of the header webhook-id."),
    "id_reused": (409, "This id is that of another message."),
    "replayed": (409, "This very request has come before."),
    "sequence_taken": (409, "This number of the application has been used."),
}


@dataclass(frozen=True)
class Desk:
    """What taking a message needs. `told` hears of each message that was taken."""

    name: str
    secret: str
    ledger: Ledger
    faults: Faults
    dice: Dice
    told: Callable[[dict[str, Any]], None]


def judge(desk: Desk, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, Any]]:
    """Status and content of the answer to one request."""
    given = {name.lower(): value for name, value in headers.items()}
    if not signing.holds(desk.secret, given, body):
        return refusal("signature_wrong")
    message = _read(body)
    if message is None:
        return refusal("unreadable")
    if message["id"] != given["webhook-id"]:
        return refusal("id_differs")
    if message["link"] != desk.name:
        return refusal("other_link")
    if message["type"] not in TYPES:
        return refusal("type_unknown")
    stamp = int(float(given["webhook-timestamp"]))
    outcome = desk.ledger.take(message, body, stamp, given["webhook-signature"])
    if outcome in REFUSALS:
        return refusal(outcome)
    desk.told(message)
    answer: dict[str, Any] = {"id": message["id"], "outcome": outcome}
    if message.get("sequence"):
        due = desk.ledger.in_order(message["application"]) + 1
        if message["sequence"] >= due:
            return 202, {**answer, "outcome": "parked", "waiting_for": due}
    return 200, answer


def refusal(code: str) -> tuple[int, dict[str, Any]]:
    """An answer that says why not."""
    status, words = REFUSALS[code]
    return status, {"error": {"code": code, "wrong": words}}


def _read(body: bytes) -> dict[str, Any] | None:
    """A message with what every message has."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or found.get("version") != "1":
        return None
    texts = ("id", "link", "type", "at")
    if not all(isinstance(found.get(name), str) and found[name] for name in texts):
        return None
    if not isinstance(found.get("data"), dict):
        return None
    sequence = found.get("sequence", 0)
    if not isinstance(sequence, int) or isinstance(sequence, bool) or sequence < 0:
        return None
    if sequence and not isinstance(found.get("application"), str):
        return None
    return found


class Receiver(BaseHTTPRequestHandler):
    """`POST` anywhere takes a message; `GET` says that it is alive."""

    desk: ClassVar[Desk]
    protocol_version = "HTTP/1.1"
    server_version = "banksim"
    sys_version = ""
    timeout = 30
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._say(200, {"bank": self.desk.name})

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > LONGEST:
            self.close_connection = True
            self._say(*refusal("too_large"))
            return
        body = self.rfile.read(int(length))
        faults, dice = self.desk.faults, self.desk.dice
        if faults.waits:
            time.sleep(faults.waits)
        if faults.down or dice.falls(faults.fails):
            self._say(500 if faults.down else 503, {"error": {"code": "down", "wrong": "down"}})
        elif faults.silent:
            self._say(200, {"id": self.headers.get("webhook-id", ""), "outcome": "taken"})
        elif dice.falls(faults.garbles):
            self._garble(faults.garbage)
        elif dice.falls(faults.loses):
            if dice.falls(0.5):
                judge(self.desk, dict(self.headers.items()), body)
            self.close_connection = True  # kept or not, and nobody is told so
        else:
            self._say(*judge(self.desk, dict(self.headers.items()), body))

    def _say(self, status: int, content: dict[str, Any]) -> None:
        body = json.dumps(content, ensure_ascii=False).encode()
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except ConnectionError:
            self.close_connection = True

    def _garble(self, length: int) -> None:
        self.close_connection = True
        try:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(length))
            self.end_headers()
            for _ in range(length // 65_536 + 1):
                self.wfile.write(b"\x00garbage" * 8192)
        except (ConnectionError, TimeoutError):
            return

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Nothing: the ledger says what came."""


class Server(ThreadingHTTPServer):
    """Many requests at once."""

    daemon_threads = True
    request_queue_size = 128


def server_of(desk: Desk, port: int) -> Server:
    """The server on loopback; port 0 chooses one."""
    return Server(("127.0.0.1", port), type("Bound", (Receiver,), {"desk": desk}))
