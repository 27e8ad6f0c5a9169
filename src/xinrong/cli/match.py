"""`xinrong match`: which products a financing need of an enterprise gets, which not, and why."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal, InvalidOperation

import click
from django.conf import settings
from rich.console import Console
from rich.table import Column, Table

from xinrong.accounts.services import person_of_email, viewer_of
from xinrong.cli.classes import tongue_of
from xinrong.cli.profile import AS_OF, LANGUAGE, day_of
from xinrong.domain.financing import Need, NeedPurpose, Security
from xinrong.market import services as market
from xinrong.subjects.services import enterprise_by_code
from xinrong.trust.services import Purpose, Stage, purposes_of


class Yuan(click.ParamType[Decimal]):
    """A sum in yuan or a rate: digits, with separators or without."""

    name = "number"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Decimal:
        """The number, exactly."""
        try:
            return Decimal(str(value).replace(",", ""))
        except InvalidOperation:
            self.fail(f"{value!r} is no number: write digits, such as 500000", param, ctx)


@click.command("match")
@click.argument("code", required=False)
@click.option("--amount", type=Yuan(), required=True, help="The sum needed, in yuan.")
@click.option("--months", type=int, required=True, help="For how many months.")
@click.option(
    "--purpose",
    type=click.Choice([str(one) for one in NeedPurpose]),
    default=str(NeedPurpose.WORKING_CAPITAL),
    show_default=True,
    help="What the money is for.",
)
@click.option(
    "--offers",
    type=click.Choice([str(one) for one in Security]),
    multiple=True,
    help="A security that can be offered; several times for several.",
)
@click.option("--area", default="", help="Six-digit code of the district; the register's else.")
@click.option("--first-time/--not-first-time", default=None, help="The first loan from a bank.")
@click.option("--max-rate", type=Yuan(), help="Dearest yearly rate accepted, in percent.")
@click.option("--as", "email", help="E-mail of the account that asks.")
@click.option(
    "--query-purpose",
    type=click.Choice([str(one) for one in Purpose]),
    help="Why the file is read; the role's own if left out.",
)
@click.option("--stage", type=click.Choice([str(one) for one in Stage]), help="For a bank.")
@AS_OF
@click.option("--top", default=10, show_default=True, help="So many of each list are shown.")
@click.option("--why-not", is_flag=True, help="Say of every refusal why.")
@click.option("--json", "as_json", is_flag=True, help="Everything as one line of JSON.")
@LANGUAGE
def command(
    code: str | None,
    amount: Decimal,
    months: int,
    purpose: str,
    offers: tuple[str, ...],
    area: str,
    first_time: bool | None,
    max_rate: Decimal | None,
    email: str | None,
    query_purpose: str | None,
    stage: str | None,
    as_of: datetime | None,
    top: int,
    why_not: bool,
    as_json: bool,
    language: str,
) -> None:
    """Match a need against every product: yes, no because, or cannot tell.

    CODE is the unified social credit code of the enterprise; --as names the account that asks, and
    the query is logged like any other. Without CODE the need is that of a firm not registered yet.
    """
    need = Need(
        amount=amount,
        months=months,
        purpose=NeedPurpose(purpose),
        offers=frozenset(Security(one) for one in offers),
        area=area,
        first_time=first_time,
        registered=code is not None,
        max_rate=max_rate,
    )
    day = day_of(as_of)
    if code is None:
        shelf = market.shelf_on(settings.REGION, day)
        matched = market.match_unregistered(shelf, need, market.chances_on(day))
        payload, proof = market.told(matched), "nothing of any enterprise was read"
    else:
        if email is None:
            raise click.UsageError("Name the account that asks: --as E-MAIL.")
        who, enterprise = viewer_of(person_of_email(email)), enterprise_by_code(code)
        why = Purpose(query_purpose) if query_purpose else purposes_of(who)[0]
        when = Stage(stage) if stage else None
        release = market.match_of(who, enterprise.pk, need, why, when, as_of=day)
        matched, payload = release.content.matched, release.content.payload()
        proof = (f"{release.content.withheld} indicators withheld; query {release.audit_id},"
                 f" as of commit {release.seq}")  # fmt: skip
    if as_json:
        click.echo(json.dumps(payload, ensure_ascii=False))
        return
    _say(matched, tongue_of(language), top, why_not=why_not)
    click.echo(proof)


def _say(matched: market.Matched, tongue: str, top: int, *, why_not: bool) -> None:
    """A match in words."""
    click.echo(f"yes {len(matched.admitted)}, cannot tell {len(matched.open)},"
               f" no {len(matched.refused)}")  # fmt: skip
    if matched.admitted:
        Console().print(_table(matched, tongue, top))
    elif not matched.open:
        click.echo("No product admits this need today. What is nearest:")
    for fit in matched.open[:top]:
        _because(fit, "?", tongue)
    for fit, change in matched.near:
        title = fit.offered.product.title.in_language(tongue)
        click.echo(f"  > {title}: {change.sentence.in_language(tongue)}")
    if why_not:
        for fit in matched.refused:
            _because(fit, "-", tongue)
    click.echo(market.RULE.in_language(tongue))
    click.echo(market.CHANCE.in_language(tongue))


def _table(matched: market.Matched, tongue: str, top: int) -> Table:
    """The products that admit it, in their order."""
    cost = "all-in cost a year"
    table = Table("", Column("product"), "lender", cost, "chance", "rate", "answer", "money in")
    need = matched.need
    for place, fit in enumerate(matched.admitted[:top], start=1):
        one = fit.offered
        least = one.cost(need.amount, need.months, lowest=True)
        ends = [f"{end:.2f}" for end in (least, fit.cost) if end is not None]
        table.add_row(
            str(place),
            one.product.title.in_language(tongue),
            one.lender.title.in_language(tongue),
            f"{'–'.join(ends)} %" if ends else "-",
            "not known yet" if fit.chance is None else f"{fit.chance.percent} %",
            f"{one.low:.2f}–{one.high:.2f} %",
            f"{one.terms.answer_days} d",
            f"{one.terms.money_days} d",
        )
    return table


def _because(fit: market.Fit, sign: str, tongue: str) -> None:
    """One product with the conditions that decide."""
    click.echo(f"  {sign} {fit.offered.product.title.in_language(tongue)}"
               f" ({fit.offered.lender.title.in_language(tongue)})")  # fmt: skip
    for sentence in fit.explanation.sentences(tongue):
        click.echo(f"      {sentence}")
