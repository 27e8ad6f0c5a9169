"""`xinrong market allocate`: the bank's decision aid on the terminal."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import click
from rich.console import Console
from rich.table import Column, Table

from xinrong.cli.profile import LANGUAGE
from xinrong.domain.allocation import (
    Allocation,
    BadProblem,
    Counts,
    Economics,
    Limit,
    Price,
    Problem,
    Tried,
    Why,
)
from xinrong.domain.loans import amount_from_text, rate_from_text
from xinrong.domain.money import fen
from xinrong.market.services import deciding

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("allocate")
@click.argument("applicants", type=FILE)
@click.argument("rates", type=FILE)
@click.option("--budget", required=True, help="Yuan for the year.")
@click.option(
    "--budget-on",
    type=click.Choice([str(Counts.DRAWN), str(Counts.OFFERED)]),
    default=str(Counts.DRAWN),
    show_default=True,
    help="What the budget counts: what is expected to be taken up, or all that is offered.",
)
@click.option("--lgd", required=True, help="The loss given default in percent of the loan: 45%.")
@click.option("--funds", required=True, help="The yearly cost of funds in percent: 2.2%.")
@click.option("--least", default="100000", show_default=True, help="The smallest loan, yuan.")
@click.option("--most", default="1000000", show_default=True, help="The largest loan, yuan.")
@click.option("--never", multiple=True, help="A grade that is never lent to.")
@click.option(
    "--limit",
    "limits",
    multiple=True,
    help='"offers 150", "expected_loss 2000000", "drawn grade C 30%" (of the budget),'
    ' "offers at least group first 20". May be given several times.',
)
@click.option("--prices", is_flag=True, help="Look for what each limit costs (solves again).")
@click.option("--sensitivity", is_flag=True, help="Solve again for other losses and funds.")
@click.option("--baselines", is_flag=True, help="Compare with one by one and with one rate.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write every applicant's row to this .csv or .xlsx.",
)
@LANGUAGE
def allocate(
    applicants: Path,
    rates: Path,
    budget: str,
    budget_on: str,
    lgd: str,
    funds: str,
    least: str,
    most: str,
    never: tuple[str, ...],
    limits: tuple[str, ...],
    prices: bool,
    sensitivity: bool,
    baselines: bool,
    out: Path | None,
    language: str,
) -> None:
    """How much to lend to whom at what rate: APPLICANTS and RATES are CSV files.

    APPLICANTS has the columns applicant, grade, probability_of_default, and where there are any
    least, most, group. RATES has the column rate and for each grade the share of customers lost.
    """
    _check_out(out)
    value = _budget(budget)
    asked = deciding.read_applicants(
        applicants.name,
        applicants.read_bytes(),
        least=_whole_yuan(least, "least"),
        most=_whole_yuan(most, "most"),
    )
    table = deciding.read_rates(rates.name, rates.read_bytes())
    losses, cost = rate_from_text(lgd, "lgd"), rate_from_text(funds, "funds")
    limited = tuple(deciding.limit_from_text(one, value) for one in limits)
    economics = Economics(float(losses), float(cost))
    try:
        problem = Problem(
            asked, table, economics, Limit(Counts(budget_on), value), limited, frozenset(never)
        )
    except BadProblem as error:
        raise error.in_file(applicants.name) from None
    found = deciding.solve(problem)
    priced = deciding.prices(found) if prices else []
    tried = deciding.sensitivity_of(found) if sensitivity else []
    _say(found, language)
    _say_limits(found, priced)
    if baselines:
        _say_baselines(found)
    if tried:
        _say_tried(tried)
    if out is not None:
        xlsx = out.suffix.lower() == ".xlsx"
        out.write_bytes(deciding.as_xlsx(found, priced, tried) if xlsx else deciding.as_csv(found))
        click.echo(f"written to {out}")


def _check_out(out: Path | None) -> None:
    """Before anything is solved. Raises click.BadParameter."""
    if out is None:
        return
    if out.suffix.lower() not in (".csv", ".xlsx"):
        raise click.BadParameter("the name must end with .csv or .xlsx", param_hint="--out")
    if not out.parent.is_dir():
        raise click.BadParameter(f"there is no folder {out.parent}", param_hint="--out")


def _budget(text: str) -> Decimal:
    value = amount_from_text(text, "budget")
    if value <= 0:
        raise BadProblem("budget", f"nothing can be lent on a budget of {text}", "Raise it.")
    return value


def _whole_yuan(text: str, field: str) -> int:
    amount = amount_from_text(text, field)
    if fen(amount) % 100:
        raise BadProblem(field, f"{text} is no sum in whole yuan", "Leave the fen out.")
    return int(amount)


def _say(found: Allocation, language: str) -> None:
    table = Table(
        "applicant", "grade", Column("default", justify="right"), Column("yuan", justify="right"),
        Column("rate", justify="right"), Column("taken up", justify="right"),
        Column("earns", justify="right"),
    )  # fmt: skip
    rows = found.rows()
    offered = sorted((row for row in rows if row.amount), key=lambda row: -row.profit)
    for row in offered[:20]:
        table.add_row(
            row.applicant.name, row.applicant.grade, f"{row.applicant.default:.2%}",
            f"{row.amount:,}", f"{row.rate:.2%}", f"{row.taken_up:.1%}", f"{row.profit:,.0f}",
        )  # fmt: skip
    Console().print(table)
    if len(offered) > 20:
        click.echo(f"… and {len(offered) - 20} more (--out writes them all)")
    for why in Why:
        count = sum(row.why is why for row in rows)
        if count:
            click.echo(f"{count:>6,} {deciding.WHY_WORDS[why].in_language(language)}")
    click.echo(
        f"offered {found.offered:,} yuan, expected to be taken up {found.drawn:,.0f} at"
        f" {found.mean_rate:.3%} on average; expected to earn {found.profit:,.0f} a year"
    )
    if found.gap is not None:
        click.echo(f"proven: no other plan earns more than {found.gap:.6%} more")


def _say_limits(found: Allocation, priced: list[Price]) -> None:
    table = Table("limit", Column("value", justify="right"), Column("used", justify="right"),
                  "one more earns")  # fmt: skip
    by_limit = {one.limit: one for one in priced}
    for use in found.uses:
        one = by_limit.get(use.limit)
        each = "" if one is None else f"{one.each:,.4f}"
        table.add_row(use.limit.name, f"{use.limit.value:,.0f}", f"{use.used:,.0f}", each)
    Console().print(table)


def _say_baselines(found: Allocation) -> None:
    for name, other in (
        ("one after the other", deciding.greedy(found.problem)),
        ("one rate for all", deciding.one_rate(found.problem)),
    ):
        more = found.profit - other.profit
        share = f" ({more / other.profit:+.2%})" if other.profit > 0 else ""
        broken = [use.limit.name for use in other.uses if not use.is_kept]
        note = f"; it breaks: {', '.join(broken)}" if broken else ""
        click.echo(f"{name}: {other.profit:,.0f}; this plan earns {more:,.0f} more{share}{note}")


def _say_tried(tried: list[Tried]) -> None:
    table = Table("loss given default", "cost of funds", Column("best plan", justify="right"),
                  Column("offers", justify="right"), Column("mean rate", justify="right"),
                  Column("this plan", justify="right"), "this plan breaks")  # fmt: skip
    for one in tried:
        table.add_row(
            f"{one.economics.loss_given_default:.1%}", f"{one.economics.cost_of_funds:.2%}",
            f"{one.best.profit:,.0f}", str(len(one.best.offers)), f"{one.best.mean_rate:.3%}",
            f"{one.kept.profit:,.0f}", "; ".join(limit.name for limit in one.breaks),
        )  # fmt: skip
    Console().print(table)
