"""The life of the city against a running server: by API key, by session, and by page.

`python -m benchmarks._leaks_http REQUESTS SEED` on the data folder that XINRONG_DATA names. The
driver grants, revokes, dismisses, suppresses and merges in a process of its own and asks over
HTTP; consents last seconds and end by themselves. What ends while a request is under way may be
seen or not.
"""

from __future__ import annotations

import html
import http.client
import json
import os
import random
import re
import socket
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from benchmarks._leaks_city import ACTORS, kept_in
from benchmarks._leaks_life import Life
from benchmarks._leaks_oracle import OWN_PURPOSE, Actor
from benchmarks._leaks_reading import counts_in, named_nowhere, spelled
from benchmarks._leaks_world import STAGES

WORKERS = 2
#: The server lets each key ask so often a minute; a fresh key is made well before.
USES_OF_A_KEY = 300
API = ("basic", "comprehensive", "cube", "signs")
PAGES = ("", "register/", "comprehensive/", "cube/", "signs/")
WEIGHTS = {
    "query": 30, "page": 20, "search": 4, "grant": 12, "revoke": 8, "wait": 2, "dismiss": 2,
    "hire": 2, "suppress": 2, "lift": 2, "merge": 1, "undo": 1,
}  # fmt: skip


@contextmanager
def server(folder: Path, workers: int = WORKERS) -> Iterator[int]:
    """`xinrong serve` on a free port."""
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        port = int(place.getsockname()[1])
    command = [sys.executable, "-m", "xinrong.cli.main", "serve", "--port", str(port)]
    command += ["--workers", str(workers), "--no-background"]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        until = time.monotonic() + 120
        while not answers(port):
            if process.poll() is not None or time.monotonic() > until:
                raise SystemExit(f"no server: {(folder / 'server.log').read_text('utf-8')[-2000:]}")
            time.sleep(0.2)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def answers(port: int) -> bool:
    """Whether the server serves its first page."""
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request("GET", "/")
        return connection.getresponse().status == 200
    except OSError:
        return False


@dataclass
class Door:
    """How one actor comes in: a key that is renewed, and a session."""

    token: str = ""
    uses: int = 0
    key: Any = None
    cookies: dict[str, str] = field(default_factory=dict)


