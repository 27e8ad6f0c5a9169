"""`xinrong market products export | import`: a lender's products as a spreadsheet, out and in."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import yaml
from django.conf import settings

from xinrong.catalogue.errors import Severity
from xinrong.catalogue.region import regions_root
from xinrong.cli.classes import tongue_of
from xinrong.cli.profile import LANGUAGE
from xinrong.market import services as market

LENDER = click.option("--lender", required=True, help="Id of the lender.")


@click.command("export")
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
@LENDER
def export(path: Path, lender: str) -> None:
    """Write a lender's products to PATH, a workbook (.xlsx) or .csv: a row for each version."""
    products = [one.product for one in market.load_products(settings.REGION).entries
                if one.lender.id == known(lender).id]  # fmt: skip
    ending(path)
    market.write_sheet(path, products)
    click.echo(f"{path}: {len(products)} products")


@click.command("import")
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@LENDER
@click.option("--write", is_flag=True, help="Put it in the place of the lender's file.")
@LANGUAGE
def take_in(path: Path, lender: str, write: bool, language: str) -> None:
    """Check a sheet of a lender's products, say what it would change; with --write change it."""
    tongue, of = tongue_of(language), known(lender)
    catalogue = market.load_products(settings.REGION)
    ending(path)
    read = market.read_sheet(path, of, catalogue.book, settings.REGION)
    for one in read.problems:
        place = f"row {one.line}" if one.line else "sheet"
        click.echo(f"{place} {one.severity.value} [{one.code}] {one.key}")
        click.echo(f"  {one.wrong.in_language(tongue)} {one.remedy.in_language(tongue)}")
    if read.lender is None or any(one.severity is Severity.ERROR for one in read.problems):
        click.echo("nothing was changed")
        sys.exit(1)
    before = {one.product.id: one.product for one in catalogue.entries if one.lender.id == of.id}
    after = {one.id: one for one in read.lender.products}
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            kind = "new" if name not in before else "gone" if name not in after else "changed"
            click.echo(f"  {kind}: {name}")
    same = sum(before.get(name) == one for name, one in after.items())
    click.echo(f"{len(after)} products of {of.title.in_language(tongue)}, {same} as before")
    if write:
        target = regions_root() / settings.REGION / "products" / f"{of.id}.yaml"
        content = read.lender.model_dump(mode="json", exclude_defaults=True)
        text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=110)
        target.write_text(text, encoding="utf-8")
        click.echo(f"written to {target.name}; `xinrong market products lint` checks the whole")
    else:
        click.echo("nothing was changed: --write does it")


def known(name: str) -> market.Lender:
    """The lender of that id."""
    lenders = {one.id: one for one in market.load_products(settings.REGION).lenders}
    if name not in lenders:
        raise click.BadParameter(f"there is no lender {name!r}; there are {', '.join(lenders)}")
    return lenders[name]


def ending(path: Path) -> None:
    """Refuse what is neither a workbook nor CSV."""
    if path.suffix.lower() not in (".csv", ".xlsx"):
        raise click.BadParameter(f"{path.name} is neither .xlsx nor .csv")
