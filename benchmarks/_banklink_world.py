"""The world of `banklink`: invented firms with needs, three banks with links, and all processes.

Sums and terms of the applications are those of the loans that `xinrong synth` invents.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

SEED = 20261123
#: Applications of each firm at most: a firm asks for several things in a year.
EACH = 20
CATEGORIES = ("tax_payment", "tax_credit_grade", "social_insurance")
STARTS_WITHIN = 120.0
#: Applications and sum of the pilot in Qinghai.
PILOT, PILOT_YUAN = 122, Decimal(227_000_000)


@dataclass
class Bank:
    """One bank: its organisation, its link, its own process and files."""

    name: str
    product: Any
    organisation: Any
    link: Any
    port: int
    folder: Path
    options: list[str] = field(default_factory=list)
    process: Process | None = None

    @property
    def ledger(self) -> Path:
        """The bank's own SQLite file."""
        return self.folder / "ledger.sqlite3"


@dataclass
class World:
    """Firms (viewers of their representatives), banks, and where the platform listens."""

    folder: Path
    port: int
    firms: list[Any] = field(default_factory=list)
    enterprises: list[int] = field(default_factory=list)
    banks: list[Bank] = field(default_factory=list)
    owners: dict[str, Any] = field(default_factory=dict)  # application -> viewer


@dataclass
class Process:
    """A program in a session of its own: killed with all that it started."""

    words: list[str]
    log: Path
    running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Begin, or begin again."""
        with self.log.open("ab") as out:
            self.running = subprocess.Popen(
                [sys.executable, "-m", *self.words], stdout=out, stderr=out, start_new_session=True
            )

    def kill(self) -> None:
        """End it at once, with all that it started: kill -9."""
        if self.running is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.running.pid, signal.SIGKILL)
        self.running.wait()
        self.running = None


def free_port() -> int:
    """A port that nobody has now."""
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        return int(place.getsockname()[1])


def until_it_answers(port: int, process: Process) -> None:
    """Wait for a server. Raises SystemExit where it does not come."""
    until = time.monotonic() + STARTS_WITHIN
    while True:
        with contextlib.suppress(OSError):
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            line.request("GET", "/")
            line.getresponse().read()
            line.close()
            return
        running = process.running
        if time.monotonic() > until or running is None or running.poll() is not None:
            raise SystemExit(f"no server: {process.log.read_text('utf-8', 'replace')[-2000:]}")
        time.sleep(0.1)


def build(folder: Path, applications: int, day_seconds: int) -> World:
    """Firms, banks and links; nothing runs and nobody has applied yet."""
    from tests.profiles import city

    world = World(folder, free_port())
    firms = max(6, -(-applications // EACH))
    city.make_enterprises(range(1, firms + 1))
    for table in records_of(firms):
        city.put(table)
    world.firms = [representative(number) for number in range(1, firms + 1)]
    world.enterprises = list(range(1, firms + 1))
    for count, fit in enumerate(products()):
        world.banks.append(bank_of(world, count, fit, day_seconds))
    consents(world)
    return world


def records_of(firms: int) -> Iterator[Any]:
    """What the invented city knows of the firms, of the consented categories."""
    import pyarrow.compute as pc

    from xinrong.synth import canonical

    for table in canonical(SEED, max(firms, 1_000), 20, categories=CATEGORIES):
        own = table.filter(pc.less_equal(table["subject"], firms))
        if own.num_rows:
            yield own


def products() -> list[Any]:
    """A product of each of three lenders that takes any sum up to some millions."""
    from django.conf import settings

    from xinrong.market.services import shelf_on

    found: dict[str, Any] = {}
    for one in shelf_on(settings.REGION, datetime.now(UTC).date()).offered:
        found.setdefault(one.lender.id, one)
        if len(found) == 3:
            return list(found.values())
    raise SystemExit("the region has products of fewer than three lenders")


def representative(number: int) -> Any:
    """Who acts for the enterprise of that number."""
    from tests.profiles.city import code
    from xinrong.accounts.services import create_organisation, viewer_of

    firm = create_organisation(f"企业{number}（虚构）", "enterprise", reference=code(number))
    return viewer_of(person(f"firm{number}", firm, "representative"))


def person(name: str, organisation: Any, role: str) -> Any:
    """Somebody with a role; nobody signs in, so there is no password to derive."""
    from xinrong.accounts.services import Membership, Person, everywhere

    made = Person(email=f"{name}@example.invalid", name=name)
    made.set_unusable_password()
    made.save()
    roles = everywhere(Membership, because="a benchmark fills the platform")
    roles.create(person=made, organisation=organisation, role=role)
    return made


def bank_of(world: World, count: int, offered: Any, day_seconds: int) -> Bank:
    """An organisation with an officer and a link, whose day of patience lasts some seconds."""
    from xinrong.accounts.services import create_organisation
    from xinrong.market.services import linking

    bank = create_organisation(offered.lender.title.zh, "bank", reference=offered.lender.id)
    officer = person(f"officer{count}", bank, "loan_officer")
    port, name = free_port(), f"bank-{count}"
    link = linking.open_link(
        linking.config_of(
            {
                "name": name,
                "bank": bank.name,
                "officer": officer.email,
                "url": f"http://127.0.0.1:{port}/",
                "first_pause": 1,
                "longest_pause": max(2, day_seconds // 24),
                "give_up": day_seconds,
                "timeout": 5,
            }
        ),
        now=datetime.now(UTC),
    )
    folder = world.folder / name
    folder.mkdir()
    return Bank(name, offered, bank, link, port, folder)


def consents(world: World) -> None:
    """Every firm lets every bank look, before the loan and to approve it."""
    from xinrong.trust.services import Stage, grant_consent

    now = datetime.now(UTC)
    for enterprise in world.enterprises:
        for bank in world.banks:
            grant_consent(
                enterprise, bank.organisation.pk, list(CATEGORIES),
                [Stage.PRE_LOAN, Stage.APPROVAL], now=now,
                valid_until=now + timedelta(days=30), max_level=4,
            )  # fmt: skip


def sums(applications: int) -> list[tuple[Decimal, int]]:
    """Yuan and months of so many loans of the invented city; the pilot's add up to its sum."""
    from xinrong.synth import canonical

    found: list[tuple[Decimal, int]] = []
    for table in canonical(SEED, 2_000, 40, categories=["loan"]):
        rows = zip(table["amount"].to_pylist(), table["event_date"].to_pylist(),
                   table["end_date"].to_pylist(), strict=True)  # fmt: skip
        found += [(Decimal(amount) / 100, months(first, last)) for amount, first, last in rows]
    lawful = [(min(max(amount, Decimal(10_000)), Decimal(5_000_000)), term)
              for amount, term in found if amount]  # fmt: skip
    if not lawful:
        raise SystemExit("the invented city has no loans")
    taken = [lawful[number % len(lawful)] for number in range(applications)]
    return to_the_pilots_sum(taken) if applications == PILOT else taken


