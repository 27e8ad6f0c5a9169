"""`xinrong serve`: bring the database and the static files up to date, then answer requests."""

from __future__ import annotations

import os
from contextlib import nullcontext

import click
from django.conf import settings
from django.core.management import call_command

from xinrong.cli.worker import worker_beside
from xinrong.orphans import SERVER

#: Threads that answer, in each worker: one that waits for a slow client leaves the others.
THREADS = 4
#: Seconds after which an idle thread ends, and with it its connections to the database, on which
#: statements stand ready: Granian takes no more.
IDLE_SECONDS = 600


def prepare() -> None:
    """Migrate the database and collect the static files; both do nothing when up to date."""
    call_command("migrate", interactive=False, verbosity=0)
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--workers", default=1, show_default=True, type=click.IntRange(1), help="Worker processes."
)
@click.option(
    "--background/--no-background",
    default=True,
    show_default=True,
    help="Do background work, too; without it, run `xinrong worker` elsewhere.",
)
def command(host: str, port: int, workers: int, background: bool) -> None:
    """Serve the pages and the API with Granian over WSGI, and do background work beside it.

    Listens on the loopback address unless told otherwise; anything else wants a proxy with TLS
    in front, XINRONG_TLS=true and the public names in XINRONG_HOSTS.
    """
    from granian import Granian
    from granian.constants import Interfaces

    prepare()
    click.echo(f"Xinrong listens on http://{host}:{port}/  (Ctrl+C stops it)")
    server = Granian(
        "xinrong.wsgi:application",
        address=host,
        port=port,
        workers=workers,
        blocking_threads=THREADS,
        blocking_threads_idle_timeout=IDLE_SECONDS,
        interface=Interfaces.WSGI,
        log_access=False,
    )
    os.environ[SERVER] = str(os.getpid())
    with worker_beside() if background else nullcontext():
        server.serve()
