"""`xinrong market services`: what the service centre offers, how it is answered, what is wrong."""

from __future__ import annotations

import json
import sys

import click
from django.conf import settings
from django.utils import timezone

from xinrong.cli.classes import tongue_of
from xinrong.cli.profile import LANGUAGE
from xinrong.market.services import centre


@click.group("services")
def services() -> None:
    """The services of the centre: `list` them with their figures, `lint` their file."""


@services.command("list")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@LANGUAGE
def listed(as_json: bool, language: str) -> None:
    """Each service, who gives it in how many working days, and its published figures."""
    tongue = tongue_of(language)
    book, told = centre.load_services(settings.REGION), centre.published(now=timezone.now())
    figures = {
        one.id: {figure.name: told.of(one.id, figure.name) for figure in centre.FIGURES}
        for one in book.services
    }
    if as_json:
        rows = [{**one.model_dump(mode="json"), "figures": figures[one.id]}
                for one in book.services]  # fmt: skip
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    click.secho(book.title.in_language(tongue), bold=True)
    for one in book.services:
        click.echo(f"{one.id}  {one.title.in_language(tongue)}  [{one.department}]"
                   f"  {one.answer_days} working days  {one.area}".rstrip())  # fmt: skip
        shown = [f"{figure.title.in_language(tongue)} {value:,.0f}"
                 for figure in centre.FIGURES
                 if (value := figures[one.id][figure.name]) is not None]  # fmt: skip
        click.echo(f"  {', '.join(shown) or 'no figure: fewer than ten enterprises'}")


@services.command("lint")
@click.argument("region", required=False)
@LANGUAGE
def lint(region: str | None, language: str) -> None:
    """Check the services of a region. Ends with 1 for an error."""
    tongue = tongue_of(language)
    found = centre.lint_services(region or settings.REGION)
    for one in found:
        click.echo(f"{one.file} line {one.line} {one.severity.value} [{one.code}] {one.key}")
        click.echo(f"  {one.wrong.in_language(tongue)} {one.remedy.in_language(tongue)}")
    click.echo(f"{len(found)} findings")
    sys.exit(1 if found else 0)
