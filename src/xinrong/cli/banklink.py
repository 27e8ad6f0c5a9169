"""`xinrong link`: the links to banks' own systems."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click

from xinrong.domain.clock import SystemClock, day_in_china
from xinrong.market.services import linking

OURS, THEIRS = linking.Direction.OURS, linking.Direction.THEIRS
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("link")
def command() -> None:
    """Links to banks' own systems: add one, see how it stands, send dead letters again."""


@command.command()
@click.argument("file", type=FILE)
def add(file: Path) -> None:
    """Open the link that FILE (YAML) describes, with a secret for each direction."""
    link = linking.open_link(linking.read_config(file), now=SystemClock().now())
    click.echo(f"link {link.name} of {link.organisation.name} → {link.url}")
    for key in link.keys.order_by("pk"):
        whose = "the platform" if key.direction == OURS else "the bank"
        click.echo(f"  {whose} signs with the secret in {key.file}")
    click.echo("Give both secrets to the bank over a safe way, and this address:")
    click.echo(f"  …/api/v1/bank-link/{link.name}/messages")


@command.command()
@click.argument("file", type=FILE)
def change(file: Path) -> None:
    """Make the link of that name what FILE says now; its secrets stay."""
    link = linking.change_link(linking.read_config(file))
    click.echo(f"link {link.name} → {link.url}")


@command.command("list")
def list_links() -> None:
    """Every link, and how it stands."""
    now, shown = SystemClock().now(), False
    for link in linking.links():
        shown = True
        if link.closed_at is not None:
            click.echo(f"{link.name}  {link.organisation.name}  closed {link.closed_at:%Y-%m-%d}")
            continue
        health = linking.health_of(link, now=now)
        failing = f", failing since {link.failing_since:%m-%d %H:%M}" if link.failing_since else ""
        click.echo(
            f"{link.name}  {link.organisation.name}  waiting {health.waiting}, "
            f"dead letters {health.dead}, parked {health.parked}, refused {health.refused}, "
            f"differences {health.differences}{failing}"
        )
    if not shown:
        click.echo("No bank's system is linked. docs/how-to/connect-a-bank.md says how.")


@command.command()
@click.argument("name")
def close(name: str) -> None:
    """End a link: nothing is sent or taken any more."""
    link = linking.close_link(name, now=SystemClock().now())
    click.echo(f"link {link.name} is closed; its secrets have ended")


@command.command()
@click.argument("name")
@click.option(
    "--whose",
    type=click.Choice(["platform", "bank"]),
    required=True,
    help="Whose secret is renewed.",
)
@click.option("--file", "file", type=FILE, help="The new secret; one is made without.")
@click.option(
    "--days",
    default=1,
    show_default=True,
    type=click.IntRange(0, 7),
    help="How long the old one goes on beside it.",
)
def rotate(name: str, whose: str, file: Path | None, days: int) -> None:
    """Put a new secret in force; the old one ends after some days."""
    key = linking.rotate(
        linking.link_named(name),
        OURS if whose == "platform" else THEIRS,
        file,
        overlap=timedelta(days=days),
        now=SystemClock().now(),
    )
    click.echo(f"the {whose} signs with the secret in {key.file}")  # fmt: skip


@command.command()
@click.argument("name")
def send(name: str) -> None:
    """Send what waits for a bank now, and not when its pause is over."""
    link = linking.link_named(name)
    linking.hurry(link, now=SystemClock().now())
    click.echo(f"{linking.send_due(SystemClock())} messages arrived")


@command.command()
@click.argument("name", required=False)
@click.option("--resend", is_flag=True, help="Send all of them again.")
def dead(name: str | None, resend: bool) -> None:
    """Messages that were given up."""
    link = linking.link_named(name) if name else None
    rows = list(linking.dead_letters(link))
    for row in rows:
        about = row.conversation.application if row.conversation else "-"
        click.echo(f"{row.pk}  {row.link.name}  {row.type}  {about}  {row.error}")
    if resend:
        for each in {row.link for row in rows}:
            linking.resend_all(each, now=SystemClock().now())
        click.echo(f"{len(rows)} messages wait to be sent again")
    elif not rows:
        click.echo("There are none.")


@command.command()
@click.argument("name", required=False)
def differences(name: str | None) -> None:
    """What the platform's ledger and a bank's do not share; 1 where there is anything."""
    rows = list(linking.open_differences(linking.link_named(name) if name else None))
    for row in rows:
        click.echo(
            f"{row.day}  {row.link.name}  {row.application}  {row.what}: "
            f"here {row.ours or '-'}, there {row.theirs or '-'}"
        )
    click.echo(f"{len(rows)} differences")
    if rows:
        click.get_current_context().exit(1)


@command.command()
@click.argument("name")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="Yesterday unless named.")
def ledger(name: str, day: Any) -> None:
    """Send a bank the platform's ledger of a day; its own comes in answer."""
    now = SystemClock().now()
    wanted: date = day.date() if day else day_in_china(now) - timedelta(days=1)
    parts = linking.send_ledger(linking.link_named(name), wanted, now=now)
    click.echo(f"{parts} parts of {wanted} wait to be sent")


@command.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def conform(words: tuple[str, ...]) -> None:
    """Test a bank's address rule by rule: URL --key-file FILE --name LINK."""
    start(["banksim.conform", *words])


def start(words: list[str]) -> None:
    """The simulator is a program of its own, and runs as one."""
    done = subprocess.run([sys.executable, "-m", *words], check=False)  # noqa: S603 - ours
    click.get_current_context().exit(done.returncode)