class ServedLife(Life):
    """The life whose questions go over HTTP."""

    port = 0
    requests = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        self.weights = dict(WEIGHTS)
        self.doors = {one.name: Door() for one in ACTORS}
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        for one in ACTORS[1:]:
            self.enter(one)

    # -- the clock is the real one -------------------------------------------------------------

    def wait(self) -> None:
        time.sleep(0.02)

    def step(self) -> None:
        self.now = datetime.now(UTC)
        super().step()

    def lasting(self) -> timedelta:
        return timedelta(seconds=self.dice.choice((0.3, 2, 30, 600)))

    # -- coming in -------------------------------------------------------------------------------

    def enter(self, who: Actor) -> None:
        """A new key, and a whole session."""
        from django.test import Client

        from xinrong.accounts.mfa.sessions import complete
        from xinrong.accounts.services import Person, organisation_named

        door = self.doors[who.name]
        self.renew(who, organisation_named(who.organisation))
        client = Client()
        person = Person.objects.get(pk=self.city.people[who.name])
        client.force_login(person)
        session = client.session
        complete(session, person, "totp", now=datetime.now(UTC))
        door.cookies = {"sessionid": str(session.session_key)}

    def renew(self, who: Actor, organisation: Any) -> None:
        from xinrong.accounts.services import create_key

        door = self.doors[who.name]
        door.key, door.token = create_key(
            organisation, "bench", ["files"], valid_for=timedelta(days=1), now=datetime.now(UTC)
        )
        door.uses = 0

    def dismiss(self) -> None:
        """The role ends, and the organisation's key with it."""
        from xinrong.accounts.services import revoke_key

        before = set(self.oracle.dismissed)
        super().dismiss()
        for name in self.oracle.dismissed - before:
            revoke_key(self.doors[name].key, now=datetime.now(UTC))

    def hire(self) -> None:
        before = set(self.oracle.dismissed)
        super().hire()
        for name in before - self.oracle.dismissed:
            self.enter(next(one for one in ACTORS if one.name == name))

    def call(
        self, method: str, path: str, who: Actor, *, by_key: bool, body: str = ""
    ) -> tuple[int, str]:
        """Status and text of an answer."""
        door, headers = self.doors[who.name], {}
        if by_key:
            if door.uses >= USES_OF_A_KEY and who.name not in self.oracle.dismissed:
                from xinrong.accounts.services import organisation_named

                self.renew(who, organisation_named(who.organisation))
            door.uses += 1
            headers["Authorization"] = f"Bearer {door.token}"
        else:
            headers["Cookie"] = "; ".join(f"{name}={text}" for name, text in door.cookies.items())
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["X-CSRFToken"] = door.cookies.get("csrftoken", "")
            headers["Referer"] = f"http://127.0.0.1:{self.port}/"
        self.requests += 1
        self.connection.request(method, path, body or None, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = line.split(";")[0].partition("=")
            door.cookies[name] = value
        return answer.status, text

    # -- asking ------------------------------------------------------------------------------------

    def query(self) -> None:
        who, firm, purpose, stage = self.asking()
        if who.name == "public":
            return
        service = self.dice.choice(API)
        words = {"purpose": purpose, **({"stage": stage} if stage else {})}
        words |= {"limit": "500"} if service == "comprehensive" else {}
        path = f"/api/v1/enterprises/{self.city.codes[firm]}/{service}?"
        before = self.oracle.reach(who, firm, purpose, stage, datetime.now(UTC))
        status, text = self.call("GET", path + urllib.parse.urlencode(words), who, by_key=True)
        after = self.oracle.reach(who, firm, purpose, stage, datetime.now(UTC))
        judged = (self.api_faults(service, firm, reach, status, text) for reach in (before, after))
        first, second = judged
        self.wrong += first if len(first) <= len(second) else second

    def api_faults(
        self, service: str, firm: int, reach: dict[str, int] | None, status: int, text: str
    ) -> list[str]:
        """What is wrong with an answer if so much may be seen."""
        if reach is None:
            refused = status in (401, 403)
            return [] if refused else [f"{service} answered {status} instead of refusing"]
        if status != 200:
            revoked = status == 403 and "denied_revoked" in text
            return [] if revoked else [f"{service} answered {status}: {text[:200]}"]
        answer = json.loads(text)
        content = answer["content"]
        said = spelled(content)
        due = ["released", sha256(said.encode()).hexdigest(), [self.city.enterprises[firm]]]
        wrong = self.oracle.judge(service, [firm], [reach], said, counts_in(content))
        if self.row(answer["audit_id"]) != due or answer["digest"] != due[1]:
            wrong.append(f"{service} left no row of what it released")
        return wrong

    def page(self) -> None:
        """A tab of a file, as a person opens it."""
        who, firm, _, _ = self.asking()
        if who.name == "public":
            return
        purpose = OWN_PURPOSE[who.role]
        if purpose == "self" and self.is_now(who.firm) != firm:
            purpose = "public"
        stage, tab = (
            self.dice.choice(STAGES) if purpose == "credit" else None,
            self.dice.choice(PAGES),
        )
        address = f"/enterprises/{self.city.codes[firm]}/"
        if stage is not None:
            form = urllib.parse.urlencode({"stage": stage, "tab": "basic"})
            if "csrftoken" not in self.doors[who.name].cookies:
                self.call("GET", "/sign-in", who, by_key=False)
                self.call("GET", address, who, by_key=False)
            self.call("POST", f"{address}open", who, by_key=False, body=form)
        firms = self.about("register_history" if tab == "register/" else "", firm, purpose)
        before = [self.oracle.reach(who, one, purpose, stage, datetime.now(UTC)) for one in firms]
        status, text = self.call("GET", address + tab, who, by_key=False)
        after = [self.oracle.reach(who, one, purpose, stage, datetime.now(UTC)) for one in firms]
        found = [self.page_faults(tab, firms, reaches, status, text) for reaches in (before, after)]
        self.wrong += [f"page {tab} for {who.name}: {line}" for line in min(found, key=len)]

    def page_faults(
        self, tab: str, firms: list[int], reaches: list[dict[str, int] | None], status: int,
        text: str,
    ) -> list[str]:  # fmt: skip
        """What is wrong with a page if so much may be seen."""
        said = html.unescape(re.sub(r"<[^>]*>", " ", text))
        allowed = [reach or {} for reach in reaches]
        wrong = self.oracle.judge("page", firms, allowed, said)
        if None in reaches or status == 403:
            return wrong
        if status != 200:
            return [*wrong, f"answered {status}"]
        due = set().union(*self.oracle.shown(firms[0], allowed[0]).values())
        if tab == "comprehensive/":
            wrong += [f"lacks {one}" for one in due if one.startswith("MK") and one not in said]
        return wrong

    def search(self) -> None:
        who = self.dice.choice(ACTORS[1:])
        one = self.oracle.records[self.dice.choice(list(self.oracle.records))]
        text = self.dice.choice(("虚构", self.city.codes[one.firm], *one.values.values()))
        path = "/api/v1/enterprises?" + urllib.parse.urlencode({"q": text})
        status, said = self.call("GET", path, who, by_key=True)
        if (status == 401) != (who.name in self.oracle.dismissed):
            self.wrong.append(f"search answered {status} to {who.name}")
        self.wrong += self.oracle.judge("search", [0], [{}], named_nowhere(said.replace(text, "")))


def main() -> None:
    """Serve, live, print."""
    requests, seed = int(sys.argv[1]), int(sys.argv[2])
    folder = Path(os.environ["XINRONG_DATA"])
    from xinrong.cli.main import set_up_django

    set_up_django()
    with server(folder) as port:
        ServedLife.port = port
        life = ServedLife(kept_in(folder), random.Random(seed), lambda _: None)
        began = time.perf_counter()
        while life.requests < requests and len(life.wrong) < 20:
            life.step()
        seconds = time.perf_counter() - began
    found = {"requests": life.requests, "seconds": seconds, "wrong": life.wrong, "done": life.done}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
