"""`xinrong market`: the credit products of the region, what is wrong with them, whom they fit."""

from __future__ import annotations

import json
import sys
from collections import Counter
from datetime import datetime
from itertools import groupby
from pathlib import Path

import click
from django.conf import settings
from rich.console import Console
from rich.table import Column, Table

from xinrong.catalogue.errors import Severity
from xinrong.cli.classes import tongue_of
from xinrong.cli.market_allocate import allocate
from xinrong.cli.market_chances import chances
from xinrong.cli.market_cost import cost
from xinrong.cli.market_events import events
from xinrong.cli.market_league import league
from xinrong.cli.market_outlets import outlets
from xinrong.cli.market_services import services
from xinrong.cli.market_sheets import export, take_in
from xinrong.cli.profile import AS_OF, LANGUAGE, day_of
from xinrong.domain.financing import CHANNEL_WORDS, ON_CREDIT, PURPOSE_WORDS, SECURITY_WORDS
from xinrong.domain.loans import FeeBase
from xinrong.domain.text import Text
from xinrong.market import services as market


@click.group("market")
def command() -> None:
    """The market: `products`, whom each `fits`, what loans `cost`, to whom to `allocate` them."""


command.add_command(cost)
command.add_command(allocate)
command.add_command(outlets)
command.add_command(services)
command.add_command(league)
command.add_command(chances)
command.add_command(events)


@command.group("products")
def products() -> None:
    """Credit products: `list`, `show` one, `lint` them all; `export` and `import` as a sheet."""


products.add_command(export)
products.add_command(take_in)


@products.command("list")
@AS_OF
@click.option("--lender", default="", help="Only of this lender, by its id.")
@click.option("--region", help="Of this region, not of the one that is served.")
@click.option("--json", "as_json", is_flag=True, help="Everything, for programs.")
@LANGUAGE
def listed(
    as_of: datetime | None, lender: str, region: str | None, as_json: bool, language: str
) -> None:
    """The products that are offered today: sums, terms, rates of today."""
    day, tongue = day_of(as_of), tongue_of(language)
    shelf = market.shelf_on(region or settings.REGION, day)
    chosen = [one for one in shelf.offered if lender in ("", one.lender.id)]
    if lender and not chosen:
        known = ", ".join(one.id for one in shelf.catalogue.lenders)
        raise click.BadParameter(f"there is no lender {lender!r}; there are {known}")
    if as_json:
        told = [_as_data(one) for one in chosen]
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    table = Table(
        Column("product", no_wrap=True), "what", "lender", "yuan", "months", "% a year", "money in"
    )
    for one in chosen:
        terms = one.terms
        table.add_row(
            one.product.id,
            one.product.title.in_language(tongue),
            one.lender.title.in_language(tongue),
            f"{terms.amount.least:,.0f}–{terms.amount.most:,.0f}",
            f"{terms.months.least}–{terms.months.most}",
            f"{one.low:.2f}–{one.high:.2f}",
            f"{terms.money_days} d",
        )
    Console().print(table)
    lenders = len({one.lender.id for one in chosen})
    click.echo(f"{len(chosen)} products of {lenders} lenders on {day}")
    if shelf.catalogue.book.invented:
        click.echo(shelf.catalogue.book.note.in_language(tongue))


def _as_data(one: market.Offered) -> dict[str, object]:
    """A product as JSON, with its rates of the day."""
    return {
        "lender": one.lender.model_dump(mode="json"),
        "id": one.product.id,
        "title": one.product.title.model_dump(),
        "programme": one.product.programme,
        "version": one.number,
        "rates": [f"{one.low:f}", f"{one.high:f}"],
        "asks": one.explainer.expression.text,
        **one.terms.model_dump(mode="json"),
    }


