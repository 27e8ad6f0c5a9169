"""`xinrong grade`: the grade of an enterprise with its reasons, of all, and the cards."""

from __future__ import annotations

import json
import sys
from collections import Counter
from datetime import date, datetime
from pathlib import Path

import click
from django.conf import settings
from rich.console import Console
from rich.table import Table

from xinrong.accounts.services import person_of_email, viewer_of
from xinrong.catalogue.errors import Severity
from xinrong.cli.classes import tongue_of
from xinrong.cli.profile import AS_OF, LANGUAGE, day_of
from xinrong.domain.clock import SystemClock, day_in_china
from xinrong.domain.scorecards import Card, card_digest, card_text, score_sql
from xinrong.domain.text import Text
from xinrong.profiles.services import current_batch
from xinrong.rating import services as rating
from xinrong.subjects.services import enterprise_by_code
from xinrong.trust.services import Purpose, Stage, purposes_of

PURPOSE = click.option(
    "--purpose",
    type=click.Choice([str(each) for each in Purpose]),
    help="The role's own if left out.",
)
STAGE = click.option(
    "--stage", type=click.Choice([str(each) for each in Stage]), help="For a bank."
)


@click.group("grade")
def command() -> None:
    """Grades: `show` one with its reasons, `build` and count `all`; `card`s and their versions."""


@command.command("show")
@click.argument("code")
@click.option("--as", "email", required=True, help="E-mail of the account that asks.")
@PURPOSE
@STAGE
@AS_OF
@click.option("--json", "as_json", is_flag=True, help="Print the grade as one line of JSON.")
@LANGUAGE
def show(
    code: str,
    email: str,
    purpose: str | None,
    stage: str | None,
    as_of: datetime | None,
    as_json: bool,
    language: str,
) -> None:
    """Show the grade of the enterprise with the unified social credit CODE, and why.

    The query is logged like any other: the enterprise sees who asked, when and for what.
    """
    viewer = viewer_of(person_of_email(email))
    enterprise = enterprise_by_code(code)
    why = Purpose(purpose) if purpose else purposes_of(viewer)[0]
    release = rating.grade_of(
        viewer, enterprise.pk, why, Stage(stage) if stage else None, as_of=day_of(as_of)
    )
    if as_json:
        click.echo(json.dumps(release.content.payload(), ensure_ascii=False))
        return
    click.echo(f"{enterprise.name} {enterprise.code}")
    _say(release.content, tongue_of(language))
    click.echo(f"query {release.audit_id}, as of commit {release.seq}")


def _say(found: rating.GradeFile, tongue: str) -> None:
    """A grade in words."""

    def say(text: Text, indent: str = "") -> None:
        click.echo(indent + text.in_language(tongue))

    scored, card, told = found.graded.scored, found.graded.card, found.told
    meaning = scored.grade.meaning.in_language(tongue)
    click.echo(f"{scored.grade.name} ({scored.lowest.name}–{scored.highest.name}): {meaning}")
    click.echo(f"{scored.points} ({scored.low}–{scored.high})")
    click.echo(
        f"{card.title.in_language(tongue)}: {card.name} {card.version}, {card_digest(card)[:12]},"
        f" version {found.version}"
    )
    say(told.range)
    for text in told.undecided:
        say(text)
    for sign, reasons in (("+", told.counts_for), ("-", told.counts_against), ("?", told.unknown)):
        for one in reasons:
            say(one.text, f"  {sign} ")
            _say_records(found.behind.get(one.column))
    if told.lift_to is not None:
        say(told.lift_to)
        for one in told.lift:
            say(one.text, "  > ")
    if found.before is not None:
        line = found.before.line
        click.echo(f"{line.as_of}: {line.grade} ({line.lowest}–{line.highest}), {line.points}")
        for one in told.changed:
            say(one.text, "  ~ ")
            _say_records(found.behind.get(one.column))
    say(rating.NEVER_ALONE)


