"""One repair after another under load: how long until a record is gone from everywhere.

Six invented firms on PostgreSQL, `xinrong serve` with two workers and `xinrong worker` beside it.
Client processes ask for the positive and negative information of all firms without a pause and
note, of every answer, when it began and which penalties stood in it. Meanwhile the firms apply for
the repair of one penalty after the other and the department grants them. From the moment when the
commit of a grant returned, each place where the record showed is asked again and again until it
shows it no longer: the file over the API and on the page, a batch query, the grade, the profile
that lists, classes and criteria are made of, and the partners' feed, until it names the record.

`everywhere_p99_s` is the 99th percentile, over the repairs, of the last of these places.
`served_after` counts answers that began after the commit and held the record all the same, under
load and as of a state of the store from before it: the bound of everything that is shown to
anybody is the commit itself, only the profile of all may follow within the minute.
"""

from __future__ import annotations

import http.client
import json
import multiprocessing
import os
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks._leaks_http import server
from benchmarks._repair_world import CATEGORY, KEYS, World, build, key_of, today, worker
from benchmarks.harness import Figure

os.environ["REGION"] = "taizhou"
NEEDS_DJANGO = True
DATABASE = "postgresql"
WORKERS, CLIENTS = 2, 2
FIRMS, EACH = 6, 20
COUNT = "pen_count_12m"  # in every scorecard, and in the profile
PATIENCE = 90.0  # seconds until a place that still shows the record is given up
START_SECONDS = 120
HELD = re.compile(rb'"ref": ?"administrative_penalty/(\d+)/')


def run(small: bool) -> list[Figure]:
    """Build, serve, ask, repair, look."""
    from django.conf import settings
    from django.db import connections

    from xinrong.profiles.services import build_profile

    firms, each = (2, 3) if small else (FIRMS, EACH)
    world = build(firms, each)
    now = datetime.now(UTC)
    build_profile(now, today())
    connections.close_all()
    context = multiprocessing.get_context("spawn")
    stop, seen = context.Event(), context.Queue()
    with server(Path(settings.DATA), WORKERS) as port, worker(Path(settings.DATA)):
        warm_up(world, port)
        ready = context.Barrier(CLIENTS + 1)
        given = (port, world.tokens, world.codes, ready, stop, seen)
        clients = [context.Process(target=ask, args=(n, *given)) for n in range(CLIENTS)]
        for one in clients:
            one.start()
        ready.wait(START_SECONDS)
        done = [
            repair(world, port, firm, number, left=each - number - 1)
            for number in range(each)
            for firm in range(firms)
        ]
        time.sleep(1.0)
        stop.set()
        looks = [look for _ in clients for look in seen.get(timeout=120)]
        for one in clients:
            one.join()
    return figures(done, looks)


def warm_up(world: World, port: int) -> None:
    """Let the bank look at every firm once, and the worker do its first task."""
    from xinrong.remedy.tasks import follow_repairs

    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for code in world.codes:
        got(line, signs_path(code), world.tokens[0])
    line.close()
    first, until = follow_repairs.enqueue(), time.monotonic() + START_SECONDS
    while not first.is_finished:
        if time.monotonic() > until:
            raise SystemExit("the worker does nothing")
        time.sleep(0.2)
        first.refresh()


# -- the load --------------------------------------------------------------------------------------

Look = tuple[float, frozenset[int]]  # when it began, the keys of the penalties in the answer


def ask(
    number: int, port: int, tokens: list[str], codes: list[str], ready: Any, stop: Any, seen: Any
) -> None:
    """Ask for the signs of firm after firm until told to stop."""
    looks: list[Look] = []
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    ready.wait(START_SECONDS)
    turn = number
    while not stop.is_set():
        turn += 1
        began = time.monotonic()
        body = got(line, signs_path(codes[turn % len(codes)]), tokens[turn % len(tokens)])
        looks.append((began, frozenset(int(key) for key in HELD.findall(body))))
    seen.put(looks)


def signs_path(code: str) -> str:
    """Where a bank asks for what stands for and against a firm."""
    return f"/api/v1/enterprises/{code}/signs?purpose=credit&stage=pre_loan"


def got(
    line: http.client.HTTPConnection, path: str, token: str = "", *, cookie: str = "",
    body: dict[str, Any] | None = None,
) -> bytes:  # fmt: skip
    """The body of an answer. Raises SystemExit for any but 200: the run would prove nothing."""
    headers = {"Cookie": cookie} if cookie else {"Authorization": f"Bearer {token}"}
    if body is not None:
        headers |= {"Content-Type": "application/json", "Idempotency-Key": str(time.monotonic_ns())}
    try:
        line.request("POST" if body is not None else "GET", path,
                     json.dumps(body) if body is not None else None, headers)  # fmt: skip
        answer = line.getresponse()
    except (OSError, http.client.HTTPException):  # an idle connection was ended: once more
        line.close()
        line.request("POST" if body is not None else "GET", path,
                     json.dumps(body) if body is not None else None, headers)  # fmt: skip
        answer = line.getresponse()
    text = answer.read()
    if answer.status != 200:
        log = Path(os.environ["XINRONG_DATA"]) / "server.log"
        told = log.read_text("utf-8")[-2000:] if log.is_file() else ""
        raise SystemExit(f"{path} answered {answer.status}: {text[:300]!r} {told}")
    return text


# -- one repair ------------------------------------------------------------------------------------


@dataclass
class Done:
    """A repair: which penalty, when its commit returned, and when each place was rid of it."""

    key: int
    committed: float
    gone: dict[str, float]  # place -> seconds after the commit at which a clean answer began
    as_of: int  # answers as of before that held it


