"""`xinrong file-batch`: one service over a list of clients, on the terminal."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from typing import Any

import click
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from xinrong.accounts.services import Viewer, person_of_email, viewer_of
from xinrong.collect.services import read_listed
from xinrong.domain.cells import text_cell
from xinrong.domain.errors import XinrongError
from xinrong.files import perms
from xinrong.files import services as files
from xinrong.trust.services import Service, Stage, purposes_of

HEADINGS = (
    "row", "listed", "code", "name", "status", "why", "finding", "covered", "clean", "withheld",
    "records", "positive", "negative", "objected", "latest_negative", "audit_id",
)  # fmt: skip


class NoClients(XinrongError):
    """This account has no clients to ask about."""

    code = "denied_role"


@click.command("file-batch")
@click.argument("listed", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--service",
    type=click.Choice([str(each) for each in files.PRODUCTS]),
    default="signs",
    show_default=True,
)
@click.option("--as", "email", required=True, help="E-mail of the account that asks.")
@click.option("--stage", type=click.Choice([str(each) for each in Stage]), help="For a bank.")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the rows to this CSV."
)
@click.option("--yes", is_flag=True, help="Ask without confirming.")
def command(
    listed: Path, service: str, email: str, stage: str | None, out: Path | None, yes: bool
) -> None:
    """Ask one service about up to 500 of your own clients, LISTED in a CSV or XLSX file.

    Each is a query of its own, logged like any other: the enterprise sees who asked and for what.
    """
    viewer = viewer_of(person_of_email(email))
    when = Stage(stage) if stage else None
    question = files.Question(Service(service), purposes_of(viewer)[0], when)
    ask_batch(viewer, listed, question, out=out, yes=yes)


def ask_batch(
    who: Viewer, path: Path, question: files.Question, *, out: Path | None, yes: bool
) -> None:
    """Show what the list is, ask whether to go on, and print or write what came of each row.

    Raises NoClients, FileError, BatchTooLarge. Nobody is asked about before the answer yes.
    """
    if not perms.can_ask_batches(who):
        raise NoClients(
            f"the role {who.role} has no clients to ask about",
            remedy="Name the account of a lender, guarantor or adviser with --as.",
        )
    found = read_listed(path.name, path.read_bytes())
    entries = [files.Entry(row_no, text.strip()[:100]) for row_no, text in found.cells]
    entries += [files.Entry(one.row_no, "", one.words) for one in found.faults]
    entries.sort(key=lambda one: one.row_no)
    now = timezone.now()
    rows = files.sort_out(entries, who, question.purpose, question.stage, now=now)
    files.log_listed(who, rows)
    known = files.to_ask(rows)
    fates = Counter(row.fate.value for row in rows)
    click.echo(f"{len(rows):,} rows: " + ", ".join(f"{n} {fate}" for fate, n in fates.items()))
    if known and not yes:
        click.confirm(f"Ask about {len(known)}? Each is logged and sees it", abort=True)
    answers = {one.row.code: one for one in files.ask_about(who, known, question)} if known else {}
    asked = [answers[row.code] if row in known else files.not_asked(row) for row in rows]
    show(asked, out)


def show(rows: list[files.AskedRow], out: Path | None) -> None:
    """The rows as CSV when a file is named, else as a table; the sum below."""
    lines = [cells(row) for row in rows]
    if out is not None:
        with out.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(HEADINGS)
            writer.writerows([text_cell(one) for one in line] for line in lines)
        click.echo(f"written to {out}")
    else:
        table = Table(*HEADINGS)
        for line in lines:
            table.add_row(*map(str, line))
        Console().print(table)
    sums = files.sums_of(rows)
    total = sums.pop("rows_in")
    click.echo(f"{total} rows = " + " + ".join(f"{n} {status}" for status, n in sums.items()))


def cells(asked: files.AskedRow) -> list[Any]:
    """One row."""
    row, figures = asked.row, asked.figures
    why = asked.error or (row.why.zh if row.why else "")
    if row.first_row:
        why = f"as row {row.first_row}"
    counts: list[Any] = [""] * 9
    if figures is not None:
        counts = [
            figures.finding.value,
            figures.covered,
            figures.clean,
            figures.withheld,
            figures.records,
            figures.positive,
            figures.negative,
            figures.objected,
            figures.latest_negative,
        ]
        counts = ["" if one is None else one for one in counts]
    number = asked.audit_id or ""
    return [row.row_no, row.text, row.code, row.name, asked.status, why, *counts, number]
