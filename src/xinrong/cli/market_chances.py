"""`xinrong market chances`: the chance of approval of each product, as it stands in the ranking."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime

import click
from django.conf import settings
from rich.console import Console
from rich.table import Column, Table

from xinrong.cli.classes import tongue_of
from xinrong.cli.profile import AS_OF, LANGUAGE, day_of
from xinrong.domain.clock import SystemClock
from xinrong.market import services as market
from xinrong.market.services import league


@click.command("chances")
@AS_OF
@click.option("--count", is_flag=True, help="Count those of today first, as the worker does.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@LANGUAGE
def chances(as_of: datetime | None, count: bool, as_json: bool, language: str) -> None:
    """The chance of approval of each product that is offered, where enough was decided."""
    if count:
        made = league.count_approvals(SystemClock().now())
        click.echo("the same as before" if made is None else f"counted before {made.day}", err=True)
    day, tongue = day_of(as_of), tongue_of(language)
    known = market.chances_on(day)
    shelf = market.shelf_on(settings.REGION, day).offered
    found = [(one, known.of(one.lender.id, one.product.id)) for one in shelf]
    if as_json:
        told = {one.product.id: None if chance is None else asdict(chance) for one, chance in found}
        since = None if known.day is None else known.day.isoformat()
        click.echo(json.dumps({"day": since, "common": known.common, "chances": told}))
        return
    table = Table(Column("product", no_wrap=True), "lender", "chance", "enterprises", "of")
    shown = [(one, chance) for one, chance in found if chance is not None]
    for one, chance in shown:
        table.add_row(
            one.product.id,
            one.lender.title.in_language(tongue),
            f"{chance.percent} %",
            f"about {chance.about}",
            "lender" if chance.of_lender else "product",
        )
    if shown:
        Console().print(table)
    counted = "nothing was counted yet" if known.day is None else f"counted before {known.day}"
    click.echo(f"{len(shown)} of {len(found)} products, the others are not known yet and rank as"
               f" all lenders together, {known.common} %; {counted}")  # fmt: skip
    click.echo(market.CHANCE.in_language(tongue))
