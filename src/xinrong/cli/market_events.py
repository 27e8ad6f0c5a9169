"""`xinrong market events`: financing events of an organiser, from the invitation to the results."""

from __future__ import annotations

import json
from typing import Any

import click
from django.conf import settings
from rich.console import Console
from rich.table import Column, Table

from xinrong.accounts.services import Viewer, person_of_email, viewer_of
from xinrong.cli.classes import tongue_of
from xinrong.cli.profile import LANGUAGE
from xinrong.domain.clock import SystemClock
from xinrong.market.services import applying, load_products, meeting

AS = click.option("--as", "email", required=True, help="E-mail of the account that asks.")
JSON = click.option("--json", "as_json", is_flag=True, help="For programs.")


@click.group("events")
def events() -> None:
    """Events: `list`, `preview` whom a criterion tells, `invite`, `open`, `pair`, `results`."""


@events.command("list")
@AS
@JSON
@LANGUAGE
def listed(email: str, as_json: bool, language: str) -> None:
    """The events that the account sees."""
    tongue = tongue_of(language)
    found = list(meeting.meetings_for(_viewer(email)))
    if as_json:
        click.echo(json.dumps([_event(one) for one in found], ensure_ascii=False))
        return
    for one in found:
        state = meeting.MEETING_PROCESS.state_words[one.state].in_language(tongue)
        click.echo(f"{one.number}  {one.held_on}  {state}  {one.title}, {one.place}")
    click.echo(f"{len(found)} events")


@events.command("preview")
@click.argument("criterion")
@AS
def preview(criterion: str, email: str) -> None:
    """How many enterprises a criterion (its code) would tell; nobody is told.

    A count through the gate, logged like any other: in tens, none under ten.
    """
    figure = meeting.preview(_viewer(email), criterion, now=SystemClock().now())
    click.echo("fewer than ten" if figure is None else f"about {figure} enterprises")


@events.command("invite")
@click.argument("number")
@click.argument("lenders", nargs=-1, required=True)
@AS
@click.option("--dry-run", is_flag=True, help="Say who would be invited, and invite nobody.")
def invite(number: str, lenders: tuple[str, ...], email: str, dry_run: bool) -> None:
    """Invite lenders (their ids) to the event NUMBER; those invited already stay so."""
    who, now = _viewer(email), SystemClock().now()
    found = meeting.meeting_for(who, number)
    known = {one.id for one in load_products(settings.REGION).lenders}
    if strange := sorted(set(lenders) - known):
        raise click.BadParameter(f"there is no lender {strange[0]!r}; there are {sorted(known)}")
    here, there = applying.here(lenders), set(found.banks.values_list("lender", flat=True))
    for lender in dict.fromkeys(lenders):
        what = "invited already" if lender in there else "to be invited"
        click.echo(f"{lender}  {what if lender in here else 'not on the platform yet'}")
    if dry_run:
        return
    made = meeting.invite_banks(who, number, sorted(here), now=now)
    click.echo(f"{len(made)} invited")


@events.command("open")
@click.argument("number")
@AS
@click.option("--criterion", default="", help="Code of the criterion whose enterprises are told.")
def open_up(number: str, email: str, criterion: str) -> None:
    """Open the event NUMBER: enterprises can say that they come."""
    opened = meeting.open_up(_viewer(email), number, criterion, now=SystemClock().now())
    told = "fewer than ten" if opened.invited is None else f"about {opened.invited}"
    click.echo(f"{opened.number} is open" + (f", {told} enterprises are told" if criterion else ""))


@events.command("pair")
@click.argument("number")
@AS
def pair(number: str, email: str) -> None:
    """Pair those who come with the banks that come to the event NUMBER; everybody is told."""
    who = _viewer(email)
    done = meeting.pair(who, number, now=SystemClock().now())
    leads = meeting.leads_for(who, done)
    paired = sum(one.guest.bank_id is not None for one in leads)
    click.echo(f"{done.number}: {paired} of {len(leads)} enterprises are paired")


@events.command("results")
@click.argument("number")
@AS
@JSON
@LANGUAGE
def results(number: str, email: str, as_json: bool, language: str) -> None:
    """The leads of the event NUMBER that the account may know, and what came of each."""
    who, tongue = _viewer(email), tongue_of(language)
    found = meeting.meeting_for(who, number)
    leads = meeting.leads_for(who, found)
    if as_json:
        told = _event(found) | {"leads": [_lead(one) for one in leads]}
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    table = Table(
        Column("enterprise"), "yuan", "bank", "wish", "came", "application", "state", "paid out"
    )
    for one in leads:
        row = _lead(one)
        words = applying.APPLICATION.state_words.get(one.state)
        state = words.in_language(tongue) if words else ""
        came = {None: "", True: "yes", False: "no"}[row["came"]]
        table.add_row(
            row["name"], row["amount"] or "", row["bank"], str(row["choice"] or ""), came,
            row["application"], state, row["paid_out"],
        )  # fmt: skip
    if leads:
        Console().print(table)
    paid = sum(one.disbursed for one in leads)
    applied = sum(bool(one.application) for one in leads)
    click.echo(f"{len(leads)} enterprises, {applied} applications, {paid:,.2f} yuan paid out")


def _viewer(email: str) -> Viewer:
    return viewer_of(person_of_email(email))


def _event(one: meeting.Meeting) -> dict[str, Any]:
    return {
        "number": one.number,
        "title": one.title,
        "place": one.place,
        "held_on": one.held_on.isoformat(),
        "programme": one.programme,
        "slots": one.slots,
        "state": one.state,
        "invited": one.invited,
    }


def _lead(one: meeting.Lead) -> dict[str, Any]:
    amount = meeting.amount_of(one)
    return {
        "code": one.guest.enterprise.code,
        "name": one.guest.enterprise.name,
        "need": one.guest.need,
        "amount": None if amount is None else f"{amount:.2f}",
        "bank": one.guest.bank.bank.name if one.guest.bank else "",
        "choice": one.guest.choice,
        "came": one.guest.attended,
        "application": one.application,
        "state": one.state,
        "paid_out": f"{one.disbursed:.2f}",
    }
