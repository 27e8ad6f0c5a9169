"""A small catalogue, three enterprises, two banks, and products that behave and misbehave."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from xinrong.accounts.models import Organisation, Person
from xinrong.accounts.services import PUBLIC, create_organisation, create_person, viewer_of
from xinrong.catalogue.contract import Contract
from xinrong.catalogue.feed import Feed
from xinrong.catalogue.region import Department, Region, RegionInfo
from xinrong.domain.uscc import check_digit
from xinrong.subjects.models import Enterprise
from xinrong.trust.models import AuditRow, Consent
from xinrong.trust.services import (
    Denied,
    Permits,
    Purpose,
    Release,
    Service,
    Stage,
    disclose,
    grant_consent,
)
from xinrong.trust.types import Piece

PASSWORD = "a long enough passphrase 7"


def words(text: str) -> dict[str, str]:
    return {"zh": text, "en": text}


def contract(name: str, share: str, **levels: int) -> Contract:
    return Contract.model_validate(
        {
            "category": name,
            "title": words(name),
            "description": words(name),
            "group": "test",
            "basis": [{"document": "a law"}],
            "share": share,
            "polarity": {},
            "fields": [
                {"name": key, "title": words(key), "level": level} for key, level in levels.items()
            ],
            "key": ["subject"],
        }
    )


def feed(name: str, department: str, category: str) -> Feed:
    return Feed.model_validate(
        {
            "feed": name,
            "title": words(name),
            "department": department,
            "category": category,
            "layout": {},
            "subject": {"code": "code"},
            "mapping": {},
            "freshness": {"every_days": 30, "stale_after_days": 60},
        }
    )


@pytest.fixture
def region(monkeypatch: pytest.MonkeyPatch) -> Region:
    """`licence` is open, `tax` needs consent, `secret` is never shared."""
    contracts = [
        contract("licence", "open", number=1, person=2, phone=4),
        contract("tax", "consent", year=1, amount=3, account=4, identity=5),
        contract("secret", "never", note=1),
    ]
    made = Region(
        info=RegionInfo(region="test", title=words("test"), jurisdictions=("nation",)),
        departments={
            name: Department(id=name, title=words(name)) for name in ("tax_bureau", "market_bureau")
        },
        contracts={one.category: one for one in contracts},
        feeds={
            "tax_feed": feed("tax_feed", "tax_bureau", "tax"),
            "secret_feed": feed("secret_feed", "tax_bureau", "secret"),
            "licence_feed": feed("licence_feed", "market_bureau", "licence"),
        },
    )
    monkeypatch.setattr("xinrong.trust.gate.region_now", lambda: made)
    return made


@pytest.fixture
def snapshots(monkeypatch: pytest.MonkeyPatch) -> list[int | None]:
    """The seqs at which the gate opened snapshots; the store's newest is 41."""
    opened: list[int | None] = []

    @contextmanager
    def snapshot(seq: int | None = None, **_how: bool) -> Iterator[Any]:
        opened.append(seq)
        yield SimpleNamespace(seq=41 if seq is None else seq)

    monkeypatch.setattr("xinrong.trust.gate.store.snapshot", snapshot, raising=False)
    return opened


#: Category -> the department that feeds it.
SENDERS = {"tax": "tax_bureau", "secret": "tax_bureau", "licence": "market_bureau"}


@dataclass
class Held:
    """Content made of (enterprise, category, field, masked)."""

    cells: list[tuple[int, str, str, bool]]
    hide: bool = False  # forget to say what it was drawn from

    def drawn_from(self) -> set[tuple[int, str]]:
        return set() if self.hide else {(one, name) for one, name, _, _ in self.cells}

    def shown_fields(self) -> set[tuple[int, str, str]]:
        return {(one, name, field) for one, name, field, masked in self.cells if not masked}

    def pieces(self) -> list[Piece]:
        """Each cell a record of its own, sent by the bureau that feeds its category, of today."""
        today = timezone.localdate()
        return [
            Piece(one, name, SENDERS.get(name, ""), today, today, frozenset(() if m else (field,)))
            for one, name, field, m in self.cells
        ]

    def payload(self) -> Any:
        return [
            {"enterprise": one, "name": f"{name}.{key}", "masked": m, "value": None if m else "v"}
            for one, name, key, m in self.cells
        ]


