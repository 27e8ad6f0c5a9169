"""`xinrong law`: the rules of the law packs, and which of them binds in a matter."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import click

from xinrong.catalogue import reference_files
from xinrong.catalogue.law_packs import law_for, law_packs
from xinrong.catalogue.law_reference import law_pages, worked_cases
from xinrong.catalogue.region import regions_root
from xinrong.domain.clock import SystemClock, day_in_china
from xinrong.domain.law import Matter, Ruling, Start, Tier, Topic


@click.group()
def command() -> None:
    """Law packs: what each article asks, and which rule binds."""


@command.command("list")
@click.option("--place", multiple=True, help="Only of this jurisdiction, e.g. CN-33.")
@click.option("--topic", type=click.Choice([one.value for one in Topic]))
def list_rules(place: tuple[str, ...], topic: str | None) -> None:
    """Every rule: topic, period, from when it counts, article; `?` where the source is not read."""
    for pack in law_packs():
        if place and pack.jurisdiction not in place:
            continue
        for rule in pack.rules:
            if topic is None or rule.topic.value == topic:
                known = " " if rule.sourced else "?"
                click.echo(
                    f"{known} {rule.id:32} {rule.topic.value:18} {rule.period!s:16} "
                    f"from {rule.start.value:11} {rule.document.title.zh}{rule.article}"
                )


def _day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(
            f"{text!r} is no day; write it as 2026-01-31", param_hint=option
        ) from None


def _dates(given: tuple[str, ...]) -> dict[Start, date]:
    found = {}
    for one in given:
        name, _, day = one.partition("=")
        if name not in Start:
            names = ", ".join(start.value for start in Start)
            raise click.BadParameter(
                f"{name!r} is no day that a rule counts from; write one of {names}",
                param_hint="--since",
            )
        found[Start(name)] = _day(day, "--since")
    return found


@command.command()
@click.argument("topic", type=click.Choice([one.value for one in Topic]))
@click.option("--place", multiple=True, required=True, help="From the nation down: CN, CN-33 …")
@click.option("--since", multiple=True, help="A day to count from: determined=2026-01-31.")
@click.option("--on", help="The day whose law is asked for; today when left out.")
@click.option("--kind", default="", help="Kind of information: administrative_penalty …")
@click.option("--tier", type=click.Choice([one.value for one in Tier]))
@click.option("--personal", is_flag=True, help="It is about a person.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for programs.")
def ask(
    topic: str, place: tuple[str, ...], since: tuple[str, ...], on: str | None, kind: str,
    tier: str | None, personal: bool, as_json: bool,
) -> None:  # fmt: skip
    """Which rule binds, until which day, and why not the others."""
    matter = Matter(
        topic=Topic(topic),
        on=_day(on, "--on") if on else day_in_china(SystemClock().now()),
        personal=personal,
        kind=kind,
        tier=Tier(tier) if tier else None,
        dates=_dates(since),
    )
    ruling = law_for(place).ruling(matter)
    if as_json:
        click.echo(json.dumps(_plain(ruling), ensure_ascii=False, indent=2))
        return
    click.echo(_sentence(ruling))
    for one in ruling.weighed:
        ends = f", until {one.until}" if one.until else ""
        by = f" by {one.by}" if one.by else ""
        click.echo(f"  {one.rule.id:32} {one.why.value}{by}{ends}")
    for name in ruling.without_pack:
        click.echo(f"There is no law pack of {name}: what stands above it holds there.")


def _sentence(ruling: Ruling) -> str:
    if ruling.undated:
        return "Undated: a day from which a rule counts is not known, so nobody may rely on it."
    if ruling.binding is None:
        return "No rule of these places speaks of this."
    source = f"{ruling.binding.document.title.zh}{ruling.binding.article}"
    if ruling.until is None:
        return f"It does not end while the enterprise is listed ({source})."
    counted = ", provisionally" if ruling.provisional else ""
    return f"Until {ruling.until}{counted} ({source}: {ruling.binding.text.en})"


def _plain(ruling: Ruling) -> dict[str, object]:
    return {
        "rule": ruling.binding.id if ruling.binding else None,
        "until": ruling.until.isoformat() if ruling.until else None,
        "undated": ruling.undated,
        "open_ended": ruling.open_ended,
        "provisional": ruling.provisional,
        "without_pack": list(ruling.without_pack),
        "weighed": [
            {"rule": one.rule.id, "why": one.why.value, "by": one.by,
             "until": one.until.isoformat() if one.until else None}
            for one in ruling.weighed
        ],
    }  # fmt: skip


@command.command()
@click.option("--check", is_flag=True, help="Write nothing; exit 1 when a page is out of date.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Folder of pages.")
@click.option("--cases", type=click.Path(path_type=Path, file_okay=False), help="Worked cases.")
def docs(check: bool, out: Path | None, cases: Path | None) -> None:
    """Write the reference pages of the law packs: article, rule, worked cases."""
    project = regions_root().parent
    out = out or project / "docs" / "law"
    pages = law_pages(law_packs(), worked_cases(cases or project / "tests" / "cases" / "law"))
    if not check:
        click.echo(f"{reference_files.write(pages, out)} pages in {out}")
        return
    wrong = reference_files.stale(pages, out)
    for line in wrong:
        click.echo(f"law/{line}", err=True)
    if wrong:
        click.echo("Run: xinrong law docs", err=True)
        raise click.exceptions.Exit(1)
