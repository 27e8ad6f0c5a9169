"""`xinrong banksim`: a bank to try a link with, started as the program of its own that it is."""

from __future__ import annotations

import click

from xinrong.cli.banklink import start


@click.command(
    "banksim", context_settings={"ignore_unknown_options": True, "help_option_names": []}
)
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def command(words: tuple[str, ...]) -> None:
    """Be a bank to try a link with; `xinrong banksim run --help` says how it can behave."""
    start(["banksim", *words])
