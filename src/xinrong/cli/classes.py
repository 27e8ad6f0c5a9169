"""`xinrong classes`: what the classes of enterprises are, if they are sound, who is in each."""

from __future__ import annotations

import json
import sys
from collections import Counter
from datetime import datetime

import click
from django.conf import settings
from rich.console import Console
from rich.table import Table

from xinrong.catalogue.errors import Severity
from xinrong.cli.profile import AS_OF, LANGUAGE, day_of
from xinrong.domain.criteria import OUTCOME_WORDS
from xinrong.profiles.services import classes
from xinrong.subjects.services import enterprise_by_code


@click.group("classes")
def command() -> None:
    """Classes of enterprises: `list` them, `lint` them, `count` who is in each, `show` one."""


def tongue_of(language: str) -> str:
    """The tag of a language."""
    return "zh-hans" if language == "zh" else "en"


@command.command("list")
@LANGUAGE
def listed(language: str) -> None:
    """The classes of this region in their order, with what each asks and where it comes from."""
    found, tongue = classes.classes_now(), tongue_of(language)
    if not found.own:
        click.echo(f"{settings.REGION} has no classes.yaml: the nation's sizes stand in")
    for number, one in enumerate(found.book.classes, start=1):
        last = one.versions[-1]
        click.echo(f"{number}. {one.id}: {one.title.in_language(tongue)}")
        click.echo(f"   {last.text}")
        click.echo(f"   {last.source.document} {last.source.article}, from {last.valid_from}")
        if one.inferred:
            click.echo(f"   inferred: {one.inferred.in_language(tongue)}")


@command.command("lint")
@click.argument("regions", nargs=-1)
def lint(regions: tuple[str, ...]) -> None:
    """Check the classes of regions (of this one when none is named). Ends with 1 for an error."""
    errors = 0
    for region in regions or (settings.REGION,):
        found = classes.lint_classes(region)
        for one in found:
            click.echo(f"{region}/{one.where} {one.severity} [{one.code}] {one.wrong.en}")
            click.echo(f"  {one.remedy.en}")
        errors += sum(one.severity == Severity.ERROR for one in found)
        whose = "its own" if classes.has_own(region) else "the nation's"
        click.echo(f"{region}: {whose} classes, {len(found)} findings")
    if errors:
        sys.exit(1)


@command.command("count")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@LANGUAGE
def count(as_json: bool, language: str) -> None:
    """Divide all enterprises by the newest profile, and say how many are in each class.

    Exact: for whoever runs the platform. What others see is the page and its rules.
    """
    told = classes.classes_of_all()
    primary = Counter(told["primary_class"].to_pylist())
    book = classes.classes_now().book
    also = {
        name: sum(map(bool, told[f"is_{name}"].to_pylist())) - primary[name] for name in book.ids
    }
    if as_json:
        click.echo(json.dumps({"primary": primary, "also": also}, sort_keys=True))
        return
    table = Table("class", "what", "primary", "also met")
    for name in (*book.answers, classes.OUTSIDE):
        title = book.named(name).in_language(tongue_of(language))
        table.add_row(name, title, f"{primary[name]:,}", f"{also[name]:,}" if name in also else "")
    Console().print(table)
    click.echo(f"{len(told):,} enterprises")


@command.command("show")
@click.argument("code")
@AS_OF
@LANGUAGE
def show(code: str, as_of: datetime | None, language: str) -> None:
    """Where one enterprise stands, class by class. For whoever runs the platform: not logged."""
    enterprise = enterprise_by_code(code)
    found = classes.primary_class(enterprise.pk, day_of(as_of))
    tongue = tongue_of(language)
    click.echo(f"{enterprise.name} {enterprise.code}")
    click.echo(f"{found.primary}: {found.book.named(found.primary).in_language(tongue)}")
    if found.also:
        click.echo(f"also: {', '.join(found.also)}")
    if found.undecided:
        click.echo(f"cannot be told: {', '.join(found.undecided)}")
    if found.size is not None:
        click.echo(found.size.why.in_language(tongue))
    for one in found.judged:
        said = OUTCOME_WORDS[one.explanation.outcome].in_language(tongue)
        click.echo(f"  {one.definition.title.in_language(tongue)}: {said}")
        for sentence in one.explanation.sentences(tongue):
            click.echo(f"    {sentence}")
