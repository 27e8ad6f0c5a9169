"""`xinrong quality`: the figures, what to mend first, the alarms; watch for silence."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import click
from django.conf import settings

from xinrong.catalogue.region import load_region
from xinrong.cli.terminal import language_of_terminal
from xinrong.collect.services import find_feed, quality
from xinrong.domain.clock import Clock, SystemClock, day_in_china

MENDINGS = 5


@click.group("quality", invoke_without_command=True)
@click.option("--feed", default="", help="Only this feed.")
@click.option("--days", default=28, show_default=True, help="Received in so many days.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as one line of JSON.")
@click.pass_context
def command(context: click.Context, feed: str, days: int, as_json: bool) -> None:
    """How good what the departments sent is, and what to mend first."""
    if context.invoked_subcommand:
        return
    if feed:
        find_feed(load_region(settings.REGION), feed)
    today = day_in_china(SystemClock().now())
    scope = quality.Scope(today - timedelta(days=max(days, 1) - 1), today, feed=feed)
    content = content_of(scope)
    if as_json:
        click.echo(json.dumps(content, ensure_ascii=False, default=str))
        return
    for line in lines_of(scope, language_of_terminal()):
        click.echo(line)


@command.command("watch")
@click.option("--json", "as_json", is_flag=True, help="Print the open alarms as JSON.")
def watch(as_json: bool) -> None:
    """Open and close the alarms of silence, and count the coverage once a day. Run it hourly."""
    run_watch(SystemClock(), as_json=as_json)


def run_watch(clock: Clock, *, as_json: bool) -> None:
    """What `xinrong quality watch` does at the moment of a clock."""
    found = quality.watch(load_region(settings.REGION), clock=clock)
    quality.refresh_coverage(clock=clock)
    alarms = [as_alarm(one) for one in found]
    if as_json:
        click.echo(json.dumps(alarms, ensure_ascii=False, default=str))
        return
    click.echo(f"{len(alarms)} alarms are open.")
    for one in alarms:
        place = f" {one['field']}" if one["field"] else ""
        click.echo(f"  {one['kind']}{place}: {one['feed']}, since {one['opened_at']:%Y-%m-%d}")


def content_of(scope: quality.Scope) -> dict[str, Any]:
    """Everything about a scope as plain data."""
    return {
        "first": scope.first,
        "last": scope.last,
        "total": asdict(quality.figures_of(scope)),
        "before": asdict(quality.figures_of(scope.before())),
        "feeds": {key[0]: asdict(one) for key, one in quality.figures_by(scope, "feed").items()},
        "fields": [asdict(one) for one in quality.field_figures(scope)],
        "rules": [asdict(one) for one in quality.rule_figures(scope)],
        "mend": [asdict(one) for one in quality.what_to_mend(scope, MENDINGS)],
        "alarms": [as_alarm(one) for one in quality.open_alarms(feed=scope.feed)],
    }


def as_alarm(one: Any) -> dict[str, Any]:
    """An alarm as plain data."""
    names = ("feed", "department", "kind", "field", "figures", "opened_at", "acknowledged_at")
    return {"number": one.pk, **{name: getattr(one, name) for name in names}}


def percent(part: float | None) -> str:
    """A share for reading; a dash where there is none."""
    return "—" if part is None else f"{part:.1%}"


def lines_of(scope: quality.Scope, language: str) -> list[str]:
    """The same in words: a line for each feed, then what to mend first."""
    zh = language == "zh"
    gains = quality.mendable(scope)
    lines = [f"{scope.first} – {scope.last}"]
    words = (
        "  {feed}：收到 {one.rows_in:,} 行，合格 {valid}，可修复 {gain:,} 行，平均时滞 {lag} 天"
        if zh
        else "  {feed}: {one.rows_in:,} rows in, {valid} valid, {gain:,} to gain by mending, "
        "{lag} days behind the event"
    )
    figures = quality.figures_by(scope, "feed")
    for (feed,), one in sorted(figures.items(), key=lambda pair: -gains.get(pair[0][0], 0)):
        lag = "—" if one.mean_lag is None else f"{one.mean_lag:.1f}"
        gain = gains.get(feed, 0)
        lines.append(
            words.format(feed=feed, one=one, valid=percent(one.validity), gain=gain, lag=lag)
        )
    mend = quality.what_to_mend(scope, MENDINGS)
    if mend:
        lines.append("先修复：" if zh else "Mend first:")
    for row in mend:
        reason = row.reason.in_language("zh-hans" if zh else "en")
        lines.append(f"  {row.sole:,} × {row.feed} {row.field} {row.rule}: {reason}")
    for alarm in quality.open_alarms(feed=scope.feed):
        opened = f"{alarm.opened_at:%Y-%m-%d}"
        lines.append(f"  ! {alarm.feed} {alarm.kind} {alarm.field} ({opened})")
    return lines
