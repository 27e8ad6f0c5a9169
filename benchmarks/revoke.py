"""How long after a revocation commits the last byte under that consent is still received.

A server of four processes, as `xinrong serve` starts it, on PostgreSQL where it is installed, else
on SQLite. Client processes ask for the files of eight firms without a pause and note for every
answer that holds consented records when its last byte came; slow clients read a large answer a few
kilobytes at a time through a small window; a job hands a report over piece by piece, as exports
do. Meanwhile consents are granted and revoked again and again. The clock is the machine's
monotonic one, which all processes share; a revocation counts from the moment its commit returned.

`slow_reader_after_s` is the same for the slow clients: what the kernel took from the server before
the revocation cannot be called back, and is received as slowly as the client reads.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import random
import socket
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks._leaks_city import FIRMS, SENT, Marks, build, catalogue, commit, departments
from benchmarks._leaks_http import server
from benchmarks.harness import Figure
from tests.postgres import database_here

os.environ["REGION"] = "taizhou"
NEEDS_DJANGO = True
SEED = 20261122
WORKERS = 4
FAST, SLOW = 3, 2  # client processes
KINDS = ("fast", "slow", "job")
RECORDS = 300  # of each firm, besides the city's own: an answer of some 450 kB
CATEGORY = "tax_payment"
RECEIVED_SECONDS = 60  # a busy machine takes so long at most
START_SECONDS = 120  # all begin together, when the last of them is set up
KEYS = 40  # the server lets each ask so often a minute
#: Stands in every answer that holds a consented record, and in no other.
SIGN = b'"ref": "tax_payment/'
SIGN_TIGHT = b'"ref":"tax_payment/'
#: Seconds that a consent stands, in which revocations are spread, and for which nobody grants.
STANDS, SPREAD, QUIET = 1.5, 1.5, 2.5
SLOW_READ, SLOW_PAUSE = 8_192, 0.02

DATABASE = database_here()


def run(small: bool) -> list[Figure]:
    """Serve, ask, revoke, look who received what when."""
    from django.conf import settings
    from django.db import connections

    rounds = 2 if small else 30
    folder = Path(settings.DATA)
    city = build(folder)
    enlarge(city)
    tokens = [key_of_bank() for _ in range(KEYS)]
    connections.close_all()
    context = multiprocessing.get_context("spawn")
    stop, seen = context.Event(), context.Queue()
    with server(folder, WORKERS) as port:
        ready = context.Barrier(FAST + SLOW + 2)
        received = context.Array("i", len(KINDS))
        given = (port, tokens, city.codes, ready, received, stop, seen)
        jobs: list[tuple[Callable[..., None], tuple[Any, ...]]] = [
            (ask, (n, *given)) for n in range(FAST)
        ]
        jobs += [(ask_slowly, (n, *given)) for n in range(SLOW)]
        jobs.append((hand_over, (city.enterprises, ready, received, stop, seen)))
        processes = [context.Process(target=job, args=words) for job, words in jobs]
        for process in processes:
            process.start()
        ready.wait(START_SECONDS)
        revoked = revoke_again_and_again(city, rounds, received, random.Random(SEED))
        stop.set()
        looks = [look for _ in processes for look in seen.get(timeout=120)]
        for process in processes:
            process.join()
    return figures(revoked, looks, city.codes, city.enterprises)


def enlarge(city: Any) -> None:
    """Give every firm enough records of one consented category that an answer is large."""
    marks, contract, sent_by = Marks(), catalogue()[CATEGORY], departments()
    feed = SENT[CATEGORY][0]
    whose = {city.oracle.records[number].firm: key[2] for number, key in city.keys.items()}
    subjects = [whose[firm] for firm in range(FIRMS)]
    rows: list[dict[str, Any]] = []
    for subject in subjects:
        for _ in range(RECORDS):
            row, _ = marks.row(contract, 10_000 + len(rows))
            row["event_date"] = date(2023, 1, 1) + timedelta(days=len(rows) % 365)
            rows.append({**row, "subject": subject, "polarity": 0, "row_no": len(rows) + 1})
    commit(rows, feed, CATEGORY, sent_by[feed][0])


def key_of_bank() -> str:
    """An API key of the bank that the consents are given to."""
    from xinrong.accounts.services import create_key, organisation_named

    bank = organisation_named("bank")
    now = datetime.now(UTC)
    return create_key(bank, "bench", ["files"], valid_for=timedelta(days=1), now=now)[1]


def revoke_again_and_again(
    city: Any, rounds: int, received: Any, dice: random.Random
) -> list[tuple[int, float, float]]:
    """Firm, commit of its revocation, and the moment before it was granted anew."""
    from xinrong.trust.services import Stage, grant_consent, revoke_consent

    done: list[tuple[int, float, float]] = []
    for _ in range(rounds):
        now = datetime.now(UTC)
        made = {
            firm: grant_consent(
                city.enterprises[firm], city.organisations["bank"], [CATEGORY],
                [Stage.PRE_LOAN], now=now, valid_until=now + timedelta(days=1), max_level=4,
            ).pk
            for firm in range(FIRMS)
        }  # fmt: skip
        wait_until_everybody_received(received)
        ended: list[tuple[int, float]] = []
        for firm in dice.sample(range(FIRMS), FIRMS):
            time.sleep(dice.uniform(0, 2 * SPREAD / FIRMS))
            revoke_consent(made[firm], grantor=city.enterprises[firm], now=datetime.now(UTC))
            ended.append((firm, time.monotonic()))
        time.sleep(QUIET)
        done += [(firm, at, time.monotonic()) for firm, at in ended]
    return done


def wait_until_everybody_received(received: Any) -> None:
    """Let the consents stand until every kind of client got something under them."""
    before, until = list(received), time.monotonic() + RECEIVED_SECONDS
    time.sleep(STANDS)
    while any(now == then for now, then in zip(list(received), before, strict=True)):
        if time.monotonic() > until:
            raise SystemExit(f"of {KINDS} not all receive anything: {list(received)}")
        time.sleep(0.05)


# -- who receives ----------------------------------------------------------------------------------

Look = tuple[str, str, float, float, int]  # kind, code or number, first and last byte, bytes


def request(port: int, token: str, code: str) -> bytes:
    """A question for the whole file."""
    query = "purpose=credit&stage=pre_loan&limit=500"
    return (
        f"GET /api/v1/enterprises/{code}/comprehensive?{query} HTTP/1.1\r\n"
        f"Host: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"
    ).encode()


def receive(
    port: int, token: str, code: str, *, read: int, pause: float, window: int = 0
) -> tuple[float, float, int] | None:
    """First and last byte of an answer and how many came; None when it holds nothing consented."""
    with socket.socket() as line:
        if window:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
        line.settimeout(60)
        line.connect(("127.0.0.1", port))
        line.sendall(request(port, token, code))
        held, first, last, whole = b"", 0.0, 0.0, 0
        consented = False
        with contextlib.suppress(OSError):
            while piece := line.recv(read):
                last = time.monotonic()
                first = first or last
                whole += len(piece)
                held = held[-64:] + piece
                consented = consented or SIGN in held or SIGN_TIGHT in held
                if pause:
                    time.sleep(pause)
    return (first, last, whole) if consented else None


def ask(
    number: int,
    port: int,
    tokens: list[str],
    codes: list[str],
    ready: Any,
    received: Any,
    stop: Any,
    seen: Any,
) -> None:
    """Ask without a pause and read as fast as it comes."""
    loop("fast", number, port, tokens, codes, ready, received, stop, seen, read=1 << 20, pause=0.0)


def ask_slowly(
    number: int,
    port: int,
    tokens: list[str],
    codes: list[str],
    ready: Any,
    received: Any,
    stop: Any,
    seen: Any,
) -> None:
    """Ask, and read a few kilobytes at a time through a small window."""
    loop("slow", 100 + number, port, tokens, codes, ready, received, stop, seen,
         read=SLOW_READ, pause=SLOW_PAUSE, window=SLOW_READ)  # fmt: skip


def loop(
    kind: str, number: int, port: int, tokens: list[str], codes: list[str],
    ready: Any, received: Any, stop: Any, seen: Any, **how: Any,
) -> None:  # fmt: skip
    """Ask about a firm drawn at random until told to stop."""
    dice, looks = random.Random(SEED + number), []
    ready.wait(START_SECONDS)
    while not stop.is_set():
        code = dice.choice(codes)
        found = receive(port, dice.choice(tokens), code, **how)
        if found is not None:
            looks.append((kind, code, *found))
            note(received, kind)
        elif kind == "fast":
            time.sleep(0.02)
    seen.put(looks)


def hand_over(enterprises: list[int], ready: Any, received: Any, stop: Any, seen: Any) -> None:
    """A job: a report of each firm in turn, handed over piece by piece as exports are."""
    from xinrong.cli.main import set_up_django

    set_up_django()
    from xinrong.accounts.services import person_of_email, viewer_of
    from xinrong.files import services as files
    from xinrong.trust.guarded import guarded
    from xinrong.trust.services import Denied, Purpose, Stage

    viewer = viewer_of(person_of_email("lender@example.invalid"))
    looks: list[Look] = []
    ready.wait(START_SECONDS)
    while not stop.is_set():
        for number in enterprises:
            began, last, whole = time.monotonic(), 0.0, 0
            with contextlib.suppress(Denied):
                release = files.comprehensive(
                    viewer, number, Purpose.CREDIT, Stage.PRE_LOAN, limit=500
                )
                if any(one.category == CATEGORY for one in release.content.records):
                    for piece in guarded(release, pieces()):
                        last = time.monotonic()
                        whole += len(piece)
            if last:
                looks.append(("job", str(number), began, last, whole))
                note(received, "job")
    seen.put(looks)


def note(received: Any, kind: str) -> None:
    """Count one answer under consent."""
    with received.get_lock():
        received[KINDS.index(kind)] += 1


def pieces() -> Iterator[bytes]:
    """What a slow job makes of what it was given: two seconds of work."""
    for _ in range(40):
        time.sleep(0.05)
        yield b"x" * 1_000


# -- what it comes to ------------------------------------------------------------------------------


def figures(
    revoked: list[tuple[int, float, float]], looks: list[Look], codes: list[str],
    enterprises: list[int],
) -> list[Figure]:  # fmt: skip
    """The latest byte after any revocation, by kind of receiver."""
    after: dict[str, list[float]] = {"fast": [], "slow": [], "job": []}
    for firm, at, until in revoked:
        for kind, whose, _, last, _ in looks:
            if whose in (codes[firm], str(enterprises[firm])) and at < last <= until:
                after[kind].append(last - at)
    answers = {kind: sum(look[0] == kind for look in looks) for kind in after}
    sizes = sorted(look[4] for look in looks if look[0] == "fast")
    if not all(answers.values()):
        raise SystemExit(f"somebody received nothing at all: {answers}: the run proves nothing")
    print(f"answers under consent: {answers}; the middle one of {sizes[len(sizes) // 2]:,} bytes")
    latest = max([*after["fast"], *after["job"]], default=0.0)
    return [
        Figure("latest_byte_after_s", latest, "s", "<= 1"),
        Figure("job_after_s", max(after["job"], default=0.0), "s"),
        Figure("slow_reader_after_s", max(after["slow"], default=0.0), "s"),
        Figure("revocations", len(revoked), "revocations"),
        Figure("answers", sum(answers.values()), "answers"),
        Figure("received_after", sum(map(len, after.values())), "answers"),
    ]
