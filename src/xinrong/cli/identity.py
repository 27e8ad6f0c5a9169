"""`xinrong identity`: names that came without a code: link them, judge what is unsure, undo."""

from __future__ import annotations

import json
import uuid
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from xinrong.domain.clock import SystemClock
from xinrong.domain.errors import XinrongError
from xinrong.subjects.services import judging

BY = click.option("--by", required=True, help="Who judges; kept with the judgement.")
WHY = click.option("--why", required=True, help="Why; kept with the judgement.")
SHOWN = 20


@click.group("identity")
def command() -> None:
    """Names that came without a code: whom they mean, and what people judged of them."""


@command.command("link")
@click.option("--dry-run", is_flag=True, help="Only say what would be linked.")
@click.option("--everybody", is_flag=True, help="Look again at all who wait, not at what is new.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as one line of JSON.")
def link(dry_run: bool, everybody: bool, as_json: bool) -> None:
    """Resolve the names that wait and link those that can be, all in one decision.

    The worker does the same after every commit. A run that finds nothing new costs nothing.
    """
    if dry_run:
        done, found = judging.preview(everybody=everybody)
        for one, outcome in found[:SHOWN]:
            click.echo(f"{one.key} -> {' '.join(named(outcome))}")
        if len(found) > SHOWN:
            click.echo(f"and {len(found) - SHOWN:,} more")
    else:
        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("names", total=None)
            done = judging.link_waiting(
                clock=SystemClock(),
                everybody=everybody,
                progress=lambda at, of: bar.update(task, completed=at, total=of),
            )
    if as_json:
        click.echo(json.dumps(as_dict(done)))
        return
    click.echo(
        f"{done.looked_at:,} names looked at: {done.linked:,} linked, {done.review:,} to review, "
        f"{done.waiting:,} wait, {done.seconds:.2f} s"
    )
    if done.decision is not None:
        number = done.decision.pk
        click.echo(f"decision {number}; take it back with: xinrong subjects undo {number}")
    if dry_run:
        click.echo("Nothing was changed. Repeat without --dry-run to link them.")


def as_dict(done: judging.Done) -> dict[str, float | int | None]:
    """A run for programs."""
    return {
        "looked_at": done.looked_at,
        "linked": done.linked,
        "review": done.review,
        "waiting": done.waiting,
        "seconds": done.seconds,
        "decision": done.decision.pk if done.decision else None,
    }


def named(outcome: judging.Outcome) -> list[str]:
    """Those who could be meant, with score and reasons."""
    return [named_choice(choice) for choice in judging.choices_of(outcome.candidates)]


@command.command("queue")
@click.option("--department", default="", help="Only names that this department sent.")
@click.option("--limit", default=SHOWN, show_default=True, type=click.IntRange(1, 10_000))
def queue(department: str, limit: int) -> None:
    """What a person is to look at, the most records first."""
    table = Table("item", "subject", "name as sent", "department", "records", "could be meant")
    found = judging.open_items(department)
    for one in found[:limit]:
        item = judging.numbered(one.pk)
        candidates = "\n".join(named_choice(choice) for choice in item.choices)
        subject = item.subject
        table.add_row(
            str(one.pk), str(subject.pk), subject.name, subject.department, f"{one.records:,}",
            candidates,
        )  # fmt: skip
    Console().print(table)
    states = judging.counts()
    click.echo(", ".join(f"{many:,} {state}" for state, many in states.items()))


def named_choice(choice: judging.Choice) -> str:
    """A candidate on one line."""
    return f"{choice.enterprise} {choice.score:.3f} ({', '.join(choice.reasons)})"


@command.command("decide")
@click.argument("subject")
@click.option("--same", "same", metavar="CODE", help="It is the enterprise with this code.")
@click.option("--not", "different", metavar="CODE", multiple=True, help="It is not this one.")
@click.option("--unsure", is_flag=True, help="Put it at the end of the queue.")
@BY
@WHY
def decide(
    subject: str, same: str | None, different: tuple[str, ...], unsure: bool, by: str, why: str
) -> None:
    """Judge who SUBJECT (its number or its key) is, or is not.

    A link that is judged to be wrong ends; a name that is judged to be an enterprise is linked at
    once. Both hold against every later run, until they are taken back with `undo`.
    """
    if bool(same) + bool(different) + unsure != 1:
        raise click.UsageError("say one of --same CODE, --not CODE (once or more), --unsure")
    found, now = judging.subject_named(subject), SystemClock().now()
    if same:
        act = judging.same(found, same, by=by, why=why, at=now)
    elif different:
        act = judging.different(found, different, by=by, why=why, at=now)
    else:
        act = judging.unsure(found, by=by, why=why, at=now)
    click.echo(f"judged; take it back with: xinrong identity undo {act}")


@command.command("undo")
@click.argument("act", type=click.UUID)
@BY
@WHY
def undo(act: uuid.UUID, by: str, why: str) -> None:
    """Take back what was judged in one ACT (see `judgements`); links that rest on it end."""
    number = judging.take_back(act, by=by, why=why, at=SystemClock().now())
    click.echo(f"{number:,} judgements taken back")


@command.command("judgements")
@click.option("--limit", default=SHOWN, show_default=True, type=click.IntRange(1, 10_000))
@click.option("--of", "subject", help="Everything that was said of one subject.")
@click.option("--export", "out", type=click.Path(dir_okay=False, path_type=Path), help="As CSV.")
@click.option(
    "--import",
    "source",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Take in a file that --export wrote.",
)
def judgements(limit: int, subject: str | None, out: Path | None, source: Path | None) -> None:
    """What people judged, newest first; the whole ledger out and in as CSV."""
    if out is not None:
        export(out)
    elif source is not None:
        done = judging.import_judgements(source)
        click.echo(
            f"{done.rows:,} rows: {done.written:,} judgements taken in, {done.known:,} held "
            f"already, {done.unlinked:,} links ended. Run: xinrong identity link"
        )
    elif subject is not None:
        digest = judging.digest_of(judging.subject_named(subject).key)
        show(list(judging.judgements_of(digest))[:limit])
    else:
        show([act.row for act in judging.recent_acts(limit)])


def export(out: Path) -> None:
    """Write the ledger to a file that must not be there yet."""
    try:
        with out.open("xb") as file:
            for piece in judging.export_judgements():
                file.write(piece)
    except FileExistsError as error:
        raise XinrongError(
            f"{out} is there already", remedy="Name another file.", code="file_exists"
        ) from error
    click.echo(f"written to {out}")


def show(rows: list[judging.Judgement]) -> None:
    """Judgements as a table."""
    table = Table("act", "day", "subject", "verdict", "code", "by", "why", "holds")
    for row in rows:
        subject = row.subject.key if row.subject else row.digest[:12]
        holds = "no" if row.superseded_by_id or row.verdict == "withdrawn" else "yes"
        table.add_row(
            str(row.act), f"{row.at:%Y-%m-%d}", subject, row.verdict, row.code, row.by, row.why,
            holds,
        )  # fmt: skip
    Console().print(table)
