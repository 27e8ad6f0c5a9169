"""`xinrong store`: check, compact, retract, clean; backups are in `store_backups`."""

from __future__ import annotations

import json
from dataclasses import asdict

import click
from rich.progress import Progress

from xinrong.cli import store_backups
from xinrong.domain.clock import SystemClock
from xinrong.store import services as store


@click.group("store")
def command() -> None:
    """Look after the store."""


@command.command("check")
@click.option("--quick", is_flag=True, help="Sizes and counts only, not every byte.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as one line of JSON.")
def check(quick: bool, as_json: bool) -> None:
    """Prove that ledger, parts and counts agree. Exit status 1 when they do not."""
    report = store.check(deep=not quick)
    if as_json:
        click.echo(json.dumps(asdict(report)))
    else:
        click.echo(
            f"seq {report.seq}: {report.batches} batches, {report.rows:,} rows in {report.parts} "
            f"parts, {report.hot_rows:,} hot rows, {report.live_rows:,} records that count"
        )
        for name in report.orphans:
            click.echo(f"orphan: {name} (harmless; `xinrong store clean` removes it)")
        for fault in report.faults:
            click.echo(f"fault: {fault}")
        click.echo("sound" if not report.faults else f"{len(report.faults)} faults")
    if report.faults:
        raise click.exceptions.Exit(1)


@command.command("compact")
@click.option("--whole", is_flag=True, help="Write the whole store anew, not only what is due.")
def compact(whole: bool) -> None:
    """Fold hot rows and runs into sorted parts. Readers and writers go on meanwhile."""
    with Progress(transient=True) as bar:
        task = bar.add_task("buckets")
        done = store.compact(
            SystemClock().now(),
            lambda ready, of: bar.update(task, completed=ready, total=of),
            whole=whole,
        )
    click.echo(
        f"{done.parts_before} parts and {done.hot_rows:,} hot rows became {done.parts_after} parts "
        f"with {done.rows:,} current and {done.history_rows:,} past rows; {done.parts_kept} parts "
        f"were left as they are (seq {done.seq})"
    )


@command.command("retract")
@click.argument("batch", type=int)
@click.option("--reason", required=True, help="Why; kept with the batch.")
@click.option("--yes", is_flag=True, help="Do it; without this only the preview is shown.")
def retract(batch: int, reason: str, yes: bool) -> None:
    """Take a batch back: its records never counted, what it replaced counts again."""
    preview = store.preview_retraction(batch)
    click.echo(
        f"batch {batch}: {preview.disappear:,} records disappear, {preview.return_again:,} earlier "
        f"ones return, {preview.already_superseded:,} were replaced by later batches anyway"
    )
    if not yes:
        click.echo("Nothing was changed. Repeat with --yes to retract it.")
        return
    seq = store.retract_batch(batch, reason, SystemClock().now())
    click.echo(f"retracted at seq {seq}")


@command.command("clean")
def clean() -> None:
    """Delete parts replaced over an hour ago, and files that no ledger row names."""
    now = SystemClock().now()
    click.echo(f"{store.remove_replaced(now)} replaced parts deleted")
    click.echo(f"{store.remove_orphans(now)} orphans deleted")


for one in store_backups.COMMANDS:
    command.add_command(one)
