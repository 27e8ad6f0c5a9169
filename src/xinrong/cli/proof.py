"""`xinrong proof`: who says to represent whom, and how it was proven."""

from __future__ import annotations

import click
from django.utils import timezone

from xinrong.accounts.services import proof


@click.group("proof")
def command() -> None:
    """Claims to represent an enterprise."""


@command.command("list")
@click.option("--open", "only_open", is_flag=True, help="Only those that are not at their end.")
def list_claims(only_open: bool) -> None:
    """Show every claim, the oldest first."""
    for claim in proof.all_claims():
        if not only_open or claim.state in proof.OPEN:
            click.echo(line(claim))


def line(claim: proof.Claim) -> str:
    """One claim in one line."""
    return (
        f"{claim.pk:>6}  {claim.state:<15} {claim.way:<9} {claim.code}  {claim.name}  "
        f"{claim.person.email}  {timezone.localtime(claim.moved_at):%Y-%m-%d %H:%M}"
    )


@command.command("show")
@click.argument("code")
def show(code: str) -> None:
    """Show the claims to the enterprise CODE with every move, who acts for it, what is disputed."""
    case = proof.case_of(code)
    click.echo(f"{case.code}  {case.name}")
    for role in case.roles:
        rests = f"rests since {role.suspended_at:%F}: {role.suspended_why}"
        click.echo(f"  acts: {role.person.email}  {rests if role.suspended_at else 'acts'}")
    dispute = case.dispute
    if dispute is not None:
        said = f"{dispute.outcome or 'nobody decided yet'} {dispute.first_why}".rstrip()
        state = "open" if dispute.decided_at is None else f"decided {dispute.decided_at:%F}"
        click.echo(f"  dispute since {dispute.opened_at:%F}, {state}: {said} {dispute.decided_why}")
    for claim in proof.all_claims(code):
        click.echo(line(claim))
        for move in proof.side_of(claim).moves:
            who = move.by.email if move.by else "platform"
            click.echo(f"        {move.at:%F %T} UTC  {move.move}  {who}  {move.why}".rstrip())
