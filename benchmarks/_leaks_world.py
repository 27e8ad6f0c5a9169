"""What changes the small city of `leaks`: in the platform, and in the oracle as it is told."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from benchmarks._leaks_city import ACTORS, BANKS, FIRMS, PAIRS, PARTIES, SENT, City
from benchmarks._leaks_oracle import Given

START = datetime(2026, 11, 30, tzinfo=UTC)
STAGES = ("pre_loan", "approval", "post_loan")
MOST_CONSENTS = 20  # standing at once; one is revoked before another is granted
#: Why a record may not be shown for now; it may be on several grounds at once.
BASES = ("repair", "objection", "display_over")
#: So many moments of the past are asked about.
MOMENTS = 20


@dataclass
class World:
    """The city, what was done in it so far, and what was found wrong."""

    city: City
    dice: random.Random
    travel: Callable[[datetime], None]
    now: datetime = START
    done: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    decisions: dict[int, int] = field(default_factory=dict)  # absorbed -> its merge
    weights: dict[str, int] = field(default_factory=dict)  # what happens how often

    def __post_init__(self) -> None:
        from xinrong.accounts.services import Person, viewer_of

        self.oracle = self.city.oracle
        self.viewers = {
            one.name: viewer_of(Person.objects.filter(pk=self.city.people.get(one.name, 0)).first())
            for one in ACTORS
        }
        self.travel(self.now)
        self.remember()

    def step(self) -> None:
        """One operation."""
        name = self.dice.choices(tuple(self.weights), tuple(self.weights.values()))[0]
        self.done[name] += 1
        getattr(self, name)()

    def wait(self) -> None:
        self.now += timedelta(minutes=self.dice.choice((1, 5, 20)))
        self.travel(self.now)

    def remember(self) -> None:
        """The seq that the store has now, as of which somebody may ask later."""
        from xinrong.store import services as store

        told, hidden = self.oracle, {n for n, one in self.oracle.records.items() if one.hidden}
        told.then[store.last_seq()] = hidden, dict(told.merged)
        while len(told.then) > MOMENTS:
            del told.then[self.dice.choice(list(told.then))]

    def grant(self) -> None:
        from xinrong.trust.services import ConsentRefused, Stage, grant_consent

        if len(self.standing()) >= MOST_CONSENTS:
            return self.revoke()
        firm, to = self.dice.randrange(FIRMS + len(PARTIES)), self.dice.choice(BANKS)
        stages = tuple(self.dice.sample(STAGES, self.dice.randint(1, 2)))
        lendable = [name for name in SENT if self.oracle.share[name] != "never"]
        lendable += ["bank_account"] * (self.dice.random() < 0.1)
        categories = tuple(self.dice.sample(lendable, self.dice.randint(1, len(lendable))))
        level, ends = self.dice.choice((1, 2, 3, 4, 4)), self.now + self.lasting()
        try:
            made = grant_consent(
                self.city.number(firm),
                self.city.organisations[to],
                categories,
                [Stage(one) for one in stages],
                now=self.now,
                valid_until=ends,
                max_level=level,
            )
        except ConsentRefused:
            return None
        self.oracle.consents[made.pk] = Given(firm, to, stages, categories, level, ends)
        return None

    def lasting(self) -> timedelta:
        """How long a consent is given for."""
        return timedelta(minutes=self.dice.choice((2, 20, 60, 600, 6000)))

    def standing(self) -> list[int]:
        """The consents that could still count; those that ended are forgotten."""
        kept = {n: one for n, one in self.oracle.consents.items() if self.now < one.ends}
        self.oracle.consents = kept
        return list(kept)

    def revoke(self, number: int | None = None) -> None:
        from xinrong.trust.services import revoke_consent

        if number is None:
            standing = self.standing()
            if not standing:
                return
            number = self.dice.choice(standing)
        firm = self.oracle.consents.pop(number).firm
        revoke_consent(number, grantor=self.city.number(firm), now=self.now)

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

        number, basis = self.dice.choice(list(self.oracle.records)), self.dice.choice(BASES)
        record = store.RecordId(*self.city.keys[number])
        store.suppress([record], basis=basis, article="a law", reason="bench", at=self.now)
        self.oracle.records[number].hidden.add(basis)
        self.remember()

    def lift(self) -> None:
        from xinrong.store import services as store

        hidden = [number for number, one in self.oracle.records.items() if one.hidden]
        for number in self.dice.sample(hidden, min(2, len(hidden))):
            record = store.RecordId(*self.city.keys[number])
            basis = self.dice.choice(sorted(self.oracle.records[number].hidden))
            store.lift([record], basis=basis, reason="bench", at=self.now)
            self.oracle.records[number].hidden.discard(basis)
        self.remember()

    def merge(self) -> None:
        from xinrong.subjects.services import merge

        survivor, absorbed = self.dice.choice(PAIRS)
        if absorbed in self.oracle.merged:
            return
        numbers = self.city.enterprises[absorbed], self.city.enterprises[survivor]
        decision = merge(*numbers, by="bench", why="bench", at=self.now)
        self.decisions[absorbed] = decision.pk
        self.oracle.merged[absorbed] = survivor
        self.remember()

    def undo(self) -> None:
        from xinrong.subjects.services import undo

        if self.oracle.merged:
            absorbed = self.dice.choice(list(self.oracle.merged))
            undo(self.decisions.pop(absorbed), by="bench", why="bench", at=self.now)
            del self.oracle.merged[absorbed]
            self.remember()

    def is_now(self, firm: int) -> int:
        """The firm as which one answers."""
        return self.oracle.merged.get(firm, firm)
