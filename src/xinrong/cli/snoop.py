"""`xinrong snoop`: staff who look where they have no business: judge, list, show."""

from __future__ import annotations

import json
from dataclasses import asdict

import click
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from xinrong.domain.clock import CHINA, SystemClock
from xinrong.trust.services import snooping

SHOWN = 30


@click.group("snoop")
def command() -> None:
    """Alerts about looks that need a reason; the compliance officer decides them on the page."""


@command.command("run")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as one line of JSON.")
def run(as_json: bool) -> None:
    """Judge every week that is due: two weeks after it ended. The worker does the same each day."""
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("weeks", total=None)
        done = snooping.judge_due(
            clock=SystemClock(),
            progress=lambda monday: bar.update(task, description=f"week of {monday}"),
        )
    if as_json:
        click.echo(json.dumps(asdict(done)))
        return
    click.echo(
        f"{done.weeks:,} weeks judged, {done.raised:,} alerts raised, evidence added to "
        f"{done.grew:,}"
    )


@command.command("list")
@click.option("--state", type=click.Choice(snooping.AlertState.values), help="Only these.")
@click.option("--limit", default=SHOWN, show_default=True, type=click.IntRange(1, 10_000))
def list_alerts(state: str | None, limit: int) -> None:
    """How many alerts each institution has, and the newest: numbers and states, no evidence."""
    table = Table("alert", "raised", "institution", "weeks", "score", "reasons", "state")
    found = snooping.SnoopAlert.objects.select_related("institution").order_by("-raised_at", "-pk")
    if state:
        found = found.filter(state=state)
    for alert in found[:limit]:
        table.add_row(
            str(alert.pk), f"{alert.raised_at.astimezone(CHINA):%Y-%m-%d}",
            alert.institution.name, f"{alert.first_day} – {alert.last_day}",
            f"{alert.score:.1f}", ", ".join(one["rule"] for one in alert.reasons), alert.state,
        )  # fmt: skip
    Console().print(table)
    click.echo(f"{found.count():,} alerts")


@command.command("show")
@click.argument("number", type=int)
def show(number: int) -> None:
    """Why an alert was raised, and what was done with it. The looks themselves are on the page.

    Whoever runs this command is the operator: the evidence about an institution's staff is for that
    institution's compliance officer, so no look and no name is printed here.
    """
    alert = snooping.SnoopAlert.objects.filter(pk=number).select_related("institution").first()
    if alert is None:
        raise snooping.UnknownAlert(
            f"there is no alert number {number}", remedy="`xinrong snoop list` shows them."
        )
    click.echo(
        f"alert {alert.pk}: person {alert.person_id} of {alert.institution.name}, "
        f"{alert.first_day} to {alert.last_day}, score {alert.score:.1f}, {alert.state}"
    )
    for reason in snooping.reasons_of(alert):
        click.echo(f"- {reason.title.en}: {reason.words.en} ({len(reason.rows)} audit rows)")
    for act in snooping.acts_of(alert):
        by = f" by person {act.by_id}" if act.by_id else ""
        click.echo(f"{act.at.astimezone(CHINA):%Y-%m-%d %H:%M} {act.act} {act.state}{by}")
