"""Write an invented city: every department's files, and the truth beside them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from xinrong import __version__
from xinrong.catalogue.contract import Contract, FieldType
from xinrong.catalogue.feed import Feed
from xinrong.catalogue.region import Region, load_region
from xinrong.domain.errors import Place, XinrongError
from xinrong.synth.departmental import columns_of, headings, written
from xinrong.synth.faults import spoil
from xinrong.synth.generate import CATEGORIES, rows_of
from xinrong.synth.life import CHUNK, Chunk, chunks_of
from xinrong.synth.places import PLACES, TAIZHOU
from xinrong.synth.register import City, days
from xinrong.synth.sinks import CsvSink, ParquetSink, Sink, XlsxSink
from xinrong.synth.truth import FOLDER, Truth

MANIFEST = "manifest.json"
UNTIL = date(2026, 10, 31)
SMALLEST = 1_000
FEWEST_ROWS = 20
FORMATS = ("mixed", "csv", "parquet")
#: Above this many enterprises the default format is Parquet: spreadsheets do not hold more.
MIXED_UP_TO = 5_000

#: Called after each step with steps done, steps in all (enterprises, or categories of canonical
#: rows) and rows written.
Progress = Callable[[int, int, int], None]


class SynthError(XinrongError):
    """A city cannot be written as asked."""

    code = "synth"


@dataclass(frozen=True)
class Options:
    """What to write. `rows_per_enterprise`: about how many; None: all that the window gives."""

    seed: int = 1
    enterprises: int = 10_000
    years: int = 3
    faults: float = 0.03
    format: str = ""
    until: date = UNTIL
    rows_per_enterprise: float | None = None
    region: str = TAIZHOU

    def checked(self) -> Options:
        """The options with defaults filled in. Raises SynthError."""
        rows = self.rows_per_enterprise
        made = self.format or ("mixed" if self.enterprises <= MIXED_UP_TO else "parquet")
        if self.enterprises < SMALLEST:
            wrong = f"{self.enterprises} enterprises are too few."
            raise _refused("enterprises", wrong, f"Ask for {SMALLEST} or more.")
        if self.seed < 0:
            raise _refused("seed", f"Seed {self.seed} is negative.", "Take 0 or more.")
        if not 1 <= self.years <= 15:
            raise _refused("years", f"A window of {self.years} years.", "Take 1 to 15.")
        if not 0 <= self.faults <= 0.5:
            raise _refused("faults", f"A fault rate of {self.faults}.", "Take 0 to 0.5.")
        if rows is not None and not rows >= FEWEST_ROWS:
            wrong = f"{rows} rows an enterprise are too few."
            raise _refused("rows-per-enterprise", wrong, f"Ask for {FEWEST_ROWS} or more.")
        if self.region not in PLACES:
            wrong = f"No city is invented in {self.region}."
            raise _refused("region", wrong, f"Take {', '.join(PLACES)}.")
        if made not in FORMATS:
            raise _refused("format", f"There is no format {made}.", f"Take {', '.join(FORMATS)}.")
        if not date(2000, 1, 31) <= self.until <= date(2070, 12, 31):
            raise _refused("until", f"{self.until} is out of range.", "Take 2000 to 2070.")
        return replace(self, format=made)

    def city(self) -> City:
        """The city that they describe: whole months up to the last day."""
        first = date(self.until.year - self.years, self.until.month, 1)
        start = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        return City(self.seed, self.enterprises, days(start), days(self.until), self.region)

    def told(self) -> dict[str, Any]:
        """What a manifest says of them: the region where it is not the usual one."""
        content = {**asdict(self), "until": self.until.isoformat()}
        if self.region == TAIZHOU:
            del content["region"]
        return content


@dataclass
class Summary:
    """What was written; nothing in it differs between two runs."""

    options: dict[str, Any]
    rows: int = 0
    faults: int = 0
    rows_per_feed: dict[str, int] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)


def _refused(option: str, wrong: str, remedy: str) -> SynthError:
    return SynthError(wrong, place=Place(field=f"--{option}"), remedy=remedy, code="synth_option")


def write_city(
    out: Path,
    seed: int = 1,
    enterprises: int = 10_000,
    *,
    years: int = 3,
    faults: float = 0.03,
    file_format: str = "",
    until: date = UNTIL,
    rows_per_enterprise: float | None = None,
    region: str = TAIZHOU,
    force: bool = False,
    progress: Progress | None = None,
) -> Summary:
    """Write a city below `out`: a folder for each feed of the region, and `truth`.

    `force` removes a city that lies there already. Raises SynthError for options that cannot be
    and for a folder that is not empty.
    """
    options = Options(
        seed, enterprises, years, faults, file_format, until, rows_per_enterprise, region
    ).checked()
    prepare(out, force=force)
    return _Writing(out, options).run(progress)


def prepare(out: Path, *, force: bool) -> None:
    """Make an empty folder; with `force` out of one that holds a city. Raises SynthError."""
    if out.exists() and not out.is_dir():
        raise SynthError(f"{out} is a file.", remedy="Name a folder.", code="synth_out")
    if out.exists() and any(out.iterdir()):
        manifest = out / FOLDER / MANIFEST
        if not force:
            raise SynthError(
                f"{out} is not empty.",
                remedy="Name an empty folder, or add --force to replace a city.",
                code="synth_out",
            )
        if not manifest.exists():
            raise SynthError(
                f"{out} holds no invented city, so it is not replaced.",
                remedy="Name another folder.",
                code="synth_out",
            )
        shutil.rmtree(out)
    out.mkdir(parents=True, exist_ok=True)


class _Writing:
    """One run: the open sinks, the truth and the counts."""

    def __init__(self, out: Path, options: Options) -> None:
        self._out, self._options = out, options
        self._region: Region = load_region(options.region)
        self._city = options.city()
        self._truth = Truth(out)
        self._feeds: dict[str, list[Feed]] = {}
        for name in sorted(self._region.feeds):
            feed = self._region.feeds[name]
            self._feeds.setdefault(feed.category, []).append(feed)
        self._categories = [name for name in CATEGORIES if name in self._feeds]
        self._sinks: dict[str, Sink] = {}
        self._files: set[str] = set()

    def run(self, progress: Progress | None) -> Summary:
        """Write chunk after chunk; nothing of a chunk is kept but its counts."""
        from xinrong.synth.density import density

        detail_from, invoices = density(
            self._city, self._options.rows_per_enterprise, tuple(self._categories)
        )
        for chunk in chunks_of(self._city, detail_from, invoices):
            for category in self._categories:
                self._category(chunk, category)
            self._truth.add_enterprises(chunk)
            if progress:
                done = min((chunk.index + 1) * CHUNK, self._city.enterprises)
                progress(done, self._city.enterprises, self._rows())
        return self._finish()

    def _rows(self) -> int:
        return sum(sink.rows for sink in self._sinks.values())

    def _category(self, chunk: Chunk, category: str) -> None:
        rows = rows_of(chunk, category)
        contract = self._region.contracts[category]
        when = CATEGORIES[category][1]
        for feed in self._feeds[category]:
            mine = rows.of_feed(feed.feed)
            table = written(chunk, mine, feed, contract, when)
            draws = chunk.stream(f"faults {feed.feed}")
            table, found = spoil(table, feed, contract, self._options.faults, draws)
            sink = self._sinks.get(feed.feed) or self._open(feed, contract, table.schema)
            file, first = sink.add(table)
            self._files.add(file)
            self._truth.add_faults(feed.feed, file, first, found)

    def _open(self, feed: Feed, contract: Contract, schema: pa.Schema) -> Sink:
        folder, columns = self._out / feed.feed, headings(feed, contract)
        sink: Sink
        if self._options.format == "parquet":
            sink = ParquetSink(folder, schema, unlike(feed, contract))
        elif self._options.format == "mixed" and feed.layout.format == "xlsx":
            sink = XlsxSink(folder / f"{feed.feed}.xlsx", columns)
        else:
            encoding = feed.layout.encoding or "utf-8"
            sink = CsvSink(folder / f"{feed.feed}.csv", columns, encoding)
        self._sinks[feed.feed] = sink
        return sink

    def _finish(self) -> Summary:
        for sink in self._sinks.values():
            sink.close()
        counts = {name: self._sinks[name].rows for name in sorted(self._sinks)}
        summary = Summary(
            self._options.told(),
            sum(counts.values()),
            self._truth.faults,
            counts,
            sorted(self._files),
        )
        self._truth.close()
        write_manifest(self._out, summary)
        return summary


def unlike(feed: Feed, contract: Contract) -> tuple[str, ...]:
    """Columns whose cells hardly repeat, which a dictionary would only slow down."""
    return tuple(
        heading
        for heading, entry in columns_of(feed, contract).items()
        if entry.type is FieldType.MONEY or (entry.slot == "code" and not entry.values)
    )


def write_manifest(out: Path, summary: Summary) -> None:
    """Say beside the files what was asked for and what was written; the same twice."""
    content = {**asdict(summary), "chunk": CHUNK, "version": __version__}
    path = out / FOLDER / MANIFEST
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")
