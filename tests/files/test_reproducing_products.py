"""Every service, however it was asked for, is read again as it was released, and only so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from tests.files.firm import (
    BUYER,
    CLOCK,
    FIRM,
    acting,
    banker,
    by_bank,
    by_owner,
    consent,
    firm,
    honour,
    owner,
    penalty,
    send,
    taizhou,
    tax,
)
from tests.store.rows import row
from xinrong.accounts.services import Viewer
from xinrong.catalogue.region import load_region
from xinrong.domain.clock import SystemClock
from xinrong.files import services as files
from xinrong.files.types import Sign
from xinrong.subjects.services import (
    Identity,
    ensure_subjects,
    enterprise_by_code,
    record_succession,
)
from xinrong.trust.counting.drafts import Condition, Draft
from xinrong.trust.counting.product import Count
from xinrong.trust.models import AuditRow, Consent
from xinrong.trust.services import Purpose, Release, Service, Stage, disclose, revoke_consent, trail

__all__ = ["banker", "firm", "owner", "taizhou"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root", "taizhou")]
Ask = Callable[[Viewer, int], Release]


@pytest.fixture
def filed(firm: int, banker: Viewer) -> int:
    """Sixty payments of tax, some penalties, honours and an undated one; the bank sees them."""
    paid = [tax(100 + n, date(2023 + n % 4, 1 + n % 9, 3)) for n in range(60)]
    send("tax_payment", "tax_payments", *paid)
    fines = [penalty(10 + n, date(2026, 1 + n, 5)) for n in range(4)]
    send("administrative_penalty", "health_penalties", *fines)
    send("honour", "reform_honours", honour(30, date(2026, 3, 1)), honour(31, date(2025, 3, 1)))
    consent(banker, firm, 4, "tax_payment", "administrative_penalty", "honour", "vat_invoice")
    return firm


@pytest.fixture
def auditor() -> Viewer:
    return acting("监管局（虚构）", "regulator", "auditor")


def page(**more: Any) -> Ask:
    return lambda banker, firm: by_bank(files.comprehensive, banker, firm, **more)


def verdict(auditor: Viewer, number: int) -> str:
    return files.reproduce(auditor, number, clock=SystemClock()).verdict


WAYS: dict[str, Ask] = {
    "basic": lambda banker, firm: by_bank(files.basic, banker, firm),
    "cube": lambda banker, firm: by_bank(files.cube, banker, firm),
    "signs": lambda banker, firm: by_bank(files.signs, banker, firm),
    "register history": lambda banker, firm: by_bank(files.register_history, banker, firm),
    "first page": page(),
    "second page": page(offset=25),
    "past the end": page(offset=9_000),
    "odd page": page(offset=3, limit=7),
    "largest page": page(limit=10_000),
    "category": page(category="tax_payment", offset=25),
    "department": page(department="tax"),
    "sign": page(sign=Sign.NEGATIVE),
    "year": page(year=2025),
    "undated": page(undated=True),
    "all filters": page(
        category="tax_payment", department="tax", sign=Sign.NEUTRAL, year=2024, limit=5
    ),
    "unknown category": page(category="张三"),
    "unknown department": page(department="李四的局"),
    "joined": page(joined=True, offset=2, limit=9),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_query_comes_out_the_same_whatever_happened_since(
    banker: Viewer, auditor: Viewer, filed: int, way: str
) -> None:
    release = WAYS[way](banker, filed)
    send("tax_payment", "tax_payments", tax(900, date(2026, 8, 1)))
    for one in Consent.objects.all():
        revoke_consent(one.pk, grantor=filed, now=timezone.now())
    assert verdict(auditor, release.audit_id) == "same"


@pytest.mark.parametrize(
    ("way", "changed"),
    [
        ("second page", {"offset": 24}),
        ("odd page", {"limit": 8}),
        ("category", {"category": "honour"}),
        ("sign", {"sign": "positive"}),
        ("year", {"year": 2024}),
        ("first page", {"day": "2026-10-30"}),
        ("basic", {"product": "cube"}),
    ],
)
def test_another_way_of_asking_does_not_come_out_the_same(
    banker: Viewer, auditor: Viewer, filed: int, way: str, changed: dict[str, Any]
) -> None:
    row = AuditRow.objects.get(pk=WAYS[way](banker, filed).audit_id)
    row.parameters = {**row.parameters, **changed}
    row.save()
    assert verdict(auditor, row.pk) in ("differs", "unreadable")


def test_a_row_keeps_codes_of_the_catalogue_and_no_words_of_a_filter(
    banker: Viewer, filed: int
) -> None:
    release = page(category="张三", department="tax", year=2025)(banker, filed)
    assert AuditRow.objects.get(pk=release.audit_id).parameters == {
        "product": "comprehensive",
        "day": "2026-11-01",
        "category": "?",
        "department": "tax",
        "year": 2025,
        "offset": 0,
        "limit": 25,
    }


def test_a_row_of_format_1_is_compared_with_the_first_page(
    banker: Viewer, auditor: Viewer, filed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.files.firm.CLOCK", SystemClock())
    first = by_bank(files.comprehensive, banker, filed).audit_id
    second = by_bank(files.comprehensive, banker, filed, offset=25).audit_id
    AuditRow.objects.update(parameters=None)
    assert verdict(auditor, first) == "same"
    assert verdict(auditor, second) == "differs"


def test_joined_records_and_histories_come_out_the_same(
    owner: Viewer, auditor: Viewer, filed: int
) -> None:
    send(
        "registration", "market_registration", name_of={BUYER: "乙（虚构）有限公司"}, register=True
    )
    before = enterprise_by_code(BUYER).pk
    record_succession(
        before, filed, kind="merger", on=date(2026, 3, 1), by="王某", why="登记机关通知",
        at=CLOCK.now(),
    )  # fmt: skip
    operator = acting("平台（虚构）", "operator", "operator")
    for made in (
        files.comprehensive(operator, filed, Purpose.OPERATION, joined=True, clock=CLOCK),
        files.register_history(operator, filed, Purpose.OPERATION, clock=CLOCK),
        files.register_history(owner, filed, Purpose.SELF, clock=CLOCK),
    ):
        assert verdict(auditor, made.audit_id) == "same"


def test_an_enterprise_that_read_the_names_of_counterparties_reads_them_again(
    owner: Viewer, auditor: Viewer, filed: int
) -> None:
    [person] = ensure_subjects([Identity("", "某个人（虚构）", "tax")])
    sold = row(FIRM, 70, 70, event_date=date(2026, 8, 1), counterparty=person, status="normal")
    send("vat_invoice", "tax_invoices", sold)
    release = by_owner(files.comprehensive, owner, filed, category="vat_invoice")
    assert "某个人" in str(release.content.payload())
    assert verdict(auditor, release.audit_id) == "same"


@pytest.mark.parametrize(
    "service", [Service.BASIC, Service.COMPREHENSIVE, Service.CUBE, Service.SIGNS]
)
def test_every_line_of_a_batch_comes_out_the_same(
    banker: Viewer, auditor: Viewer, filed: int, service: Service
) -> None:
    lines = list(
        files.batch(banker, [filed], service, Purpose.CREDIT, Stage.POST_LOAN, clock=CLOCK)
    )
    [number] = [line.release.audit_id for line in lines if line.release]
    assert verdict(auditor, number) == "same"


def test_both_sides_of_a_name_come_out_the_same(auditor: Viewer, filed: int) -> None:
    [named] = ensure_subjects([Identity("", "甲（虚构）有限公司", "tax")])
    operator = acting("平台（虚构）", "operator", "operator")
    release = files.meant(operator, named, [filed], Purpose.OPERATION, clock=CLOCK)
    assert verdict(auditor, release.audit_id) == "same"


def test_a_count_comes_out_the_same_and_its_row_keeps_no_value(auditor: Viewer, filed: int) -> None:
    drafts = [
        Draft(frozenset({Condition("tax_payment", "amount", ">=", Decimal(limit))}))
        for limit in (4711, 90_000)
    ]
    for draft in drafts:
        product = Count(draft, load_region("taizhou"))
        number = disclose(auditor, (), product, Service.COUNT, Purpose.OVERSIGHT).audit_id
        assert "4711" not in str(AuditRow.objects.get(pk=number).parameters)
        assert verdict(auditor, number) == "same"


def test_a_search_is_not_read_again_and_its_words_can_be_checked(
    banker: Viewer, auditor: Viewer, firm: int
) -> None:
    files.find(" 甲（虚构） ", viewer=banker)
    [number] = AuditRow.objects.values_list("pk", flat=True)
    assert "甲" not in str(AuditRow.objects.values().get())
    with pytest.raises(trail.TrailError) as caught:
        files.reproduce(auditor, number, clock=SystemClock())
    assert caught.value.code == "not_reproducible"
    now = timezone.now()
    assert trail.searched(auditor, number, "甲（虚构）", now=now)
    assert not trail.searched(auditor, number, "乙（虚构）", now=now)
    looked = AuditRow.objects.filter(purpose="oversight")
    assert set(looked.values_list("reason", flat=True)) == {f"words asked {number}"}
    with pytest.raises(trail.TrailError):
        trail.searched(auditor, looked[0].pk, "甲", now=now + timedelta(seconds=1))


@pytest.mark.parametrize("way", ["basic", "register history", "joined"])
def test_a_firm_that_was_renamed_since_is_read_under_the_name_of_that_day(
    banker: Viewer, auditor: Viewer, filed: int, way: str
) -> None:
    release = WAYS[way](banker, filed)
    entry = row(FIRM, 1, 99, t1="y")
    renamed = {FIRM: "改名（虚构）有限公司"}
    send("registration", "market_registration", entry, name_of=renamed, register=True)
    assert by_bank(files.basic, banker, filed).content.name == "改名（虚构）有限公司"
    assert verdict(auditor, release.audit_id) == "same"
