"""`xinrong counts`: how many enterprises meet some conditions, through the gate like everywhere."""

from __future__ import annotations

import csv
import sys
from datetime import datetime

import click
from django.conf import settings
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from xinrong.accounts.services import PUBLIC, Viewer, person_of_email, viewer_of
from xinrong.catalogue.region import load_region
from xinrong.domain.cells import text_cell
from xinrong.domain.clock import SystemClock, day_in_china
from xinrong.domain.standards.regions import region as division
from xinrong.subjects.services import ELSEWHERE, RegisterAsk
from xinrong.trust.services import Stage, counting

AS = click.option("--as", "email", required=True, help="E-mail of the account that asks.")
HIDDEN = ""


@click.group("counts")
def command() -> None:
    """Count enterprises that meet conditions: in tens, none under ten, each count logged."""


@command.command("columns")
@AS
def columns(email: str) -> None:
    """What the account may count: every column, and how it is compared."""
    who = _viewer(email)
    purpose = counting.purpose_of(who)
    table = Table("column", "what", "type", "compared by", "values")
    for name, one in counting.offered(purpose, load_region(settings.REGION).contracts).items():
        table.add_row(name, one.contract.title.zh, "", "", "")
        for field in one.fields:
            signs = " ".join(counting.operators_of(field))
            values = ", ".join(field.values)
            table.add_row(f"{name}.{field.name}", field.title.zh, str(field.type), signs, values)
    Console().print(table)
    click.echo(f"offered for the purpose {purpose}; {_budget(who)}")


@command.command("draft")
@click.argument("conditions", nargs=-1, required=True)
@AS
@click.option("--stage", type=click.Choice([str(each) for each in Stage]), help="For a bank.")
@click.option("--dry-run", is_flag=True, help="Say what it would draw on, count nothing.")
def draft(conditions: tuple[str, ...], email: str, stage: str | None, dry_run: bool) -> None:
    """Count those who meet all CONDITIONS, such as honour or 'tax_payment.amount >= 10000'."""
    who = _viewer(email)
    made = counting.draft_of(conditions, load_region(settings.REGION).contracts)
    for text in counting.texts_of(made.spelled()):
        click.echo(f"  {text}")
    if dry_run:
        click.echo(f"draws on: {counting.cost_of(who, made)}; {_budget(who)}")
        return
    release = counting.count(who, made, stage=Stage(stage) if stage else None)
    figure = release.content.figure
    shown = f"fewer than {counting.FLOOR}, not shown" if figure is None else f"about {figure:,}"
    click.echo(f"{shown}; audit row {release.audit_id}, seq {release.seq}; {_budget(who)}")


def print_register(
    measure: str, by: tuple[str, ...], year: int | None, as_of: datetime | None, email: str | None
) -> None:
    """The register's figures as CSV; for everybody, or as an account sees them."""
    clock = SystemClock()
    rows, *more = by or ("time",)
    ask = RegisterAsk(
        as_of=as_of.date() if as_of else day_in_china(clock.now()),
        measure=measure,
        rows=rows,
        columns=more[0] if more else "",
        year=year,
    )
    made = counting.register_figures(_viewer(email) if email else PUBLIC, ask, clock=clock)
    table = made.table
    out = csv.writer(sys.stdout, lineterminator="\n")
    total = ["total"]
    out.writerow([text_cell(one) for one in [ask.rows, *map(_name, table.columns), *total]])
    inside = table.figures or ((),) * len(table.rows)
    for value, line, sum_of in zip(table.rows, inside, table.row_totals, strict=True):
        out.writerow([_name(value), *map(_figure, line), _figure(sum_of)])
    out.writerow([*total, *map(_figure, table.column_totals), _figure(table.total)])
    click.echo(
        f"{ask.measure} until {ask.through}, in tens; empty: fewer than {counting.FLOOR}, or it "
        f"would tell of fewer; seq {table.seq}"
        + (f"; audit row {made.audit_id}" if made.audit_id else ""),
        err=True,
    )


def _figure(figure: int | None) -> str:
    return HIDDEN if figure is None else str(figure)


def _name(value: str) -> str:
    """A value with its name where it is a district's code."""
    if value in ("", ELSEWHERE):
        return value or "unknown"
    if value.isdecimal() and len(value) == 6:
        return f"{value} {division(value).name}".strip()
    return value


def _viewer(email: str) -> Viewer:
    return viewer_of(person_of_email(email))


def _budget(who: Viewer) -> str:
    left = counting.budget_left(who, now=timezone.now())
    return (
        f"left today: {left.drafts} of {left.drafts_a_day} drafts, "
        f"{left.near} of {left.near_a_day} near ones"
    )
