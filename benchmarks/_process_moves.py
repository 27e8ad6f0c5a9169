"""Moves of cases on PostgreSQL by several processes: how many a second, and who wins a race.

`python -m benchmarks._process_moves` is one of those processes: it reads one JSON object on
standard input (its cases, the people, threads, what to do) and prints one with what came of it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from benchmarks.harness import PROJECT, Figure

#: Two processes of two threads on two cores: as the platform's workers serve.
PROCESSES, THREADS = 2, 2
#: The life of a measured case: every side moves it, back and forth, until the register has it.
LIFE = (
    ("office", "ask_more"), ("firm", "supply"), ("office", "reject"), ("firm", "reopen"),
    ("office", "accept"), ("office", "carry"),
)  # fmt: skip
#: What four threads of two processes try with one case at the same time.
RACE = ("accept", "reject", "ask_more", "sent_right")


def moves(*, small: bool) -> list[Figure]:
    """Open cases, move them along their life from several processes, let others race."""
    cases, racing = (40, 10) if small else (300, 100)
    people = _people()
    numbers = [_open(people) for _ in range(cases + racing)]
    lives = _together({"people": people, "what": "live"}, numbers[:cases])
    made, took = sum(one["moves"] for one in lives), max(one["seconds"] for one in lives)
    races = _together({"people": people, "what": "race"}, numbers[cases:], each=True)
    winners = [sum(one["won"][number] for one in races) for number in numbers[cases:]]
    wrong = [text for one in (*lives, *races) for text in one["errors"]]
    for text in wrong[:5]:
        print(f"  went wrong: {text}")
    began = time.perf_counter()
    events = _deliver()
    delivering = time.perf_counter() - began
    print(f"{made:,} moves in {took:.1f} s; {events:,} events delivered in {delivering:.1f} s")
    return [
        Figure("moves_per_s", made / took, "moves/s", ">= 200"),
        Figure("races_with_one_winner", winners.count(1) / len(winners), "of 1", "= 1"),
        Figure("moves_that_went_wrong", len(wrong), "moves", "= 0"),
        Figure("events_delivered_per_s", events / delivering, "events/s"),
    ]


def _deliver() -> int:
    from xinrong.work.services import deliver

    return deliver(datetime.now(UTC), at_most=500)


def _people() -> dict[str, int]:
    """An enterprise, its register's office and an operator; name -> number of the person."""
    from django.db import transaction

    from xinrong.accounts.services import create_organisation, create_person
    from xinrong.domain.uscc import check_digit
    from xinrong.subjects.services import Identity, ensure_subjects, link_new

    first = "91331002XR0000001"
    code = first + check_digit(first)
    with transaction.atomic():
        [subject] = ensure_subjects([Identity(code, "某某（虚构）", "market_regulation")])
        link_new({subject: "某某（虚构）"}, 0, register=True)
    made = {}
    for name, kind, role, reference in (
        ("firm", "enterprise", "representative", code),
        ("office", "department", "data_officer", "market_regulation"),
    ):
        organisation = create_organisation(f"{name}（虚构）", kind, reference=reference)
        person = create_person(
            f"{name}@example.cn",
            "a long enough passphrase 7",
            name=name,
            organisation=organisation,
            role=role,
        )
        made[name] = person.pk
    return made


def _open(people: dict[str, int]) -> str:
    from xinrong.work.services import open_case

    firm, office = _viewer(people["firm"]), _viewer(people["office"])
    sides = {
        "representative": [firm.organisation_id],
        "data_officer": [office.organisation_id],
        "operator": [None],
    }
    return open_case("correction", "ask", firm, sides=sides, now=datetime.now(UTC)).number


def _viewer(person: int) -> Any:
    from xinrong.accounts.services import Person, viewer_of

    return viewer_of(Person.objects.get(pk=person))


def _together(
    given: dict[str, Any], numbers: list[str], *, each: bool = False
) -> list[dict[str, Any]]:
    """What the processes did, all at once: each its share of the cases, or `each` all of them."""
    begin = time.time() + 8.0  # by then all have started
    running = []
    for place in range(PROCESSES):
        told = {**given, "begin": begin, "cases": numbers if each else numbers[place::PROCESSES]}
        told["place"] = place
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks._process_moves"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=PROJECT,
        )  # fmt: skip
        assert process.stdin is not None
        process.stdin.write(json.dumps(told))
        process.stdin.close()
        running.append(process)
    found = []
    for process in running:
        assert process.stdout is not None
        found.append(json.loads(process.stdout.read()))
        process.stdout.close()
        if process.wait():
            raise RuntimeError("a process of the benchmark ended badly")
    return found


def _live(people: dict[str, Any], number: str) -> int:
    """One case from its first answer to its end; how many moves."""
    from xinrong.work.services import move

    for version, (who, event) in enumerate(LIFE, 1):
        move(
            number, event, people[who], version=version, now=datetime.now(UTC),
            text="见所附材料，情况如此。",
        )  # fmt: skip
    return len(LIFE)


def _race(people: dict[str, Any], number: str, event: str) -> bool:
    """Whether this move was the one that won."""
    from xinrong.domain.process import MoveRefused
    from xinrong.work.services import move

    try:
        move(number, event, people["office"], version=1, now=datetime.now(UTC), text="如此。")
    except MoveRefused as refused:
        if refused.code != "move_stale":
            raise
        return False
    return True


@dataclass
class Shift:
    """What one process is told, and what its threads have done."""

    told: dict[str, Any]
    people: dict[str, Any]
    moves: int = 0
    won: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def thread(self, place: int) -> None:
        """The work of one thread: its share of the cases, or its event in every race."""
        cases: list[str] = self.told["cases"]
        racing = self.told["what"] == "race"
        for turn, number in enumerate(cases if racing else cases[place::THREADS]):
            try:
                if racing:
                    self.race(number, RACE[self.told["place"] * THREADS + place], turn)
                else:
                    self.live(number)
            except Exception as error:  # noqa: BLE001 - counted, and shown by the parent
                self.errors.append(f"{type(error).__name__}: {error}")

    def live(self, number: str) -> None:
        """One case from its first answer to its end."""
        made = _live(self.people, number)
        with self.lock:
            self.moves += made

    def race(self, number: str, event: str, turn: int) -> None:
        """Begin when the others do, every fiftieth of a second a case."""
        time.sleep(max(0.0, self.told["begin"] + 0.02 * turn - time.time()))
        if _race(self.people, number, event):
            with self.lock:
                self.won[number] += 1


def client() -> None:
    """One process: what it was told, by its threads."""
    import django

    told = json.load(sys.stdin)
    django.setup()
    shift = Shift(told, {name: _viewer(number) for name, number in told["people"].items()})
    time.sleep(max(0.0, told["begin"] - time.time()))
    began = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(shift.thread, range(THREADS)))
    seconds = time.perf_counter() - began
    won = {number: shift.won[number] for number in told["cases"]}
    done = {"moves": shift.moves, "seconds": seconds, "won": won, "errors": shift.errors}
    print(json.dumps(done))


if __name__ == "__main__":
    client()
