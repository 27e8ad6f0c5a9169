"""A year of needs, applications and banks, played on the real services with a clock that jumps."""

from __future__ import annotations

import heapq
import math
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from random import Random
from typing import Any
from unittest.mock import patch

from benchmarks._nosilence_city import (
    Bank,
    Firm,
    Results,
    banks_of,
    earlier,
    everything,
    firms_of,
)
from xinrong.domain.clock import CHINA, FixedClock, day_in_china

BEGINS, LAST_ARRIVAL = date(2026, 1, 5), date(2026, 11, 30)
QUICK = "django.contrib.auth.hashers.MD5PasswordHasher"
OPENS, CLOSES, WAKES, SLEEPS = 9.0, 17.0, 8.0, 22.0
REASONS = ("sum", "income", "debts", "security", "papers", "quota")
#: What somebody was too late for, or may not do: it happens, and is counted.
EXPECTED = frozenset(
    {"move_unknown", "move_stale", "move_overdue", "move_guard", "need_settled", "need_state",
     "applications_many", "choice_taken", "offer_none", "proposal_unknown", "not_admitted",
     "lender_not_here", "product_unknown"}
)  # fmt: skip


class World:
    """The city, its banks and what happens next."""

    def __init__(self, seed: int, needs: int, firms: int) -> None:
        from django.db import connection
        from django.test import override_settings

        from xinrong.work.services import calendar_here

        self.random = Random(seed)
        self.wanted = needs
        self.clock = FixedClock(datetime.combine(BEGINS, time(9), CHINA).astimezone(UTC))
        self.calendar = calendar_here()
        self.heap: list[tuple[datetime, int, Callable[[], None]]] = []
        self.count = 0
        self.refused: Counter[str] = Counter()
        self.stated: dict[str, date] = {}
        self.unexplained: set[str] = set()
        self.without_product = 0
        self.seen_proposals = 0
        with connection.cursor() as cursor:  # a measure of days, not of a disk
            cursor.execute("PRAGMA synchronous = OFF")
        with override_settings(PASSWORD_HASHERS=[QUICK]):  # nobody signs in here
            self.firms = firms_of(firms)
            self.banks = banks_of(self.random)

    # -- time ------------------------------------------------------------------------------------

    def at(self, when: datetime, act: Callable[[], None]) -> None:
        """Have something happen at a moment."""
        self.count += 1
        heapq.heappush(self.heap, (when, self.count, act))

    def after(self, hours: float, *, office: bool) -> datetime:
        """So many hours later, counting those of offices, or those in which people are awake."""
        first, last = (OPENS, CLOSES) if office else (WAKES, SLEEPS)
        now = self.clock.now().astimezone(CHINA)
        day, hour = now.date(), now.hour + now.minute / 60
        while True:
            if not office or self.calendar.is_working(day):
                begins = max(hour, first)
                if begins + hours <= last:
                    ends = datetime.combine(day, time(), CHINA) + timedelta(hours=begins + hours)
                    return ends.astimezone(UTC)
                hours -= max(0.0, last - begins)
            day, hour = day + timedelta(days=1), 0.0

    def live(self) -> None:
        """The year, event by event; between them the clocks ring and the outbox delivers."""
        from xinrong.work.models import CaseAlarm
        from xinrong.work.services import deliver, tick

        self._plan()
        with patch("django.utils.timezone.now", self.clock.now):
            while True:
                waiting = CaseAlarm.objects.filter(fired_at=None).order_by("at")
                alarm = waiting.values_list("at", flat=True).first()
                following = self.heap[0][0] if self.heap else None
                if following is None and alarm is None:
                    break
                if alarm is not None and (following is None or alarm <= following):
                    self.clock.moment = max(self.clock.moment, alarm)
                    tick(self.clock.now(), calendar=self.calendar)
                else:
                    when, _, act = heapq.heappop(self.heap)
                    self.clock.moment = max(self.clock.moment, when)
                    act()
                deliver(self.clock.now())
                self._read_proposals()

    def _plan(self) -> None:
        """When needs arrive, and when somebody looks whether each is explained."""
        days = (LAST_ARRIVAL - BEGINS).days
        for _ in range(self.wanted):
            day = BEGINS + timedelta(days=self.random.randrange(days))
            when = datetime.combine(day, time(), CHINA) + timedelta(
                hours=self.random.uniform(WAKES, SLEEPS)
            )
            self.at(when.astimezone(UTC), self._arrives)
        for month in range(2, 13):
            first = datetime(2026, month, 1, 8, tzinfo=CHINA).astimezone(UTC)
            self.at(first, self.check_explained)

    def tried(self, act: Callable[[], Any]) -> Any:
        """Do something that may be refused because the world has moved on; None then."""
        from xinrong.domain.errors import XinrongError

        try:
            return act()
        except XinrongError as error:
            if error.code not in EXPECTED:
                raise
            self.refused[error.code] += 1
            return None

    # -- enterprises -----------------------------------------------------------------------------

    def _arrives(self) -> None:
        """An enterprise states a need and applies to one, two or three lenders."""
        from xinrong.market.services import applying, match_of, needs
        from xinrong.trust.services import Purpose

        firm = self.random.choice(self.firms)
        number = self._state(firm)
        stated = needs.need_by_number(number)
        now = self.clock.now()
        matched = match_of(
            firm.viewer, firm.enterprise, needs.need_of(stated), Purpose.SELF,
            as_of=day_in_china(now),
        ).content.matched  # fmt: skip
        fits = [*matched.admitted, *matched.open]
        if not fits:
            self.without_product += 1
            self.at(now + timedelta(minutes=1), self._arrives)  # somebody else, with another need
            return
        self.stated[number] = day_in_china(now)
        kept = applying.keeping_time({fit.offered.lender.id for fit in fits}, now, self.calendar)
        heeds = self.random.random() < 0.7
        many = self.random.choices((1, 2, 3), (40, 40, 20))[0]
        asked: set[str] = set()
        careful = [f for f in fits if applying.keeps_time(kept.get(f.offered.lender.id))]
        for fit in (careful or fits) if heeds else fits:
            if len(asked) == many:
                break
            if fit.offered.lender.id in asked:
                continue
            apply = partial(applying.apply, firm.viewer, number, fit.name)
            made = self.tried(partial(apply, now=now, answer=everything(now)))
            if made is not None:
                asked.add(fit.offered.lender.id)
                self._reaches(made)

    def _state(self, firm: Firm) -> str:
        """A need of some hundred thousand yuan, drafted and stated."""
        from xinrong.market.services import needs

        now, who = self.clock.now(), firm.viewer
        amount = round(min(5_000_000, max(20_000, self.random.lognormvariate(12.6, 0.9))), -3)
        answers = {
            "amount": f"{amount:.0f}",
            "purpose": self.random.choice(("stock", "working_capital", "equipment")),
            "months": str(self.random.choice((6, 12, 12, 24))),
        }
        found = needs.draft(who, now=now)
        for name, given in answers.items():
            found = needs.answer(who, found.number, name, {name: [given]}, now=now)
        found = needs.state(who, found.number, version=found.version, now=now)
        return str(found.number)

    def _read_proposals(self) -> None:
        """Whoever is proposed a lender reads it some hours later and decides."""
        from xinrong.market.services import applying

        rows = applying.Proposal.objects.filter(pk__gt=self.seen_proposals).order_by("pk")
        for row in rows:
            self.seen_proposals = row.pk
            if row.product:
                when = self.after(self.random.expovariate(1 / 4), office=False)
                self.at(when, partial(self._decides, row.pk, row.enterprise_id))

    def _decides(self, proposal: int, enterprise: int) -> None:
        from xinrong.market.services import applying

        [firm] = [one for one in self.firms if one.enterprise == enterprise]
        now = self.clock.now()
        leaves = self.random.random() < 1 / 7
        if leaves or self._has_offer(proposal):
            self.tried(lambda: applying.leave(firm.viewer, proposal, now=now))
            return
        made = self.tried(
            lambda: applying.take_up(firm.viewer, proposal, now=now, answer=everything(now))
        )
        if made is not None:
            self._reaches(made)

    def _has_offer(self, proposal: int) -> bool:
        """Whether an offer stands for the need already: then nobody wants another lender."""
        from xinrong.market.models import Offer
        from xinrong.market.services import applying

        need = applying.Proposal.objects.values_list("need", flat=True).get(pk=proposal)
        return Offer.objects.filter(application__need=need).exists()

    def _chooses(self, number: str, firm: Firm) -> None:
        """The offer with the lowest all-in cost of those that stand."""
        from xinrong.market.services import applying

        mine = applying.applications_of_need(applying.application_of(number).need)
        standing = [
            one for one in mine
            if applying.state_of(one.number) == "offered"
        ]  # fmt: skip
        offers = [(applying.offer_of(one.number), one) for one in standing]
        costs = [(offer.annual, one.number) for offer, one in offers if offer is not None]
        if costs:
            cheapest = min(costs)[1]
            self.tried(lambda: applying.choose(firm.viewer, cheapest, now=self.clock.now()))
            if applying.state_of(cheapest) == "chosen":
                bank = self.banks[applying.application_of(cheapest).lender]
                when = self.after(self.random.uniform(1, 20), office=True)
                self.at(when, lambda: self._lends(cheapest, bank))

    # -- banks -----------------------------------------------------------------------------------

    def _reaches(self, application: Any) -> None:
        """An application lies with a bank, which does with it what it does with others."""
        bank = self.banks[application.lender]
        if bank.kind == "mute":
            return
        hours = 2.5 if bank.kind == "prompt" else 40.0
        when = self.after(self.random.expovariate(1 / hours), office=True)
        self.at(when, lambda: self._accepts(application.number, bank))

    def _accepts(self, number: str, bank: Bank) -> None:
        from xinrong.market.services import applying

        now = self.clock.now()
        if self.tried(lambda: applying.accept(bank.officer, number, now=now)) is None:
            return
        promised = max(applying.application_of(number).answer_days, 1)
        share = self.random.uniform(0.2, 1.15) if bank.kind == "prompt" else 3.0
        extra = 0.0 if bank.kind == "prompt" else self.random.expovariate(1 / 80)
        when = self.after(share * promised * (CLOSES - OPENS) + extra, office=True)
        self.at(when, lambda: self._answers(number, bank))

    def _answers(self, number: str, bank: Bank) -> None:
        """Look into the file at both stages, then offer or refuse; late answers are answers."""
        from xinrong.files import services as files
        from xinrong.market.services import applying
        from xinrong.trust.services import Purpose, Stage

        now, who = self.clock.now(), bank.officer
        application = applying.application_of(number)
        if applying.state_of(number) not in ("accepted", "late"):
            return
        if self.random.random() < 0.4:
            reason = self.random.choice(REASONS)
            words = applying.REASONS[reason].words.zh
            self.tried(lambda: applying.refuse(who, number, [reason], words, now=now))
            return
        for stage in (Stage.PRE_LOAN, Stage.APPROVAL):
            files.basic(who, application.enterprise_id, Purpose.CREDIT, stage)
            if stage is Stage.PRE_LOAN and applying.state_of(number) == "accepted":
                self.tried(lambda: applying.investigate(who, number, now=now))
        made = self.tried(
            lambda: applying.make_offer(who, number, self._offering(application), now=now)
        )
        if made is not None:
            [firm] = [one for one in self.firms if one.enterprise == application.enterprise_id]
            when = self.after(self.random.expovariate(1 / 10), office=False)
            self.at(when, lambda: self._chooses(number, firm))

    def _offering(self, application: Any) -> Any:
        from xinrong.domain.loans import LoanTerms, Repayment
        from xinrong.market.services import applying

        share = Decimal(str(round(self.random.uniform(0.8, 1.0), 3)))
        terms = LoanTerms(
            Decimal(application.amount) / 100,
            (application.rate_high * share / 100).quantize(Decimal("0.0001")),
            Repayment.INTEREST_FIRST,
            months=application.months,
        )
        return applying.Offering(terms, day_in_china(self.clock.now()) + timedelta(days=15))

    def _lends(self, number: str, bank: Bank) -> None:
        """The contract, and the money on the same day."""
        from xinrong.market.services import applying

        now, today = self.clock.now(), day_in_china(self.clock.now())
        loan = self.tried(
            lambda: applying.sign_contract(bank.officer, number, number[:12], today, now=now)
        )
        if loan is not None:
            whole = Decimal(loan.terms["amount"])
            paid = applying.Paid("1", today, whole)
            self.tried(lambda: applying.disburse(bank.officer, number, paid, now=now))

    # -- what is measured ------------------------------------------------------------------------

    def check_explained(self) -> None:
        """Needs that have no offer, no reason, no dated next step and no question to their own."""
        for number in self.stated:
            if number not in self.unexplained and not self._explained(number):
                self.unexplained.add(number)
        print(
            f"{day_in_china(self.clock.now())}: {len(self.stated):,} needs, "
            f"{len(self.unexplained):,} unexplained",
            flush=True,
        )

    def _explained(self, need: str) -> bool:
        from xinrong.market.models import Offer, Refusal
        from xinrong.market.services import applying
        from xinrong.work.models import Case

        own = applying.Application.objects.filter(need=need)
        if Offer.objects.filter(application__need=need).exists():
            return True
        if Refusal.objects.filter(application__need=need).exclude(text="").exists():
            return True
        cases = Case.objects.filter(number__in=own.values("number"), ended_at=None)
        if cases.filter(due_at__gt=self.clock.now()).exists():
            return True
        asked = applying.Proposal.objects.filter(need=need, answer="").exclude(product="")
        return asked.exists() or self._left(need)

    def _left(self, need: str) -> bool:
        """The enterprise itself left what was proposed last, and nothing else is open."""
        from xinrong.market.services import applying

        last = applying.Proposal.objects.filter(need=need).order_by("-pk").first()
        return last is not None and last.answer == "declined"

    def results(self) -> Results:
        """What came of it."""
        from django.db.models import Min

        from xinrong.market.services import applying
        from xinrong.work.models import CaseMove

        self.check_explained()
        rows = applying.Application.objects.all()
        firsts: dict[str, datetime | None] = {}
        decided: dict[str, datetime | None] = {}
        every = rows.values_list("need", "answered_at", "number", "lender").annotate(
            offered=Min("offer__made_at"), refused=Min("refusals__at")
        )
        bad = 0
        for need, answered, _number, lender, offered, refused in every:
            bad += self.banks[lender].kind != "prompt"
            earlier(firsts, need, answered)
            earlier(decided, need, offered)
            earlier(decided, need, refused)
        proposals = applying.Proposal.objects.exclude(product="")
        open_ends = [
            need for need in self.stated if decided.get(need) is None and self._left(need)
        ]  # fmt: skip
        return Results(
            needs=len(self.stated),
            applications=rows.count(),
            proposals=proposals.count(),
            taken_up=proposals.filter(answer="granted").count(),
            moves=CaseMove.objects.count(),
            without_product=self.without_product,
            unexplained=len(self.unexplained),
            left=len(open_ends),
            to_bad=bad / max(1, rows.count()),
            first_answers=[self._days(need, firsts.get(need)) for need in self.stated],
            decisions=[self._days(need, decided.get(need)) for need in self.stated],
            refused=self.refused,
        )

    def _days(self, need: str, when: datetime | None) -> float:
        """Working days after the day of the need, that day not counted; infinite for never."""
        if when is None:
            return math.inf
        first = self.stated[need] + timedelta(days=1)
        return float(self.calendar.working_days(first, day_in_china(when)))