@products.command("show")
@click.argument("name")
@AS_OF
@LANGUAGE
def show(name: str, as_of: datetime | None, language: str) -> None:
    """One product: every term, what it asks, what it costs in all."""
    day, tongue = day_of(as_of), tongue_of(language)
    shelf = market.shelf_on(settings.REGION, day)
    entry = shelf.catalogue.entry(name)
    found = next((one for one in shelf.offered if one.product is entry.product), None)
    if found is None:
        click.echo(f"{entry.product.title.in_language(tongue)} is not offered on {day}")
        return
    terms = found.terms

    def words(text: Text) -> str:
        return text.in_language(tongue)

    click.echo(f"{words(entry.product.title)} ({name}), version {found.number}")
    click.echo(f"{words(entry.lender.title)}, {words(market.LENDER_WORDS[entry.lender.kind])}")
    if entry.product.programme:
        click.echo(words(shelf.catalogue.book.programmes[entry.product.programme].title))
    click.echo(f"{terms.amount.least:,} – {terms.amount.most:,} yuan")
    click.echo(f"{terms.months.least} – {terms.months.most} months,"
               f" {words(market.REPAYMENT_WORDS[terms.repayment])}")  # fmt: skip
    base = shelf.catalogue.book.base_rates[terms.rate.base]
    click.echo(f"{found.low:.2f} – {found.high:.2f} % a year:"
               f" {words(base.title)} {terms.rate.low:+} to {terms.rate.high:+}")  # fmt: skip
    for fee in terms.fees:
        said = f"{fee.percent} %" if fee.percent is not None else f"{fee.yuan} yuan"
        of = " of what is owed" if fee.of is FeeBase.BALANCE else ""
        click.echo(f"  + {words(fee.title)}: {said}{of}, {words(market.FEE_TIME_WORDS[fee.when])}")
    secured = [words(SECURITY_WORDS[one]) for one in terms.security]
    click.echo(" / ".join(secured) if secured else words(ON_CREDIT))
    if terms.purposes:
        click.echo(", ".join(words(PURPOSE_WORDS[one]) for one in terms.purposes))
    click.echo(", ".join(words(CHANNEL_WORDS[one]) for one in terms.channels))
    click.echo(f"answer within {terms.answer_days} working days, money within {terms.money_days}")
    for document in terms.documents:
        click.echo(f"  - {words(document)}")
    click.echo(found.explainer.expression.text)
    source = terms.for_whom.source
    click.echo(f"{source.document} {source.article}, from {terms.valid_from}")


@products.command("lint")
@click.argument("regions", nargs=-1, metavar="[REGION]...")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
@click.option("--root", type=click.Path(path_type=Path, file_okay=False), help="Folder of packs.")
@LANGUAGE
def lint(regions: tuple[str, ...], as_json: bool, root: Path | None, language: str) -> None:
    """Check the products of regions (of this one when none is named). Ends with 1 for an error."""
    tongue = tongue_of(language)
    found = {one: market.lint_products(one, root) for one in regions or (settings.REGION,)}
    failed = any(one.severity is Severity.ERROR for many in found.values() for one in many)
    if as_json:
        told = {name: [one.as_json() for one in many] for name, many in found.items()}
        click.echo(json.dumps({"ok": not failed, "regions": told}, ensure_ascii=False, indent=1))
        sys.exit(1 if failed else 0)
    for name, many in found.items():
        for file, problems in groupby(many, key=lambda one: one.file):
            click.secho(f"{name}/{file}", bold=True)
            for one in problems:
                click.echo(f"  {one.severity.value} [{one.code}] line {one.line}  {one.key}")
                click.echo(f"    {one.wrong.in_language(tongue)} {one.remedy.in_language(tongue)}")
        counted = Counter(one.severity for one in many)
        click.echo(f"{name}: {counted[Severity.ERROR]} errors,"
                   f" {counted[Severity.WARNING]} warnings")  # fmt: skip
    sys.exit(1 if failed else 0)


@command.command("fits")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@LANGUAGE
def fits(as_json: bool, language: str) -> None:
    """How many enterprises could have each product at all: its smallest sum, all it asks offered.

    Exact: for whoever runs the platform, and released to nobody.
    """
    found = market.fits_of_all(settings.REGION)
    if as_json:
        rows = [
            {"product": one.offered.product.id, "yes": one.yes, "no": one.no, "open": one.unknown}
            for one in found
        ]
        click.echo(json.dumps(rows))
        return
    table = Table(Column("product", no_wrap=True), "what", "yes", "no", "cannot tell")
    for one in found:
        title = one.offered.product.title.in_language(tongue_of(language))
        counted = (f"{count:,}" for count in (one.yes, one.no, one.unknown))
        table.add_row(one.offered.product.id, title, *counted)
    Console().print(table)
    nobody = sum(not one.yes for one in found)
    click.echo(f"{len(found)} products, {nobody} of them for nobody")
