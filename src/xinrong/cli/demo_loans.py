"""A need of the demo's enterprise with two applications: one with an offer, one that waits."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from xinrong.accounts.services import Viewer
from xinrong.catalogue.region import Region
from xinrong.cli.demo_cases import REPRESENTATIVE, demo_viewer
from xinrong.domain.clock import day_in_china
from xinrong.domain.loans import LoanTerms, Repayment
from xinrong.files import services as files
from xinrong.market.services import Fit, applying, has_products, match_of, needs
from xinrong.subjects.services import enterprise_by_code
from xinrong.trust.services import Purpose, Stage, consenting

OFFICER = "loan-officer@demo.invalid"
ANSWERS = {"amount": "30万", "purpose": "stock", "months": "12", "offers": "movables"}
NOTE = "本行为您核定的额度，利率在公布范围内。（演示）"


def apply_for_loans(region: Region, *, now: datetime) -> int:
    """Let the demo's enterprise state a need and apply to two lenders; how many applications.

    Through the process, as people do it: the demo's bank queries the file at each stage and
    offers, the other lender has yet to take it on. None where the city is not invented, has no
    products, or where the enterprise has a need already.
    """
    firm, officer = demo_viewer(REPRESENTATIVE), demo_viewer(OFFICER)
    if not (region.info.invented and has_products(region.info.region)):
        return 0
    if firm.role != "representative" or officer.role != "loan_officer":
        return 0
    if needs.needs_of(firm).exists():
        return 0
    applying.open_desks(region.info.region)
    need = _state(firm, now)
    own, other = _chosen(firm, officer, need, now)
    if own is not None:
        _offer(firm, officer, need, own, now)
    if other is not None:
        _apply(firm, need, other, None, now)
    return sum(one is not None for one in (own, other))


def _state(firm: Viewer, now: datetime) -> str:
    found = needs.draft(firm, now=now)
    for name, given in ANSWERS.items():
        found = needs.answer(firm, found.number, name, {name: [given]}, now=now)
    return str(needs.state(firm, found.number, version=found.version, now=now).number)


def _chosen(
    firm: Viewer, officer: Viewer, need: str, now: datetime
) -> tuple[Fit | None, Fit | None]:
    """The first product of the demo's own bank that might have it, and the first of another."""
    bank = officer.institution_id or officer.organisation_id
    stated = needs.need_by_number(need)
    matched = match_of(
        firm, enterprise_by_code(firm.reference).pk, needs.need_of(stated), Purpose.SELF,
        as_of=day_in_china(now),
    ).content.matched  # fmt: skip
    fits = [*matched.admitted, *matched.open]
    desks = applying.here({fit.offered.lender.id for fit in fits})
    mine = [fit for fit in fits if desks[fit.offered.lender.id].pk == bank]
    others = [fit for fit in fits if desks[fit.offered.lender.id].pk != bank]
    return next(iter(mine), None), next(iter(others), None)


def _apply(firm: Viewer, need: str, fit: Fit, office: int | None, now: datetime) -> str:
    levels = applying.wanted(now).levels
    answer = consenting.Answer(levels, levels)
    made = applying.apply(firm, need, fit.name, now=now, office=office, answer=answer)
    return made.number


def _offer(firm: Viewer, officer: Viewer, need: str, fit: Fit, now: datetime) -> None:
    """The demo's bank takes the file on, looks at both stages and offers."""
    number = _apply(firm, need, fit, officer.organisation_id, now)
    application = applying.application_of(number)
    applying.accept(officer, number, now=now)
    for stage in (Stage.PRE_LOAN, Stage.APPROVAL):
        files.basic(officer, application.enterprise_id, Purpose.CREDIT, stage)
    applying.investigate(officer, number, now=now)
    terms = LoanTerms(
        Decimal(application.amount) / 100,
        (fit.offered.low / 100).quantize(Decimal("0.0001")),
        Repayment.INTEREST_FIRST,
        months=application.months,
    )
    until = day_in_china(now) + timedelta(days=15)
    applying.make_offer(officer, number, applying.Offering(terms, until, (), NOTE), now=now)
