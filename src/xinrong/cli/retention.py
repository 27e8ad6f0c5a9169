"""`xinrong retention`: what the law ends today, carried out, and the certificates of it."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import click

from xinrong.cli.profile import day_of
from xinrong.domain.clock import SystemClock
from xinrong.remedy.services import retention

DAY = click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day whose law is meant.")


@click.group("retention")
def command() -> None:
    """Suppress what may no longer be shown, erase what may no longer be kept."""


@command.command("preview")
@DAY
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for programs.")
def preview(on: datetime | None, as_json: bool) -> None:
    """Say what a run would do now, by category and rule. Writes nothing.

    With --on a day to come: what of the records that are here would be over by then.
    """
    found = retention.preview(day_of(on))
    if as_json:
        click.echo(json.dumps(_plain(found), ensure_ascii=False, indent=2))
        return
    for line in found.lines:
        known = "" if line.evidence in ("verified", "") else f" [{line.evidence}]"
        click.echo(
            f"{line.records:>9,}  {line.what:<10} {line.category:<28} "
            f"{line.rule or 'contract'}: {line.source}{known}"
        )
        click.echo(f"{'':>11}the first ended on {line.oldest}; {', '.join(line.sample)}")
    if found.lifted:
        click.echo(f"{found.lifted:>9,}  shown again: their source has corrected their dates")
    if not found.lines and not found.lifted:
        click.echo(f"Nothing is to be done on {found.day}.")
    click.echo("Nothing was changed.")


def _plain(found: retention.Preview) -> dict[str, object]:
    return {
        "day": found.day.isoformat(),
        "seq": found.seq,
        "lifted": found.lifted,
        "lines": [
            {"what": line.what, "category": line.category, "rule": line.rule,
             "source": line.source, "evidence": line.evidence, "records": line.records,
             "oldest": line.oldest.isoformat(), "sample": list(line.sample)}
            for line in found.lines
        ],
    }  # fmt: skip


@command.command("run")
def run() -> None:
    """Carry out today's run, or go on with the one that is under way. Running it twice is safe.

    A worker does this by itself once a day.
    """
    found = retention.run(SystemClock())
    for what, category, rule, records in sorted(found.done):
        click.echo(f"{records:>9,}  {what:<10} {category:<28} {rule}")
    if found.ended_at is None:
        click.echo("Another process is at it.")
        return
    click.echo(f"Run {found.pk} of {found.day} has ended at seq {found.seq_after}.")


@command.command("certificates")
@click.option("--show", type=int, metavar="RUN", help="Print the certificate of a run.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def certificates(show: int | None, as_json: bool) -> None:
    """List the runs, newest first, or print the signed certificate of one."""
    if show is not None:
        found = retention.run_of(show)
        if found is None or found.certificate is None:
            raise click.BadParameter(
                f"run {show} has no certificate; list the runs without --show",
                param_hint="--show",
            )
        click.echo(json.dumps(found.certificate, ensure_ascii=False, indent=2))
        return
    for one in retention.runs():
        records = sum(row[3] for row in one.done)
        state = f"ended {one.ended_at:%F %T} UTC" if one.ended_at else one.failure or "under way"
        if as_json:
            told = {"run": one.pk, "day": f"{one.day}", "records": records, "state": state}
            click.echo(json.dumps(told, ensure_ascii=False))
        else:
            click.echo(f"{one.pk:>6}  {one.day}  {records:>9,} records  {state}")


@command.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def verify(file: Path) -> None:
    """Check a certificate: its signature, and what the ledger of this platform says of its run.

    Exits with 1 when the ledger says otherwise.
    """
    try:
        envelope = json.loads(file.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        raise retention.CertificateWrong(
            f"{file.name} is no JSON",
            remedy="Give the file that `xinrong retention certificates --show RUN` prints.",
        ) from None
    found = retention.check(envelope)
    click.echo(f"Signed by this platform: run {found.payload['run']} of {found.payload['day']}.")
    if not found.known:
        click.echo("The ledger here does not hold this run: only the signature was checked.")
    for wrong in found.differs:
        click.echo(wrong, err=True)
    if found.differs:
        raise click.exceptions.Exit(1)
    if found.known:
        click.echo("The ledger says the same.")
