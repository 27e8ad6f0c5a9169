"""`xinrong lists`: which red and black lists there are, whether they hold, who stands on them."""

from __future__ import annotations

import json

import click
from django.conf import settings
from rich.console import Console
from rich.table import Table

from xinrong.accounts.services import PUBLIC
from xinrong.catalogue.errors import Severity
from xinrong.catalogue.region import load_region
from xinrong.cli.demo import best_known
from xinrong.cli.terminal import language_of_terminal
from xinrong.domain.clock import SystemClock
from xinrong.remedy.services import listing


@click.group("lists")
def command() -> None:
    """Red and black lists: `list` them, `lint`, `entries` of one, `figures`, `follow`, `sync`."""


@command.command("list")
def list_them() -> None:
    """Every list of the region with its colour, its departments and what was not verified."""
    language = language_of_terminal()
    for one in listing.public_lists():
        shown = "public" if one.publicity.shown else "not public"
        click.echo(f"{one.list}: {one.title.in_language(language)} ({one.colour}, {shown})")
        click.echo(f"  departments: {', '.join(one.departments)}; version {one.version}")
        for cited in one.unsourced:
            click.echo(f"  not verified: {cited} [{cited.evidence}]")
    if not listing.public_lists():
        click.echo(f"{settings.REGION}: no lists")


@command.command("lint")
def lint() -> None:
    """Check the lists and measures of the region, their grounds included."""
    found = listing.lint_lists(settings.REGION)
    for problem in found:
        click.echo(str(problem), err=True)
    if any(problem.severity is Severity.ERROR for problem in found):
        raise click.exceptions.Exit(1)
    book = listing.book()
    click.echo(f"{settings.REGION}: {len(book.lists)} lists, {len(book.measures)} measures, sound")


@command.command("entries")
@click.argument("name")
@click.option("--search", default="", help="Part of a name, or a whole code.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def entries(name: str, search: str, as_json: bool) -> None:
    """Who stands on the public list NAME today, as everybody may see it. Logged like any look."""
    found = listing.public_entries(PUBLIC, name, search, size=listing.MOST, now=SystemClock().now())
    if as_json:
        click.echo(json.dumps([one.as_json() for one in found.entries], ensure_ascii=False))
        return
    language, region = language_of_terminal(), load_region(settings.REGION)
    table = Table("code", "name", "ground", "department", "from", "until")
    for one in found.entries:
        ground = listing.list_of(one.list).ground(one.ground)
        department = region.departments.get(one.department)
        table.add_row(
            one.code,
            one.name,
            ground.title.in_language(language) if ground else one.ground,
            department.title.in_language(language) if department else one.department,
            str(one.entered_on),
            str(one.shown_until),
        )
    Console().print(table)
    if found.more:
        click.echo(f"more than {listing.MOST}: search by name or code")


@command.command("figures")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def figures(as_json: bool) -> None:
    """Entries and measures by list and state: for whoever runs the platform."""
    found = listing.figures()
    if as_json:
        rows = {
            one.list.list: {
                "entries": one.states, "exits": one.exits, "measures": one.measures,
                "reported": one.reported,
            }
            for one in found
        }  # fmt: skip
        click.echo(json.dumps(rows))
        return
    table = Table("list", "told", "on it", "suspended", "off", "dropped", "measures", "reported")
    for one in found:
        states = ("noticed", "entered", "suspended", "ended", "dropped")
        counts = [f"{one.states[state]:,}" for state in states]
        total = sum(one.measures.values())
        table.add_row(one.list.list, *counts, f"{total:,}", f"{one.reported:,}")
    Console().print(table)


@command.command("follow")
def follow() -> None:
    """Bring entries in line with the records they rest on, as the worker does every minute."""
    click.echo(f"{listing.follow_listings(now=SystemClock().now())} changed")


@command.command("sync")
def sync() -> None:
    """Write the catalogue's lists into the database, as the first entry of each would."""
    click.echo(f"{listing.sync(SystemClock().now())} new")


@command.command("demo")
@click.option("--each", default=3, show_default=True, type=click.IntRange(1, 20))
def demo(each: int) -> None:
    """Enter some invented enterprises on each list; refused where enterprises are real."""
    codes = [one.code for one in best_known()]
    made = listing.invent_entries(codes, each=each, now=SystemClock().now())
    click.echo(f"{len(made)} entries told or decided")
