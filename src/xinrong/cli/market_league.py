"""`xinrong market league`: how soon banks answer, what loans cost, why they refuse."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import click
from rich.console import Console
from rich.table import Column, Table

from xinrong.cli.classes import tongue_of
from xinrong.cli.profile import LANGUAGE
from xinrong.domain.clock import SystemClock, day_in_china
from xinrong.market.services import league as tables


@click.command("league")
@click.option(
    "--by",
    type=click.Choice([str(one) for one in tables.By]),
    default=str(tables.By.ALL),
    show_default=True,
    help="A row for each.",
)
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Applications sent from this day.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="To this day; today.")
@click.option("--definitions", is_flag=True, help="What each figure is, and its query.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@LANGUAGE
def league(
    by: str,
    since: datetime | None,
    until: datetime | None,
    definitions: bool,
    as_json: bool,
    language: str,
) -> None:
    """The published figures: behind the floor of ten enterprises, numbers in tens."""
    tongue, now = tongue_of(language), SystemClock().now()
    chosen = tables.By(by)
    if definitions:
        for one in (*tables.FIGURES, tables.UNEXPLAINED):
            unit = tables.UNIT_WORDS[one.unit].in_language(tongue)
            click.secho(f"{one.name}: {one.title.in_language(tongue)} ({unit})", bold=True)
            click.echo(f"{one.definition.in_language(tongue)}\n{one.query(chosen)}\n")
        return
    last = until.date() if until else day_in_china(now)
    first = since.date() if since else last - timedelta(days=364)
    if first > last:
        raise click.BadParameter(f"{first} is after {last}", param_hint="--since")
    found = tables.published(chosen, now=now, period=tables.Period(first, last))
    if as_json:
        every = (*tables.FIGURES, tables.UNEXPLAINED)
        told = {row: {one.name: found.of(row, one.name) for one in every} for row in found.rows}
        reasons = {row: dict(one) for row, one in found.reasons.items()}
        click.echo(json.dumps({"figures": told, "reasons": reasons}))
        return
    # A line a figure: sixteen columns fit no terminal.
    table = Table(Column(by, no_wrap=True), "figure", Column("value", justify="right"), "unit")
    for row in tables.order(found, "applications", descending=True):
        shown = [(one, value) for one in tables.FIGURES
                 if (value := found.of(row, one.name)) is not None]  # fmt: skip
        for place, (one, value) in enumerate(shown):
            unit = tables.UNIT_WORDS[one.unit].in_language(tongue)
            words = one.title.in_language(tongue)
            table.add_row("" if place else row, words, f"{value:g}", unit)
        if not shown:
            table.add_row(row, "–", "", "")
    Console().print(table)
    click.echo(f"{len(found.rows)} rows, applications sent from {first} to {last};"
               f" nothing of fewer than {tables.FLOOR} enterprises")  # fmt: skip
