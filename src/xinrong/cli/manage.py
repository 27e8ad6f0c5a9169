"""`xinrong manage …`: Django's own management commands, for those who keep a deployment."""

from __future__ import annotations

import click
from django.core.management import execute_from_command_line


@click.command(
    "manage",
    context_settings={"ignore_unknown_options": True, "help_option_names": []},
    add_help_option=False,
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(arguments: tuple[str, ...]) -> None:
    """Run a management command of Django: `xinrong manage check --deploy`."""
    execute_from_command_line(["xinrong manage", *arguments])
