"""`xinrong register`: what the register said when, who followed whom, codes and size classes."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import click
from django.conf import settings
from rich.console import Console
from rich.table import Table

from xinrong.catalogue.region import Region, load_region
from xinrong.cli.counts import print_register
from xinrong.domain.clock import SystemClock
from xinrong.domain.standards.industries import industry
from xinrong.domain.standards.regions import region
from xinrong.domain.standards.size import WORDS, size_class
from xinrong.subjects import services as subjects

BY = click.option("--by", required=True, help="Who decides; kept with the succession.")
WHY = click.option("--why", required=True, help="Why; kept with the succession.")
DAY = click.DateTime(["%Y-%m-%d"])


class Yuan(click.ParamType[Decimal]):
    """An amount in yuan, exact."""

    name = "yuan"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Decimal:
        """The text as a Decimal; commas between digits are allowed."""
        try:
            return Decimal(str(value).replace(",", ""))
        except InvalidOperation:
            self.fail(f"{value!r} is no amount", param, ctx)


@click.group("register")
def command() -> None:
    """What the register said when, who followed whom, codes of the standards, size classes."""


@command.command("history")
@click.argument("code")
@click.option("--seq", type=int, help="As known at this commit; now if left out.")
def history(code: str, seq: int | None) -> None:
    """Names, kinds and standing of the enterprise with CODE, and of whom it follows."""
    enterprise = subjects.enterprise_of_code(code)
    joined = subjects.predecessors_of(enterprise.pk, seq=seq)
    for one in (enterprise, *(each.enterprise for each in joined)):
        click.echo(str(one))
        for event in subjects.history_of(one.pk, seq=seq):
            told = " -> ".join(part for part in (event.before, event.after) if part)
            click.echo(f"  seq {event.seq}, {event.day or 'undated'}: {event.what} {told}")


@command.command("successions")
@click.option("--of", "code", help="Only those that concern the enterprise with this code.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 10_000))
def successions(code: str | None, limit: int) -> None:
    """Who followed whom, newest first; those taken back as well."""
    enterprise = subjects.enterprise_of_code(code).pk if code else None
    table = Table("number", "kind", "on", "from", "to", "by", "why", "source", "taken back by")
    for one in subjects.successions_of(enterprise)[:limit]:
        sides = (str(one.predecessor), str(one.successor))
        day = str(one.on or "")
        table.add_row(
            str(one.pk), one.kind, day, *sides, one.by, one.why, one.source, one.undone_by
        )
    Console().print(table)


@command.command("succeed")
@click.argument("before")
@click.argument("after")
@click.option("--kind", required=True, type=click.Choice(subjects.SuccessionKind.values))
@click.option("--on", type=DAY, help="The day from which it holds, where it is known.")
@BY
@WHY
def succeed(before: str, after: str, kind: str, on: datetime | None, by: str, why: str) -> None:
    """Say that the enterprise with the code AFTER follows the one with the code BEFORE."""
    made = subjects.record_succession(
        subjects.enterprise_of_code(before).pk,
        subjects.enterprise_of_code(after).pk,
        kind=kind,
        on=on.date() if on else None,
        by=by,
        why=why,
        at=SystemClock().now(),
    )
    click.echo(f"{made}, at seq {made.from_seq}")


@command.command("undo")
@click.argument("number", type=int)
@BY
@WHY
def undo(number: int, by: str, why: str) -> None:
    """Take the succession with that NUMBER back."""
    done = subjects.undo_succession(number, by=by, why=why, at=SystemClock().now())
    click.echo(f"{done}: taken back at seq {done.to_seq}")


@command.command("read")
def read() -> None:
    """Bring the successions that records tell up to date; what people took back stays so."""
    done = subjects.read_successions(_pack(), at=SystemClock().now())
    click.echo(
        f"{done.told:,} records tell a succession: {done.recorded:,} recorded, "
        f"{done.taken_back:,} taken back, {len(done.refused):,} refused, "
        f"{done.nobody:,} with a side that is not known"
    )
    for reason in done.refused:
        click.echo(f"  {reason}")


@command.command("counts")
@click.option("--measure", type=click.Choice(["new", "converted"]), default="new")
@click.option(
    "--by", multiple=True, type=click.Choice(subjects.REGISTER_DIMENSIONS), help="One or two."
)
@click.option("--year", type=int, help="The months of one year; all years if left out.")
@click.option("--as-of", type=DAY, help="Events until the last whole month before that day.")
@click.option("--as", "email", help="As the account with this e-mail sees them; else the public.")
@click.option("--exact", is_flag=True, help="For the operator: exact, by region and month.")
@click.option("--from", "first", type=DAY, help="With --exact: the first day.")
@click.option("--to", "last", type=DAY, help="With --exact: the last day.")
def counts(
    measure: str,
    by: tuple[str, ...],
    year: int | None,
    as_of: datetime | None,
    email: str | None,
    exact: bool,
    first: datetime | None,
    last: datetime | None,
) -> None:
    """New enterprises and conversions as CSV: as they are published, or exactly (--exact)."""
    if len(by) > 2:
        raise click.UsageError("Give --by once or twice.")
    if not exact and (first or last):
        raise click.UsageError("--from and --to go with --exact; else give --year or --as-of.")
    if not exact:
        print_register(measure, by, year, as_of, email)
        return
    if first is None or last is None:
        raise click.UsageError("--exact needs --from and --to.")
    click.echo("region,name,month,new,companies,sole_traders,converted,cancelled")
    for one in subjects.register_counts(_pack(), first.date(), last.date()):
        name = region(one.region, one.month).full_name
        figures = (one.new, one.companies, one.sole_traders, one.converted, one.cancelled)
        cells = (one.region, name, f"{one.month:%Y-%m}", *map(str, figures))
        click.echo(",".join(cells))


@command.command("code")
@click.argument("codes", nargs=-1, required=True)
@click.option("--on", type=DAY, help="By the version of that day; the newest if left out.")
def code(codes: tuple[str, ...], on: datetime | None) -> None:
    """What CODES mean: six digits or more are a region, all else an industry."""
    for one in codes:
        day: date | None = on.date() if on else None
        found = region(one, day) if one.isdigit() and len(one) >= 6 else industry(one, day)
        click.echo(f"{one}: {' / '.join(found.names) or 'unknown'}")
        if found.note is not None:
            click.echo(f"  {found.note.en} {found.note.zh}")


@command.command("size")
@click.argument("industry_code")
@click.option("--staff", type=click.IntRange(min=0))
@click.option("--revenue", type=Yuan(), help="Of a year, in yuan.")
@click.option("--assets", type=Yuan(), help="Total assets, in yuan.")
@click.option("--on", type=DAY, help="By the standard of that day; the newest if left out.")
def size(
    industry_code: str,
    staff: int | None,
    revenue: Decimal | None,
    assets: Decimal | None,
    on: datetime | None,
) -> None:
    """Large, medium, small or micro by the 2017 standard, and why."""
    found = size_class(industry_code, staff, revenue, assets, on.date() if on else None)
    words = WORDS[found.value]
    click.echo(f"{words.zh} {words.en}")
    click.echo(found.why.zh)
    click.echo(found.why.en)
    if found.missing:
        click.echo(f"missing: {', '.join(found.missing)}")
    if found.article:
        click.echo(found.article)


def _pack() -> Region:
    return load_region(settings.REGION)
