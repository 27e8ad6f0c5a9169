"""A small invented city for `leaks`: twelve firms, two banks with outlets, departments, records.

Two more firms, which the register does not know, are guaranteed by the twelve.

Every value is a marker (see `_leaks_oracle.MARKER`). The catalogue is the region's own, its files
read here as plain YAML for the oracle, not through the platform's models.
"""

from __future__ import annotations

import pickle
import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

import yaml

from benchmarks._leaks_oracle import Actor, Kept, Oracle

REGION = "taizhou"
CATALOGUE = Path(__file__).resolve().parents[1] / "regions" / REGION
LOADED = datetime(2026, 11, 1, tzinfo=UTC)
FIRMS = 12
#: The counterparties, numbered on from the firms: a name is a marker.
PARTIES = {FIRMS: "戊001（示例）商行", FIRMS + 1: "戊002（示例）商行"}
#: The second of each pair is merged into the first, and split off again.
PAIRS = ((0, 1), (4, 5))
#: Firm 2 follows firm 3.
SUCCESSOR, PREDECESSOR = 2, 3
#: Category -> the feed that sends it here, its sign, records of each firm.
SENT = {
    "registration": ("market_registration", 0, 1),
    "administrative_penalty": ("ecology_penalties", -1, 1),
    "honour": ("economy_honours", 1, 1),
    "annual_report": ("market_annual_reports", 0, 1),
    "social_insurance": ("hrss_social_insurance", 0, 1),
    "tax_payment": ("tax_payments", 0, 2),
    "tax_credit_grade": ("tax_grades", 0, 1),
    "loan": ("bank_loans", 0, 1),
    "bank_account": ("bank_accounts", 0, 1),
    "guarantee": ("bank_guarantees", 0, 1),
}
#: What the counterparties' codes came with.
PARTY_CATEGORY = "tax_payment"
PASSPHRASE = "a long enough passphrase 7"  # noqa: S105 - of invented people
ACTORS = (
    Actor("public"),
    Actor("lender", "loan_officer", "bank"),
    Actor("outlet", "loan_officer", "outlet", "bank"),
    Actor("other_outlet", "loan_officer", "other_outlet", "bank"),
    Actor("rival", "loan_officer", "rival"),
    Actor("tax", "data_officer", "tax", department="tax"),
    Actor("insurer", "data_officer", "insurer", department="human_resources"),
    Actor("operator", "operator", "operator"),
    Actor("first", "representative", "first", firm=0),
    Actor("second", "representative", "second", firm=1),
)
BANKS = ("bank", "outlet", "other_outlet", "rival")


@dataclass
class City:
    """Numbers under which the platform knows what the oracle calls otherwise."""

    oracle: Oracle
    codes: list[str]
    enterprises: list[int] = field(default_factory=list)
    parties: list[int] = field(default_factory=list)  # enterprises, too
    organisations: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    keys: dict[int, tuple[str, int, int]] = field(default_factory=dict)  # category, key, subject
    nameless: int = 0  # the subject that came with a name only

    def number(self, firm: int) -> int:
        """The enterprise that a firm, or a counterparty, is."""
        return (*self.enterprises, *self.parties)[firm]

    def keep(self, folder: Path) -> None:
        """Write it beside the platform's data."""
        (folder / "city.pickle").write_bytes(pickle.dumps(self))


def kept_in(folder: Path) -> City:
    """The city that was built in a data folder."""
    city: City = pickle.loads((folder / "city.pickle").read_bytes())  # noqa: S301 - our own file
    return city


def catalogue() -> dict[str, dict[str, Any]]:
    """The region's words on every category."""
    found = (CATALOGUE / "catalogue").glob("*.yaml")
    read = [yaml.safe_load(path.read_text("utf-8")) for path in sorted(found)]
    return {one["category"]: one for one in read}


def departments() -> dict[str, tuple[str, str]]:
    """Feed -> department and category."""
    found = (CATALOGUE / "feeds").glob("*.yaml")
    read = [yaml.safe_load(path.read_text("utf-8")) for path in found]
    return {one["feed"]: (one["department"], one["category"]) for one in read}


