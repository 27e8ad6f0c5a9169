"""`xinrong market outlets`: lenders' outlets, what is wrong with them, where a need goes."""

from __future__ import annotations

import json
import sys
from collections import Counter

import click
from django.conf import settings
from rich.console import Console
from rich.table import Column, Table

from xinrong.catalogue.errors import Severity
from xinrong.cli.classes import tongue_of
from xinrong.cli.profile import LANGUAGE
from xinrong.domain.financing import NeedPurpose
from xinrong.market.services import directory

REGION = click.option("--region", help="Of this region, not of the one that is served.")
FEATURE = click.option(
    "--feature", type=click.Choice([str(one) for one in directory.Feature]), help="Featured for."
)


@click.group("outlets")
def outlets() -> None:
    """The directory: `list` it, `lint` it, and `route` a need to an outlet."""


@outlets.command("list")
@REGION
@click.option("--lender", default="", help="Only of this lender, by its id.")
@click.option("--area", default="", help="Only in this district, by its six digits.")
@click.option("--kind", type=click.Choice([str(one) for one in directory.OutletKind]))
@FEATURE
@click.option("--away", is_flag=True, help="Only those outside the region.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@LANGUAGE
def listed(
    region: str | None,
    lender: str,
    area: str,
    kind: str | None,
    feature: str | None,
    away: bool,
    as_json: bool,
    language: str,
) -> None:
    """The outlets, and how many there are of each kind."""
    tongue = tongue_of(language)
    found = [
        one
        for one in directory.load_outlets(region or settings.REGION).placed
        if lender in ("", one.lender.id)
        and area in ("", one.outlet.area)
        and kind in (None, one.outlet.kind)
        and feature in (None, one.outlet.feature)
        and (not away or not one.here)
    ]
    if as_json:
        told = [{"lender": one.lender.id, **one.outlet.model_dump(mode="json")} for one in found]
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    table = Table(Column("outlet", no_wrap=True), "what", "where", "kind", "featured for")
    for one in found:
        words = directory.FEATURE_WORDS.get(one.outlet.feature) if one.outlet.feature else None
        table.add_row(
            one.outlet.id,
            one.outlet.title.in_language(tongue),
            one.seat.title.in_language(tongue),
            directory.KIND_WORDS[one.outlet.kind].in_language(tongue),
            words.in_language(tongue) if words else "",
        )
    Console().print(table)
    counted = Counter(one.outlet.kind for one in found)
    kinds = ", ".join(
        f"{directory.KIND_WORDS[one].in_language(tongue)} {many}" for one, many in counted.items()
    )
    click.echo(f"{len(found)} outlets: {kinds}" if found else "no outlet")


@outlets.command("route")
@click.argument("area")
@REGION
@click.option("--lender", default="", help="Of this lender; without it of all.")
@click.option("--purpose", type=click.Choice([str(one) for one in NeedPurpose]))
@FEATURE
@click.option("--most", default=5, show_default=True, help="Outlets that are shown.")
@LANGUAGE
def route(
    area: str,
    region: str | None,
    lender: str,
    purpose: str | None,
    feature: str | None,
    most: int,
    language: str,
) -> None:
    """Where a need of the district AREA goes, in the order of the published rule."""
    tongue = tongue_of(language)
    ranked = directory.serving(
        directory.load_outlets(region or settings.REGION),
        area,
        NeedPurpose(purpose) if purpose else None,
        directory.Feature(feature) if feature else None,
        lender=lender,
    )
    for one in ranked[:most]:
        click.echo(
            f"{one.placed.outlet.title.in_language(tongue)}: {one.why.in_language(tongue)},"
            f" {one.kilometres:.0f} km"
        )
    click.echo(directory.RULE.in_language(tongue) if ranked else "no outlet serves it")


@outlets.command("lint")
@click.argument("region", required=False)
@LANGUAGE
def lint(region: str | None, language: str) -> None:
    """Check the outlets of a region. Ends with 1 for an error."""
    tongue = tongue_of(language)
    found = directory.lint_outlets(region or settings.REGION)
    for one in found:
        click.echo(f"{one.file} line {one.line} {one.severity.value} [{one.code}] {one.key}")
        click.echo(f"  {one.wrong.in_language(tongue)} {one.remedy.in_language(tongue)}")
    click.echo(f"{len(found)} findings")
    sys.exit(1 if any(one.severity is Severity.ERROR for one in found) else 0)
