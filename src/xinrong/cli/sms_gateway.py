"""`xinrong sms-gateway`: a gateway that sends nothing and shows what it received."""

from __future__ import annotations

from pathlib import Path

import click

from xinrong.notices.services import LocalGateway, Modes


@click.command("sms-gateway")
@click.option("--port", default=8025, show_default=True, type=click.IntRange(0, 65535))
@click.option(
    "--secret-file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True,
    help="The file that XINRONG_SMS_SECRET_FILE names.",
)  # fmt: skip
@click.option("--fail", default=0, type=click.IntRange(0), help="Fail so many requests (503).")
@click.option("--refuse", default=0, type=click.IntRange(0), help="Refuse so many numbers (422).")
@click.option(
    "--double", default=0, type=click.IntRange(0), help="Lose the answer to so many requests."
)
@click.option("--delay", default=0.0, type=click.FloatRange(0, 1_000), help="Answer late, seconds.")
def command(
    port: int, secret_file: Path, fail: int, refuse: int, double: int, delay: float
) -> None:
    """Take messages on this machine as an SMS gateway does; open its address to see them.

    Give the platform XINRONG_SMS_URL and XINRONG_SMS_SECRET_FILE as printed.
    """
    secret = secret_file.read_text(encoding="utf-8").strip()
    gateway = LocalGateway(secret, port=port)
    gateway.box.modes = Modes(fail, refuse, double, delay)
    click.echo(f"XINRONG_SMS_URL={gateway.url}")
    click.echo(f"what it received: {gateway.url.removesuffix('messages')}  (Ctrl+C stops it)")
    gateway.serve()
