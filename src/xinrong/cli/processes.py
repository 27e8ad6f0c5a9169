"""`xinrong process`: which processes there are, how they look, whether they hold, how they run."""

from __future__ import annotations

import json
import os
import runpy
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from traceback import extract_tb

import click
from django.conf import settings
from django.utils.module_loading import autodiscover_modules
from rich.console import Console
from rich.table import Table

from xinrong.catalogue.calendars import load_calendar
from xinrong.catalogue.region import regions_root
from xinrong.cli.catalogue import region_names
from xinrong.cli.terminal import language_of_terminal
from xinrong.domain.calendars.calendar import LAST_KNOWN_YEAR
from xinrong.domain.errors import Place, XinrongError
from xinrong.domain.process import Process, find, lacking, reference, registered
from xinrong.domain.process.simulating import Assumptions, Crew, Simulated, crews_for, simulate
from xinrong.domain.process.walking import WalkFailed, prove
from xinrong.work import services as work

WALKS = 20
HEADINGS = {
    "en": ("state", "waits for", "stays", "median h", "p95 h", "by clock", "escalated"),
    "zh": ("状态", "等谁办理", "次数", "中位小时", "95%分位小时", "由时限结束", "升级次数"),
}


class ProcessWrong(XinrongError):
    """A process does not hold: its table contradicts itself, or a walk found a fault."""

    code = "process_wrong"


@click.group("process")
def command() -> None:
    """The processes of the platform: list, draw, check, simulate them."""
    autodiscover_modules("processes")


@command.command("list")
def list_them() -> None:
    """Every process with its title and size."""
    for one in registered():
        title = one.title.in_language(language_of_terminal()) if one.title else ""
        click.echo(
            f"{one.name}: {title} ({len(one.states)} states, {len(one.table)} moves, "
            f"{len(one.deadlines)} clocks)"
        )


@command.command("diagram")
@click.argument("name")
@click.option("--language", type=click.Choice(["zh", "en", "names"]), default="names")
def diagram(name: str, language: str) -> None:
    """The diagram of a process in Mermaid, with the names of the table or in words."""
    click.echo(find(name).diagram("" if language == "names" else language), nl=False)


@command.command("check")
@click.argument("names", nargs=-1)
@click.option("--walks", default=WALKS, show_default=True, help="Random walks from every state.")
def check(names: tuple[str, ...], walks: int) -> None:
    """Check processes (all when none is named) by random walks.

    A name that ends in .py is a file: every process in it is checked, known or not; FILE.py:NAME
    is one of them.
    """
    for one in _named(names):
        lacks = lacking(one)
        try:
            moves = sum(prove(one, Random(seed)) for seed in range(walks))  # noqa: S311 - repeatable
        except WalkFailed as error:
            raise ProcessWrong(str(error), place=Place(field=one.name)) from error
        click.echo(
            f"{one.name}: {len(one.states)} states, {len(one.ends)} ends, walked {moves} moves"
        )
        for lack in lacks:
            click.echo(f"  before people meet it: {lack}")


