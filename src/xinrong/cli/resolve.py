"""`xinrong resolve`: who is meant by a name, or by each name of a file, with score and reasons."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import batched
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from xinrong.domain.cells import plain_cell, safe_cell
from xinrong.domain.errors import Place, XinrongError
from xinrong.subjects import services as subjects
from xinrong.subjects.services import resolution

COLUMNS = ("name", "outcome", "code", "name_in_register", "score", "reasons", "others")
#: Outcomes of which the codes are looked up together.
AT_ONCE = 5_000


@click.command("resolve")
@click.argument("name", required=False)
@click.option("--region", default="", help="GB/T 2260 code of the region of who wrote the name.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day on which it was used.")
@click.option(
    "--file",
    "source",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A CSV file with a column `name`, and `region` if there is one: all of them in batch.",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="With --file: where the outcomes go, as CSV. A file that is there is replaced.",
)
def command(
    name: str | None, region: str, on: datetime | None, source: Path | None, out: Path | None
) -> None:
    """Who is meant by NAME (a name or a code): candidates, score and reasons.

    Nothing is linked: `xinrong identity link` does that.
    """
    day = on.date() if on else None
    if bool(name) == bool(source) or bool(source) != bool(out):
        raise click.UsageError("give a NAME, or --file and --out")
    if source and out:
        many(source, out, region, day)
    elif name:
        one(name, region, day)


def one(name: str, region: str, on: date | None) -> None:
    """Print the candidates for one name."""
    found = resolution.resolve_text(name, region=region, on=on)
    click.echo(f"{found.outcome}: {'; '.join(words(found.verdict.reasons))}")
    if found.candidate is None:
        return
    table = Table("code", "enterprise", "name that fits", "score", "reasons")
    for each in (found.candidate, *found.runners_up):
        enterprise = subjects.enterprise_by_id(each.enterprise)
        why = "\n".join(words(each.verdict.reasons))
        table.add_row(enterprise.code, enterprise.name, each.name, f"{each.verdict.score:.4f}", why)
    Console().print(table)


def many(source: Path, out: Path, region: str, on: date | None) -> None:
    """Resolve every name of a file into another."""
    named = list(names_of(source, region))
    tally = dict.fromkeys(("link", "review", "none"), 0)
    with out.open("w", encoding="utf-8-sig", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(COLUMNS)
        for some in batched(resolution.resolve_names(named, on=on), AT_ONCE):
            codes = resolution.LiveDirectory().codes(
                {found.candidate.enterprise for found in some if found.candidate}
            )
            for found in some:
                tally[found.outcome] += 1
                writer.writerow([safe_cell(cell) for cell in cells(found, codes)])
    said = ", ".join(f"{count:,} {outcome}" for outcome, count in tally.items())
    click.echo(f"{len(named):,} names: {said}; written to {out}")


def names_of(source: Path, region: str) -> Iterator[resolution.Named]:
    """The names of a file, each with its region. Raises XinrongError without a column `name`."""
    with source.open(encoding="utf-8-sig", newline="") as lines:
        rows = csv.DictReader(lines)
        if "name" not in (rows.fieldnames or ()):
            raise XinrongError(
                "the file has no column `name`",
                place=Place(source.name, 1),
                remedy="Give the column that holds the names this heading.",
                code="no_name_column",
            )
        for row in rows:
            name = plain_cell((row["name"] or "").strip())
            yield resolution.Named(0, name, region=(row.get("region") or "").strip() or region)


def cells(found: resolution.Resolved, codes: Mapping[int, str]) -> list[str]:
    """An outcome as a row of COLUMNS."""
    best, verdict = found.candidate, found.verdict
    return [
        found.named.name,
        found.outcome,
        codes.get(best.enterprise, "") if best else "",
        best.name if best else "",
        f"{verdict.score:.4f}",
        " ".join(words(verdict.reasons, "zh")),
        " ".join(each.name for each in found.runners_up),
    ]


def words(reasons: Iterable[str], language: str = "en") -> list[str]:
    """The sentences of reasons."""
    return [resolution.sentence(reason).in_language(language) for reason in reasons]
