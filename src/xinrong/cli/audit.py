"""`xinrong audit`: the audit chain of who asked about whom."""

from __future__ import annotations

import threading

import click

from xinrong.domain.clock import SystemClock
from xinrong.trust.services import sealing


@click.group("audit")
def command() -> None:
    """Who asked about whom: seal, check, export, reproduce."""


@command.command("seal")
@click.option("--keep", is_flag=True, help="Go on until stopped (Ctrl+C), as the worker does.")
def seal(keep: bool) -> None:
    """Seal every audit row that is in no block yet."""
    if keep:
        sealing.keep_sealing(SystemClock(), threading.Event())
        return
    sealed = sealing.Sealer(SystemClock()).seal()
    click.echo(f"{sealed:,} rows sealed; head {sealing.head(fresh=True) or 'none'}")