def build(folder: Path) -> City:
    """Make the city in the platform that is set up, and keep what it is made of."""
    from xinrong.domain.uscc import check_digit

    bodies = [f"91331002XR{number:07d}" for number in range(1, FIRMS + 1)]
    contracts = catalogue()
    sent_by = departments()
    oracle = Oracle(
        share={name: one["share"] for name, one in contracts.items()},
        levels={name: {each["name"]: each.get("level", 1) for each in one["fields"]}
                for name, one in contracts.items()},
        sums={name: each.get("level", 1) for name, one in contracts.items()
              for each in one["fields"] if each.get("slot") == "amount"},
        feeds={},
    )  # fmt: skip
    oracle.parties = {text[:4]: party for party, text in PARTIES.items()}
    for department, category in sent_by.values():
        oracle.feeds.setdefault(department, set()).add(category)
    city = City(oracle, [body + check_digit(body) for body in bodies])
    subjects = name_parties(city, sent_by)
    send(city, contracts, sent_by, subjects)
    appoint(city)
    follow(city)
    city.keep(folder)
    return city


def name_parties(city: City, sent_by: dict[str, tuple[str, str]]) -> dict[int, int]:
    """Make those whom the register does not know: a department sent a record of each by its code.

    Returns firm -> subject. What they sent themselves is nobody's question here.
    """
    from xinrong.domain.uscc import check_digit
    from xinrong.subjects.services import Identity, ensure_subjects, enterprise_by_code, link_new

    bodies = [f"91331002XR{9_000_000 + firm:07d}" for firm in PARTIES]
    codes = [body + check_digit(body) for body in bodies]
    sent = [Identity(code, text, "tax") for code, text in zip(codes, PARTIES.values(), strict=True)]
    subjects = dict(zip(PARTIES, ensure_subjects(sent), strict=True))
    rows = [
        {"category": PARTY_CATEGORY, "key": firm, "digest": firm, "subject": number, "polarity": 0,
         "row_no": firm}
        for firm, number in subjects.items()
    ]  # fmt: skip
    feed = SENT[PARTY_CATEGORY][0]
    seq = commit(rows, feed, PARTY_CATEGORY, sent_by[feed][0])
    link_new({subjects[firm]: text for firm, text in PARTIES.items()}, seq, register=False)
    city.parties = [enterprise_by_code(code).pk for code in codes]
    return subjects


def send(
    city: City,
    contracts: dict[str, Any],
    sent_by: dict[str, tuple[str, str]],
    parties: dict[int, int],
) -> None:
    """Every record of every firm, with its markers, a batch for each category."""
    from xinrong.subjects.services import Identity, ensure_subjects, enterprise_by_code, link_new

    names = {code: f"甲{number}（虚构）有限公司" for number, code in enumerate(city.codes)}
    numbers = ensure_subjects([Identity(code, names[code], "market") for code in city.codes])
    (city.nameless,) = ensure_subjects([Identity("", "甲乙丙（虚构）商行", "market")])
    mark, dice = Marks(), random.Random(1)
    for name, (feed, sign, each) in SENT.items():
        rows: list[dict[str, Any]] = []
        for firm in range(FIRMS):
            for _ in range(each):
                number = len(city.oracle.records)
                row, values = mark.row(contracts[name], number)
                row |= {"subject": numbers[firm], "polarity": sign, "row_no": len(rows) + 1}
                rows.append(row)
                kept = Kept(firm, name, values, sign, mark.year, row.get("amount") or 0)
                if name == "guarantee":
                    party = FIRMS + firm % len(PARTIES)
                    row["counterparty"], kept.party = parties[party], PARTIES[party][:4]
                city.oracle.records[number] = kept
                city.keys[number] = (name, row["key"], numbers[firm])
        dice.shuffle(rows)
        seq = commit(rows, feed, name, sent_by[feed][0])
        linked = {subject: names[code] for subject, code in zip(numbers, city.codes, strict=True)}
        link_new(linked, seq, register=name == "registration")
    city.enterprises = [enterprise_by_code(code).pk for code in city.codes]


