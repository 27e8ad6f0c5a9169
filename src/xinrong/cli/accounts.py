"""`xinrong accounts`: organisations, people and API keys."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import click
from django.utils import timezone

from xinrong.accounts import services as accounts
from xinrong.accounts.enums import ROLES_OF, SCOPES, OrganisationKind, Role
from xinrong.cli.accounts_people import COMMANDS as PEOPLE


@click.group("accounts")
def command() -> None:
    """Organisations, people and API keys."""


for part in PEOPLE:
    command.add_command(part)


@command.command("add-organisation")
@click.argument("name")
@click.option("--kind", type=click.Choice(OrganisationKind.values), required=True)
@click.option("--reference", default="", help="Department id, or the enterprise's code.")
@click.option("--outlet-of", default="", help="Name of the bank whose outlet this is.")
def add_organisation(name: str, kind: str, reference: str, outlet_of: str) -> None:
    """Add the organisation NAME."""
    parent = accounts.organisation_named(outlet_of) if outlet_of else None
    made = accounts.create_organisation(name, kind, reference=reference, parent=parent)
    click.echo(f"organisation {made.pk}: {made.name} ({made.kind})")


@command.command("add-person")
@click.argument("email")
@click.option("--organisation", required=True, help="Name of the organisation to act for.")
@click.option("--role", type=click.Choice(Role.values), default=None)
@click.option("--name", default="", help="How the person is called.")
@click.option(
    "--password-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File whose first line is the password; without it you are asked.",
)
def add_person(
    email: str, organisation: str, role: str | None, name: str, password_file: Path | None
) -> None:
    """Add the person EMAIL to an organisation."""
    target = accounts.organisation_named(organisation)
    if target.kind == OrganisationKind.ENTERPRISE:
        raise accounts.AccountError(
            "the first representative of an enterprise is proven, never declared",
            remedy="Let them claim it on the page for that; they invite others then.",
            code="proof_needed",
        )
    if password_file is not None:
        password = password_file.read_text(encoding="utf-8").split("\n", 1)[0].rstrip("\r")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    chosen = role or ROLES_OF[target.kind][0]
    made = accounts.create_person(email, password, name=name, organisation=target, role=chosen)
    click.echo(f"person {made.pk}: {made.email}, {chosen} of {target.name}")


@command.command("add-key")
@click.argument("title")
@click.option("--organisation", required=True, help="Name of the organisation it acts for.")
@click.option("--scope", "scopes", multiple=True, type=click.Choice(list(SCOPES)), required=True)
@click.option("--days", default=90, show_default=True, help="How long it is valid.")
@click.option("--created-by", default="", help="E-mail address of who asked for it.")
def add_key(
    title: str, organisation: str, scopes: tuple[str, ...], days: int, created_by: str
) -> None:
    """Make an API key and print its token, once."""
    key, token = accounts.create_key(
        accounts.organisation_named(organisation),
        title,
        scopes,
        valid_for=timedelta(days=days),
        now=timezone.now(),
        created_by=accounts.person_of_email(created_by) if created_by else None,
    )
    click.echo(f"key {key.prefix} for {organisation}, until {key.expires_at:%Y-%m-%d %H:%M} UTC")
    click.echo("The token is shown now and never again:", err=True)
    click.echo(token)


@command.command("revoke-key")
@click.argument("prefix")
def revoke_key(prefix: str) -> None:
    """End the API key whose token begins with PREFIX, at once."""
    accounts.revoke_key(accounts.key_of_prefix(prefix), now=timezone.now())
    click.echo(f"key {prefix} is revoked")


@command.command("rotate-key")
@click.argument("prefix")
@click.option("--overlap-days", default=2, show_default=True, help="Both work so long; 0 to 7.")
@click.option("--days", default=90, show_default=True, help="How long the new one is valid.")
def rotate_key(prefix: str, overlap_days: int, days: int) -> None:
    """Make a new key of the same scopes in the place of PREFIX, and print its token, once."""
    key, token = accounts.rotate_key(
        accounts.key_of_prefix(prefix),
        overlap=timedelta(days=overlap_days),
        valid_for=timedelta(days=days),
        now=timezone.now(),
    )
    click.echo(f"key {key.prefix} replaces {prefix}, until {key.expires_at:%Y-%m-%d %H:%M} UTC")
    click.echo("The token is shown now and never again:", err=True)
    click.echo(token)


@command.command("list")
def list_accounts() -> None:
    """Show organisations, people and keys."""
    for organisation, members, keys in accounts.directory():
        belongs = f", outlet of {organisation.parent.name}" if organisation.parent else ""
        reference = f" [{organisation.reference}]" if organisation.reference else ""
        click.echo(f"{organisation.name} ({organisation.kind}{belongs}){reference}")
        for member in members:
            click.echo(f"  {member.person.email}  {state_of_role(member)}")
        for key in keys:
            opens = ", ".join(key.scopes)
            click.echo(f"  {key.prefix}…  {key.title}: {opens}; {state_of_key(key)}")


def state_of_role(member: accounts.Membership) -> str:
    """A role in words: what it is, and what keeps it from acting."""
    words = [member.role]
    if member.manages:
        words.append("manages")
    if member.suspended_at is not None:
        words.append(f"rests ({member.suspended_why})")
    if not member.person.is_active:
        words.append("closed")
    return ", ".join(words)


def state_of_key(key: accounts.ApiKey) -> str:
    """A key in words: until when it works, and when it was used last."""
    if key.revoked_at is not None:
        return "revoked"
    used = f"last used {key.last_used_on}" if key.last_used_on else "never used"
    soon = ", ends soon: rotate it" if accounts.ends_soon(key, now=timezone.now()) else ""
    rests = ", rests" if key.suspended_at is not None else ""
    return f"until {key.expires_at:%Y-%m-%d}, {used}{soon}{rests}"