def months(first: date | None, last: date | None) -> int:
    """The term of a loan in months, a year where it is open."""
    if first is None or last is None:
        return 12
    return min(max((last - first).days // 30, 1), 60)


def to_the_pilots_sum(taken: list[tuple[Decimal, int]]) -> list[tuple[Decimal, int]]:
    """The same loans, scaled so that all of them together are the pilot's."""
    whole = sum(amount for amount, _ in taken)
    scaled = [(max((amount * PILOT_YUAN / whole).quantize(Decimal(1)), Decimal(10_000)), term)
              for amount, term in taken]  # fmt: skip
    left = PILOT_YUAN - sum(amount for amount, _ in scaled)
    largest = max(range(len(scaled)), key=lambda at: scaled[at][0])
    scaled[largest] = (scaled[largest][0] + left, scaled[largest][1])
    return scaled


def apply(world: World, number: int, amount: Decimal, term: int) -> str:
    """One firm asks one bank: a stated need and its application, as a page would write them.

    Which products admit the need is another benchmark's question (`match`).
    """
    from django.db import transaction

    from xinrong.domain.financing import Need, NeedPurpose
    from xinrong.domain.money import fen
    from xinrong.market.applying import submitting
    from xinrong.market.needs.models import NeedState, StatedNeed

    firm, bank = number % len(world.firms), world.banks[number % len(world.banks)]
    who, now = world.firms[firm], datetime.now(UTC)
    stated = StatedNeed.objects.create(
        number=f"{number:032x}",
        enterprise_id=world.enterprises[firm],
        organisation_id=who.organisation_id,
        person_id=who.person_id,
        state=NeedState.STATED,
        amount=fen(amount),
        months=term,
        purpose=str(NeedPurpose.STOCK),
        made_at=now,
        changed_at=now,
        stated_at=now,
        stated_by_id=who.person_id,
    )
    asked = submitting.Asked(
        stated, Need(amount, term, NeedPurpose.STOCK), bank.product, bank.organisation, ()
    )
    with transaction.atomic():
        made = submitting._submitted(who, asked, None, "", now, None)  # noqa: SLF001 - see above
    world.owners[made.number] = who
    return made.number


def start_bank(world: World, bank: Bank, *more: str) -> None:
    """The bank's own process, with its habits and faults."""
    from xinrong.market.services import linking

    keys = {key.direction: key.file for key in bank.link.keys.all()}
    url = f"http://127.0.0.1:{world.port}/api/v1/bank-link/{bank.name}/messages"
    bank.process = Process(
        [
            "banksim", "run", "--name", bank.name, "--platform", url,
            "--our-key-file", keys[linking.Direction.THEIRS],
            "--their-key-file", keys[linking.Direction.OURS],
            "--ledger", str(bank.ledger), "--port", str(bank.port), *bank.options, *more,
        ],
        bank.folder / "log",
    )  # fmt: skip
    bank.process.start()
    until_it_answers(bank.port, bank.process)
