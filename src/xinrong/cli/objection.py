"""`xinrong objection`: what is under objection, and what a restore left without its case."""

from __future__ import annotations

import click

from xinrong.domain.clock import SystemClock
from xinrong.remedy import services as remedy


@click.group("objection")
def command() -> None:
    """Objections to records: list them, follow corrections, free what a restore left behind."""


@command.command("list")
def list_them() -> None:
    """Every open objection: its case, its record and where it stands."""
    found = remedy.open_objections()
    for case, one in found:
        due = f", due {case.due_at:%Y-%m-%d}" if case.due_at else ""
        click.echo(f"{case.number} {one.ref} {case.state}{due}")
    click.echo(f"{len(found)} open")


@command.command("follow")
def follow() -> None:
    """Close the cases whose record was corrected or is gone, as the worker does by itself."""
    click.echo(f"{remedy.follow_objections(now=SystemClock().now())} closed")


@command.command("adrift")
def adrift() -> None:
    """Records that are marked or hidden for an objection of which there is no open case.

    A restore repeats every mark and suspension since the backup, and knows nothing of the cases:
    the record stays as it is until somebody has looked and frees it.
    """
    found = remedy.adrift()
    for one in found:
        click.echo(f"{one.category}/{one.key} {one.what} since seq {one.seq}")
    click.echo(f"{len(found)} adrift")


@command.command("free")
@click.argument("record", metavar="CATEGORY/KEY")
@click.option("--reason", required=True, help="Who looked into it, and what was found.")
def free(record: str, reason: str) -> None:
    """Take the mark and the suspension off a record that is adrift."""
    remedy.free(record, reason=reason, now=SystemClock().now())
    click.echo(f"{record} is shown again")
