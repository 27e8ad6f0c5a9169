"""The rules that a bank's address keeps, tried one by one: what passed, what failed, what to do.

`python -m banksim.conform URL --key-file FILE --name LINK` sends made-up messages of the type
`ping` and made-up applications to a bank's test system, and to no other. It signs with the secret
with which the platform signs.
"""

from __future__ import annotations

import argparse
import http.client
import json
import secrets
import ssl
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from banksim import signing
from banksim.posting import Post


@dataclass(frozen=True)
class Rule:
    """One rule: its name, what is expected, what to do where it fails."""

    name: str
    expects: str
    remedy: str
    holds: Callable[[Suite], bool]


@dataclass
class Suite:
    """An address under test, and the secret that it knows."""

    url: str
    secret: str
    link: str
    tls: ssl.SSLContext | None = None
    said: str = ""  # what came of the last request

    def message(self, kind: str = "ping", **more: Any) -> dict[str, Any]:
        """A message with a name of its own."""
        return {
            "version": "1",
            "id": f"msg_{secrets.token_hex(16)}",
            "link": self.link,
            "type": kind,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "data": {},
            **more,
        }

    def application(self, number: str, sequence: int, kind: str = "application") -> dict[str, Any]:
        """A message about a made-up application."""
        data = {
            "enterprise": {"code": "91110108MA01ABCD1X", "name": "一致性测试（虚构）有限公司"},
            "product": "conformance",
            "product_version": 1,
            "amount": "100000.00",
            "months": 12,
            "purpose": "stock",
            "first_time": False,
            "submitted_at": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        if kind != "application":
            data = {"state": "withdrawn"}
        return self.message(kind, application=number, sequence=sequence, data=data)

    def post(
        self,
        message: dict[str, Any] | bytes,
        *,
        stamp: int | None = None,
        secret: str = "",
        body: bytes = b"",
        name: str = "",
        unsigned: bool = False,
    ) -> tuple[int, dict[str, Any] | None]:
        """Status and JSON of the answer; 0 for none. `body`: sent instead of what was signed."""
        text = message if isinstance(message, bytes) else spelled(message)
        if not name:
            name = message["id"] if isinstance(message, dict) else "msg_unreadable"
        at = int(time.time()) if stamp is None else stamp
        headers = {} if unsigned else signing.sign(secret or self.secret, name, at, text)
        post = Post(self.url, self.tls)
        try:
            status, answer = post(body or text, headers)
        except (OSError, http.client.HTTPException) as error:
            status, answer = 0, {"error": {"code": f"{type(error).__name__}: {error}"}}
        finally:
            post.close()
        self.said = f"{status} {json.dumps(answer, ensure_ascii=False)[:160]}"
        return status, answer


def spelled(message: dict[str, Any]) -> bytes:
    """A message as it is signed and sent."""
    return json.dumps(message, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _taken(answer: tuple[int, dict[str, Any] | None], name: str) -> bool:
    status, content = answer
    return 200 <= status < 300 and content is not None and content.get("id") == name


def _refused(answer: tuple[int, dict[str, Any] | None], *statuses: int) -> bool:
    status, content = answer
    error = (content or {}).get("error")
    return status in statuses and isinstance(error, dict) and bool(error.get("code"))


def answers(suite: Suite) -> bool:
    """A signed message is acknowledged by its name."""
    message = suite.message()
    return _taken(suite.post(message), message["id"])


def wants_a_signature(suite: Suite) -> bool:
    """Without a signature nothing is taken."""
    return _refused(suite.post(suite.message(), unsigned=True), 401)


def knows_its_secret(suite: Suite) -> bool:
    """A signature by another secret is refused."""
    return _refused(suite.post(suite.message(), secret=signing_secret()), 401)


def checks_the_body(suite: Suite) -> bool:
    """A right signature on another body is refused."""
    message = suite.message()
    other = spelled({**message, "data": {"changed": True}})
    return _refused(suite.post(message, body=other), 401)


def refuses_what_is_old(suite: Suite) -> bool:
    """A signature of ten minutes ago is refused."""
    return _refused(suite.post(suite.message(), stamp=int(time.time()) - 600), 401)


def refuses_what_is_ahead(suite: Suite) -> bool:
    """A signature of a moment ten minutes ahead is refused."""
    return _refused(suite.post(suite.message(), stamp=int(time.time()) + 600), 401)


def takes_once(suite: Suite) -> bool:
    """The same message, signed anew, is acknowledged again."""
    message, now = suite.message(), int(time.time())
    suite.post(message, stamp=now - 1)
    return _taken(suite.post(message, stamp=now), message["id"])


def refuses_replays(suite: Suite) -> bool:
    """The very same request, signature and all, is refused."""
    message, now = suite.message(), int(time.time())
    suite.post(message, stamp=now)
    return _refused(suite.post(message, stamp=now), 409)


def refuses_another_body(suite: Suite) -> bool:
    """The name of a message with another body is refused."""
    message, now = suite.message(), int(time.time())
    suite.post(message, stamp=now - 1)
    return _refused(suite.post({**message, "data": {"changed": True}}, stamp=now), 409)


def keeps_the_order(suite: Suite) -> bool:
    """A message before its turn is kept (202, parked), and the one before it is taken then."""
    number = secrets.token_hex(16)
    first = suite.application(number, 1)
    second = suite.application(number, 2, "withdrawal")
    status, early = suite.post(second)
    parked = _taken((status, early), second["id"]) and (early or {}).get("outcome") == "parked"
    return parked and _taken(suite.post(first), first["id"])


def refuses_a_number_twice(suite: Suite) -> bool:
    """Two messages under one number of an application: the second is refused."""
    number = secrets.token_hex(16)
    suite.post(suite.application(number, 1))
    answer = suite.post(suite.application(number, 1))
    code = ((answer[1] or {}).get("error") or {}).get("code")
    suite.post(suite.application(number, 2, "withdrawal"))
    return _refused(answer, 409) and code == "sequence_taken"


def refuses_another_link(suite: Suite) -> bool:
    """A message for another link is refused."""
    return _refused(suite.post(suite.message(link=f"not-{suite.link}"[:32])), 422)


def refuses_unknown_types(suite: Suite) -> bool:
    """A type that there is none of is refused."""
    return _refused(suite.post(suite.message("greeting")), 422)


def survives_garbage(suite: Suite) -> bool:
    """What is no JSON is refused, and the next message is taken."""
    refused = _refused(suite.post(b"\x7b not json"), 422, 400)
    said = suite.said
    alive = answers(suite)
    suite.said = said if not refused else suite.said
    return refused and alive


def answers_in_time(suite: Suite) -> bool:
    """An answer comes within five seconds, and is short."""
    began = time.monotonic()
    message = suite.message()
    taken = _taken(suite.post(message), message["id"])
    took = time.monotonic() - began
    suite.said += f" after {took:.1f} s"
    return taken and took < 5 and len(suite.said) < 65_536


def signing_secret() -> str:
    """A secret that nobody else has."""
    import base64

    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


RULES = (
    Rule("acknowledges", "2xx and JSON whose `id` is that of the message",
         'Answer 200 with {"id": …, "outcome": "taken"} once the message is kept.', answers),
    Rule("answers_in_time", "an acknowledgement within five seconds",
         "Keep the message, answer, and work on it afterwards.", answers_in_time),
    Rule("wants_a_signature", "401 without webhook-* headers",
         "Refuse every request whose three headers are not all there.", wants_a_signature),
    Rule("knows_its_secret", "401 for a signature by another secret",
         "Verify with the secret of this link before the body is read.", knows_its_secret),
    Rule("checks_the_body", "401 for a right signature on another body",
         "Verify over the bytes that came, not over JSON that was written anew.",
         checks_the_body),
    Rule("refuses_what_is_old", "401 for a timestamp of ten minutes ago",
         "Refuse timestamps more than five minutes off your clock.", refuses_what_is_old),
    Rule("refuses_what_is_ahead", "401 for a timestamp ten minutes ahead",
         "Refuse timestamps more than five minutes off your clock.", refuses_what_is_ahead),
    Rule("takes_once", "2xx for a repeat that was signed anew",
         "Look the id up; answer what you answered, and do nothing twice.", takes_once),
    Rule("refuses_replays", "409 for the very same request",
         "Keep the timestamp of each id; refuse one that is not later.", refuses_replays),
    Rule("refuses_another_body", "409 for a known id with another body",
         "Keep a digest of each body beside its id.", refuses_another_body),
    Rule("keeps_the_order", "202 and outcome `parked` for number 2 before number 1",
         "Keep it, answer 202, and act on it once number 1 has come.", keeps_the_order),
    Rule("refuses_a_number_twice", "409 `sequence_taken` for another message of a used number",
         "Keep the numbers of each application; take each once.", refuses_a_number_twice),
    Rule("refuses_another_link", "422 for another link's message",
         "Compare `link` with your own name.", refuses_another_link),
    Rule("refuses_unknown_types", "422 for a type that is not in the format",
         "Refuse it by name: a person looks, nothing is guessed.", refuses_unknown_types),
    Rule("survives_garbage", "422 (or 400) for no JSON, and life after it",
         "Catch what the reader throws and answer with an error.", survives_garbage),
)  # fmt: skip


def tried(suite: Suite) -> Iterator[tuple[Rule, bool, str]]:
    """Every rule, whether it holds, and what was answered."""
    for rule in RULES:
        suite.said = ""
        holds = rule.holds(suite)
        yield rule, holds, suite.said


def options(command: argparse.ArgumentParser) -> None:
    """What the command line asks for."""
    command.add_argument("url", help="The bank's address, of its test system.")
    command.add_argument(
        "--key-file", type=Path, required=True, help="The secret with which the platform signs."
    )
    command.add_argument("--name", required=True, help="Name of the link.")
    command.add_argument("--authority", type=Path, help="PEM: who vouches for the address.")
    command.add_argument("--certificate", type=Path, help="PEM: the certificate to show.")
    command.add_argument("--private-key", type=Path, help="PEM of its key.")
    command.set_defaults(run=run)  # fmt: skip


def run(given: argparse.Namespace) -> int:
    """Try all rules and say what came of them; 1 where one failed."""
    suite = Suite(given.url, signing.read_secret(given.key_file), given.name, _tls(given))
    failed = 0
    for rule, holds, said in tried(suite):
        print(f"{'passed' if holds else 'FAILED'}  {rule.name}: {rule.expects}")
        if not holds:
            failed += 1
            print(f"        was answered: {said}\n        {rule.remedy}")
    print(f"{len(RULES) - failed} of {len(RULES)} rules hold")
    return 1 if failed else 0


def _tls(given: argparse.Namespace) -> ssl.SSLContext | None:
    if urlsplit(given.url).scheme != "https":
        return None
    context = ssl.create_default_context(cafile=str(given.authority) if given.authority else None)
    if given.certificate:
        context.load_cert_chain(given.certificate, given.private_key)
    return context


def main() -> int:
    """`python -m banksim.conform`."""
    command = argparse.ArgumentParser(prog="python -m banksim.conform", description=__doc__)
    options(command)
    return run(command.parse_args())


if __name__ == "__main__":
    sys.exit(main())
