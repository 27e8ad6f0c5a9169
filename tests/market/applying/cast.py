"""An enterprise with a need, two banks with an outlet, an operator, and a day that tests move."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from tests.market.needs.cast import ANSWERS, PASSWORD, representative
from tests.profiles import city
from xinrong.accounts.services import (
    Membership,
    Person,
    Viewer,
    create_organisation,
    create_person,
    everywhere,
    viewer_of,
)
from xinrong.domain.clock import day_in_china
from xinrong.domain.financing import Need, NeedPurpose
from xinrong.domain.loans import LoanTerms, Repayment
from xinrong.market.released import match_of
from xinrong.market.services import applying, needs
from xinrong.trust.services import Purpose, Stage, consenting
from xinrong.work import services as work

FIRM = 5


def officer(name: str, organisation: Any, *, manages: bool = False) -> Viewer:
    """A loan officer of an organisation that is there."""
    person = create_person(
        f"{name}@example.cn", PASSWORD, name=name, organisation=organisation, role="loan_officer"
    )
    if manages:
        everywhere(Membership, because="a test").filter(person=person).update(manages=True)
    return viewer_of(Person.objects.get(pk=person.pk))


@dataclass
class Cast:
    """Everybody, and the moment at which they act."""

    firm: Viewer
    now: datetime
    need: str
    products: list[str]  # of different lenders, in the order of the rule
    officers: dict[str, Viewer]  # lender → its loan officer
    chiefs: dict[str, Viewer]  # lender → who manages it
    outlets: dict[str, Any]

    def lender_of(self, product: str) -> str:
        return applying.offered_now(product, day_in_china(self.now)).lender.id

    def apply(self, place: int = 0, **more: Any) -> Any:
        """The firm applies for one of the products, and lets its lender look at all it asks."""
        return applying.apply(
            self.firm, self.need, self.products[place], now=self.now, answer=everything(self.now),
            **more,
        )  # fmt: skip

    def officer(self, application: Any) -> Viewer:
        return self.officers[application.lender]

    def chief(self, application: Any) -> Viewer:
        return self.chiefs[application.lender]

    def look(self, application: Any, stage: Stage, who: Viewer | None = None) -> None:
        """A query of the firm by the lender, logged at a stage."""
        match_of(
            who or self.officer(application), application.enterprise_id,
            Need(Decimal(100_000), 12, NeedPurpose.STOCK), Purpose.CREDIT, stage,
            as_of=city.UNTIL,
        )  # fmt: skip

    def to_diligence(self, application: Any) -> None:
        applying.accept(self.officer(application), application.number, now=self.now)
        self.look(application, Stage.PRE_LOAN)
        applying.investigate(self.officer(application), application.number, now=self.now)

    def to_offer(self, application: Any, **more: Any) -> Any:
        self.to_diligence(application)
        self.look(application, Stage.APPROVAL)
        return applying.make_offer(
            self.officer(application), application.number, self.offering(application, **more),
            now=self.now,
        )  # fmt: skip

    def offering(self, application: Any, **more: Any) -> applying.Offering:
        given: dict[str, Any] = {
            "amount": Decimal(application.amount) / 100,
            "rate": Decimal("0.0345"),
            "repayment": Repayment.INTEREST_FIRST,
            "months": 12,
        } | more
        return applying.Offering(LoanTerms(**given), day_in_china(self.now) + timedelta(days=10))

    def to_contract(self, application: Any) -> Any:
        self.to_offer(application)
        applying.choose(self.firm, application.number, now=self.now)
        return self.sign(application)

    def sign(self, application: Any) -> Any:
        return applying.sign_contract(
            self.officer(application), application.number, "合同-1", day_in_china(self.now),
            now=self.now,
        )  # fmt: skip

    def pay_out(self, application: Any, **more: Any) -> Any:
        given: dict[str, Any] = {
            "reference": "放款-1",
            "paid_on": day_in_china(self.now),
            "principal": Decimal(application.amount) / 100,
        } | more
        return applying.disburse(
            self.officer(application), application.number, applying.Paid(**given),
            now=self.tick(),
        )  # fmt: skip

    def pay_back(self, application: Any, principal: int, **more: Any) -> Any:
        given: dict[str, Any] = {
            "reference": "还款-1",
            "paid_on": day_in_china(self.now),
            "principal": Decimal(principal),
        } | more
        return applying.repay(
            self.officer(application), application.number, applying.Repaid(**given),
            now=self.tick(),
        )  # fmt: skip

    def tick(self) -> datetime:
        """A second later."""
        self.now += timedelta(seconds=1)
        return self.now

    def wait(self, application: Any) -> str:
        """Until the next clock of its case has ended, and what that made happen; its state."""
        case = work.Case.objects.get(number=application.number)
        assert case.due_at is not None
        self.now = case.due_at + timedelta(seconds=1)
        work.tick(self.now)
        work.deliver(self.now)
        return self.state(application)

    def state(self, application: Any) -> str:
        return applying.state_of(application.number)


def everything(now: datetime) -> consenting.Answer:
    """All that the template of lending lets a bank ask, ticked twice where that is needed."""
    levels = applying.wanted(now).levels
    return consenting.Answer(levels, levels)


def made_cast() -> Cast:
    """The cast, with a stated need; the profile's forty enterprises are there."""
    now = timezone.now()
    firm = representative(FIRM)
    found = needs.draft(firm, now=now)
    for name, given in ANSWERS.items():
        found = needs.answer(firm, found.number, name, {name: given}, now=now)
    found = needs.state(firm, found.number, version=found.version, now=now)
    matched = match_of(
        firm, FIRM, needs.need_of(found), Purpose.SELF, as_of=day_in_china(now)
    ).content.matched
    products = list(_of_different_lenders([*matched.admitted, *matched.open]))
    banks = {}
    cast = Cast(firm, now, found.number, [fit.name for fit in products], {}, {}, {})
    for fit in products[:4]:
        lender = fit.offered.lender
        bank = create_organisation(lender.title.zh, "bank", reference=lender.id)
        outlet = create_organisation(f"{lender.title.zh}网点", "bank", parent=bank)
        banks[lender.id] = bank
        cast.officers[lender.id] = officer(f"officer-{lender.id}", bank)
        cast.chiefs[lender.id] = officer(f"chief-{lender.id}", bank, manages=True)
        cast.outlets[lender.id] = outlet
    return cast


def _of_different_lenders(fits: list[Any]) -> Iterator[Any]:
    seen: set[str] = set()
    for fit in fits:
        if fit.offered.lender.id not in seen:
            seen.add(fit.offered.lender.id)
            yield fit
