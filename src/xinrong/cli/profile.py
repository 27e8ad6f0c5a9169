"""`xinrong profile`: the indicators of every enterprise, made in batch and kept up with commits."""

from __future__ import annotations

import json
import time
from datetime import date, datetime

import click
from django.conf import settings
from rich.console import Console
from rich.table import Column, Table

from xinrong.domain.clock import SystemClock, day_in_china
from xinrong.profiles.services import (
    aside,
    build_profile,
    catch_up,
    columns,
    criteria,
    current_batch,
    keep_up,
    load_indicators,
    retry_all,
    waiting,
)
from xinrong.rating.services import keep_grades

#: Seconds between looks of `watch`.
PAUSE = 0.5
#: Enterprises set aside that `show` names.
MOST_TOLD = 20

AS_OF = click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day on which windows end; today in China when left out.",
)
LANGUAGE = click.option("--language", type=click.Choice(["zh", "en"]), default="zh")


@click.group("profile")
def command() -> None:
    """Indicators: `list` them, `build` the profile of all, `show` a batch, `watch`, `retry`."""


def day_of(given: datetime | None) -> date:
    """The day asked for, or today in China."""
    return given.date() if given else day_in_china(SystemClock().now())


@command.command("build")
@AS_OF
def build(as_of: datetime | None) -> None:
    """Compute every indicator of every enterprise and switch to the result."""
    made = build_profile(SystemClock().now(), day_of(as_of))
    click.echo(
        f"{made.rows:,} enterprises × {len(columns())} indicators as of {made.as_of}, seq"
        f" {made.seq}, in {made.seconds:.1f} s"
    )


@command.command("list")
@click.option("--family", default="", help="Only this family.")
@click.option("--json", "as_json", is_flag=True, help="Everything, for programs.")
@LANGUAGE
def listed(family: str, as_json: bool, language: str) -> None:
    """Every indicator: unit, window, the category it reads, share class and level."""
    chosen = [one for one in columns().values() if family in ("", one.family)]
    if family and not chosen:
        known = ", ".join(load_indicators(settings.REGION).families)
        raise click.BadParameter(f"there is no family {family!r}; there are {known}")
    tongue = "zh-hans" if language == "zh" else "en"
    if as_json:
        click.echo(json.dumps([_as_data(one) for one in chosen], ensure_ascii=False, indent=1))
        return
    name = Column("indicator", no_wrap=True)  # it is what rules say: never cut
    table = Table(name, "what", "unit", "window", "category", "shared", "level")
    for one in chosen:
        title = one.title.in_language(tongue)
        table.add_row(
            one.name, title, one.unit, one.window, one.category, one.share, str(one.level)
        )
    Console().print(table)
    click.echo(f"{len(chosen)} indicators")


def _as_data(one: object) -> dict[str, object]:
    names = ("name", "sql_type", "unit", "direction", "family", "category", "window", "share")
    found: dict[str, object] = {name: str(getattr(one, name)) for name in names}
    for name in ("title", "definition"):
        text = getattr(one, name)
        found[name] = {"zh": text.zh, "en": text.en}
    found["level"] = getattr(one, "level")  # noqa: B009 - one of several, by name
    return found


@command.command("show")
def show() -> None:
    """The batch that is read now: as of which day and seq, and what waits to be looked at."""
    batch = current_batch()
    if batch is None:
        click.echo("no profile of all enterprises: run `xinrong profile build`")
        return
    click.echo(
        f"{batch.rows:,} enterprises as of {batch.as_of}, seq {batch.seq}, built"
        f" {batch.built_at:%Y-%m-%d %H:%M} UTC in {batch.seconds:.1f} s ({batch.name})"
    )
    click.echo(f"{waiting():,} enterprises wait")
    kept = aside()
    if not kept:
        return
    click.echo(f"{len(kept):,} set aside, as they cannot be computed; `xinrong profile retry`:")
    for one in kept[:MOST_TOLD]:
        click.echo(
            f"  enterprise {one.enterprise}: {one.reason} ({one.tries} tries since"
            f" {one.first_at:%Y-%m-%d %H:%M}, the next at {one.again_at:%Y-%m-%d %H:%M} UTC)"
        )
    if len(kept) > MOST_TOLD:
        click.echo(f"  and {len(kept) - MOST_TOLD:,} more")


@command.command("retry")
@AS_OF
def retry(as_of: datetime | None) -> None:
    """Try the enterprises that were set aside again, now."""
    now = SystemClock().now()
    tried = retry_all(now)
    catch_up(day_of(as_of), now)
    click.echo(f"{tried:,} tried, {len(aside()):,} still cannot be computed")


@command.command("watch")
@AS_OF
@click.option("--once", is_flag=True, help="Catch up and end.")
def watch(as_of: datetime | None, once: bool) -> None:
    """Keep profiles up with commits, until told to stop (Ctrl+C).

    Where the day has changed since the batch, or too many enterprises wait, it makes a batch.
    """
    while True:
        done, whole = keep_up(SystemClock().now(), day_of(as_of))
        criteria.ask_events(day_of(as_of))
        keep_grades(SystemClock().now())
        if done:
            click.echo(f"{done:,} profiles{' in a new batch' if whole else ''}")
        if once:
            return
        time.sleep(PAUSE)
