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
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from benchmarks._leaks_city import ACTORS, FIRMS, SUCCESSOR, kept_in
from benchmarks._leaks_oracle import OPEN_LEVEL, OWN_PURPOSE, Actor
from benchmarks._leaks_reading import counts_in, named_nowhere, spelled, why
from benchmarks._leaks_world import STAGES, START, World

PURPOSES = ("credit", "self", "supervision", "operation", "public")
#: What happens how often.
WEIGHTS = {
    "query": 40, "search": 2, "meant": 1, "batch": 1, "interrupted": 2, "grant": 13, "revoke": 7,
    "wait": 24, "dismiss": 2, "hire": 2, "suppress": 2, "lift": 2, "merge": 1, "undo": 1,
    "count": 1,
}  # fmt: skip
SERVICES = ("basic", "register_history", "comprehensive", "joined", "cube", "signs")
BATCHED = ("basic", "comprehensive", "cube", "signs")


class Life(World):
    """One life: what is done, and what is asked about it."""

    def __post_init__(self) -> None:
        from xinrong.files import services as files

        super().__post_init__()
        self.files, self.weights = files, dict(WEIGHTS)

    def asking(self) -> tuple[Actor, int, str, str | None]:
        """Somebody who asks about a firm for a purpose, mostly a lawful one."""
        who = self.dice.choice(ACTORS[1:5] * 2 + ACTORS)
        purpose = OWN_PURPOSE.get(who.role, "public")
        if self.dice.random() < 0.15:
            purpose = self.dice.choice(PURPOSES)
        stage = self.dice.choice(STAGES) if purpose == "credit" else None
        if self.dice.random() < 0.03:
            stage = self.dice.choice((None, *STAGES))
        firm = self.dice.randrange(FIRMS)
        if purpose == "self" and self.dice.random() < 0.7:
            firm = who.firm if who.firm >= 0 else firm
        given = [one for one in self.oracle.consents.values()
                 if one.to in (who.organisation, who.bank) and one.firm < FIRMS]  # fmt: skip
        if purpose == "credit" and stage and given and self.dice.random() < 0.4:
            one = self.dice.choice(given)
            firm, stage = one.firm, self.dice.choice(one.stages)
        return who, self.is_now(firm), purpose, stage

    def moment(self, firm: int) -> int:
        """The seq as of which is asked, 0 for now: mostly. A firm was by itself then."""
        past = [seq for seq, (_, merged) in self.oracle.then.items() if firm not in merged]
        return self.dice.choice(past) if past and self.dice.random() < 0.2 else 0

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
        at = self.moment(firm)
        if at:
            more["at_seq"] = at
        ask = getattr(self.files, "comprehensive" if service == "joined" else service)
        self.answered(
            "comprehensive" if service == "joined" else service,
            lambda: ask(self.viewers[who.name], self.city.enterprises[firm], *why(purpose, stage),
                        **more),
            firms, reaches, who, at,
        )  # fmt: skip

    def answered(
        self, service: str, ask: Callable[[], Any], firms: list[int],
        reaches: list[dict[str, int] | None], who: Actor, at: int = 0,
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
        self.wrong += self.oracle.judge(service, firms, allowed, text, counted, at)

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
        said = named_nowhere(repr(self.files.find(text)))
        self.wrong += self.oracle.judge("search", [0], [{}], said)

    def meant(self) -> None:
        who, _, purpose, _ = self.asking()
        purpose = "public" if purpose == "credit" else purpose
        firms = sorted(self.dice.sample(range(FIRMS), 2))
        firms = sorted({self.is_now(one) for one in firms})
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

    def batch(self) -> None:
        """A bank's own clients, several at once: one without any consent is refused."""
        from xinrong.trust.services import Service

        who, stage = self.dice.choice(ACTORS[1:6]), self.dice.choice(STAGES)
        service = self.dice.choice(BATCHED)
        firms = sorted({self.is_now(one) for one in self.dice.sample(range(FIRMS), 3)})
        reaches = [self.oracle.reach(who, one, "credit", stage, self.now) for one in firms]
        consents = [self.opens(who, one, stage) for one in firms]
        numbers = [self.city.enterprises[one] for one in firms]
        asked = self.viewers[who.name], numbers, Service(service), *why("credit", stage)
        for firm, reach, line in zip(firms, reaches, self.files.batch(*asked), strict=True):
            told = reach if consents[firms.index(firm)] else None
            self.answered(service, partial(released, line), [firm], [told], who)

    def opens(self, who: Actor, firm: int, stage: str) -> bool:
        """Whether a firm's consent opens more to somebody than is open anyway."""
        share, levels = self.oracle.share, self.oracle.consented(who, firm, stage, self.now)
        open_to = {"open": OPEN_LEVEL["credit"], "consent": 0, "never": 9}
        return any(level > open_to[share[name]] for name, level in levels.items())

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
        """A consent is revoked while what it covers is read: a counterparty's, too."""
        from xinrong.domain.clock import SystemClock, day_in_china
        from xinrong.files.products import Comprehensive, Slice
        from xinrong.trust.services import Denied, Service, disclose

        standing = self.standing()
        lenders = [one for one in ACTORS if one.role == "loan_officer"]
        if not standing:
            return
        number = self.dice.choice(standing)
        given = self.oracle.consents[number]
        who = next(one for one in lenders if one.organisation == given.to)
        stage, life, firm = self.dice.choice(given.stages), self, self.is_now(given.firm)
        if firm >= FIRMS:
            firm = self.is_now(self.dice.randrange(FIRMS))

        class Slow(Comprehensive):
            def read(self, *args: Any) -> Any:
                content = super().read(*args)
                life.revoke(number)
                return content

        product = Slow(day_in_china(SystemClock().now()), Slice(), 0, 500)
        purpose, named = why("credit", stage)
        about = [self.city.enterprises[firm]]
        try:
            release = disclose(
                self.viewers[who.name], about, product, Service.COMPREHENSIVE, purpose, named
            )
        except Denied:
            return
        reach = self.oracle.reach(who, firm, "credit", stage, self.now)
        text = spelled(release.content.payload())
        self.wrong += self.oracle.judge("comprehensive", [firm], [reach or {}], text)


def released(line: Any) -> Any:
    """What a line of a batch released; its refusal is raised."""
    if line.refusal is not None:
        raise line.refusal
    return line.release


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
