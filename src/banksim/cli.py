"""`python -m banksim`: run a bank, copy its ledger, look into it, or test a bank's own address."""

from __future__ import annotations

import argparse
import json
import signal
import ssl
import sys
import threading
from collections import Counter
from decimal import Decimal, InvalidOperation
from pathlib import Path

from banksim import conform, signing
from banksim.bank import Bank, Setup
from banksim.deciding import Habits, standing
from banksim.faults import Faults
from banksim.ledger import Ledger


def main(words: list[str] | None = None) -> int:
    """Run one command; the status for the shell."""
    given = parser().parse_args(words)
    status: int = given.run(given)
    return status


def parser() -> argparse.ArgumentParser:
    """All commands with their options."""
    top = argparse.ArgumentParser(prog="python -m banksim", description=__doc__)
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    _run_options(commands.add_parser("run", help="Be a bank until stopped (Ctrl+C)."))
    copy = commands.add_parser("backup", help="Copy the ledger of a bank, while it runs.")
    copy.add_argument("--ledger", type=Path, required=True)
    copy.add_argument("--to", type=Path, required=True)
    copy.set_defaults(run=backup)
    look = commands.add_parser("look", help="What is in a ledger, as JSON.")
    look.add_argument("--ledger", type=Path, required=True)
    look.set_defaults(run=look_into)
    conform.options(commands.add_parser("conform", help="Test a bank's address, rule by rule."))
    return top


def _run_options(run: argparse.ArgumentParser) -> None:
    say = run.add_argument
    say("--name", required=True, help="Name of the link.")
    say(
        "--platform",
        required=True,
        metavar="URL",
        help="Where the platform takes messages: …/api/v1/bank-link/NAME/messages.",
    )
    say("--our-key-file", type=Path, required=True, help="Secret with which the bank signs.")
    say("--their-key-file", type=Path, required=True, help="Secret with which the platform signs.")
    say("--ledger", type=Path, required=True, help="SQLite file; made where there is none.")
    say("--port", type=int, default=9300, help="Where to listen on 127.0.0.1; 0 chooses.")
    say("--port-file", type=Path, help="Write the port here once it listens.")
    say("--seed", type=int, default=1)
    say("--approves", type=float, default=0.7, help="Share of applications that get an offer.")
    say("--repays", type=float, default=0.0, help="Share of a loan that comes back at once.")
    say("--payments", type=int, default=1, help="In so many payments.")
    say("--rates", default="3.5-6", metavar="LOW-HIGH", help="Percent a year, as offered.")
    say("--mute", type=float, default=0.0, help="Share that is taken and never answered.")
    say("--strange", type=float, default=0.0, help="Share with a state that there is none of.")
    say("--backwards", type=float, default=0.0, help="Share whose state goes backwards.")
    for name, text in (
        ("loses", "messages of the platform, or their answers, that get lost"),
        ("fails", "requests answered 503"),
        ("garbles", "requests answered with 10 MB of garbage"),
        ("doubles", "own messages sent twice"),
    ):
        say(f"--{name}", type=float, default=0.0, help=f"Share of {text}.")
    say("--late", type=float, default=0.0, help="Own messages wait up to so many seconds.")
    say("--waits", type=float, default=0.0, help="Seconds before each answer.")
    say("--down", action="store_true", help="Answer 500 to everything.")
    say("--silent", action="store_true", help="Answer 200 to everything and keep nothing.")
    say("--certificate", type=Path, help="PEM: listen with TLS, and call with it.")
    say("--private-key", type=Path, help="PEM of its key.")
    say("--authority", type=Path, help="PEM: who vouches for the platform's certificates.")
    run.set_defaults(run=run_bank)  # fmt: skip


def run_bank(given: argparse.Namespace) -> int:
    """Be a bank until stopped."""
    low, high = _range(given.rates)
    setup = Setup(
        name=given.name,
        platform=given.platform,
        ours=signing.read_secret(given.our_key_file),
        theirs=signing.read_secret(given.their_key_file),
        ledger=given.ledger,
        port=given.port,
        habits=Habits(
            seed=given.seed,
            approves=given.approves,
            repays=given.repays,
            payments=max(given.payments, 1),
            mute=given.mute,
            strange=given.strange,
            backwards=given.backwards,
            lowest=low,
            highest=high,
        ),
        faults=Faults(
            loses=given.loses,
            fails=given.fails,
            garbles=given.garbles,
            silent=given.silent,
            down=given.down,
            doubles=given.doubles,
            late=given.late,
            waits=given.waits,
        ),
        tls=_calling(given),
        listens=_listening(given),
    )
    bank, ended = Bank(setup), threading.Event()
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, lambda *_: ended.set())
    bank.start()
    if given.port_file:
        given.port_file.write_text(f"{bank.port}\n", encoding="utf-8")
    print(f"{given.name} listens on 127.0.0.1:{bank.port}", flush=True)
    ended.wait()
    bank.stop()
    return 0


def _range(text: str) -> tuple[Decimal, Decimal]:
    """Two numbers with a dash between them. Raises SystemExit."""
    first, _, last = text.partition("-")
    try:
        low, high = Decimal(first), Decimal(last or first)
    except InvalidOperation:
        raise SystemExit(f"--rates {text}: write LOW-HIGH in percent, such as 3.5-6") from None
    if not 0 < low <= high <= 36:
        raise SystemExit(f"--rates {text}: from above 0 to 36, the lower one first")
    return low, high


def _listening(given: argparse.Namespace) -> ssl.SSLContext | None:
    """TLS of the own address; a platform must show a certificate where `--authority` is named."""
    if not given.certificate:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(given.certificate, given.private_key)
    if given.authority:
        context.load_verify_locations(given.authority)
        context.verify_mode = ssl.CERT_REQUIRED
    return context


def _calling(given: argparse.Namespace) -> ssl.SSLContext | None:
    """TLS towards the platform, with the bank's own certificate."""
    if not given.platform.startswith("https://"):
        return None
    context = ssl.create_default_context(
        ssl.Purpose.SERVER_AUTH, cafile=str(given.authority) if given.authority else None
    )
    if given.certificate:
        context.load_cert_chain(given.certificate, given.private_key)
    return context


def backup(given: argparse.Namespace) -> int:
    """Copy a ledger: `run --ledger` with the copy is the bank with that day's state."""
    Ledger(given.ledger).backup(given.to)
    return 0


def look_into(given: argparse.Namespace) -> int:
    """Print what a ledger holds."""
    ledger = Ledger(given.ledger)
    rows = {
        application: standing(ledger.heard(application), ledger.said(application))
        for application in sorted(ledger.applications())
    }
    counts = {
        table: dict(Counter(kind for (kind,) in ledger.rows(f"SELECT type FROM {table}")))  # noqa: S608
        for table in ("received", "said")
    }
    states = dict(Counter(state for (state,) in ledger.rows("SELECT state FROM said")))
    print(json.dumps({"counts": counts, "said": states, "applications": rows}, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
