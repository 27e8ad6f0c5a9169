"""`xinrong accounts`: inviting people, changing and ending their roles, support, the log."""

from __future__ import annotations

import click
from django.utils import timezone

from xinrong.accounts import services as accounts
from xinrong.accounts.enums import ROLES_OF, Role

#: Newest rows shown of a list.
SHOWN = 100


@click.command("invite")
@click.argument("email")
@click.option("--organisation", required=True, help="Name of the organisation to act for.")
@click.option("--role", type=click.Choice(Role.values), default=None)
@click.option("--manages/--no-manages", default=True, show_default=True, help="Manages people.")
def invite(email: str, organisation: str, role: str | None, manages: bool) -> None:
    """Invite EMAIL, as a rule the first manager of an organisation; print the link's path, once.

    Managers invite everybody else on their own page. Never for an enterprise: its first
    representative is proven.
    """
    target = accounts.organisation_named(organisation)
    chosen = role or ROLES_OF[target.kind][0]
    made, token = accounts.invite_as_platform(
        target, email, chosen, manages=manages, now=timezone.now()
    )
    click.echo(f"invitation {made.key}: {made.email}, {made.role} of {target.name}, "
               f"until {made.expires_at:%Y-%m-%d %H:%M} UTC")  # fmt: skip
    click.echo("Hand over this path behind the platform's address; shown now only:", err=True)
    click.echo(f"/invitations/{token}")


@click.command("invitations")
@click.option("--organisation", required=True, help="Name of the organisation.")
def invitations(organisation: str) -> None:
    """Show the invitations that can be accepted still."""
    target = accounts.organisation_named(organisation)
    found = accounts.open_invitations(target.pk, now=timezone.now())
    for row in found:
        by = row.invited_by.email if row.invited_by else "the platform"
        end = f"{row.expires_at:%Y-%m-%d %H:%M}"
        click.echo(f"{row.key}  {row.email}  {row.role}, until {end} UTC, invited by {by}")
    if not found:
        click.echo("none")


@click.command("withdraw-invitation")
@click.argument("key")
@click.option("--organisation", required=True, help="Name of the organisation.")
def withdraw_invitation(key: str, organisation: str) -> None:
    """Take the invitation KEY back: its link opens nothing from now on."""
    target = accounts.organisation_named(organisation)
    taken = accounts.withdraw_as_platform(target, key, now=timezone.now())
    click.echo(f"the invitation of {taken.email} is withdrawn")


@click.command("set-role")
@click.argument("email")
@click.option("--organisation", required=True, help="Name of the organisation.")
@click.option("--role", type=click.Choice(Role.values), required=True)
@click.option("--manages/--no-manages", default=False, show_default=True, help="Manages people.")
def set_role(email: str, organisation: str, role: str, manages: bool) -> None:
    """Give EMAIL another role in an organisation, or the right to manage it."""
    target = accounts.organisation_named(organisation)
    accounts.change_role_as_platform(target, email, role, manages=manages, now=timezone.now())
    click.echo(f"{email}: {role}{', manages' if manages else ''}")


@click.command("end-role")
@click.argument("email")
@click.option("--organisation", required=True, help="Name of the organisation.")
def end_role(email: str, organisation: str) -> None:
    """Let EMAIL act for an organisation no more, at once."""
    target = accounts.organisation_named(organisation)
    accounts.end_role_as_platform(target, email, now=timezone.now())
    click.echo(f"{email} acts for {target.name} no more")


@click.command("support")
@click.option("--organisation", required=True, help="Name of the organisation.")
def support(organisation: str) -> None:
    """Show the support sessions about an organisation, the newest first."""
    target, now = accounts.organisation_named(organisation), timezone.now()
    rows = accounts.sessions_about(target.pk)[:SHOWN]
    for row in rows:
        state = accounts.support_state(row, now=now)
        agreed = f", agreed by {row.nodded_by.email}" if row.nodded_by else ""
        asked = f"{row.asked_at:%Y-%m-%d %H:%M}"
        click.echo(f"{asked}  {state}  {row.operator.email}{agreed}: {row.reason}")
    if not rows:
        click.echo("none")


@click.command("log")
@click.option("--organisation", required=True, help="Name of the organisation.")
def log(organisation: str) -> None:
    """Show what was done about people, keys and support of an organisation, the newest first."""
    target = accounts.organisation_named(organisation)
    rows = accounts.events_about(target.pk)[:SHOWN]
    for row in rows:
        by = row.actor.email if row.actor else "the platform"
        detail = f" ({row.detail})" if row.detail else ""
        click.echo(f"{row.at:%Y-%m-%d %H:%M:%S}  {row.what}  {row.about}{detail}  by {by}")
    if not rows:
        click.echo("none")


COMMANDS = (invite, invitations, withdraw_invitation, set_role, end_role, support, log)