def _say_records(backing: rating.Backing | None) -> None:
    """The records behind a reason, by their names in the file."""
    if backing is None or not backing.number:
        return
    named = ", ".join(_named(one) for one in backing.newest)
    more = f" + {backing.unnamed}" if backing.unnamed and named else ""
    click.echo(f"      [{backing.number}] {named}{more}".rstrip())
    if backing.objected:
        click.echo(f"      ! {backing.objected} under objection")


def _named(one: rating.Named) -> str:
    """A record by its day and its name, with what stands beside it."""
    told = one.objection
    beside = f" ({told.state} since {told.since})" if told is not None else ""
    return f"{one.day or '?'} {one.ref}{beside}"


@command.command("build")
def build() -> None:
    """Grade everybody by the newest profile and the version in force, and keep the grades."""
    made = rating.build_grades(SystemClock().now())
    click.echo(
        f"{made.rows:,} enterprises graded by version {made.version} as of {made.as_of}, seq"
        f" {made.seq}, {made.changed:,} otherwise than before, in {made.seconds:.1f} s"
    )


@command.command("all")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def everybody(as_json: bool) -> None:
    """Grade all enterprises by the newest profile, and say how many have each grade.

    Exact: for whoever runs the platform, and released to nobody.
    """
    found = rating.grades_of_all()
    book = rating.in_force(batch_day()).book
    counted = Counter(zip(found["grade"].to_pylist(), found["card"].to_pylist(), strict=True))
    names = [one.name for one in book.cards]
    grades = [one.name for one in book.scale.grades]
    if as_json:
        rows = {grade: {name: counted[grade, name] for name in names} for grade in grades}
        click.echo(json.dumps({"enterprises": len(found), "grades": rows}))
        return
    table = Table("grade", *names, "all")
    for grade in grades:
        row = [counted[grade, name] for name in names]
        table.add_row(grade, *(f"{count:,}" for count in row), f"{sum(row):,}")
    Console().print(table)
    click.echo(f"{len(found):,} enterprises")


def batch_day() -> date:
    """The day of the newest profile of all, else today."""
    batch = current_batch()
    return batch.as_of if batch is not None else day_in_china(SystemClock().now())


@command.command("card")
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="The card as its digest counts it.")
@click.option("--sql", "as_sql", is_flag=True, help="The points as one SQL expression.")
@click.option("--signed", is_flag=True, help="The version in force as the platform signed it.")
@click.option("--files", is_flag=True, help="Those in the region's folder, approved or not.")
@LANGUAGE
def card(
    name: str | None, as_json: bool, as_sql: bool, signed: bool, files: bool, language: str
) -> None:
    """The cards in force today, or one of them: its bands, points and basis."""
    tongue = tongue_of(language)
    today = day_in_china(SystemClock().now())
    if signed:
        number = rating.in_force(today).number
        click.echo(json.dumps(rating.versions.signed(number), ensure_ascii=False))
        return
    book = rating.load_cards(settings.REGION) if files else rating.in_force(today).book
    if name is None:
        if as_json or as_sql:
            raise click.UsageError("Name the card.")
        for each in book.cards:
            click.echo(f"{each.name} {each.version}, {card_digest(each)}")
            click.echo(f"  {each.title.in_language(tongue)}: {each.segment or '*'}")
        for grade in book.scale.grades:
            click.echo(f"{grade.name:>4} {grade.since:>5} {grade.meaning.in_language(tongue)}")
        return
    chosen = book.card(name)
    if as_json or as_sql:
        click.echo(score_sql(chosen) if as_sql else card_text(chosen), nl=as_sql)
        return
    _print(chosen, tongue)


def _print(chosen: Card, tongue: str) -> None:
    click.echo(f"{chosen.title.in_language(tongue)} ({chosen.name} {chosen.version})")
    click.echo(chosen.basis.in_language(tongue))
    click.echo(f"{chosen.base}")
    table = Table("indicator", "what", "points", "unknown", "typical")
    for one in chosen.characteristics:
        table.add_row(
            one.column,
            one.title.in_language(tongue),
            rating.versions.points_of(one),
            f"{one.otherwise:+d}",
            f"{one.neutral:+d}",
        )
    Console().print(table)


