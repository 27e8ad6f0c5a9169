"""`xinrong collect pull`, `watch` and `retract`: the other roads in, and the way back."""

from __future__ import annotations

import signal
from pathlib import Path
from threading import Event

import click

from xinrong.catalogue.region import Region, load_region
from xinrong.cli import receipts
from xinrong.collect import services as collect
from xinrong.domain.clock import SystemClock
from xinrong.domain.errors import XinrongError


@click.command("pull")
@click.argument("feed", required=False)
@click.option("--region", help="The region pack; otherwise the one that REGION names.")
@click.option("--accept-types", is_flag=True, help="Go on although columns changed their types.")
@click.option("--rewind", type=int, metavar="BATCH", help="Go back to where this batch began.")
@click.option("--json", "as_json", is_flag=True, help="Print receipts as lines of JSON.")
def pull(
    feed: str | None, region: str | None, accept_types: bool, rewind: int | None, as_json: bool
) -> None:
    """Read what is new from a department's database: of one FEED, or of all that have a source.

    One source that fails does not stop the next. Exit status 1 when any of them did.
    """
    if rewind is not None:
        step = collect.rewind_pull(rewind, clock=SystemClock())
        click.echo(f"{step.feed} is read again from where batch {rewind} began.")
        return
    pack = load_region(region or _region())
    failed = False
    sources = [feed] if feed else sorted(collect.pull_sources(pack))
    if not sources:
        click.echo(
            f"No feed of {pack.info.region} is pulled: a source is a file under "
            f"regions/{pack.info.region}/pulls/. docs/how-to/push-and-pull.md shows one."
        )
    for name in sources:
        try:
            _pull_all(name, pack, accept_types=accept_types, as_json=as_json)
        except XinrongError as error:
            failed = True
            click.echo(f"error [{error.code}]: {name}: {error}", err=True)
    if failed:
        raise click.exceptions.Exit(1)


def _pull_all(feed: str, pack: Region, *, accept_types: bool, as_json: bool) -> None:
    more = True
    while more:
        done = collect.pull(feed, clock=SystemClock(), region=pack, accept_types=accept_types)
        more = done.more
        if done.receipt is not None:
            receipts.show(done.receipt, as_json=as_json)
        elif not as_json:
            click.echo(f"{feed}: nothing new")


@click.command("watch")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--once", is_flag=True, help="Take what is complete now, and end.")
@click.option("--region", help="The region pack; otherwise the one that REGION names.")
@click.option(
    "--settle", default=10.0, show_default=True, type=click.FloatRange(0, 86_400),
    help="Seconds that a file must lie unchanged; a file x.csv.done says it at once.",
)  # fmt: skip
@click.option(
    "--poll", default=5.0, show_default=True, type=click.FloatRange(0.1, 3_600),
    help="Seconds between two looks.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print receipts as lines of JSON.")
def watch(
    folder: Path, once: bool, region: str | None, settle: float, poll: float, as_json: bool
) -> None:
    """Take files that are put into FOLDER/<feed>/, and move them to taken/ or refused/ there.

    SIGTERM and Ctrl-C end it after the file at work. With --once the exit status is 1 when a
    file was refused or could not be taken.
    """
    place = collect.drop_folder(
        folder, load_region(region or _region()), clock=SystemClock(), settle_seconds=settle
    )
    stop, bad = Event(), []

    def told(one: collect.Dropped) -> None:
        error = one.refused or one.trouble
        if error is not None:
            bad.append(one)
            code = getattr(error, "code", type(error).__name__)
            click.echo(f"error [{code}]: {one.feed}/{one.name}: {error}", err=True)
        elif one.receipt is not None:
            receipts.show(one.receipt, as_json=as_json)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if once:
        for one in place.scan(stop):
            told(one)
        raise click.exceptions.Exit(1 if bad else 0)
    collect.watch(place, stop, told, poll)


@click.command("retract")
@click.argument("batch", type=int)
@click.option("--reason", required=True, help="Why; kept with the batch.")
@click.option("--yes", is_flag=True, help="Do it; without this only the preview is shown.")
def retract(batch: int, reason: str, yes: bool) -> None:
    """Take a batch back: its records never counted, what it replaced counts again."""
    if not reason.strip():
        raise click.UsageError("Say why: --reason.")
    found, preview = collect.receipt(batch), collect.preview_retraction(batch)
    click.echo(f"batch {batch}: {found.source_name} → {found.feed} of {found.department}")
    click.echo(
        f"  {preview.disappear:,} records disappear, {preview.return_again:,} earlier ones "
        f"return, {preview.promoted:,} stay in the name of other batches, "
        f"{preview.already_superseded:,} were replaced by later batches anyway"
    )
    if not yes:
        click.echo("Nothing was changed. Repeat with --yes to retract it.")
        return
    seq = collect.retract(batch, reason.strip(), clock=SystemClock())
    click.echo(f"retracted at seq {seq}")


def _region() -> str:
    from django.conf import settings

    return str(settings.REGION)
