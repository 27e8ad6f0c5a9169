"""`xinrong consent`: who lets whom see what, and whether its papers are genuine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from xinrong.domain.canonical import digest_of
from xinrong.domain.clock import SystemClock
from xinrong.domain.signatures import PublicKey, from_base64url, open_envelope
from xinrong.subjects.services import enterprise_by_code
from xinrong.trust.services import consenting, key_document, rotate_key


@click.group("consent")
def command() -> None:
    """Consents of enterprises: list, show, verify; the key that signs them."""


@command.command("list")
@click.argument("code")
def list_consents(code: str) -> None:
    """Everything that was asked of the enterprise CODE, newest first."""
    now = SystemClock().now()
    for row in consenting.requests_to(enterprise_by_code(code).pk):
        stages = ", ".join(row.stages) or "-"
        state = consenting.standing(row, now=now)
        click.echo(
            f"{row.number}  {row.asked_at:%Y-%m-%d}  {state:<9} {stages}  {row.grantee.name}"
        )


@command.command("show")
@click.argument("code")
@click.argument("number")
def show(code: str, number: str) -> None:
    """The papers of request NUMBER to the enterprise CODE, as JSON that verifies offline."""
    found = consenting.request_for(number, grantor=enterprise_by_code(code).pk)
    click.echo(json.dumps(consenting.bundle(found), ensure_ascii=False, indent=1))


@command.command("verify")
@click.argument("papers", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def verify(papers: Path) -> None:
    """Whether the platform's keys signed everything in the file PAPERS, in this order."""
    try:
        bundle: dict[str, Any] = json.loads(papers.read_text(encoding="utf-8"))
        artefact, receipts = bundle["artefact"], bundle["receipts"]
    except (ValueError, KeyError, TypeError):
        raise click.ClickException(
            f"{papers} does not hold the papers of a consent; "
            "name a file that `xinrong consent show` or the page wrote"
        ) from None
    keys = [
        PublicKey(key["kid"], key["alg"], from_base64url(key["public"]))
        for key in key_document()["keys"]
    ]
    if artefact:
        open_envelope(artefact, keys)
    previous = None
    for envelope in receipts:
        says = open_envelope(envelope, keys)
        if says["previous"] != previous:
            raise click.ClickException("receipts are missing or in another order")
        previous = digest_of(envelope)
        click.echo(f"{says['at']}  {says['kind']}")
    click.echo("genuine")


@command.command("keys")
def keys() -> None:
    """The public keys, as they stand at /.well-known/xinrong-keys.json."""
    click.echo(json.dumps(key_document(), indent=1))


@command.command("settle")
def settle() -> None:
    """Write down which consents and requests have ended; the worker does it every 5 minutes."""
    click.echo(f"{consenting.settle_all(now=SystemClock().now())} written down")


@command.command("rotate-key")
@click.confirmation_option(prompt="Make a new signing key and remove the old one?")
def rotate() -> None:
    """Sign with a new key from now on; what the old one signed stays verifiable."""
    click.echo(f"signs from now on: {rotate_key().kid}")
