"""`xinrong file`: a credit file on the terminal, through the same gate as everywhere else."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from xinrong.accounts.services import Viewer, person_of_email, viewer_of
from xinrong.domain.text import Text
from xinrong.files import services as files
from xinrong.files.types import (
    BasicInformation,
    ComprehensiveInformation,
    Coverage,
    CreditCube,
    FieldValue,
    FileRecord,
    Objection,
    PositiveNegative,
)
from xinrong.subjects.services import enterprise_by_code
from xinrong.trust.services import Purpose, Release, Stage, purposes_of

SERVICES: dict[str, Callable[..., Release]] = {
    "basic": files.basic,
    "comprehensive": files.comprehensive,
    "cube": files.cube,
    "signs": files.signs,
}


@click.command("file")
@click.argument("code")
@click.option("--service", type=click.Choice(list(SERVICES)), default="basic", show_default=True)
@click.option("--as", "email", required=True, help="E-mail of the account that asks.")
@click.option(
    "--purpose",
    type=click.Choice([str(each) for each in Purpose]),
    help="The role's own if left out.",
)
@click.option("--stage", type=click.Choice([str(each) for each in Stage]), help="For a bank.")
@click.option("--seq", "at_seq", type=int, help="As of this commit; now if left out.")
@click.option("--json", "as_json", is_flag=True, help="Print the release as one line of JSON.")
@click.option(
    "--pdf",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write the numbered PDF of the whole file here instead.",
)
@click.option("--language", type=click.Choice(["zh-hans", "en"]), default="zh-hans", help="Of it.")
@click.option("--check-at", default="", help="Address of the page that checks numbers, for it.")
def command(
    code: str,
    service: str,
    email: str,
    purpose: str | None,
    stage: str | None,
    at_seq: int | None,
    as_json: bool,
    pdf: Path | None,
    language: str,
    check_at: str,
) -> None:
    """Show the file of the enterprise with the unified social credit CODE.

    The query is logged like any other: the enterprise sees who asked, when and for what.
    """
    viewer = viewer_of(person_of_email(email))
    why = Purpose(purpose) if purpose else own_purpose(viewer)
    question = (viewer, enterprise_by_code(code).pk, why, Stage(stage) if stage else None)
    if pdf is not None:
        made = files.issue_paper(*question, language=language, check_at=check_at, at_seq=at_seq)
        write_paper(made, pdf)
        return
    release = SERVICES[service](*question, at_seq=at_seq)
    if as_json:
        click.echo(json.dumps(as_payload(release), ensure_ascii=False))
    else:
        show(release)


def write_paper(made: files.Paper, path: Path) -> None:
    """Write the PDF, for nobody but its owner to read, and say which it is."""
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(made.pdf)
    click.echo(f"{made.number}  audit row {made.release.audit_id}  sha256 {made.digest}")
    click.echo(f"written to {path}, {len(made.pdf):,} bytes")


def own_purpose(viewer: Viewer) -> Purpose:
    """The purpose of the viewer's role."""
    return purposes_of(viewer)[0]


def as_payload(release: Release) -> dict[str, Any]:
    """The release with its proof, ready for JSON."""
    return {
        "audit_id": release.audit_id,
        "seq": release.seq,
        "digest": release.digest,
        "withheld": {permit.category: permit.reason for permit in release.withheld},
        "content": release.content.payload(),
    }


def show(release: Release) -> None:
    """Print a release for a person."""
    console = Console()
    content = release.content
    if isinstance(content, BasicInformation):
        show_basic(console, content)
    elif isinstance(content, ComprehensiveInformation):
        console.print(f"{content.total:,} records, newest first")
        show_records(console, content.records)
    elif isinstance(content, CreditCube):
        show_cube(console, content)
    elif isinstance(content, PositiveNegative):
        console.print("[bold]红 Positive[/bold]")
        show_records(console, content.red)
        console.print("[bold]黑 Negative[/bold]")
        show_records(console, content.black)
    console.print(sentence(content.coverage))
    for gone in content.coverage.erased:
        console.print(
            f"erased on {gone.on}, {gone.article}: {gone.records:,} × {words(gone.title)}"
        )
    for permit in release.withheld:
        console.print(f"withheld: {permit.category} ({permit.reason})", style="dim")
    console.print(f"audit row {release.audit_id}, seq {release.seq}", style="dim")


def show_basic(console: Console, content: BasicInformation) -> None:
    """Who it is."""
    state = "provisional: no register feed knows it yet" if content.provisional else "registered"
    console.print(f"[bold]{escape(content.name)}[/bold]  {content.code}  {content.kind}, {state}")
    for name in content.names:
        origin = name.origin
        console.print(
            f"  {escape(name.name)}, by {words(origin.department_title)}, {origin.received_on}",
            style="dim",
        )
    if content.registration:
        show_records(console, (content.registration,))


def show_records(console: Console, records: Sequence[FileRecord]) -> None:
    """Records as a table: every one with its source and date."""
    if not records:
        console.print("  none")
        return
    table = Table("date", "category", "sign", "what", "source", "received")
    for record in records:
        shown = [in_words(field) for field in record.fields if field.value is not None]
        masked = sum(field.masked for field in record.fields)
        if masked:
            shown.append(f"({masked} masked)")
        if record.objection is not None:
            shown.append(objection_words(record.objection))
        table.add_row(
            str(record.event_date or "undated"),
            words(record.category_title),
            record.sign.value,
            escape("; ".join(shown)),
            words(record.origin.department_title),
            str(record.origin.received_on),
        )
    console.print(table)


def in_words(field: FieldValue) -> str:
    """One field: its title and its value with unit, or the words of a coded value."""
    value = words(field.words) if field.words else f"{field.value}{field.unit}"
    return f"{words(field.title)}: {value}"


def objection_words(told: Objection) -> str:
    """What stands beside a record that its enterprise objects or has objected to."""
    open_ = files.is_open(told)
    head = f"存在异议，自 {told.since}" if open_ else "企业有异议，报送部门核实后维持"
    return f"【{head}】" + (f"企业说明：{told.statement}" if told.statement else "")


def show_cube(console: Console, content: CreditCube) -> None:
    """Category by year, with counts and sums."""
    table = Table("category", "year", "department", "sign", "records", "yuan", "objected")
    for cell in content.cells:
        table.add_row(
            words(content.categories[cell.category]),
            str(cell.year or "undated"),
            words(content.departments[cell.department]),
            cell.sign.value,
            f"{cell.records:,}",
            "" if cell.amount is None else f"{cell.amount:,}",
            str(cell.objected or ""),
        )
    console.print(table)


def sentence(coverage: Coverage) -> str:
    """The line with which every file opens."""
    return (
        f"No negative record in {coverage.clean} of {coverage.covered} covered sources "
        f"as of {coverage.as_of}."
    )


def words(text: Text) -> str:
    """Chinese first: the terminal of a clerk."""
    return text.zh
