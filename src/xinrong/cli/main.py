"""The `xinrong` command. Each group lives in a module of its own and is imported when used."""

from __future__ import annotations

import ast
import importlib
import os
import sys
from pathlib import Path
from typing import NoReturn

import click

from xinrong import __version__
from xinrong.cli.tables import of_tables
from xinrong.domain.disks import of_disk
from xinrong.domain.errors import XinrongError

#: command -> (module, needs Django)
COMMANDS = {
    "accounts": ("xinrong.cli.accounts", True),
    "applications": ("xinrong.cli.applications", True),
    "audit": ("xinrong.cli.audit", True),
    "banksim": ("xinrong.cli.banksim", True),
    "catalogue": ("xinrong.cli.catalogue", False),
    "classes": ("xinrong.cli.classes", True),
    "collect": ("xinrong.cli.collect", True),
    "consent": ("xinrong.cli.consent", True),
    "counts": ("xinrong.cli.counts", True),
    "criteria": ("xinrong.cli.criteria", True),
    "demo": ("xinrong.cli.demo", True),
    "erase": ("xinrong.cli.erase", True),
    "file": ("xinrong.cli.file", True),
    "file-batch": ("xinrong.cli.file_batch", True),
    "grade": ("xinrong.cli.grade", True),
    "identity": ("xinrong.cli.identity", True),
    "law": ("xinrong.cli.law", False),
    "link": ("xinrong.cli.banklink", True),
    "lists": ("xinrong.cli.lists", True),
    "manage": ("xinrong.cli.manage", True),
    "market": ("xinrong.cli.market", True),
    "match": ("xinrong.cli.match", True),
    "needs": ("xinrong.cli.needs", True),
    "notices": ("xinrong.cli.notices", True),
    "objection": ("xinrong.cli.objection", True),
    "process": ("xinrong.cli.processes", True),
    "profile": ("xinrong.cli.profile", True),
    "proof": ("xinrong.cli.proof", True),
    "quality": ("xinrong.cli.quality", True),
    "register": ("xinrong.cli.register", True),
    "report": ("xinrong.cli.report", False),
    "resolve": ("xinrong.cli.resolve", True),
    "retention": ("xinrong.cli.retention", True),
    "search": ("xinrong.cli.search", True),
    "serve": ("xinrong.cli.serve", True),
    "sms-gateway": ("xinrong.cli.sms_gateway", True),
    "snoop": ("xinrong.cli.snoop", True),
    "store": ("xinrong.cli.store", True),
    "subjects": ("xinrong.cli.subjects", True),
    "synth": ("xinrong.cli.synth", False),
    "worker": ("xinrong.cli.worker", True),
}


class LazyGroup(click.Group):
    """Imports a command's module only when that command runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, needs_django = COMMANDS[cmd_name]
        if needs_django:
            set_up_django()
            from xinrong.accounts.services import outside_organisations

            # Whoever has a shell here runs the platform: no organisation narrows what is asked.
            ctx.with_resource(outside_organisations())
        command: click.Command = importlib.import_module(module).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands with what each is for, read from their files: none is imported."""
        limit = formatter.width - 6 - max(map(len, COMMANDS))
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, short_help(COMMANDS[name][0], limit)) for name in self.list_commands(ctx)]
            )


def short_help(module: str, limit: int) -> str:
    """The first sentence of the docstring of a module's `command`, without running anything."""
    path = Path(__file__).with_name(f"{module.rpartition('.')[2]}.py")
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef) and node.name == "command":
            return click.Command(None, help=ast.get_docstring(node)).get_short_help_str(limit)
    return ""


def set_up_django() -> None:
    """Configure Django once; harmless when it already is."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinrong.settings")
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()


@click.group(cls=LazyGroup)
@click.version_option(__version__, prog_name="xinrong")
def group() -> None:
    """Xinrong (信融): departmental records in, credit files out."""


def main() -> None:
    """Entry point: an error meant for a person is printed as words, never as a traceback."""
    try:
        # Without standalone mode click returns the status of `ctx.exit` instead of exiting.
        status = group(standalone_mode=False)
        sys.exit(status if isinstance(status, int) else 0)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.Abort:
        click.echo("stopped", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except XinrongError as error:
        _say(error)
    except Exception as error:
        told = of_disk(error) or of_tables(error)
        if told is None:
            raise
        _say(told)


def _say(error: XinrongError) -> NoReturn:
    click.echo(f"error [{error.code}]: {error}", err=True)
    sys.exit(1)


if __name__ == "__main__":
    main()
