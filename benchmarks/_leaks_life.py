"""One life of the small city, step by step, in the platform and in the oracle.

`python -m benchmarks._leaks_life STEPS SEED [FAULT]` on the data folder that XINRONG_DATA names;
prints what it found as JSON. With a fault it stops at the first thing that is wrong.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from benchmarks._leaks_city import ACTORS, BANKS, PAIRS, SENT, SUCCESSOR, City, kept_in
from benchmarks._leaks_oracle import OWN_PURPOSE, Actor, Given
from benchmarks._leaks_reading import counts_in, spelled, why

START = datetime(2026, 11, 30, tzinfo=UTC)
STAGES = ("pre_loan", "approval", "post_loan")
PURPOSES = ("credit", "self", "supervision", "operation", "public")
MOST_CONSENTS = 20  # standing at once; the oldest is revoked before another is granted
#: What happens how often.
WEIGHTS = {
    "query": 40, "search": 2, "meant": 1, "interrupted": 2, "grant": 13, "revoke": 7, "wait": 25,
    "dismiss": 2, "hire": 2, "suppress": 2, "lift": 2, "merge": 1, "undo": 1, "count": 1,
}  # fmt: skip
SERVICES = ("basic", "register_history", "comprehensive", "joined", "cube", "signs")


@dataclass
class Life:
    """The city, what was done in it so far, and what was found wrong."""

    city: City
    dice: random.Random
    travel: Callable[[datetime], None]
    now: datetime = START
    done: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    decisions: dict[int, int] = field(default_factory=dict)  # absorbed -> its merge
    weights: dict[str, int] = field(default_factory=WEIGHTS.copy)

    def __post_init__(self) -> None:
        from xinrong.accounts.services import Person, viewer_of
        from xinrong.files import services as files

        self.oracle = self.city.oracle
        self.viewers = {
            one.name: viewer_of(Person.objects.filter(pk=self.city.people.get(one.name)).first())
            for one in ACTORS
        }
        self.files = files
        self.travel(self.now)

    def step(self) -> None:
        """One operation."""
        name = self.dice.choices(tuple(self.weights), tuple(self.weights.values()))[0]
        self.done[name] += 1
        getattr(self, name)()

    # -- what changes the world --------------------------------------------------------------

    def wait(self) -> None:
        self.now += timedelta(minutes=self.dice.choice((1, 5, 20)))
        self.travel(self.now)

    def grant(self) -> None:
        from xinrong.trust.services import ConsentRefused, Stage, grant_consent

        standing = [number for number in self.oracle.consents if self.stands(number)]
        if len(standing) >= MOST_CONSENTS:
            return self.revoke()
        firm, to = self.dice.randrange(len(self.city.codes)), self.dice.choice(BANKS)
        stages = tuple(self.dice.sample(STAGES, self.dice.randint(1, 2)))
        lendable = [name for name in SENT if self.oracle.share[name] != "never"]
        lendable += ["bank_account"] * (self.dice.random() < 0.1)
        categories = tuple(self.dice.sample(lendable, self.dice.randint(1, len(lendable))))
        level, ends = self.dice.randint(1, 4), self.now + self.lasting()
        try:
            made = grant_consent(
                self.city.enterprises[firm],
                self.city.organisations[to],
                categories,
                [Stage(one) for one in stages],
                now=self.now,
                valid_until=ends,
                max_level=level,
            )
        except ConsentRefused:
            return None
        given = Given(firm, to, stages, categories, level, self.now, ends)
        self.oracle.consents[made.pk] = given
        return None

    def lasting(self) -> timedelta:
        """How long a consent is given for."""
        return timedelta(minutes=self.dice.choice((2, 20, 60, 600, 6000)))

    def stands(self, number: int) -> bool:
        """Whether a consent could still count; those that cannot are forgotten."""
        one = self.oracle.consents[number]
        return not one.revoked and self.now < one.ends

    def revoke(self, number: int | None = None) -> None:
        from xinrong.trust.services import revoke_consent

        if number is None:
            standing = [one for one in self.oracle.consents if self.stands(one)]
            if not standing:
                return
            number = self.dice.choice(standing)
        one = self.oracle.consents[number]
        revoke_consent(number, grantor=self.city.enterprises[one.firm], now=self.now)
        one.revoked = True

    def dismiss(self) -> None:
        """A role ends, or is suspended."""
        from xinrong.accounts.services import Membership, outside_organisations

        who = self.dice.choice(ACTORS[1:])
        with outside_organisations():
            held = Membership.objects.filter(person=self.city.people[who.name])
            if self.dice.random() < 0.5:
                held.update(suspended_at=self.now, suspended_why="bench")
            else:
                held.delete()
        self.oracle.dismissed.add(who.name)

    def hire(self) -> None:
        from xinrong.accounts.services import Membership, outside_organisations

        for name in sorted(self.oracle.dismissed)[:2]:
            who = next(one for one in ACTORS if one.name == name)
            with outside_organisations():
                Membership.objects.update_or_create(
                    person_id=self.city.people[name],
                    organisation_id=self.city.organisations[who.organisation],
                    defaults={"role": who.role, "suspended_at": None, "suspended_why": ""},
                )
            self.oracle.dismissed.discard(name)

    def suppress(self) -> None:
        from xinrong.store import services as store

        number = self.dice.choice(list(self.oracle.records))
        store.suppress(
            [store.RecordId(*self.city.keys[number])],
            basis="repair",
            article="a law",
            reason="bench",
            at=self.now,
        )
        self.oracle.records[number].suppressed = True

    def lift(self) -> None:
        from xinrong.store import services as store

        hidden = [number for number, one in self.oracle.records.items() if one.suppressed]
        for number in hidden[:2]:
            record = store.RecordId(*self.city.keys[number])
            store.lift([record], basis="repair", reason="bench", at=self.now)
            self.oracle.records[number].suppressed = False

    def merge(self) -> None:
        from xinrong.subjects.services import merge

        survivor, absorbed = self.dice.choice(PAIRS)
        if absorbed in self.oracle.merged:
            return
        numbers = self.city.enterprises[absorbed], self.city.enterprises[survivor]
        decision = merge(*numbers, by="bench", why="bench", at=self.now)
        self.decisions[absorbed] = decision.pk
        self.oracle.merged[absorbed] = survivor

    def undo(self) -> None:
        from xinrong.subjects.services import undo

        if self.oracle.merged:
            absorbed = self.dice.choice(list(self.oracle.merged))
            undo(self.decisions.pop(absorbed), by="bench", why="bench", at=self.now)
            del self.oracle.merged[absorbed]

    # -- what asks ---------------------------------------------------------------------------

    def asking(self) -> tuple[Actor, int, str, str | None]:
        """Somebody who asks about a firm for a purpose, mostly a lawful one."""
        who = self.dice.choice(ACTORS[1:5] * 2 + ACTORS)
        purpose = OWN_PURPOSE.get(who.role, "public")
        if self.dice.random() < 0.15:
            purpose = self.dice.choice(PURPOSES)
        stage = self.dice.choice(STAGES) if purpose == "credit" else None
        if self.dice.random() < 0.03:
            stage = self.dice.choice((None, *STAGES))
        firm = self.dice.randrange(len(self.city.codes))
        if purpose == "self" and self.dice.random() < 0.7:
            firm = who.firm if who.firm >= 0 else firm
        return who, self.oracle.is_now(firm), purpose, stage

    def about(self, service: str, firm: int, purpose: str) -> list[int]:
        """Whom a service asks about: with those that a firm follows, where it joins them."""
        joins = service in ("joined", "register_history") and purpose != "self"
        return [firm, *(self.oracle.follows.get(firm, ()) if joins else ())]

    def query(self) -> None:
        who, firm, purpose, stage = self.asking()
        service = self.dice.choice(SERVICES)
        if service == "joined" and purpose != "self" and self.dice.random() < 0.5:
            firm = SUCCESSOR
        firms = self.about(service, firm, purpose)
        reaches = [self.oracle.reach(who, one, purpose, stage, self.now) for one in firms]
        more: dict[str, Any] = {"limit": 500} if service in ("comprehensive", "joined") else {}
        if service == "joined":
            more["joined"] = True
        ask = getattr(self.files, "comprehensive" if service == "joined" else service)
        self.answered(
            "comprehensive" if service == "joined" else service,
            lambda: ask(self.viewers[who.name], self.city.enterprises[firm], *why(purpose, stage),
                        **more),
            firms, reaches, who,
        )  # fmt: skip

    def answered(
        self, service: str, ask: Callable[[], Any], firms: list[int],
        reaches: list[dict[str, int] | None], who: Actor,
    ) -> None:  # fmt: skip
        """Ask, and hold the answer and its row in the log against what the oracle foretells."""
        from xinrong.trust.services import Denied

        allowed = [one for one in reaches if one is not None]
        try:
            release = ask()
        except Denied as refusal:
            if len(allowed) == len(firms):
                self.wrong.append(f"{service} refused to {who.name}: {refusal.code}")
            if self.row(refusal.audit_id)[:1] != ["denied"]:
                self.wrong.append("a refusal left no row")
            return
        except Exception as error:  # noqa: BLE001 - a fault of the gate is a finding, not the end
            self.wrong.append(f"{service} broke for {who.name}: {error!r}"[:200])
            return
        if len(allowed) < len(firms):
            self.wrong.append(f"{service} answered {who.name}, who may not ask")
            return
        payload = release.content.payload()
        text = spelled(payload)
        numbers = sorted(self.city.enterprises[one] for one in firms)
        due = ["released", sha256(text.encode()).hexdigest(), numbers]
        if self.row(release.audit_id) != due:
            self.wrong.append(f"{service} left no row of what it released")
        counted = counts_in(payload) if len(firms) == 1 else None
        self.wrong += self.oracle.judge(service, firms, allowed, text, counted)

    def row(self, number: int | None) -> list[Any]:
        """The log's row, as another connection sees it: only what is committed counts."""
        from django.conf import settings
        from django.db import connections

        with connections[settings.SNAPSHOT_ALIAS].cursor() as cursor:
            cursor.execute(
                "SELECT outcome, digest, enterprises FROM trust_auditrow WHERE id = %s", [number]
            )
            found = cursor.fetchone()
        if found is None:
            return []
        about = json.loads(found[2]) if isinstance(found[2], str) else found[2]
        return [found[0], found[1], sorted(about)]

    def search(self) -> None:
        """Search for a name, or for the value of a record: no answer holds more than names."""
        one = self.oracle.records[self.dice.choice(list(self.oracle.records))]
        text = self.dice.choice(("虚构", self.city.codes[one.firm], *one.values.values()))
        said = repr(self.files.find(text))
        self.wrong += self.oracle.judge("search", [0], [{}], said)

    def meant(self) -> None:
        who, _, purpose, _ = self.asking()
        purpose = "public" if purpose == "credit" else purpose
        firms = sorted(self.dice.sample(range(len(self.city.codes)), 2))
        firms = sorted({self.oracle.is_now(one) for one in firms})
        reaches = [self.oracle.reach(who, one, purpose, None, self.now) for one in firms]
        if purpose == "self" and len(firms) > 1:
            reaches = [None]
        numbers = [self.city.enterprises[one] for one in firms]
        self.answered(
            "meant",
            lambda: self.files.meant(
                self.viewers[who.name], self.city.nameless, numbers, why(purpose, None)[0]
            ),
            firms, reaches, who,
        )  # fmt: skip

    def count(self) -> None:
        """How many firms have a record of a category: nobody in particular is asked about."""
        from xinrong.trust.counting.drafts import Condition, Draft
        from xinrong.trust.counting.product import Count
        from xinrong.trust.gate import region_now
        from xinrong.trust.services import Denied, Service, disclose

        who = next(one for one in ACTORS if one.name == "lender")
        category = self.dice.choice(("honour", "registration", "annual_report", "tax_credit_grade"))
        product = Count(Draft(frozenset({Condition(category)})), region_now())
        purpose, stage = why("credit", "pre_loan")
        try:
            release = disclose(self.viewers[who.name], [], product, Service.COUNT, purpose, stage)
        except Denied:
            return
        payload = release.content.payload()
        due = ["released", sha256(spelled(payload).encode()).hexdigest(), []]
        if self.row(release.audit_id) != due:
            self.wrong.append("a count left no row")
        self.wrong += self.oracle.judge_figure(category, payload["figure"])

    def interrupted(self) -> None:
        """A consent is revoked while the records that it covers are read."""
        from xinrong.domain.clock import SystemClock, day_in_china
        from xinrong.files.products import Comprehensive, Slice
        from xinrong.trust.services import Denied, Service, disclose

        standing = [one for one in self.oracle.consents if self.stands(one)]
        lenders = [one for one in ACTORS if one.role == "loan_officer"]
        if not standing:
            return
        number = self.dice.choice(standing)
        given = self.oracle.consents[number]
        who = next(one for one in lenders if one.organisation == given.to)
        stage, life = self.dice.choice(given.stages), self

        class Slow(Comprehensive):
            def read(self, *args: Any) -> Any:
                content = super().read(*args)
                life.revoke(number)
                return content

        product = Slow(day_in_china(SystemClock().now()), Slice(), 0, 500)
        purpose, named = why("credit", stage)
        about = [self.city.enterprises[given.firm]]
        try:
            release = disclose(
                self.viewers[who.name], about, product, Service.COMPREHENSIVE, purpose, named
            )
        except Denied:
            return
        reach = self.oracle.reach(who, given.firm, "credit", stage, self.now)
        text = spelled(release.content.payload())
        self.wrong += self.oracle.judge("comprehensive", [given.firm], [reach or {}], text)


def live(folder: Path, steps: int, seed: int, fault: str = "") -> dict[str, Any]:
    """Live so many steps; what was done and found."""
    import time_machine

    from benchmarks._leaks_faults import FAULTS

    clock = time_machine.travel(START, tick=False)
    traveller = clock.start()
    if fault:
        FAULTS[fault]()
    life = Life(kept_in(folder), random.Random(seed), traveller.move_to)
    if fault not in ("", "revocation_while_reading_overlooked"):
        life.weights["interrupted"] = 0
    began = time.perf_counter()
    while life.done.total() < steps:
        life.step()
        if life.wrong and (fault or len(life.wrong) > 20):
            break
    clock.stop()
    return {
        "steps": life.done.total(),
        "seconds": time.perf_counter() - began,
        "done": life.done,
        "wrong": life.wrong[:20],
    }


def main() -> None:
    """Set the platform up on the folder, live, print."""
    steps, seed, fault = int(sys.argv[1]), int(sys.argv[2]), "".join(sys.argv[3:4])
    from xinrong.cli.main import set_up_django
    from xinrong.settling import settle

    set_up_django()
    settle()
    print(json.dumps(live(Path(os.environ["XINRONG_DATA"]), steps, seed, fault)))


if __name__ == "__main__":
    main()
