"""`xinrong catalogue`: check region packs, draft contracts and feeds, write reference pages."""

from __future__ import annotations

import json
from itertools import groupby
from pathlib import Path

import click

from xinrong.catalogue import loading
from xinrong.catalogue.errors import Problem, Severity
from xinrong.catalogue.region import regions_root


@click.group()
def command() -> None:
    """Contracts and feeds: what may be known, and how it comes."""


def region_names(root: Path) -> list[str]:
    """The region packs below `root`: folders with any YAML file in them."""
    return sorted(
        path.name for path in root.iterdir() if path.is_dir() and any(path.glob("**/*.yaml"))
    )


@command.command()
@click.argument("regions", nargs=-1, metavar="[REGION]...")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for programs.")
@click.option("--root", type=click.Path(path_type=Path, file_okay=False), help="Folder of packs.")
def lint(regions: tuple[str, ...], as_json: bool, root: Path | None) -> None:
    """Check region packs (all of them when none is named).

    Exit status: 0 when there is no error (warnings may remain), 1 when there is one.
    """
    root = root or regions_root()
    found = {name: loading.problems(root / name) for name in regions or region_names(root)}
    failed = any(one.severity is Severity.ERROR for many in found.values() for one in many)
    if as_json:
        answer = {name: [one.as_json() for one in many] for name, many in found.items()}
        click.echo(json.dumps({"ok": not failed, "regions": answer}, ensure_ascii=False, indent=2))
    else:
        for name, many in found.items():
            _print_region(name, many, root / name)
    raise click.exceptions.Exit(1 if failed else 0)


def _print_region(name: str, found: list[Problem], path: Path) -> None:
    for file, problems in groupby(found, key=lambda one: one.file):
        click.secho(f"{name}/{file}", bold=True)
        for one in problems:
            _print_problem(one)
        click.echo()
    errors = sum(one.severity is Severity.ERROR for one in found)
    counts = f"{_count(path, 'catalogue')} contracts, {_count(path, 'feeds')} feeds"
    warnings = len(found) - errors
    color = "red" if errors else "yellow" if warnings else "green"
    click.secho(f"{name}: {counts}; {errors} errors, {warnings} warnings", fg=color)


def _count(path: Path, folder: str) -> int:
    return sum(1 for _ in (path / folder).glob("**/*.yaml"))


def _print_problem(one: Problem) -> None:
    place = f"line {one.line}" if one.line is not None else "whole file"
    key = f"  {one.key}" if one.key else ""
    color = "red" if one.severity is Severity.ERROR else "yellow"
    click.secho(f"  {one.severity.value}", fg=color, nl=False)
    click.echo(f" [{one.code}]  {place}{key}")
    click.echo(f"    {one.wrong.zh}{one.remedy.zh}")
    click.echo(f"    {one.wrong.en} {one.remedy.en}")
