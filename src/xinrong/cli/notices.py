"""`xinrong notices`: what waits to be sent, what could not be, sending it again."""

from __future__ import annotations

import json

import click
from rich.console import Console
from rich.table import Table

from xinrong.domain.clock import CHINA, SystemClock
from xinrong.notices import services as notices

SHOWN = 30


@click.group("notices")
def command() -> None:
    """Messages that leave the platform: e-mail and SMS. The worker sends them by itself."""


@command.command("state")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
def state(as_json: bool) -> None:
    """Which channels are set up and work, and how many messages stand where."""
    channels = [str(one) for one in notices.open_channels()]
    found = notices.counted()
    down = {row.channel: row for row in notices.pauses()}
    if as_json:
        click.echo(json.dumps({"channels": channels, "down": sorted(down), "messages": found}))
        return
    if not channels:
        click.echo("no channel is set up: XINRONG_SITE, and XINRONG_MAIL_HOST or XINRONG_SMS_URL")
    for name in sorted({*channels, *found}):
        counts = ", ".join(f"{many:,} {state}" for state, many in sorted(found[name].items())) if (
            name in found
        ) else "nothing yet"  # fmt: skip
        row = down.get(name)
        told = f"; down since {row.since.astimezone(CHINA):%F %T}: {row.detail}" if row else ""
        click.echo(f"{name}: {counts}{told}")


@command.command("run")
def run() -> None:
    """Read what is new in trust and send what is due, once; the worker does it every 30 s."""
    clock = SystemClock()
    told = notices.follow_trust(clock.now())
    done = notices.deliver(clock=clock)
    fates = ", ".join(f"{many:,} {fate}" for fate, many in sorted(done.fates.items()))
    click.echo(f"{told:,} rows of trust read; messages: {fates or 'none due'}")
    for name in done.down:
        click.echo(f"{name} does not work; `xinrong notices state` says why")


@command.command("dead")
@click.option("--limit", default=SHOWN, show_default=True, type=click.IntRange(1, 10_000))
def dead(limit: int) -> None:
    """Messages that were given up: number, channel, kind and why; no names, no addresses."""
    table = Table("message", "made", "channel", "kind", "attempts", "why")
    letters = notices.dead_letters()
    for one in letters[:limit]:
        kind = one.notice.kind if one.notice else "code"
        table.add_row(
            str(one.pk), f"{one.made_at.astimezone(CHINA):%F %H:%M}", one.channel, kind,
            str(one.attempts), f"{one.why} {one.detail}",
        )  # fmt: skip
    Console().print(table)
    click.echo(f"{letters.count():,} dead letters")


@command.command("resend")
@click.argument("number", type=int, required=False)
@click.option("--all", "every", is_flag=True, help="All of them.")
def resend(number: int | None, every: bool) -> None:
    """Queue a dead letter again, or all of them."""
    if every == (number is not None):
        raise click.UsageError("name one message, or say --all")
    now = SystemClock().now()
    if number is not None:
        notices.resend(number, role="operator", now=now)
    many = notices.resend_all(role="operator", now=now) if every else 1
    click.echo(f"{many:,} queued again")
