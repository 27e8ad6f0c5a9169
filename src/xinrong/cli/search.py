"""`xinrong search`: enterprises by name or code."""

from __future__ import annotations

import json
from dataclasses import asdict

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from xinrong.files.services import Hit, find


@click.command("search")
@click.argument("text")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 100))
@click.option("--start", default=0, help="Hits to pass over.", type=click.IntRange(0, 400))
@click.option("--json", "as_json", is_flag=True, help="Print the hits as one line of JSON.")
def command(text: str, limit: int, start: int, as_json: bool) -> None:
    """Enterprises that TEXT may mean, the likeliest first, each with why it was found.

    TEXT is a code or four signs of one, any part of a name or former name, words in any order, a
    short name, pinyin or initials; a sign that sounds the same and one slip are understood.
    """
    hits = find(text, limit, start)
    if as_json:
        rows = [{**asdict(hit), "why": hit.why.model_dump()} for hit in hits]
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    if not hits:
        click.echo(f"No enterprise matches {text!r}. Try a shorter part of the name, or the code.")
        return
    table = Table("code", "name", "kind", "known by", "why")
    for hit in hits:
        known = "provisional" if hit.provisional else "register"
        why = hit.why.en
        if hit.matched == "former_name":
            why += f"; formerly {hit.matched_text}"
        if hit.matched == "other_code":
            why += f"; also answers for {hit.matched_text}"
        name = marked(hit) if hit.matched == "name" else Text(hit.name)
        table.add_row(hit.code, name, hit.kind, known, why)
    Console().print(table)


def marked(hit: Hit) -> Text:
    """The text that was met, with the pieces that were met in bold."""
    return Text.assemble(*((piece, "bold" if met else "") for piece, met in hit.pieces))
