"""`xinrong audit`: the audit chain of who asked about whom."""

from __future__ import annotations

import csv
import json
import sys
import threading
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click
from rich.progress import Progress

from xinrong.accounts.services import person_of_email, viewer_of
from xinrong.domain.cells import text_cell
from xinrong.domain.clock import SystemClock, day_in_china
from xinrong.files import services as files
from xinrong.trust.services import sealing, trail

#: Code of an alarm -> what it means and what to do.
ALARMS = {
    "seal_late": "rows wait for their seal: see that `xinrong worker` runs",
    "checkpoint_late": "blocks wait for a signed checkpoint: see the worker's messages",
    "checkpoint_key": "the key of the checkpoints cannot be read: see XINRONG_CHECKPOINT_KEY_FILE",
    "folder_missing": "the folder of checkpoints is not there: see XINRONG_CHECKPOINTS",
    "folder_read_only": "the folder of checkpoints cannot be written to",
    "folder_full": "the folder of checkpoints is full",
}
#: Verdict on a query that was read again -> what it means.
VERDICTS = {
    "same": "the same, byte for byte",
    "erased": "records of it were erased since, as the law demands; the digest cannot fit",
    "differs": "it differs, or it is too old to say with which filters it was asked",
    "unreadable": "it cannot be read again",
}
#: Columns of a line of the usage accounts.
USAGE = (
    "purpose",
    "stage",
    "queries",
    "released",
    "denied",
    "failed",
    "users",
    "enterprises",
)


@click.group("audit")
def command() -> None:
    """Who asked about whom: seal, check, export, reproduce."""


@command.command("seal")
@click.option("--keep", is_flag=True, help="Go on until stopped (Ctrl+C), as the worker does.")
def seal(keep: bool) -> None:
    """Seal every audit row that is in no block yet, and sign a checkpoint over it."""
    if keep:
        sealing.keep_sealing(SystemClock(), threading.Event())
        return
    sealed = sealing.Sealer(SystemClock()).seal()
    click.echo(f"{sealed:,} rows sealed; head {sealing.head(fresh=True) or 'none'}")
    made = sealing.write_checkpoint(SystemClock())
    click.echo(f"checkpoint over block {made.block_id} signed" if made else "no new checkpoint")


@command.command("status")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
def status(as_json: bool) -> None:
    """How the chain stands. Exit status 1 when something about it is alarming."""
    state = sealing.chain_state(SystemClock())
    if as_json:
        click.echo(json.dumps({**asdict(state), "lag_s": state.lag.total_seconds()}, default=str))
    else:
        click.echo(f"{state.rows:,} rows in {state.blocks:,} blocks; head {state.head or 'none'}")
        click.echo(f"last seal: {state.sealed_at or 'never'}; {state.waiting} rows wait for one")
        click.echo(
            f"last checkpoint: {state.checkpoint_at or 'never'}, number {state.checkpoints}, "
            f"over block {state.checkpoint_block}"
        )
        for alarm in state.alarms:
            click.echo(f"alarm [{alarm}]: {ALARMS[alarm]}")
    if state.alarms:
        raise click.exceptions.Exit(1)


@command.command("verify")
@click.option("--from-block", "first", default=1, type=click.IntRange(1), help="Begin there.")
def verify(first: int) -> None:
    """Check rows, blocks and checkpoints in the database. Exit status 1 when they do not fit.

    Outsiders verify an export with scripts/verify_audit.py instead.
    """
    with Progress(transient=True) as bar:
        task = bar.add_task("rows", total=None)
        found = sealing.verify_chain(first, progress=lambda rows: bar.update(task, completed=rows))
    for fault in found.faults:
        click.echo(f"fault: {fault}")
    click.echo(
        f"{found.rows:,} rows, {found.blocks:,} blocks, {found.checkpoints:,} checkpoints checked: "
        + (f"{len(found.faults)} faults" if found.faults else "sound")
    )
    if found.faults:
        raise click.exceptions.Exit(1)


@command.command("export")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def export(folder: Path) -> None:
    """Write the whole trail into FOLDER, for scripts/verify_audit.py or another program."""
    with Progress(transient=True) as bar:
        task = bar.add_task("rows", total=None)
        made = sealing.export_trail(
            folder, clock=SystemClock(), progress=lambda rows: bar.update(task, completed=rows)
        )
    click.echo(
        f"{made.rows:,} rows, {made.blocks:,} blocks, {made.checkpoints:,} checkpoints in {folder}"
    )
    click.echo("Verify with: python scripts/verify_audit.py", nl=False)
    click.echo(f" {folder} {' '.join(made.keys)}")


@command.command("reproduce")
@click.argument("number", type=int)
@click.option("--auditor", required=True, help="E-mail address of the auditor who asks.")
def reproduce(number: int, auditor: str) -> None:
    """Read again what query NUMBER released, at its state of the store, and compare.

    The look itself is logged. Exit status 1 unless it comes out the same.
    """
    viewer = viewer_of(person_of_email(auditor))
    done = files.reproduce(viewer, number, clock=SystemClock())
    where = "read again" if done.seq is None else f"read again at seq {done.seq}"
    click.echo(f"query {number}, {where}: {VERDICTS[done.verdict]}")
    click.echo(f"digest of what was released: {done.digest}; this look is query {done.logged}")
    if done.verdict != trail.Verdict.SAME:
        raise click.exceptions.Exit(1)


@command.command("searched")
@click.argument("number", type=int)
@click.option("--auditor", required=True, help="E-mail address of the auditor who asks.")
@click.option("--words", prompt=True, help="The words, exactly; asked for when left out.")
def searched(number: int, auditor: str, words: str) -> None:
    """Whether query NUMBER searched for certain words; the log keeps only their digest.

    The look itself is logged. Exit status 1 when they are other words.
    """
    viewer = viewer_of(person_of_email(auditor))
    same = trail.searched(viewer, number, words, now=SystemClock().now())
    click.echo(f"query {number} searched for {'these words' if same else 'other words'}")
    if not same:
        raise click.exceptions.Exit(1)


@command.command("usage")
@click.option("--from", "first", type=click.DateTime(["%Y-%m"]), help="First month; else the last.")
@click.option("--to", "last", type=click.DateTime(["%Y-%m"]), help="Last month; else this one.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
def usage(first: datetime | None, last: datetime | None, as_csv: bool) -> None:
    """How much each institution asked, by outlet, month, purpose and stage. Nothing is charged."""
    trail.count_usage()
    end = last.date() if last else day_in_china(SystemClock().now()).replace(day=1)
    begin = min(first.date(), end) if first else end
    lines = trail.usage(begin, end)
    names = trail.organisation_names({line.organisation for line in lines})
    if as_csv:
        writer = csv.writer(sys.stdout)
        writer.writerow(("month", "institution", "organisation", *USAGE))
        for line in lines:
            organisation, institution = names.get(line.organisation, ("", ""))
            values = [getattr(line, name) for name in USAGE]
            writer.writerow(
                (f"{line.month:%Y-%m}", text_cell(institution), text_cell(organisation), *values)
            )
        return
    for line in lines:
        organisation, institution = names.get(line.organisation, ("nobody signed in",) * 2)
        whose = institution if organisation == institution else f"{institution}, {organisation}"
        click.echo(
            f"{line.month:%Y-%m} {whose}: {line.purpose} {line.stage}: {line.queries:,} queries by "
            f"{line.users:,} users about {line.enterprises:,} enterprises; {line.released:,} "
            f"answered, {line.denied:,} refused, {line.failed:,} failed"
        )
    if not lines:
        click.echo("Nobody asked in these months.")
