"""`xinrong search`: enterprises by name or code."""

from __future__ import annotations

import json
from dataclasses import asdict

import click
from rich.console import Console
from rich.table import Table

from xinrong.files.services import find

#: What was met is not what the enterprise goes by today.
OTHERS = ("former_name", "other_code")


@click.command("search")
@click.argument("text")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 100))
@click.option("--json", "as_json", is_flag=True, help="Print the hits as one line of JSON.")
def command(text: str, limit: int, as_json: bool) -> None:
    """Enterprises whose code begins with TEXT, or whose name or former name contains it."""
    hits = find(text, limit)
    if as_json:
        click.echo(json.dumps([asdict(hit) for hit in hits], ensure_ascii=False))
        return
    if not hits:
        click.echo(f"No enterprise matches {text!r}. Try a shorter part of the name, or the code.")
        return
    table = Table("code", "name", "kind", "known by")
    for hit in hits:
        known = "provisional" if hit.provisional else "register"
        former = f" ({hit.matched_text})" if hit.matched in OTHERS else ""
        table.add_row(hit.code, hit.name + former, hit.kind, known)
    Console().print(table)
