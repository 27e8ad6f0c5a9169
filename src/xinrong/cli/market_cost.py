"""`xinrong market cost`: what a loan costs in a year, everything counted, on one page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal

import click

from xinrong.cli.profile import LANGUAGE
from xinrong.domain.loans import (
    CostSheet,
    DayCount,
    LoanTerms,
    Repayment,
    amount_from_text,
    cost_sheet,
    deposit_from_text,
    fee_from_text,
    rate_from_text,
)


@click.command("cost")
@click.option("--amount", required=True, help="Yuan.")
@click.option("--months", type=int, help="The term in months.")
@click.option("--days", type=int, help="The term in days.")
@click.option("--rate", required=True, help="The yearly contract rate in percent: 3.85 or 3.85%.")
@click.option(
    "--repayment",
    type=click.Choice([str(one) for one in Repayment]),
    default=str(Repayment.EQUAL_INSTALMENTS),
    show_default=True,
)
@click.option("--every", default=1, show_default=True, help="Months between payments.")
@click.option(
    "--fee",
    "fees",
    multiple=True,
    help='Name, when and how much: "guarantee fee yearly 1% balance", "at_disbursement 800".'
    " May be given several times.",
)
@click.option("--deposit", help="What is kept back, and the rate paid on it: 20% or '20% 1.5%'.")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day of disbursement; left out, time counts in months.",
)
@click.option("--day-count", type=click.Choice([str(one) for one in DayCount]))
@click.option("--interest-free", is_flag=True, help="A rate of 0 is meant.")
@click.option("--json", "as_json", is_flag=True, help="The figures and all payments, for programs.")
@LANGUAGE
def cost(
    amount: str,
    months: int | None,
    days: int | None,
    rate: str,
    repayment: str,
    every: int,
    fees: tuple[str, ...],
    deposit: str | None,
    since: datetime | None,
    day_count: str | None,
    interest_free: bool,
    as_json: bool,
    language: str,
) -> None:
    """The cost sheet of a loan: what arrives, what is paid, and the all-in annual cost."""
    terms = LoanTerms(
        amount=amount_from_text(amount),
        rate=rate_from_text(rate),
        repayment=Repayment(repayment),
        months=months,
        days=days,
        since=_day(since),
        months_per_period=every,
        day_count=DayCount(day_count) if day_count else None,
        fees=tuple(fee_from_text(one) for one in fees),
        deposit=deposit_from_text(deposit) if deposit else None,
        interest_free=interest_free,
    )
    sheet = cost_sheet(terms)
    click.echo(json.dumps(_data(sheet)) if as_json else sheet.as_text(language))


def _data(sheet: CostSheet) -> dict[str, object]:
    """The figures of a sheet: rates as fractions, sums as yuan, in text that loses nothing."""
    payments = [{**asdict(one), "total": one.total} for one in sheet.instalments]
    told = {**asdict(sheet.cost), "total": sheet.cost.total}
    return {**_plain(told), "instalments": [_plain(one) for one in payments]}


def _plain(fields: Mapping[str, object]) -> dict[str, object]:
    return {
        name: str(one) if isinstance(one, Decimal | date) else one for name, one in fields.items()
    }


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment is not None else None
