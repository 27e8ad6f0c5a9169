"""`xinrong synth`: write an invented city."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from xinrong.synth import (
    UNTIL,
    Options,
    Summary,
    write_canonical,
    write_city,
    write_register_changes,
)
from xinrong.synth.city import FORMATS
from xinrong.synth.places import PLACES, TAIZHOU
from xinrong.synth.queries import QueryOptions, write_queries


@click.group("synth", invoke_without_command=True)
@click.option("--out", type=click.Path(path_type=Path), help="Folder to write to.")
@click.option("--seed", default=1, show_default=True, help="Same seed and size: same bytes.")
@click.option("--enterprises", default=10_000, show_default=True, help="From 1,000.")
@click.option("--years", default=3, show_default=True, help="Length of the history.")
@click.option("--faults", default=0.03, show_default=True, help="Share of rows with a mistake.")
@click.option("--format", "form", type=click.Choice(FORMATS), help="Default: mixed up to 5,000.")
@click.option("--until", default=UNTIL.isoformat(), show_default=True, help="Last day.")
@click.option("--rows-per-enterprise", type=float, help="About how many rows; default: all.")
@click.option(
    "--region",
    type=click.Choice(sorted(PLACES)),
    default=TAIZHOU,
    show_default=True,
    help="Where the city lies: its districts, its trades, its feeds.",
)
@click.option("--canonical", is_flag=True, help="Rows as the store takes them, for benchmarks.")
@click.option(
    "--register-days",
    default=0,
    show_default=True,
    type=click.IntRange(0, 90),
    help="Days after the last one of which the register's changes are written, too.",
)
@click.option("--force", is_flag=True, help="Replace a city that lies in the folder.")
@click.pass_context
def command(
    context: click.Context,
    out: Path | None,
    seed: int,
    enterprises: int,
    years: int,
    faults: float,
    form: str | None,
    until: str,
    rows_per_enterprise: float | None,
    region: str,
    canonical: bool,
    register_days: int,
    force: bool,
) -> None:
    """Write an invented city: departments' files, and the truth beside them.

    Every enterprise is invented. The truth is for checking and is never loaded.
    """
    if context.invoked_subcommand:
        return
    if out is None:
        raise click.UsageError("Missing option '--out'.")
    began = time.perf_counter()
    last = day(until)
    with shown_progress(began) as tell:
        if canonical:
            summary = write_canonical(
                out,
                seed,
                enterprises,
                rows_per_enterprise,
                years=years,
                until=last,
                region=region,
                force=force,
                progress=tell,
            )
        else:
            summary = write_city(
                out,
                seed,
                enterprises,
                years=years,
                faults=faults,
                file_format=form or "",
                until=last,
                rows_per_enterprise=rows_per_enterprise,
                region=region,
                force=force,
                progress=tell,
            )
    if register_days:
        options = Options(
            seed, enterprises, years, faults, form or "", last, rows_per_enterprise, region
        )
        for name, rows in write_register_changes(out, options, register_days).items():
            click.echo(f"{name}: {rows} changes", err=True)
    click.echo(json.dumps(report(summary, time.perf_counter() - began), ensure_ascii=False))


@command.command("queries")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder to write to.")
@click.option("--seed", default=1, show_default=True, help="Same seed and size: same bytes.")
@click.option("--users", default=2_480, show_default=True, help="Staff of banks, from 60.")
@click.option("--enterprises", default=120_000, show_default=True, help="To be looked at.")
@click.option("--snoopers", default=0.04, show_default=True, help="Share of users who snoop.")
@click.option("--force", is_flag=True, help="Replace what was generated in the folder before.")
def queries(
    out: Path, seed: int, users: int, enterprises: int, snoopers: float, force: bool
) -> None:
    """Write a year of queries by the staff of banks, with planted snoopers labelled apart."""
    began = time.perf_counter()
    options = QueryOptions(seed, users, enterprises, snoopers)
    summary = write_queries(out, options, force=force)
    seconds = round(time.perf_counter() - began, 2)
    click.echo(json.dumps({**asdict(options), **asdict(summary), "seconds": seconds}))


@contextmanager
def shown_progress(began: float) -> Iterator[Callable[[int, int, int], None]]:
    """A bar on standard error with rows, rate and time left."""
    columns = (
        BarColumn(),
        TextColumn("{task.fields[speed]}"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("", total=None, speed="", visible=False)

        def tell(done: int, total: int, rows: int) -> None:
            rate = rows / (time.perf_counter() - began)
            speed = f"{done:,}/{total:,}  {rows:,} rows  {rate:,.0f} rows/s"
            bar.update(task, completed=done, total=total, speed=speed, visible=True)

        yield tell


def day(text: str) -> date:
    """A day written 2026-10-31. Raises click.BadParameter."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(
            f"{text} is no day; write 2026-10-31", param_hint="--until"
        ) from None


def report(summary: Summary, seconds: float) -> dict[str, object]:
    """The last line of the command."""
    content = asdict(summary)
    content["files"] = len(summary.files)
    content["feeds"] = len(summary.rows_per_feed)
    return {
        **content,
        "seconds": round(seconds, 2),
        "rows_per_s": round(summary.rows / max(seconds, 1e-9)),
    }
