"""`xinrong demo`: the main job on shipped input, then the pages to look at it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import click
from django.conf import settings

from xinrong.accounts.services import (
    DemoAccount,
    demo_lender,
    make_demo_accounts,
    organisation_named,
)
from xinrong.catalogue.region import Region, load_region, regions_root
from xinrong.cli.collect import sample_feeds
from xinrong.cli.demo_cards import put_cards_in_force
from xinrong.cli.demo_cases import object_to_one, open_cases
from xinrong.cli.demo_loans import apply_for_loans
from xinrong.cli.demo_projects import list_a_project
from xinrong.cli.demo_services import ask_the_centre
from xinrong.cli.serve import command as serve
from xinrong.cli.serve import prepare
from xinrong.collect.services import Receipt, collect_file
from xinrong.domain.clock import SystemClock, day_in_china
from xinrong.store import services as store
from xinrong.subjects.services import (
    count_enterprises,
    enterprises_of_subjects,
    judging,
    register_facts,
)
from xinrong.synth import write_city
from xinrong.trust.services import consenting

#: What is loaded beside a region: open data beside an invented one, and the other way round.
OPEN_DATA, INVENTED = "beijing", "taizhou"
CITY_SEED = 2026
CITY_ENTERPRISES = 1_000
CITY_ROWS_EACH = 60
CONSENTS = 20  # invented enterprises that let the invented bank see what needs consent

#: The invented enterprises about which most is known, by number of categories, then of records.
_BEST_KNOWN = """
SELECT subject, count(DISTINCT category) AS categories, count(*) AS records
FROM record
GROUP BY subject
ORDER BY categories DESC, records DESC, subject
LIMIT 200
"""
#: The same of one trade in one district, as the register has them: category, code and t3.
_BEST_KNOWN_OF_TRADE = """
SELECT subject, count(DISTINCT category) AS categories, count(*) AS records
FROM record
WHERE subject IN (
    SELECT subject FROM record
    WHERE category = 'registration' AND code = $industry AND t3 = $district
    AND t4 = 'sole_trader' AND status = 'active'
)
GROUP BY subject
ORDER BY categories DESC, records DESC, subject
LIMIT 200
"""


class Trade(NamedTuple):
    """Sole traders of a class of GB/T 4754 in a district of the register."""

    industry: str
    district: str


#: Whom the demo's representative answers for, where it is not whoever is known best.
REPRESENTED = {"qinghai": Trade("6220", "城东区")}


@click.command("demo")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--load-only", is_flag=True, help="Load this region only, print its line, end.")
@click.pass_context
def command(ctx: click.Context, port: int, load_only: bool) -> None:
    """Load Beijing's open data sample and a small invented city, then serve REGION's pages.

    The last line printed before serving is a JSON summary. With SERVE=0, or without a terminal,
    the command ends there. Run again, nothing is loaded twice.
    """
    started = time.monotonic()
    region = load_region(settings.REGION)
    beside = OPEN_DATA if region.info.invented else INVENTED
    others = [] if load_only else [beside]
    running = {name: start_loading(name) for name in others}
    prepare()
    summary = load(region)
    accounts = make_accounts(region)
    if region.info.invented:
        grant_consents(region)
        second = put_cards_in_force()
        accounts.extend([second] if second else [])
        open_cases(region, now=SystemClock().now())
        object_to_one(region, now=SystemClock().now())
        apply_for_loans(region, now=SystemClock().now())
        list_a_project(region, now=SystemClock().now())
        accounts.extend(ask_the_centre(region, now=SystemClock().now()))
    loaded = {settings.REGION: summary} | {name: end_loading(job) for name, job in running.items()}
    if load_only:
        click.echo(json.dumps(summary, ensure_ascii=False))
        return
    show_accounts(accounts)
    seconds = round(time.monotonic() - started, 1)
    line = {**summary, "seconds": seconds, "regions": loaded}
    click.echo(json.dumps(line, ensure_ascii=False))
    if os.environ.get("SERVE", "1") != "0" and sys.stdout.isatty():
        ctx.invoke(serve, host="127.0.0.1", port=port, workers=1, background=True)


def start_loading(region: str) -> subprocess.Popen[str]:
    """Load another region beside this one: a process serves one region only."""
    data = Path(settings.DATA)
    beside = data.with_name(region) if data.name == settings.REGION else data / region
    return subprocess.Popen(
        [sys.executable, "-m", "xinrong.cli.main", "demo", "--load-only"],
        env={**os.environ, "REGION": region, "XINRONG_DATA": str(beside)},
        stdout=subprocess.PIPE,
        text=True,
    )


def end_loading(job: subprocess.Popen[str]) -> dict[str, Any]:
    """The summary that the other process printed. Ends this one when it failed."""
    out, _ = job.communicate()
    if job.returncode != 0:
        raise click.ClickException("loading the other region failed; its message stands above")
    summary: dict[str, Any] = json.loads(out.strip().splitlines()[-1])
    return summary


def load(region: Region) -> dict[str, Any]:
    """Take every file of the region in and sum up the receipts."""
    started = time.monotonic()
    receipts = []
    for number, (path, feed) in enumerate(files_of(region), start=1):
        receipts.append(collect_file(path, feed, clock=SystemClock()))
        click.echo(progress_line(region, number, receipts[-1]), err=True)
    store.compact(SystemClock().now())
    names = judging.link_waiting(clock=SystemClock())
    click.echo(
        f"names without a code: {names.linked:,} linked, {names.review:,} for a person to review, "
        f"{names.waiting:,} wait",
        err=True,
    )
    return {
        "region": region.info.region,
        **sums(receipts),
        "categories": len({receipt.category for receipt in receipts}),
        "feeds": len({receipt.feed for receipt in receipts}),
        "departments": len({receipt.department for receipt in receipts}),
        **count_enterprises(),
        "seconds": round(time.monotonic() - started, 1),
    }


def files_of(region: Region) -> Iterator[tuple[Path, str]]:
    """(file, feed) of everything the demo loads, register feeds first."""
    if not region.info.invented:
        for feed in sample_feeds(region):
            yield regions_root().parent / feed.sample, feed.feed
        return
    city = Path(settings.DATA) / "city"
    if not (city / "truth" / "manifest.json").exists():
        write_city(
            city,
            CITY_SEED,
            CITY_ENTERPRISES,
            rows_per_enterprise=CITY_ROWS_EACH,
            region=region.info.region,
            force=True,
        )
    feeds = sorted(region.feeds.values(), key=lambda feed: (not feed.register_feed, feed.feed))
    for feed in feeds:
        for path in sorted((city / feed.feed).glob("*")):
            yield path, feed.feed


def progress_line(region: Region, number: int, receipt: Receipt) -> str:
    """One line for each file, on standard error."""
    return (
        f"{region.info.region} {number:>3} {receipt.source_name}: {receipt.rows_in:,} rows = "
        f"{receipt.accepted:,} accepted + {receipt.quarantined:,} quarantined + "
        f"{receipt.duplicates:,} duplicates"
    )


def sums(receipts: Sequence[Receipt]) -> dict[str, int]:
    """The receipts added up; each of them balances, so does their sum."""
    names = ("rows_in", "accepted", "quarantined", "duplicates", "unlinked")
    return {name: sum(getattr(receipt, name) for receipt in receipts) for name in names}


def best_known(trade: Trade | None = None) -> list[Any]:
    """The enterprises about which most is known, best first; of one trade, or of all."""
    with store.snapshot() as snap:
        if trade is None:
            found = snap.query(_BEST_KNOWN)
        else:
            found = snap.query(_BEST_KNOWN_OF_TRADE, params=trade._asdict())
        subjects = found["subject"].to_pylist()
    return enterprises_of_subjects(subjects)


def grant_consents(region: Region) -> None:
    """Some invented enterprises consent to the invented bank, so that both cases can be seen.

    Through the process, within fair use: the bank asks, the enterprise grants. One more request
    waits for the enterprise that has a representative.
    """
    now = SystemClock().now()
    bank = organisation_named(demo_lender(region).title)
    lender = consenting.Party("loan_officer", bank.pk, name="演示银行 demo bank")
    firm = consenting.Party("representative", name="演示代表 demo representative")
    known = best_known()[:CONSENTS]
    for place, enterprise in enumerate(known):
        if consenting.requests_to(enterprise.pk).filter(grantee=bank).exists():
            continue
        wanted = demo_request(region, now, ("pre_loan", "approval"))
        asked = consenting.ask(enterprise.pk, lender, wanted, now=now, message="流动资金贷款")
        answer = consenting.Answer(wanted.levels, wanted.levels)
        consenting.grant(asked.number, enterprise.pk, firm, answer, now=now)
        if place == 0:
            later = demo_request(region, now, ("post_loan",))
            consenting.ask(enterprise.pk, lender, later, now=now, message="贷后管理")


def demo_request(region: Region, now: datetime, stages: tuple[str, ...]) -> consenting.Wanted:
    """All that the template of lending allows at these stages, for as long as it allows."""
    template = region.consents["credit"]
    uses = [use for stage in stages if (use := template.stage(stage)) is not None]
    return consenting.Wanted(
        template=template.template,
        purpose=template.purpose,
        stages=stages,
        levels=template.levels_at(stages),
        days=min(use.longest_days for use in uses),
        keep_days=min(use.longest_keep_days for use in uses),
        one_time=False,
        data_from=consenting.years_before(day_in_china(now), min(use.data_years for use in uses)),
    )


def make_accounts(region: Region) -> list[DemoAccount]:
    """Accounts of every role; a representative only where every enterprise is invented."""
    if not region.info.invented:
        return make_demo_accounts(region)
    represented = best_known(REPRESENTED.get(region.info.region))[0]
    return make_demo_accounts(region, register_facts(region, represented.code))


def show_accounts(accounts: Sequence[DemoAccount]) -> None:
    """Print who can sign in. The passwords are new on each run and kept nowhere."""
    click.echo("Accounts to sign in with:")
    for account in accounts:
        click.echo(f"  {account.email:<32} {account.password:<20} {account.words}")
