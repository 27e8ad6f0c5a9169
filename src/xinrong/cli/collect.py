"""`xinrong collect`: take departmental files in, say what became of every row."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path

import click
from django.utils.timezone import localtime
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
from xinrong.cli.collect_roads import pull, retract, watch
from xinrong.collect.services import (
    Receipt,
    collect_file,
    export_rejects,
    find_feed,
    quarantine_of,
    receipt_as_dict,
)
from xinrong.collect.services import receipt as receipt_of
from xinrong.domain.clock import SystemClock
from xinrong.domain.errors import XinrongError

#: Which environment variable names the language, the strongest first.
LOCALES = ("LC_ALL", "LC_MESSAGES", "LANG")
REPEATED = {
    "zh": "  与 {} 收到的文件字节完全相同：这是当时的回执，没有写入任何内容。",
    "en": "  These very bytes came on {}: this is their first receipt, nothing was written.",
}
COUNTS = {
    "zh": "  收到 {receipt.rows_in:,} 行 = 入库 {receipt.accepted:,} "
    "+ 隔离 {receipt.quarantined:,} + 重复 {receipt.duplicates:,}\n"
    "  入库中：更正 {receipt.corrected:,}，代码修复 {receipt.repaired:,}，"
    "仅有名称未关联 {receipt.unlinked:,}；用时 {receipt.seconds:.1f} 秒，每秒 {rate:,.0f} 行",
    "en": "  {receipt.rows_in:,} rows in = {receipt.accepted:,} accepted "
    "+ {receipt.quarantined:,} quarantined + {receipt.duplicates:,} duplicates\n"
    "  of the accepted: {receipt.corrected:,} corrections, {receipt.repaired:,} repaired "
    "codes, {receipt.unlinked:,} by name only, not linked; "
    "{receipt.seconds:.1f} s, {rate:,.0f} rows/s",
}
#: Kinds of reason that are printed with a receipt; all of them are in the file of rejects.
REASONS_SHOWN = 5
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
        _print(_take(file, find_feed(pack, feed), pack, as_json), as_json)
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
            _print(receipt, as_json)
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


def _print(receipt: Receipt, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(receipt_as_dict(receipt), ensure_ascii=False))
        return
    for line in words(receipt, language_of_terminal()):
        click.echo(line)


def words(receipt: Receipt, language: str) -> list[str]:
    """A receipt in words, with the most frequent reasons for which rows were not accepted."""
    chinese = language == "zh"
    lines = [
        f"{'批次' if chinese else 'Batch'} {receipt.batch}: {receipt.source_name} → {receipt.feed}"
    ]
    if receipt.repeated:
        day = f"{localtime(receipt.received_at):%Y-%m-%d %H:%M}"
        lines.append(REPEATED[language].format(day))
    rate = receipt.rows_in / receipt.seconds if receipt.seconds else 0.0
    lines += COUNTS[language].format(receipt=receipt, rate=rate).splitlines()
    lines += [f"  · {note[language]}" + counted(note["count"]) for note in receipt.notes]
    problems = [problem for row in quarantine_of(receipt) for problem in row.problems]
    kinds = Counter((problem["rule"], problem["field"]) for problem in problems)
    for (rule, field), count in kinds.most_common(REASONS_SHOWN):
        example = next(one for one in problems if (one["rule"], one["field"]) == (rule, field))
        place = f"{field}: " if field else ""
        lines.append(f"  ✗ {count:,} × {place}{example[f'reason_{language}']}")
    if problems:
        lines.append(f"    xinrong collect rejects {receipt.batch} --out rejects.csv")
    return lines


def counted(count: int) -> str:
    """How often a note holds, in brackets; nothing when it holds of the file as a whole."""
    return f" ({count:,})" if count else ""


def language_of_terminal() -> str:
    """`zh` where the terminal's locale is Chinese, else `en`."""
    found = next((os.environ[name] for name in LOCALES if os.environ.get(name)), "")
    return "zh" if found.lower().startswith("zh") else "en"
