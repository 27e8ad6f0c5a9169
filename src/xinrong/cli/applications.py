"""`xinrong applications`: desks of lenders, and deals that are stuck."""

from __future__ import annotations

import json

import click
from django.conf import settings

from xinrong.domain.clock import SystemClock, day_in_china
from xinrong.market.services import applying
from xinrong.work.services import Case


@click.group("applications")
def command() -> None:
    """Open lenders' desks; list deals that are late."""


@command.command("desks")
def desks() -> None:
    """Make an organisation for every lender of the region's products that has none yet."""
    for made in applying.open_desks(settings.REGION):
        click.echo(f"{made.reference}  {made.name}")


@command.command("stuck")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each.")
def stuck(as_json: bool) -> None:
    """Applications that a lender has not answered in time, the longest first."""
    today = day_in_china(SystemClock().now())
    late = Case.objects.filter(process=applying.NAME, state__in=sorted(applying.OVERDUE))
    for case in late.order_by("entered_at", "pk"):
        since = day_in_china(case.entered_at) if case.entered_at else today
        told = {
            "number": case.number,
            "state": case.state,
            "product": case.data.get("product", ""),
            "since": since.isoformat(),
            "days": (today - since).days,
        }
        if as_json:
            click.echo(json.dumps(told, ensure_ascii=False))
        else:
            click.echo("  ".join(str(value) for value in told.values()))
