"""`xinrong store backup`, `backups`, `verify`, `restore`, `forget`."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click
from rich.progress import Progress

from xinrong.domain.clock import SystemClock
from xinrong.store.backups.backup import Backup, back_up, backups
from xinrong.store.backups.keeping import forget, verify
from xinrong.store.backups.reopening import Since, pass_fence, reopen
from xinrong.store.backups.restore import Restored, restore

#: What stays closed without a secret, as the report of a restore says it.
CLOSED = {
    "xinrong_secret_key": "everybody signs in anew, and links that were sent out have ended",
    "xinrong_factor_key": "second factors by app cannot be checked",
    "xinrong_proofs_key": "papers of claims cannot be read",
    "signing_key.pem": "a new key signs; what was signed before verifies as it did",
    "checkpoint_key.pem": "a new key signs checkpoints; earlier ones verify as they did",
}
FOLDER = click.Path(path_type=Path, file_okay=False)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")


@click.command("backup")
@click.argument("dest", type=FOLDER)
@click.option("--copy", is_flag=True, help="Copy parts even where a link could do.")
@AS_JSON
def take(dest: Path, copy: bool, as_json: bool) -> None:
    """Back database and parts up together into DEST, while everybody goes on working."""
    with Progress(transient=True, disable=as_json) as bar:
        task = bar.add_task("parts")
        made = back_up(
            dest,
            clock=SystemClock(),
            copy=copy,
            progress=lambda done, of: bar.update(task, completed=done, total=of),
        )
    click.echo(json.dumps(summary(made)) if as_json else words(made))
    if not as_json:
        click.echo(f"{made.copied} parts are new in {dest}, {len(made.parts) - made.copied} were")


def summary(made: Backup) -> dict[str, str | int]:
    """A backup in plain data."""
    return {
        "name": made.name,
        "taken_at": made.taken_at.isoformat(),
        "seq": made.seq,
        "ledger": str(made.identity),
        "database": made.kind,
        "batches": made.batches,
        "rows": made.rows,
        "parts": len(made.parts),
        "copied": made.copied,
        "companions": len(made.companions),
        "size": made.size,
        "journal": made.journal.sequence,
        "program": made.program,
    }


def words(made: Backup) -> str:
    """A backup on one line."""
    return (
        f"{made.name}: seq {made.seq}, {made.batches} batches, {made.rows:,} rows, "
        f"{len(made.parts)} parts, {len(made.companions)} papers and public keys, "
        f"{made.size / 1e6:,.1f} MB, {made.kind}, release {made.program}"
    )


@click.command("backups")
@click.argument("dest", type=FOLDER)
@AS_JSON
def listed(dest: Path, as_json: bool) -> None:
    """List the backups in DEST, oldest first."""
    found = backups(dest)
    for made in found:
        click.echo(json.dumps(summary(made)) if as_json else words(made))
    if not found and not as_json:
        click.echo(f"{dest} holds no backup")


@click.command("verify")
@click.argument("dest", type=FOLDER)
@click.option("--backup", "name", default="", help="Its name; otherwise the newest.")
def check(dest: Path, name: str) -> None:
    """Read every byte of a backup. Exit status 1 when it is not whole."""
    found = verify(dest, name)
    click.echo(words(found.backup))
    for fault in found.faults:
        click.echo(f"fault: {fault}")
    if found.faults:
        click.echo(f"{len(found.faults)} faults")
        raise click.exceptions.Exit(1)
    click.echo(f"whole: {found.files} files, {found.size / 1e6:,.1f} MB read")


@click.command("forget")
@click.argument("dest", type=FOLDER)
@click.argument("name")
def give_up(dest: Path, name: str) -> None:
    """Delete backup NAME and the files that no other backup in DEST needs."""
    gone = forget(dest, name)
    click.echo(f"{gone.name} deleted, with {gone.files} files ({gone.size / 1e6:,.1f} MB)")


@click.command("restore")
@click.argument("dest", type=FOLDER)
@click.option("--into", type=FOLDER, help="A folder that is empty or not there; else the data's.")
@click.option("--backup", "name", default="", help="Its name; otherwise the newest.")
@click.option("--database", default="", help="For a backup of PostgreSQL: URL of an empty one.")
@click.option("--journal", type=FOLDER, help="Where decisions are read from; else the configured.")
@click.option(
    "--keys",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="A folder with the secrets, which no backup holds; else where it is restored.",
)
@AS_JSON
def bring_back(
    dest: Path,
    into: Path | None,
    name: str,
    database: str,
    journal: Path | None,
    keys: Path | None,
    as_json: bool,
) -> None:
    """Restore a backup from DEST, and replay what was revoked, suppressed or erased since.

    What is there now is never touched: the folder has to be empty, or new.
    """
    from django.conf import settings

    done = restore(
        dest, into or settings.DATA, name=name, database_url=database, journal=journal, keys=keys
    )
    if as_json:
        click.echo(json.dumps(asdict(done)))
        return
    for line in report(done):
        click.echo(line)


def report(done: Restored) -> list[str]:
    """What a restore did, in words."""
    counts = f"{done.batches} batches, {done.parts} parts, {done.live_rows:,} records that count"
    lines = [
        f"{done.backup} is restored in {done.folder}: {counts}",
        f"seq {done.seq_of_backup} in the backup, {done.seq} now; ledger {done.identity}",
    ]
    for kind, outcomes in sorted(done.replayed.items()):
        counts = ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items()))
        lines.append(f"replayed from the journal, {kind}: {counts}")
    if not done.replayed:
        lines.append("the journal holds no decision since the backup")
    lines += [
        f"{secret} was not there: {CLOSED[secret]}. Put it into {done.folder}."
        for secret in done.secrets_missing
    ]
    lines.append("Grants, consents and lifts of later days are not in it: take them again.")
    return lines


@click.command("reopen", hidden=True)
@click.argument("since")
def finish(since: str) -> None:
    """The second half of a restore: `restore` runs it with the unfinished folder as its data."""
    from django.db import connections
    from django.db.backends.signals import connection_created

    connection_created.connect(pass_fence)
    given = json.loads(since)
    start = Since(datetime.fromisoformat(given["taken_at"]), given["sequence"], given["digest"])
    click.echo(json.dumps(reopen(start, clock=SystemClock())))
    connections.close_all()


COMMANDS = (take, listed, check, give_up, bring_back, finish)
