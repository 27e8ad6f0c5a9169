"""`xinrong criteria`: which criteria a region has, what is wrong with them, what they say."""

from __future__ import annotations

import json
import sys
from datetime import date, datetime
from itertools import groupby
from pathlib import Path

import click
from django.conf import settings
from rich.console import Console
from rich.table import Column, Table

from xinrong.accounts.services import person_of_email, viewer_of
from xinrong.catalogue.errors import Severity
from xinrong.domain.clock import SystemClock, day_in_china
from xinrong.domain.criteria import OUTCOME_WORDS, Criterion, Over
from xinrong.profiles.services import criteria
from xinrong.subjects.services import enterprise_by_code
from xinrong.trust.services import Stage, counting, purposes_of

LANGUAGE = click.option("--language", type=click.Choice(["zh", "en"]), default="zh")
ON = click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day asked on; today else.")
AS = click.option("--as", "email", required=True, help="E-mail of the account that asks.")
STAGE = click.option("--stage", type=click.Choice([str(one) for one in Stage]), help="For a bank.")


@click.group("criteria")
def command() -> None:
    """Criteria of the region: `list`, `lint`, `explain`, `count`, `evaluate`, `events`."""


@command.command("list")
@ON
@LANGUAGE
def listed(on: datetime | None, language: str) -> None:
    """Every criterion: what it is over, since when, and which document it follows."""
    day = _day(on)
    table = Table(Column("criterion", no_wrap=True), "what", "over", "version", "since", "source")
    found, held = criteria.criteria_of_region(), 0
    for one in found.values():
        version = one.in_force(day)
        over = f"{one.over} {one.category}".strip()
        if version is None:
            table.add_row(one.id, one.title.in_language(language), over, "-", "not in force", "")
            continue
        held += 1
        source = f"{version.source.document} {version.source.article}"
        told = (str(one.number_of(version)), version.valid_from.isoformat(), source)
        table.add_row(one.id, one.title.in_language(language), over, *told)
    Console().print(table)
    click.echo(f"{len(found)} criteria of {settings.REGION}, {held} in force on {day}")


@command.command("lint")
@click.argument("regions", nargs=-1, metavar="[REGION]...")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
@click.option("--root", type=click.Path(path_type=Path, file_okay=False), help="Folder of packs.")
@LANGUAGE
def lint(regions: tuple[str, ...], as_json: bool, root: Path | None, language: str) -> None:
    """Check the criteria of regions (this deployment's when none is named).

    Exit status: 0 when there is no error (warnings may remain), 1 when there is one.
    """
    found = {one: criteria.lint_region(one, root) for one in regions or (settings.REGION,)}
    failed = any(one.severity is Severity.ERROR for many in found.values() for one in many)
    if as_json:
        told = {name: [one.as_json() for one in many] for name, many in found.items()}
        click.echo(json.dumps({"ok": not failed, "regions": told}, ensure_ascii=False, indent=1))
    else:
        for name, many in found.items():
            for file, problems in groupby(many, key=lambda one: one.file):
                click.secho(f"{name}/{file}", bold=True)
                for one in problems:
                    click.echo(f"  {one.severity.value} [{one.code}] line {one.line}  {one.key}")
                    click.echo(f"    {one.wrong.in_language(language)}"
                               f" {one.remedy.in_language(language)}")  # fmt: skip
            errors = sum(one.severity is Severity.ERROR for one in many)
            click.echo(f"{name}: {errors} errors, {len(many) - errors} warnings")
    sys.exit(1 if failed else 0)


@command.command("explain")
@click.argument("name")
@click.argument("code")
@AS
@STAGE
@ON
@LANGUAGE
def explain(
    name: str, code: str, email: str, stage: str | None, on: datetime | None, language: str
) -> None:
    """What criterion NAME says of the enterprise with CODE, condition by condition; logged."""
    who = viewer_of(person_of_email(email))
    release = criteria.explain(
        who, _criterion(name, email), enterprise_by_code(code).pk, purposes_of(who)[0],
        Stage(stage) if stage else None, as_of=_day(on),
    )  # fmt: skip
    told = release.content
    click.echo(OUTCOME_WORDS[told.outcome].in_language(language))
    for one in told.explanation.conditions:
        said = OUTCOME_WORDS[one.outcome].in_language(language)
        click.echo(f"  {said}: {one.sentence.in_language(language)}")
    for change in told.explanation.changes:
        click.echo(f"  → {change.sentence.in_language(language)}")
    version = told.criterion.number_of(told.version)
    source = told.version.source
    click.echo(f"version {version} ({source.document} {source.article}), as of {told.as_of};"
               f" withheld: {', '.join(told.withheld) or 'nothing'};"
               f" audit row {release.audit_id}")  # fmt: skip


@command.command("count")
@click.argument("name_or_text")
@AS
@STAGE
def count(name_or_text: str, email: str, stage: str | None) -> None:
    """How many enterprises a criterion, or a text, admits: in tens, none under ten; logged."""
    who = viewer_of(person_of_email(email))
    known = criteria.criteria_of_region().get(name_or_text)
    text = known.must_hold(_day(None)).text if known else name_or_text
    release = criteria.count(who, criteria.read_text(text), stage=Stage(stage) if stage else None)
    figure = release.content.figure
    few = f"fewer than {counting.FLOOR}, not shown"
    click.echo(f"{few if figure is None else f'about {figure:,}'}; audit row {release.audit_id}")


@command.command("evaluate")
@click.argument("names", nargs=-1)
def evaluate(names: tuple[str, ...]) -> None:
    """Ask criteria (all over profiles when none is named) of all enterprises, and time it.

    Tells how many were asked, never how many were admitted: that is a count, and logged.
    """
    day = _day(None)
    chosen = [criteria.criterion_of(name) for name in names] or [
        one for one in criteria.criteria_of_region().values()
        if one.over == Over.PROFILE and one.in_force(day)
    ]  # fmt: skip
    began = SystemClock().now()
    table = criteria.answers_of_all(chosen)
    seconds = (SystemClock().now() - began).total_seconds()
    click.echo(f"{len(table):,} enterprises × {len(chosen)} criteria in {seconds:.2f} s")


@command.command("events")
@ON
def events(on: datetime | None) -> None:
    """Ask criteria over events about the records that have come since the last time."""
    asked = criteria.ask_events(_day(on))
    click.echo(f"{asked.records:,} records up to seq {asked.seq}, {asked.results:,} results")


def _criterion(name: str, email: str) -> Criterion:
    found = criteria.listed_of(viewer_of(person_of_email(email)), name).criterion
    if found is None:
        raise criteria.CriteriaRefused(
            f"{name} is a draft: it has no version yet", remedy="Put one in force.",
            code="criterion_unknown",
        )  # fmt: skip
    return found


def _day(given: datetime | None) -> date:
    return given.date() if given else day_in_china(SystemClock().now())