@dataclass
class Everything:
    """A product that behaves: every field of every permitted category, masked by level."""

    region: Region
    kind: str = "record"
    saw: list[Permits] = field(default_factory=list)

    def read(self, snapshot: Any, about: tuple[int, ...], permits: Permits) -> Held:
        self.saw.append(permits)
        return Held(
            [
                (one, name, item.name, item.level > permits.permit(one, name).max_level)
                for one in about
                for name in permits.allowed(one)
                for item in self.region.contracts[name].fields
            ]
        )


@pytest.fixture
def everything(region: Region) -> Everything:
    return Everything(region)


@pytest.fixture
def firms(db: None) -> list[Enterprise]:
    bodies = ("91110108MA01ABCD1", "91110108MA01ABCD2", "91110108MA01ABCD3")
    codes = [body + check_digit(body) for body in bodies]
    return [
        Enterprise.objects.create(code=code, name=f"企业{n}", folded_name=f"企业{n}")
        for n, code in enumerate(codes)
    ]


@dataclass
class People:
    """Everybody who asks in these tests."""

    public: Any
    lender: Any
    rival: Any
    outlet: Any
    tax_officer: Any
    operator: Any
    representative: Any
    bank: Organisation
    rival_bank: Organisation
    outlet_organisation: Organisation


@pytest.fixture
def people(firms: list[Enterprise]) -> People:
    bank = create_organisation("海丰银行", "bank")
    rival = create_organisation("别家银行", "bank")
    outlet = create_organisation("海丰银行中心支行", "bank", parent=bank)
    tax = create_organisation("税务局", "department", reference="tax_bureau")
    operator = create_organisation("平台", "operator")
    firm = create_organisation("企业0", "enterprise", reference=firms[0].code)

    def person(name: str, organisation: Organisation, role: str) -> Any:
        made = create_person(
            f"{name}@example.cn", PASSWORD, name=name, organisation=organisation, role=role
        )
        return viewer_of(Person.objects.get(pk=made.pk))

    return People(
        PUBLIC,
        person("lender", bank, "loan_officer"),
        person("rival", rival, "loan_officer"),
        person("outlet", outlet, "loan_officer"),
        person("tax", tax, "data_officer"),
        person("operator", operator, "operator"),
        person("firm", firm, "representative"),
        bank,
        rival,
        outlet,
    )


@pytest.fixture
def consent(firms: list[Enterprise], people: People) -> Consent:
    """The first firm lets the bank see its tax records before a loan, for a month."""
    now = timezone.now() - timedelta(minutes=1)
    return grant_consent(
        firms[0].pk,
        people.bank.pk,
        ["tax"],
        [Stage.PRE_LOAN],
        now=now,
        valid_until=now + timedelta(days=30),
    )


def ask(
    who: Any,
    firm: Enterprise,
    product: Any,
    purpose: Purpose,
    stage: Stage | None = None,
    **more: Any,
) -> Release:
    return disclose(who, [firm.pk], product, Service.COMPREHENSIVE, purpose, stage, **more)


def shown(release: Release) -> set[str]:
    return {f"{name}.{field}" for _, name, field in release.content.shown_fields()}


def refused(who: Any, firm: Enterprise, product: Any, *rest: Any) -> str:
    with pytest.raises(Denied) as caught:
        ask(who, firm, product, *rest)
    assert AuditRow.objects.get(pk=caught.value.audit_id).outcome == "denied"
    return caught.value.code