def repair(world: World, port: int, firm: int, number: int, *, left: int) -> Done:
    """Apply, grant, and look at every place until it is gone."""
    from tests.remedy.repair_support import PDF
    from xinrong.remedy.services import repairing
    from xinrong.store import services as store

    key, now = key_of(firm, number), datetime.now(UTC)
    wanted = repairing.Wanted(
        f"{CATEGORY}/{key}", "已履行", pledged=True, basis="restructuring", ruling="（2026）破1号"
    )
    proof = [repairing.Proof("裁定书", PDF)]
    case = repairing.ask(world.firms[firm], wanted, proof, now=now)
    before = store.last_seq()
    repairing.accept(
        case.number, world.department, version=case.version, decision=f"d{key}", notice=f"n{key}",
        until=today() + timedelta(days=90), now=now,
    )  # fmt: skip
    committed = time.monotonic()
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    places = places_of(world, line, firm, key, left)
    gone: dict[str, float] = {}
    while len(gone) < len(places):
        for name, clean in places.items():
            began = time.monotonic()
            if name not in gone and clean():
                gone[name] = began - committed
        if time.monotonic() > committed + PATIENCE:
            for name in places.keys() - gone.keys():
                gone[name] = PATIENCE
    line.close()
    return Done(key, committed, gone, shown_as_of(world, firm, key, before))


def places_of(
    world: World, line: http.client.HTTPConnection, firm: int, key: int, left: int
) -> dict[str, Callable[[], bool]]:
    """Name of a place -> whether it shows the record no longer; `left`: penalties that remain."""
    code, token = world.codes[firm], world.tokens[key % KEYS]
    ref = f"{CATEGORY}/{key}/".encode()
    mark = f"台环罚〔2026〕{key}号".encode()
    batch = {
        "service": "signs", "purpose": "credit", "stage": "pre_loan", "codes": [code],
        "content": True,
    }  # fmt: skip
    why = "purpose=credit&stage=pre_loan"
    return {
        "api": lambda: ref not in got(line, signs_path(code), token),
        "page": lambda: (
            mark not in got(line, f"/enterprises/{code}/signs/", cookie=world.cookies[firm])
        ),
        "export": lambda: ref not in got(line, "/api/v1/batch-queries", token, body=batch),
        "grade": lambda: counted(got(line, f"/api/v1/enterprises/{code}/grade?{why}", token), left),
        "profile": lambda: profile_counts(world.enterprises[firm]) == left,
        "feed": lambda: (
            f'"{CATEGORY}/{key}"'.encode()
            in got(line, f"/api/v1/withdrawals?since={last_told()}&limit=500", world.feed_token)
        ),
    }


def counted(answer: bytes, left: int) -> bool:
    """Whether a grade counts as many penalties as are left."""
    parts = json.loads(answer)["content"]["parts"]
    [part] = [one for one in parts if one["column"] == COUNT]
    return int(part["value"] or 0) == left


def profile_counts(enterprise: int) -> int:
    """The penalties that the profile of all counts: what lists, classes and criteria read."""
    from xinrong.profiles.services import query_profiles

    found = query_profiles(
        f"SELECT {COUNT} AS counted FROM profile WHERE enterprise = $enterprise",
        {"enterprise": enterprise},
    ).to_pylist()
    value = found[0]["counted"] if found else None
    return int(value or 0)


def last_told() -> int:
    """A number of the feed from which the newest entries are on one page."""
    from xinrong.remedy.services import telling

    numbers = telling.Withdrawal.objects.order_by("-number").values_list("number", flat=True)
    newest = list(numbers[:100])
    return newest[-1] - 1 if newest else 0


def shown_as_of(world: World, firm: int, key: int, seq: int) -> int:
    """How many answers as of before the repair hold the record."""
    from xinrong.files import services as files
    from xinrong.trust.services import Purpose, Stage

    asked = (
        (world.bank, Purpose.CREDIT, Stage.PRE_LOAN),
        (world.firms[firm], Purpose.SELF, None),
        (world.department, Purpose.SUPERVISION, None),
    )
    held = 0
    for who, purpose, stage in asked:
        release = files.signs(who, world.enterprises[firm], purpose, stage, at_seq=seq)
        held += any(one.ref.startswith(f"{CATEGORY}/{key}/") for one in release.content.black)
    return held


# -- what it comes to ------------------------------------------------------------------------------


def figures(done: list[Done], looks: list[Look]) -> list[Figure]:
    """How long, place by place, and what was served after all."""
    after = sum(began > one.committed and one.key in held for one in done for began, held in looks)
    under_load = sum(bool(held) for _, held in looks)
    if not under_load:
        raise SystemExit("no answer ever held a penalty: the run proves nothing")
    before = {one.key for one in done if any(one.key in held for _, held in looks)}
    places = sorted(done[0].gone)
    for name in places:
        times = [one.gone[name] for one in done]
        print(f"{name}: p50 {np.percentile(times, 50):.3f} s, p99 {np.percentile(times, 99):.3f} s")
    last = [max(one.gone.values()) for one in done]
    return [
        Figure("everywhere_p99_s", float(np.percentile(last, 99)), "s", "<= 60"),
        Figure("served_after", after + sum(one.as_of for one in done), "answers", "= 0"),
        Figure("everywhere_p50_s", float(np.percentile(last, 50)), "s"),
        *(
            Figure(f"{name}_p99_s", float(np.percentile([one.gone[name] for one in done], 99)), "s")
            for name in places
        ),
        Figure("repairs", len(done), "repairs"),
        Figure("seen_before", len(before), "repairs"),
        Figure("answers", len(looks), "answers"),
    ]
