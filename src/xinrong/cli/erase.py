"""`xinrong erase`: what the law demands to be erased, with a preview and a certificate."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import click
from rich.progress import Progress

from xinrong.collect.services import (
    ErasureOrder,
    ErasurePreview,
    erase_enterprise,
    erasure_orders,
    finish_erasures,
    preview_erasure,
)
from xinrong.domain.clock import CHINA, SystemClock
from xinrong.subjects.services import enterprise_by_code

REMAINS = {
    "wal": "the server's write-ahead log, until it is recycled",
    "archived_wal": "any archive of that log, until it expires",
    "replicas": "replicas, until they have followed",
    "backups": "backups taken before: `xinrong store forget` gives one up",
}


@click.command("erase")
@click.option("--subject", "code", help="The enterprise's unified social credit code.")
@click.option("--category", default="", help="Only this category; otherwise everything.")
@click.option("--article", help="The article that demands it.")
@click.option("--reason", help="Why, in words without personal data.")
@click.option("--requested", type=click.DateTime(["%Y-%m-%d"]), help="When it was asked for.")
@click.option(
    "--drop",
    "folders",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    multiple=True,
    help="A folder drop whose taken and refused files are searched too. May be repeated.",
)
@click.option("--preview", is_flag=True, help="Say what would be erased. The default.")
@click.option("--yes", is_flag=True, help="Do it.")
@click.option("--now", "at_once", is_flag=True, help="Do not keep replaced parts for readers.")
@click.option("--finish", is_flag=True, help="Remove the bytes of orders that are still open.")
@click.option("--list", "listed", is_flag=True, help="List the orders with their clocks.")
@click.option(
    "--certificates",
    type=click.Path(path_type=Path, file_okay=False),
    help="A folder to write the certificates of finished orders to.",
)
def command(
    code: str | None,
    category: str,
    article: str | None,
    reason: str | None,
    requested: datetime | None,
    folders: tuple[Path, ...],
    preview: bool,
    yes: bool,
    at_once: bool,
    finish: bool,
    listed: bool,
    certificates: Path | None,
) -> None:
    """Erase what is known of an enterprise: from store, quarantine and uploads.

    The records stop being shown at once. Their bytes go when no reader needs the replaced parts
    any more: at once with --now, otherwise with `xinrong erase --finish` an hour later.
    """
    if listed:
        _list()
        return
    if code and preview and yes:
        raise click.UsageError("Give --preview or --yes, not both.")
    if code:
        if not yes:
            enterprise = enterprise_by_code(code).pk
            for line in words(preview_erasure(enterprise, category, folders=folders)):
                click.echo(line)
            click.echo("Nothing was erased. Repeat with --article, --reason and --yes.")
            return
        if not (article and reason):
            raise click.UsageError("Say on which --article and for what --reason.")
        _erase(code, category, article, reason, requested, folders)
    elif not finish:
        raise click.UsageError("Give --subject CODE, --finish or --list.")
    _finish(at_once, certificates)


def _erase(
    code: str,
    category: str,
    article: str,
    reason: str,
    requested: datetime | None,
    folders: tuple[Path, ...],
) -> None:
    order = erase_enterprise(
        enterprise_by_code(code).pk,
        article=article,
        reason=reason,
        clock=SystemClock(),
        category=category,
        requested_at=requested.replace(tzinfo=CHINA) if requested else None,
        folders=folders,
    )
    for line in words(ErasurePreview(**order.counts)):
        click.echo(line)
    click.echo(f"Order {order.pk}: erased at seq {order.seq}; due {order.due_at:%Y-%m-%d}.")


def _finish(at_once: bool, certificates: Path | None) -> None:
    with Progress(transient=True) as bar:
        task = bar.add_task("parts")
        done = finish_erasures(
            clock=SystemClock(),
            at_once=at_once,
            progress=lambda ready, of: bar.update(task, completed=ready, total=of),
        )
    for order in done:
        remains = order.certificate["database"]["remains"]
        click.echo(f"Order {order.pk}: no byte is left in parts and database. What stays:")
        for name in remains:
            click.echo(f"  · {REMAINS[name]}")
        if certificates is not None:
            path = certificates / f"erasure-{order.pk}.json"
            certificates.mkdir(parents=True, exist_ok=True)
            text = json.dumps(order.certificate, ensure_ascii=False, indent=1)
            path.write_text(text + "\n", encoding="utf-8")
            click.echo(f"  certificate: {path}")
    if left := erasure_orders(open_only=True):
        click.echo(
            f"{len(left)} orders wait for readers or a backup to let go of replaced parts: "
            "run `xinrong erase --finish` in an hour."
        )


def words(found: ErasurePreview) -> list[str]:
    """What would be, or was, erased."""
    lines = [f"{count:,} records of {category}" for category, count in found.records.items()]
    lines.append(f"{found.versions:,} rows with all earlier versions")
    lines.append(f"{found.quarantined:,} quarantined rows, {found.uploads:,} open uploads")
    if found.files:
        lines.append(f"{found.files:,} files put aside by folder drops, as a whole")
    if found.names:
        lines.append(f"{found.names} names: the enterprise is a person's, and goes as a whole")
    if found.claims or found.papers:
        lines.append(
            f"{found.claims} rows of claims to represent it, and {found.papers} papers handed in"
        )
    if found.words:
        lines.append(f"{found.words} texts and documents of its cases")
    if found.mentions:
        lines.append(
            f"{found.mentions:,} records of others name it as their counterparty: they stay"
        )
    return lines


def _list() -> None:
    found = erasure_orders()
    for order in found:
        what = f"enterprise {order.enterprise_id} {order.category or 'everything'}"
        click.echo(f"{order.pk}: {what}, {order.article}; {clock_of(order)}")
    if not found:
        click.echo("There is no order.")


def clock_of(order: ErasureOrder) -> str:
    """Requested, due, done."""
    day = "%Y-%m-%d"
    asked = f"requested {order.requested_at.astimezone(CHINA):{day}}"
    due = f"due {order.due_at.astimezone(CHINA):{day}}"
    if order.removed_at is None:
        return f"{asked}, {due}, erased and still to be removed from disk"
    return f"{asked}, {due}, done {order.removed_at.astimezone(CHINA):{day}}"
