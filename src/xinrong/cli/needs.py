"""`xinrong needs`: needs as an account sees them, and the form that goes along on visits."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click
from django.conf import settings

from xinrong.accounts.services import Viewer, person_of_email, viewer_of
from xinrong.cli.classes import tongue_of
from xinrong.cli.profile import LANGUAGE
from xinrong.domain.clock import SystemClock, day_in_china
from xinrong.domain.financing import PURPOSE_WORDS, NeedPurpose
from xinrong.domain.money import yuan
from xinrong.market import services as market
from xinrong.market.services import needs
from xinrong.trust.services import Purpose

AS = click.option("--as", "email", required=True, help="E-mail of the account that asks.")


@click.group("needs")
def command() -> None:
    """Needs: `list` and `show` those of an account; `form` and `import` for visits."""


@command.command("list")
@AS
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@LANGUAGE
def listed(email: str, as_json: bool, language: str) -> None:
    """The needs of the account's enterprise or of its founder; of an officer those written down."""
    who, tongue = _viewer(email), tongue_of(language)
    found = [*needs.needs_of(who), *needs.needs_entered(who)]
    if as_json:
        click.echo(json.dumps([_told(one, who) for one in found], ensure_ascii=False, indent=1))
        return
    for one in found:
        state = needs.NEED_PROCESS.state_words[one.state].in_language(tongue)
        click.echo(f"{one.number}  {state}  {_line(one, who, tongue)}")
    click.echo(f"{len(found)} needs")


@command.command("show")
@click.argument("number")
@AS
@click.option("--json", "as_json", is_flag=True, help="For programs, with every product's answer.")
@LANGUAGE
def show(number: str, email: str, as_json: bool, language: str) -> None:
    """One need; one that was stated with what the products say of it today.

    The match is a query of the enterprise's own file, logged like any other.
    """
    who, tongue = _viewer(email), tongue_of(language)
    one = needs.need_for(who, number)
    answers = _answers(who, one)
    if as_json:
        told = _told(one, who) | {"answers": None if answers is None else market.told(answers)}
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    state = needs.NEED_PROCESS.state_words[one.state].in_language(tongue)
    click.echo(f"{one.number}  {state}  {_line(one, who, tongue)}")
    if answers is None:
        return
    click.echo(f"yes {len(answers.admitted)}, cannot tell {len(answers.open)},"
               f" no {len(answers.refused)}")  # fmt: skip
    for fit in answers.admitted:
        cost = "-" if fit.cost is None else f"{fit.cost:.2f} %"
        click.echo(f"  {cost:>8}  {fit.offered.product.title.in_language(tongue)}"
                   f" ({fit.offered.lender.title.in_language(tongue)})")  # fmt: skip
    for fit, change in answers.near:
        click.echo(f"  > {fit.offered.product.title.in_language(tongue)}:"
                   f" {change.sentence.in_language(tongue)}")  # fmt: skip


@command.command("form")
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
def form(path: Path) -> None:
    """Write the empty form for visits, a workbook, to PATH."""
    path.write_bytes(needs.write_form())
    click.echo(f"{path}: up to {needs.MOST_ROWS} needs")


@command.command("import")
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@AS
@click.option("--dry-run", is_flag=True, help="Say what each row comes to, and enter nothing.")
@LANGUAGE
def take_in(path: Path, email: str, dry_run: bool, language: str) -> None:
    """Enter the rows of a filled form for the enterprises that they name, which then confirm them.

    Ends with 1 where rows were held back.
    """
    who, now, tongue = _viewer(email), SystemClock().now(), tongue_of(language)
    found = needs.read_form(who, path.name, path.read_bytes(), now=now)
    held = list(found.held)
    made: list[Any] = list(found.accepted)
    if not dry_run:
        made, later = needs.enter_form(who, found.accepted, reference="form", now=now)
        held += later
    for fault in held:
        field = f" [{fault.heading}]" if fault.heading else ""
        click.echo(f"row {fault.row_no}{field}: {fault.words.in_language(tongue)}")
    for row in found.duplicates:
        click.echo(f"row {row.row_no}: {row.name} has this need already")
    click.echo(f"{found.rows_in} rows: {len(made)} {'can be entered' if dry_run else 'entered'},"
               f" {len(held)} held back, {len(found.duplicates)} there already")  # fmt: skip
    sys.exit(1 if held else 0)


def _viewer(email: str) -> Viewer:
    return viewer_of(person_of_email(email))


def _answers(who: Viewer, one: needs.StatedNeed) -> market.Matched | None:
    """What the products say; None for a draft and for what was withdrawn."""
    if one.state not in (needs.NeedState.STATED, needs.NeedState.ANSWERED):
        return None
    day, need = day_in_china(SystemClock().now()), needs.need_of(one)
    if one.enterprise_id is None:
        shelf = market.shelf_on(settings.REGION, day)
        return market.match_unregistered(shelf, need, market.chances_on(day))
    own = needs.own_enterprise(who)
    found: market.Matched = market.match_of(who, own, need, Purpose.SELF, as_of=day).content.matched
    return found


def _may_read(one: needs.StatedNeed, who: Viewer) -> bool:
    """An officer reads what was written down until the enterprise makes it its own."""
    return one.entered_for_id != who.organisation_id or (one.is_draft and one.version == 1)


def _line(one: needs.StatedNeed, who: Viewer, tongue: str) -> str:
    if not _may_read(one, who):
        return ""
    parts = [
        "" if one.amount is None else f"{yuan(one.amount):,.2f} yuan",
        "" if one.months is None else f"{one.months} months",
        PURPOSE_WORDS[NeedPurpose(one.purpose)].in_language(tongue) if one.purpose else "",
    ]
    return ", ".join(part for part in parts if part)


def _told(one: needs.StatedNeed, who: Viewer) -> dict[str, Any]:
    told: dict[str, Any] = {
        "number": one.number,
        "state": one.state,
        "source": one.source,
        "made_at": one.made_at.isoformat(),
        "stated_at": one.stated_at.isoformat() if one.stated_at else None,
    }
    if _may_read(one, who):
        told |= {
            "amount": None if one.amount is None else f"{yuan(one.amount):.2f}",
            "months": one.months,
            "purpose": one.purpose,
            "offers": one.offers,
            "area": one.area,
            "first_time": one.first_time,
            "max_rate": None if one.max_rate is None else f"{one.max_rate:f}",
            "registered": one.registered,
        }
    return told
