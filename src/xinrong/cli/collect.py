"""`xinrong collect`: take departmental files in, say what became of every row."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from xinrong.catalogue.feed import Feed, Layout
from xinrong.catalogue.region import Region, load_region, regions_root
from xinrong.cli import receipts
from xinrong.cli.collect_roads import pull, retract, watch
from xinrong.collect.services import (
    Receipt,
    collect_file,
    export_rejects,
    find_feed,
)
from xinrong.collect.services import receipt as receipt_of
from xinrong.domain.clock import SystemClock
from xinrong.domain.errors import XinrongError

#: Bytes of which the length of a line is taken, to guess the rows of a delimited file.
SAMPLE_BYTES = 1 << 20


class DefaultToFile(click.Group):
    """`xinrong collect FILE …` means `xinrong collect file FILE …`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ("--help", "-h"):
            args = ["file", *args]
        return super().parse_args(ctx, args)


class Rate(ProgressColumn):
    """Rows a second."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:,.0f} rows/s" if speed else "", style="progress.data.speed")


@click.group("collect", cls=DefaultToFile)
def command() -> None:
    """Take departmental files in: `xinrong collect FILE --feed FEED`."""


for _road in (pull, watch, retract):
    command.add_command(_road)


@command.command("file")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--feed", help="The feed that the file belongs to.")
@click.option("--samples", is_flag=True, help="Every sample file of the region, registers first.")
@click.option("--region", help="The region pack; otherwise the one that REGION names.")
@click.option("--json", "as_json", is_flag=True, help="Print the receipt as one line of JSON.")
def take(
    file: Path | None, feed: str | None, samples: bool, region: str | None, as_json: bool
) -> None:
    """Take one file, or all samples, and print what became of every row.

    Rows that are quarantined do not make it fail: the receipt tells. A file that is refused as a
    whole does.
    """
    if samples == (file is not None):
        raise click.UsageError("Give a FILE with --feed, or --samples.")
    pack = load_region(region or _region())
    if file is not None:
        if not feed:
            raise click.UsageError("Say which feed the file belongs to: --feed FEED.")
        receipts.show(_take(file, find_feed(pack, feed), pack, as_json), as_json=as_json)
        return
    raise click.exceptions.Exit(_take_samples(pack, as_json))


@command.command("rejects")
@click.argument("batch", type=int)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True)
def rejects(batch: int, out: Path) -> None:
    """Write the rows of a batch that were not accepted, with reasons, as CSV."""
    found = receipt_of(batch)
    out.write_bytes(export_rejects(found))
    click.echo(f"{found.quarantined:,} rows of batch {batch} are in {out}.")


def _region() -> str:
    from django.conf import settings

    return str(settings.REGION)


def sample_feeds(pack: Region) -> list[Feed]:
    """The feeds that have a sample file, register feeds first, then by name."""
    with_sample = [feed for feed in pack.feeds.values() if feed.sample]
    return sorted(with_sample, key=lambda feed: (not feed.register_feed, feed.feed))


def _take_samples(pack: Region, as_json: bool) -> int:
    """Take every sample; a refused file does not stop the next. Returns the exit status."""
    refused = 0
    for feed in sample_feeds(pack):
        try:
            receipt = _take(regions_root().parent / feed.sample, feed, pack, as_json)
        except XinrongError as error:
            refused += 1
            click.echo(f"error [{error.code}]: {feed.feed}: {error}", err=True)
        else:
            receipts.show(receipt, as_json=as_json)
    return 1 if refused else 0


def _take(file: Path, feed: Feed, pack: Region, quiet: bool) -> Receipt:
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,.0f} rows"),
        Rate(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    shown = console.is_terminal and not quiet
    with Progress(*columns, console=console, transient=True, disable=not shown) as bar:
        task = bar.add_task(feed.feed, total=guess_rows(file, feed.layout))
        return collect_file(
            file,
            feed.feed,
            clock=SystemClock(),
            region=pack,
            progress=lambda rows: bar.update(task, completed=rows),
        )


def guess_rows(file: Path, layout: Layout) -> float | None:
    """About how many rows a delimited file has, by the length of its first lines; else None."""
    if layout.format not in ("csv", "tsv"):
        return None
    try:
        with file.open("rb") as handle:
            sample = handle.read(SAMPLE_BYTES)
        size = file.stat().st_size
    except OSError:  # said properly by whoever opens it to read
        return None
    lines = sample.count(b"\n")
    return size * lines / len(sample) if lines else None