BY = click.option("--as", "email", required=True, help="E-mail of the operator who does it.")
WHY = click.option("--why", required=True, help="Why, in a sentence.")


@command.command("versions")
def listed() -> None:
    """Every version of the cards: where it stands, from which day it holds, who answers for it."""
    for one in rating.versions.versions():
        days = f", from {one.since}" if one.since else ""
        over = f", retired {one.retired_from}" if one.retired_from else ""
        people = " / ".join(str(each) for each in (one.proposed_by, one.decided_by) if each)
        click.echo(f"{one.number} {one.state}{days}{over} {one.digest[:12]} {people}: {one.why}")


@command.command("draft")
@BY
@WHY
@click.option("--version", "number", type=int, help="Go back to this version.")
@click.option("--file", "path", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="A JSON document of cards.")  # fmt: skip
def draft(email: str, why: str, number: int | None, path: Path | None) -> None:
    """Draft a version: of the files in the region's folder, else of what is named."""
    who, now = viewer_of(person_of_email(email)), SystemClock().now()
    if number is not None:
        made = rating.versions.draft_of_version(who, number, why, now=now)
    elif path is not None:
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise click.BadParameter(f"{path.name} is no JSON: {error}") from error
        made = rating.versions.draft_of_document(who, data, why, now=now)
    else:
        made = rating.versions.draft_of_files(who, why, now=now)
    click.echo(f"version {made.number} is drafted; propose it: xinrong grade propose {made.number}")


@command.command("propose")
@click.argument("number", type=int)
@BY
@click.option(
    "--since", type=click.DateTime(["%Y-%m-%d"]), help="Its first day; today if left out."
)
def propose(number: int, email: str, since: datetime | None) -> None:
    """Lay a draft before the other operators."""
    now = SystemClock().now()
    day = since.date() if since else day_in_china(now)
    rating.versions.propose(viewer_of(person_of_email(email)), number, day, now=now)
    click.echo(f"version {number} waits for another operator's approval")


@command.command("approve")
@click.argument("number", type=int)
@BY
def approve(number: int, email: str) -> None:
    """Put another operator's proposal in force from its day on."""
    made = rating.versions.approve(
        viewer_of(person_of_email(email)), number, now=SystemClock().now()
    )
    click.echo(f"version {number} is in force from {made.since} on")


@command.command("refuse")
@click.argument("number", type=int)
@BY
@WHY
def refuse(number: int, email: str, why: str) -> None:
    """Turn a proposal down, or take one's own back."""
    made = rating.versions.refuse(
        viewer_of(person_of_email(email)), number, why, now=SystemClock().now()
    )
    click.echo(f"version {number} is {made.state}")


@command.command("retire")
@click.argument("number", type=int)
@BY
@WHY
def retire(number: int, email: str, why: str) -> None:
    """End a version: nobody is graded by it from today on."""
    rating.versions.retire(viewer_of(person_of_email(email)), number, why, now=SystemClock().now())
    click.echo(f"version {number} is retired; nobody is graded until another one is in force")


@command.command("lint")
@click.argument("regions", nargs=-1)
def lint(regions: tuple[str, ...]) -> None:
    """Check the cards of regions (of this one when none is named). Ends with 1 for an error."""
    errors = 0
    for region in regions or (settings.REGION,):
        found = rating.lint_cards(region)
        for one in found:
            key = f", {one.key}" if one.key else ""
            click.echo(f"{region}/{one.where}{key} {one.severity} [{one.code}] {one.wrong.en}")
            click.echo(f"  {one.remedy.en}")
        errors += sum(one.severity == Severity.ERROR for one in found)
        click.echo(f"{region}: {len(found)} findings")
    if errors:
        sys.exit(1)