class Marks:
    """Makes values that occur nowhere else."""

    def __init__(self) -> None:
        self.numbers = count(1)
        self.days = (date(2026, 1, 1) + timedelta(days=n) for n in count())
        self.year = 0

    def row(self, contract: dict[str, Any], number: int) -> tuple[dict[str, Any], dict[str, str]]:
        """A canonical row, and its values by field as they appear in an answer."""
        import json

        row: dict[str, Any] = {"category": contract["category"], "key": 1_000 + number}
        row["digest"] = number
        values: dict[str, str] = {}
        display: dict[str, str] = {}
        self.year = 0
        for one in contract["fields"]:
            kind, slot = one.get("type", "text"), one.get("slot", "")
            if kind in ("enterprise", "boolean"):
                continue
            kept, text = self.value(kind, slot)
            values[one["name"]] = text
            if slot:
                row[slot] = kept
            else:
                display[one["name"]] = text
            if slot == "event_date":
                self.year = kept.year
        row["display"] = json.dumps(display) if display else None
        return row, values

    def value(self, kind: str, slot: str) -> tuple[Any, str]:
        """A value as the store keeps it, and as an answer shows it."""
        number = next(self.numbers)
        if kind == "date":
            day = next(self.days)
            return day, day.isoformat()
        if kind == "integer":
            return Decimal(7_700_000 + number), str(7_700_000 + number)
        if kind in ("money", "number"):
            fen = 1_000_000_37 + number * 7_919_02  # never ends in a nought: no digit is dropped
            fen += fen % 10 == 0
            text = f"{fen // 100}.{fen % 100:02}"
            return (fen if slot == "amount" else Decimal(text)), text
        return f"MK{number:06}", f"MK{number:06}"


def commit(rows: list[dict[str, Any]], feed: str, category: str, department: str) -> int:
    """One batch; returns its seq."""
    import pyarrow as pa

    from xinrong.store import services as store
    from xinrong.store.schema import CANONICAL

    batch = store.open_batch(
        feed=feed,
        category=category,
        department=department,
        source_name=feed,
        source_digest="",
        received_at=LOADED,
    )
    empty = dict.fromkeys(CANONICAL.names)
    with store.writer(batch) as out:
        out.add(pa.Table.from_pylist([{**empty, **row} for row in rows], schema=CANONICAL))
        return store.commit_batch(out, LOADED).seq


def appoint(city: City) -> None:
    """Organisations and people."""
    from xinrong.accounts.services import create_organisation, create_person

    kinds = {"loan_officer": "bank", "data_officer": "department", "operator": "operator"}
    made: dict[str, Any] = {}
    for one in ACTORS[1:]:
        reference = one.department or (city.codes[one.firm] if one.firm >= 0 else "")
        made[one.organisation] = create_organisation(
            one.organisation,
            kinds.get(one.role, "enterprise"),
            reference=reference,
            parent=made.get(one.bank),
        )
        person = create_person(
            f"{one.name}@example.invalid",
            PASSPHRASE,
            name=one.name,
            organisation=made[one.organisation],
            role=one.role,
        )
        city.people[one.name] = person.pk
    city.organisations = {name: one.pk for name, one in made.items()}


def follow(city: City) -> None:
    """One firm follows another."""
    from xinrong.subjects.services import record_succession

    record_succession(
        city.enterprises[PREDECESSOR],
        city.enterprises[SUCCESSOR],
        kind="merger",
        on=date(2024, 1, 1),
        by="bench",
        why="bench",
        at=LOADED,
    )
    city.oracle.follows[SUCCESSOR] = [PREDECESSOR]


def main() -> None:
    """Build it in the data folder and the database that the environment names."""
    import os

    from django.core.management import call_command

    from benchmarks._leaks_city import build  # not of __main__: what is pickled names its module
    from xinrong.cli.main import set_up_django

    set_up_django()
    call_command("migrate", verbosity=0, interactive=False)
    build(Path(os.environ["XINRONG_DATA"]))


if __name__ == "__main__":
    main()