@command.command("simulate")
@click.argument("name")
@click.option("--cases", default=10_000, show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option("--year", default=LAST_KNOWN_YEAR, show_default=True)
@click.option("--mute", default=0.05, show_default=True, help="Share of work that nobody does.")
@click.option("--people", multiple=True, metavar="ROLE=N", help="How many share a role's work.")
@click.option(
    "--minutes", multiple=True, metavar="ROLE=N", help="Mean minutes a piece of work takes."
)
@click.option("--json", "as_json", is_flag=True, help="Print only the line of JSON.")
def simulate_it(
    name: str,
    cases: int,
    seed: int,
    year: int,
    mute: float,
    people: tuple[str, ...],
    minutes: tuple[str, ...],
    as_json: bool,
) -> None:
    """Run cases of a process through a year and print where they wait.

    NAME is a process of the platform, or FILE.py:NAME. Who begins cases acts alone, within a
    working day on average; the others share the work of their role, 30 minutes a piece, as many
    as it keeps busy for seven tenths of their hours.
    """
    process, *others = _named((name,))
    if others:
        raise click.BadParameter(f"several processes are in it: write {name}:{process.name}")
    try:
        assumed = Assumptions(date(year, 1, 1), mute=mute)
        calendar = load_calendar(settings.REGION)
        crews = _crews(crews_for(process, cases, assumed, seed, calendar), people, minutes)
        found = simulate(process, cases, replace(assumed, crews=crews), seed, calendar)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error
    if not as_json:
        _show(process, found, language_of_terminal())
    click.echo(json.dumps(found.as_json(), ensure_ascii=False))


@command.command("recount")
def recount() -> None:
    """Count the clocks of open cases again, after the region's `calendar.yaml` has changed.

    The worker does it within ten minutes by itself.
    """
    calendar = load_calendar(settings.REGION)
    known = LAST_KNOWN_YEAR
    while known + 1 in calendar.years:
        known += 1
    done = work.recount(calendar=calendar)
    click.echo(f"{settings.REGION}: working days are known up to {known}")
    click.echo(f"{done} cases with a provisional clock were counted again")


@command.command("docs")
@click.option(
    "--check", "only_check", is_flag=True, help="Write nothing; fail where a page is old."
)
@click.option("--here", is_flag=True, hidden=True, help="Only for REGION.")
def docs(only_check: bool, here: bool) -> None:
    """Write the reference page of every process, with the clocks that bind in each region."""
    if not here:
        for region in region_names(regions_root()):
            _in_region(region, ["process", "docs", "--here", *(["--check"] if only_check else [])])
        return
    folder = regions_root().parent / "docs" / "reference" / "processes" / settings.REGION
    old = stale(folder)
    if only_check:
        for name in old:
            click.echo(f"{settings.REGION}/{name} is not up to date", err=True)
        if old:
            click.echo("Run: xinrong process docs", err=True)
            raise click.exceptions.Exit(1)
        return
    wanted = pages()
    folder.mkdir(parents=True, exist_ok=True)
    for name in old:
        if name in wanted:
            (folder / name).write_text(wanted[name], encoding="utf-8")
        else:
            (folder / name).unlink()
    click.echo(f"{settings.REGION}: {len(old)} of {len(wanted)} pages written in {folder}")


def pages() -> dict[str, str]:
    """The reference pages of the processes that are known, by file name."""
    known = list(registered())
    return {"index.md": reference.index(known)} | {
        f"{one.name}.md": reference.page(one) for one in known
    }


def stale(folder: Path) -> list[str]:
    """The pages in a folder that are missing, old, or of no process any more."""
    wanted = pages()
    present = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.md")}
    return sorted(
        name for name in wanted.keys() | present.keys() if wanted.get(name) != present.get(name)
    )


def _in_region(region: str, words: list[str]) -> None:
    """Run this command in another process, for the laws of a region are read when it starts."""
    done = subprocess.run(  # noqa: S603 - our own interpreter and our own words
        [sys.executable, "-m", "xinrong.cli.main", *words],
        check=False,
        env={**os.environ, "REGION": region},
    )
    if done.returncode:
        raise click.exceptions.Exit(done.returncode)


def _named(names: Iterable[str]) -> list[Process]:
    """Those of the names; all that are known for no name. Raises XinrongError."""
    found: list[Process] = []
    for name in names:
        file, is_file, wanted = name.partition(".py")
        found += _in_file(Path(f"{file}.py"), wanted.lstrip(":")) if is_file else [find(name)]
    return found or list(registered())


def _in_file(path: Path, wanted: str) -> list[Process]:
    """The processes that a file of Python makes, or the one that is wanted of them.

    Raises ProcessWrong with the fault of the file.
    """
    try:
        content = runpy.run_path(str(path))
    except OSError as error:
        raise ProcessWrong("there is no such file", place=Place(file=path.name)) from error
    except Exception as error:  # whatever is wrong with it is for its author to read
        raise _wrong(path, error) from error
    made = [value for value in content.values() if isinstance(value, Process)]
    inner = [parallel.table for one in made for parallel in one.parallels]
    found = [one for one in made if one not in inner and wanted in ("", one.name)]
    if not found:
        raise ProcessWrong(
            f"it makes no process{f' called {wanted}' if wanted else ''}",
            place=Place(file=path.name),
            remedy=f"It makes: {', '.join(sorted({one.name for one in made})) or 'none'}.",
        )
    return found


def _wrong(path: Path, error: Exception) -> ProcessWrong:
    """What is wrong with a file, at its last line that was running."""
    lines = [one.lineno for one in extract_tb(error.__traceback__) if one.filename == str(path)]
    line = error.lineno if isinstance(error, SyntaxError) else next(reversed(lines), None)
    said = str(error) if isinstance(error, ValueError) else f"{type(error).__name__}: {error}"
    return ProcessWrong(said, place=Place(file=path.name, row=line))


def _crews(
    crews: dict[str, Crew], people: Iterable[str], minutes: Iterable[str]
) -> dict[str, Crew]:
    """Crews with what was said of them. Raises click.BadParameter, ValueError."""
    for words, setting in ((people, "people"), (minutes, "minutes")):
        for word in words:
            role, _, number = word.partition("=")
            if role not in crews or not number.isdigit():
                raise click.BadParameter(
                    f"{word!r}: write ROLE=NUMBER with one of {', '.join(sorted(crews))}"
                )
            crew = crews[role]
            if setting == "people":
                crews[role] = replace(crew, people=int(number))
            else:
                crews[role] = replace(crew, minutes=float(number))
    return crews


def _show(process: Process, found: Simulated, language: str) -> None:
    tables = {process.name: process} | {one.table.name: one.table for one in process.parallels}
    roles = {
        role: words.in_language(language)
        for one in tables.values()
        for role, words in one.role_words.items()
    }
    table = Table(box=None, pad_edge=False)
    for place, heading in enumerate(HEADINGS[language]):
        table.add_column(heading, justify="left" if place < 2 else "right")
    for one in found.waits:
        words = tables[one.process].state_words.get(one.state)
        table.add_row(
            one.state if words is None else words.in_language(language),
            ", ".join(roles.get(role, role) for role in one.waits_for),
            f"{one.stays:,}",
            f"{one.median_h:,.1f}",
            f"{one.p95_h:,.1f}",
            f"{one.by_clock:.1%}",
            f"{one.escalations:,}",
        )
    Console().print(table)
    click.echo(
        f"{found.ended:,} of {found.cases:,} cases ended, in {found.median_days:g} days (median), "
        f"{found.p95_days:g} (p95); {found.stuck:,} wait for ever"
    )
    click.echo("ends: " + ", ".join(f"{name} {number:,}" for name, number in found.ends.items()))
    click.echo(
        f"{found.missed_deadlines:,} deadlines passed, "
        f"{found.missed_deadlines_without_escalation:,} of them in silence"
    )
