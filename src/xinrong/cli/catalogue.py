"""`xinrong catalogue`: check region packs, draft contracts and feeds, write reference pages."""

from __future__ import annotations

import json
from itertools import groupby
from pathlib import Path

import click

from xinrong.catalogue import loading, reference_files
from xinrong.catalogue.contract import FieldType
from xinrong.catalogue.draft import Draft, draft
from xinrong.catalogue.errors import CatalogueError, Problem, Severity
from xinrong.catalogue.pack import read_pack
from xinrong.catalogue.region import Department, regions_root


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
    warnings = len(found) - errors
    color = "red" if errors else "yellow" if warnings else "green"
    counts = (
        (_count(path, "catalogue"), "contract"),
        (_count(path, "feeds"), "feed"),
        (errors, "error"),
        (warnings, "warning"),
    )
    said = ", ".join(f"{number} {noun}{'' if number == 1 else 's'}" for number, noun in counts)
    click.secho(f"{name}: {said}", fg=color)


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


@command.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--region", help="Region pack that the draft is for.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Folder to write to.")
@click.option("--name", default="", help="Identifier of the category, e.g. tax_arrears.")
@click.option("--department", default="", help="Id of the department that sends the file.")
@click.option("--force", is_flag=True, help="Write over files that are there.")
def new(
    file: Path, region: str | None, out: Path | None, name: str, department: str, force: bool
) -> None:
    """Draft a contract and a feed from a sample FILE.

    FILE is csv, tsv, xls, xlsx, json, jsonl, parquet or a zip of these.

    Writes to the region pack, or to --out, or to this folder, as catalogue/… and feeds/….
    """
    root = regions_root()
    departments = _known_departments(root / region) if region else {}
    if region and department and department not in departments:
        raise click.BadParameter(
            f"{region} has no department {department!r}; known: {', '.join(departments)}",
            param_hint="--department",
        )
    made = draft(
        file, name=name, department=department, departments=departments, project=root.parent
    )
    target = out or (root / region if region else Path())
    paths = {target / inside: text for inside, text in made.files.items()}
    there = [path for path in paths if path.exists()]
    if there and not force:
        listed = ", ".join(str(path) for path in there)
        raise click.ClickException(
            f"already there: {listed}. Choose another --name, or write over it with --force."
        )
    for path, text in paths.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    _preview(made)
    _next_steps(list(paths), region)


def _known_departments(path: Path) -> dict[str, Department]:
    pack = read_pack(path)
    if not path.is_dir():
        raise CatalogueError(pack.problems, pack.name)
    return {department.id: department for department in pack.departments}


def _preview(made: Draft) -> None:
    from rich.console import Console
    from rich.table import Table

    plan, sample = made.plan, made.plan.sample
    how = ", ".join(part for part in (sample.format, sample.encoding, sample.sheet) if part)
    header = ", ".join(map(str, sample.header_rows)) or "none"
    click.echo(f"{sample.path.name}: {how}; header row {header}; {len(sample.rows)} rows read")
    for note in sample.notes:
        click.secho(f"  注意 note: {note}", fg="yellow")
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("column", "field", "type", "slot", "example"):
        table.add_column(heading, overflow="fold")
    for column, role in ((plan.code, "code"), (plan.name, "name")):
        if column:
            table.add_row(column, "(whose it is)", role, "subject", _example(made, column))
    for one in plan.fields:
        kind = one.guess.type.value
        if one.guess.type is FieldType.MONEY:
            kind += f" ({one.guess.unit})"
        elif one.guess.values:
            kind += f" ({len(one.guess.values)} values)"
        example = one.example[:24] if one.guess.level == 1 else "…"
        table.add_row(one.column, one.name, kind, one.slot, example)
    for column in plan.ignored:
        table.add_row(column, "(ignored)", "", "", "")
    console = Console(width=100, highlight=False, markup=False)
    console.print(table)
    click.echo(f"key: {', '.join(plan.key)}")


def _example(made: Draft, column: str) -> str:
    sample = made.plan.sample
    return next(iter(sample.values(sample.columns.index(column))), "")[:24]


def _next_steps(paths: list[Path], region: str | None) -> None:
    click.echo()
    for path in paths:
        click.echo(f"wrote {path}")
    lint_command = f"xinrong catalogue lint {region}" if region else "xinrong catalogue lint"
    click.echo("下一步 Next:")
    click.echo("  1. 核对两个文件中每一处“猜测” Confirm every line marked GUESS in both files.")
    click.echo(
        "  2. 填写 basis，确定 share 和 polarity Fill in `basis`, decide `share`, `polarity`."
    )
    click.echo(f"  3. {lint_command}")


@command.command()
@click.argument("regions", nargs=-1, metavar="[REGION]...")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 when a page is out of date.")
@click.option("--root", type=click.Path(path_type=Path, file_okay=False), help="Folder of packs.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Folder of pages.")
def docs(regions: tuple[str, ...], check: bool, root: Path | None, out: Path | None) -> None:
    """Write the catalogue's reference pages (of every region when none is named)."""
    root = root or regions_root()
    out = out or root.parent / "docs" / "reference" / "catalogue"
    packs = {name: loading.build_region(root / name) for name in regions or region_names(root)}
    wanted = reference_files.all_pages(packs, whole=not regions)
    old = False
    for name, pages in wanted.items():
        if not check:
            written = reference_files.write(pages, out / name)
            label = "all regions" if name == "." else name
            click.echo(f"{label}: {written} page{'' if written == 1 else 's'} in {out / name}")
            continue
        wrong = reference_files.stale(pages, out / name)
        for line in wrong:
            click.echo(f"{name}/{line}", err=True)
        old = old or bool(wrong)
    if old:
        click.echo("Run: xinrong catalogue docs", err=True)
        raise click.exceptions.Exit(1)
