"""`xinrong subjects`: who is who; decisions on identity, with a preview of what moves."""

from __future__ import annotations

import time
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from xinrong.collect import services as collect
from xinrong.domain.clock import SystemClock
from xinrong.subjects import services as subjects

BY = click.option("--by", required=True, help="Who decides; kept with the decision.")
WHY = click.option("--why", required=True, help="Why; kept with the decision.")
YES = click.option("--yes", is_flag=True, help="Do it; without this only the preview is shown.")


@click.group("subjects")
def command() -> None:
    """Say who is who: merge, split, undo, and the decisions there are."""


@command.command("show")
@click.argument("code")
def show(code: str) -> None:
    """The enterprise that answers for CODE, and the subjects that it is."""
    enterprise = subjects.enterprise_by_code(code)
    click.echo(f"{enterprise}: answers for {', '.join(answered(enterprise.pk))}")
    table = Table("subject", "key", "name as sent")
    for subject in subjects.subjects_as_sent(enterprise.pk):
        table.add_row(str(subject.pk), subject.key, subject.name)
    Console().print(table)


@command.command("merge")
@click.argument("absorbed")
@click.argument("survivor")
@BY
@WHY
@YES
def merge(absorbed: str, survivor: str, by: str, why: str, yes: bool) -> None:
    """Decide that the enterprise with the code ABSORBED is the one with the code SURVIVOR."""
    source = subjects.enterprise_of_code(absorbed).pk
    target = subjects.enterprise_of_code(survivor).pk
    tell(subjects.preview_merge(source, target))
    if confirmed(yes):
        done(subjects.merge(source, target, by=by, why=why, at=SystemClock().now()))


@command.command("split")
@click.argument("numbers", nargs=-1, type=int, required=True, metavar="SUBJECT...")
@click.option("--to", "code", required=True, help="Code of the enterprise to which they belong.")
@click.option("--new-name", help="Its name, when no enterprise with that code is known yet.")
@BY
@WHY
@YES
def split(
    numbers: tuple[int, ...], code: str, new_name: str | None, by: str, why: str, yes: bool
) -> None:
    """Decide that the subjects with these numbers belong to another enterprise.

    `xinrong subjects show CODE` lists the subjects of an enterprise with their numbers.
    """
    target: int | subjects.NewEnterprise
    if new_name is None:
        target = subjects.enterprise_of_code(code).pk
    else:
        target = subjects.NewEnterprise(code, new_name)
    tell(subjects.preview_split(numbers, target))
    if confirmed(yes):
        done(subjects.split(numbers, target, by=by, why=why, at=SystemClock().now()))


@command.command("undo")
@click.argument("decision", type=int)
@BY
@WHY
@YES
def undo(decision: int, by: str, why: str, yes: bool) -> None:
    """Take the merge or split with the number DECISION back."""
    tell(subjects.preview_undo(decision))
    if confirmed(yes):
        done(subjects.undo(decision, by=by, why=why, at=SystemClock().now()))


@command.command("decisions")
@click.option("--of", "code", help="Only those that concern the enterprise with this code.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 10_000))
def decisions(code: str | None, limit: int) -> None:
    """The decisions on identity, newest first."""
    enterprise = subjects.enterprise_of_code(code).pk if code else None
    table = Table("number", "seq", "day", "kind", "from", "to", "by", "why", "undone by")
    for one in subjects.decisions_of(enterprise)[:limit]:
        undone = str(one.undone_by_id) if one.undone_by_id else ""
        sides = [str(side) if side else "nobody" for side in (one.source, one.target)]
        day = f"{one.at:%Y-%m-%d}"
        table.add_row(str(one.pk), str(one.seq), day, one.kind, *sides, one.by, one.why, undone)
    Console().print(table)


def answered(enterprise: int) -> list[str]:
    """The codes for which it answers; a hint when there is none."""
    return subjects.codes_of_enterprise(enterprise) or ["no code"]


def tell(preview: subjects.Preview) -> None:
    """What moves, and how many records go along."""
    for move in preview.moves:
        source, target = (str(side) if side else "nobody" for side in (move.source, move.target))
        click.echo(f"subject {move.subject.pk} {move.subject}: {source} -> {target}")
    for category, records in preview.records.items():
        click.echo(f"  {records:,} records of {category}")
    if not preview.records:
        click.echo("  no records")


def confirmed(yes: bool) -> bool:
    """Whether to go on; says how when not."""
    if not yes:
        click.echo("Nothing was changed. Repeat with --yes to decide so.")
    return yes


def done(decision: subjects.Decision) -> None:
    """The number by which a decision is undone."""
    click.echo(f"decision {decision.pk}: {decision.kind} at seq {decision.seq}")


@command.command("index")
def index() -> None:
    """Make the index of names for search anew. The platform does so by itself when it is due."""
    started = time.monotonic()
    names = subjects.index_names()
    click.echo(f"{names:,} names indexed in {time.monotonic() - started:.1f} s")


@command.group("register")
def register() -> None:
    """Files of the business register: take one in, see who is missing and what changed."""


@register.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--feed", required=True, help="Name of the register feed.")
@click.option("--accept-missing", is_flag=True, help="Take it in whomever it lacks.")
@click.option("--by", default="", help="With --accept-missing: who looked at the file.")
@click.option("--why", default="", help="With --accept-missing: why it is right.")
def load(file: Path, feed: str, accept_missing: bool, by: str, why: str) -> None:
    """Take FILE in: all enterprises or what changed, as the feed and the file say.

    A full file that lacks too many enterprises is refused with how many and some names. When it
    is right all the same, say so with --accept-missing: that holds for these very bytes.
    """
    clock = SystemClock()
    if accept_missing:
        if not by.strip() or not why.strip():
            raise click.UsageError("--accept-missing needs --by and --why: both are kept.")
        digest, _ = collect.digest_of(file)
        collect.accept_missing(feed, digest, by=by, why=why, at=clock.now())
    done = collect.collect_file(file, feed, clock=clock)
    click.echo(
        f"batch {done.batch}: {done.rows_in:,} rows = {done.accepted:,} accepted + "
        f"{done.quarantined:,} quarantined + {done.duplicates:,} duplicates, "
        f"{done.seconds:.2f} s"
    )
    for note in done.notes:
        click.echo(f"  {note['en']}")


@register.command("missing")
@click.argument("batch", type=int)
def missing(batch: int) -> None:
    """Enterprises that the full file of BATCH no longer had; none of them was removed."""
    named = subjects.names_of_subjects(collect.missing_of(batch))
    for code, name in named.values():
        click.echo(f"{code} {name}")
    click.echo(f"{len(named):,} enterprises")


@register.command("changes")
@click.argument("code")
def changes(code: str) -> None:
    """What the register said anew of the enterprise with CODE, oldest first."""
    enterprise = subjects.enterprise_of_code(code)
    since = f" on {enterprise.cancelled_on}" if enterprise.cancelled_on else ""
    click.echo(
        f"{enterprise}: {enterprise.kind}" + (f", cancelled{since}" if enterprise.cancelled else "")
    )
    for said in subjects.register_changes(enterprise.pk):
        click.echo(
            f"  seq {said.seq}, {said.day or 'undated'}: {said.what} {said.before} -> {said.after}"
        )
