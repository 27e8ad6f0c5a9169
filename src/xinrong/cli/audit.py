"""`xinrong audit`: the audit chain of who asked about whom."""

from __future__ import annotations

import json
import threading
from dataclasses import asdict
from pathlib import Path

import click
from rich.progress import Progress

from xinrong.domain.clock import SystemClock
from xinrong.trust.services import sealing

#: Code of an alarm -> what it means and what to do.
ALARMS = {
    "seal_late": "rows wait for their seal: see that `xinrong worker` runs",
    "checkpoint_late": "blocks wait for a signed checkpoint: see the worker's messages",
    "checkpoint_key": "the key of the checkpoints cannot be read: see XINRONG_CHECKPOINT_KEY_FILE",
    "folder_missing": "the folder of checkpoints is not there: see XINRONG_CHECKPOINTS",
    "folder_read_only": "the folder of checkpoints cannot be written to",
    "folder_full": "the folder of checkpoints is full",
}


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
