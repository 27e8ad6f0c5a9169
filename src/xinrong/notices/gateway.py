"""A gateway to try things out with: takes messages as a real one does, and shows what it received.

It sends nothing to anybody. It can be told to fail, to refuse, to answer late, and to lose its
answer, so that whoever sends does so a second time: a real gateway does all of that one day.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

from xinrong.domain.clock import CHINA, Clock, SystemClock
from xinrong.notices.channels.sms import signature_holds

LONGEST = 16 * 1024  # bytes of a request
KEPT = 500  # messages
PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


@dataclass(frozen=True)
class Received:
    """One message, as it came; `times` is how often."""

    name: str
    to: str
    text: str
    template: str
    at: str
    times: int = 1


@dataclass
class Modes:
    """What the gateway is told to do wrong; counts say for how many requests."""

    fail: int = 0  # answer 503, keep nothing
    refuse: int = 0  # answer 422, the number is unknown
    double: int = 0  # keep the message and close the connection without an answer
    delay: float = 0.0  # seconds before each answer


@dataclass
class Box:
    """What was received, the newest last, and the modes; one lock for both."""

    modes: Modes = field(default_factory=Modes)
    messages: dict[str, Received] = field(default_factory=dict)
    refused: int = 0  # requests that were not signed by who holds the secret
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, name: str, content: dict[str, Any], at: datetime) -> None:
        """Keep a message; one that came before under this name is counted, not kept twice."""
        with self.lock:
            known = self.messages.get(name)
            if known is not None:
                self.messages[name] = replace(known, times=known.times + 1)
                return
            self.messages[name] = Received(
                name,
                str(content.get("to", "")),
                str(content.get("text", "")),
                str(content.get("template", "")),
                f"{at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}",
            )
            while len(self.messages) > KEPT:
                del self.messages[next(iter(self.messages))]

    def told_to(self, mode: str) -> bool:
        """Whether a mode holds for this request; then it holds for one less."""
        with self.lock:
            left = int(getattr(self.modes, mode))
            if left > 0:
                setattr(self.modes, mode, left - 1)
            return left > 0

    def listed(self) -> list[Received]:
        """What was received, the newest first."""
        with self.lock:
            return list(reversed(self.messages.values()))


class LocalGateway:
    """The server, on loopback; port 0 chooses one. `start` serves in a thread."""

    def __init__(self, secret: str, *, port: int = 0, clock: Clock | None = None) -> None:
        self.box = Box()
        handler = type(
            "Bound",
            (Handler,),
            {"box": self.box, "secret": secret, "clock": clock or SystemClock()},
        )
        self._server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        self._server.daemon_threads = True

    @property
    def url(self) -> str:
        """Where messages are posted."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/messages"

    def serve(self) -> None:
        """Answer until stopped."""
        self._server.serve_forever(poll_interval=0.1)

    def start(self) -> None:
        threading.Thread(target=self.serve, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Handler(BaseHTTPRequestHandler):
    """`POST /messages` takes one; `GET /` and `/messages` show; `POST /modes` tells what to do."""

    box: ClassVar[Box]
    secret: ClassVar[str]
    clock: ClassVar[Clock]
    timeout = 10
    server_version = "xinrong-sms-gateway"
    sys_version = ""

    def do_GET(self) -> None:
        answers: dict[str, Callable[[], None]] = {
            "/": lambda: self._answer(200, page(self.box).encode(), "text/html; charset=utf-8"),
            "/messages": lambda: self._say(200, [asdict(one) for one in self.box.listed()]),
            "/modes": lambda: self._say(200, asdict(self.box.modes)),
        }
        answers.get(self.path, lambda: self._say(404, {"code": "nothing_here"}))()

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > LONGEST:
            self._say(413, {"code": "too_large"})
            return
        body = self.rfile.read(int(length))
        try:
            content = json.loads(body)
        except ValueError:
            content = None
        if not isinstance(content, dict):
            self._say(400, {"code": "no_json_object"})
        elif self.path == "/messages":
            self._take(body, content)
        elif self.path == "/modes":
            self._turn(content)
        else:
            self._say(404, {"code": "nothing_here"})

    def _take(self, body: bytes, content: dict[str, Any]) -> None:
        """Check who asks, then what it was told to do wrong."""
        headers = {name.lower(): value for name, value in self.headers.items()}
        name = headers.get("webhook-id", "")
        now = self.clock.now()
        if not name or not signature_holds(self.secret, headers, body, now=now):
            self.box.refused += 1
            self._say(401, {"code": "signature_wrong"})
            return
        if self.box.told_to("fail"):
            self._say(503, {"code": "told_to_fail"})
            return
        if self.box.told_to("refuse"):
            self._say(422, {"code": "number_unknown"})
            return
        self.box.take(name, content, now)
        if self.box.modes.delay:
            time.sleep(self.box.modes.delay)
        if self.box.told_to("double"):
            self.close_connection = True  # kept, and nobody is told so
            return
        self._say(202, {"id": name})

    def _turn(self, content: dict[str, Any]) -> None:
        """Take new modes; what is not named stays."""
        with self.box.lock:
            try:
                told = {name: float(content[name]) for name in asdict(Modes()) if name in content}
            except (TypeError, ValueError):
                told = {"": -1.0}
            if any(value < 0 or value > 1_000 for value in told.values()):
                self._say(422, {"code": "modes_wrong"})
                return
            for name, value in told.items():
                setattr(self.box.modes, name, value if name == "delay" else int(value))
        self._say(200, asdict(self.box.modes))

    def _say(self, status: int, content: object) -> None:
        self._answer(status, json.dumps(content, ensure_ascii=False).encode(), "application/json")

    def _answer(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", PAGE_POLICY)
        self.send_header("X-Content-Type-Options", "nosniff")
        with suppress(ConnectionError):  # whoever asked had no patience
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Nothing: the page shows what came."""


def page(box: Box) -> str:
    """What was received, as a page that loads itself anew."""
    rows = "".join(
        f"<tr><td>{one.at}</td><td>{escape(one.to)}</td><td>{escape(one.text)}</td>"
        f"<td>{one.times}</td></tr>"
        for one in box.listed()
    )
    nothing = "<tr><td colspan=4>尚未收到短信 · nothing received yet</td></tr>"
    return (
        "<!doctype html><html lang=zh-Hans><meta charset=utf-8>"
        "<meta name=viewport content='width=device-width, initial-scale=1'>"
        "<meta http-equiv=refresh content=5><title>短信测试网关</title>"
        "<style>body{font:16px/1.6 sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem}"
        "td,th{padding:.4rem .8rem;border-bottom:1px solid #ccc;text-align:left}</style>"
        "<h1>短信测试网关 · SMS test gateway</h1>"
        f"<p>签名不符的请求 · requests with a wrong signature: {box.refused}</p>"
        "<table><thead><tr><th>时间 · time</th><th>号码 · to</th><th>内容 · text</th>"
        f"<th>次数 · times</th></tr></thead><tbody>{rows or nothing}</tbody></table></html>"
    )
