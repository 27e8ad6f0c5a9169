"""A counterparty shows open facts only, unless it consents too: in the file of another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.files.firm import CLOCK, FIRM, acting, by_bank, code, consent, send
from tests.store.rows import row
from xinrong.accounts.services import Viewer, create_organisation
from xinrong.files import services as files
from xinrong.files.products import Comprehensive, Slice
from xinrong.subjects.services import Identity, ensure_subjects, enterprise_by_code
from xinrong.trust.models import AuditRow, Consent
from xinrong.trust.sealing.head import head
from xinrong.trust.services import (
    Denied,
    Purpose,
    Service,
    Stage,
    disclose,
    grant_consent,
    revoke_consent,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]
OTHER = code(3)
NAME = "丙（虚构）有限公司"
DAY = date(2026, 5, 5)
MONTH = timedelta(days=30)


@pytest.fixture(autouse=True)
def taizhou(settings: Any) -> None:
    settings.REGION = "taizhou"


@pytest.fixture
def firm() -> int:
    """An enterprise that guarantees the loan of another, which the register does not know."""
    send("registration", "market_registration", name_of={FIRM: "甲（虚构）有限公司"}, register=True)
    [other] = ensure_subjects([Identity(OTHER, NAME, "tax")])
    send("tax_payment", "tax_payments", row(OTHER, 5, 5), name_of={OTHER: NAME})
    send("guarantee", "bank_guarantees", guarantee(40, other))
    return enterprise_by_code(FIRM).pk


def guarantee(key: int, other: int, on: date | None = DAY) -> dict[str, Any]:
    return row(FIRM, key, key, code=f"保{key}", event_date=on, counterparty=other, status="active")


@pytest.fixture
def other(firm: int) -> int:
    found = enterprise_by_code(OTHER)
    assert found.provisional
    return int(found.pk)


@pytest.fixture
def banker(firm: int) -> Viewer:
    """A loan officer whose bank the first enterprise lets read its guarantees."""
    made = acting("海丰银行（虚构）", "bank", "loan_officer")
    consent(made, firm, 4, "guarantee")
    return made


def agree(other: int, to: int | None, *categories: str, **changes: Any) -> Consent:
    """The counterparty's own consent."""
    now = timezone.now()
    columns = {name: changes.pop(name) for name in ("data_from", "data_to", "one_time")
               if name in changes}  # fmt: skip
    assert to is not None
    made = grant_consent(
        other, to, categories or ("guarantee",), **{
            "stages": [Stage.PRE_LOAN], "now": now - timedelta(minutes=1), "max_level": 4,
            "valid_until": now + MONTH, **changes,
        }
    )  # fmt: skip
    Consent.objects.filter(pk=made.pk).update(**columns)
    return made


def named(banker: Viewer, firm: int, service: Callable[..., Any] = files.comprehensive) -> Any:
    """Who is named as guaranteed, and the release."""
    release = by_bank(service, banker, firm, category="guarantee", limit=200)
    found = [field for record in release.content.records for field in record.fields
             if field.name == "guaranteed"]  # fmt: skip
    assert all(field.masked == (field.value is None) for field in found)
    return [field.value for field in found], release


def test_a_counterparty_that_does_not_consent_is_not_named(banker, firm, other):
    names, release = named(banker, firm)
    assert names == [None]
    assert NAME not in str(release.content.payload())
    assert OTHER not in str(release.content.payload())


def test_one_that_consents_too_is_named_and_both_consents_stand_in_the_row(banker, firm, other):
    theirs = agree(other, banker.organisation_id)
    names, release = named(banker, firm)
    assert names == [f"{NAME} ({OTHER})"]
    row_ = AuditRow.objects.get(pk=release.audit_id)
    [own] = Consent.objects.filter(grantor=firm)
    assert row_.consents == sorted([own.pk, theirs.pk])
    assert release.consents == {own.pk, theirs.pk}


@pytest.mark.parametrize(
    "changes",
    [
        {"categories": ("tax_payment", "loan")},
        {"stages": [Stage.APPROVAL, Stage.POST_LOAN]},
        {"max_level": 3},
        {"data_from": date(2026, 5, 6)},
        {"data_to": date(2026, 5, 4)},
        {"one_time": True},
        {"now": timezone.now() - 2 * MONTH, "valid_until": timezone.now() - MONTH},
        {"to": "rival"},
    ],
    ids=["categories", "stages", "level", "from", "to", "one_time", "ended", "another bank"],
)
def test_a_consent_that_does_not_fit_names_nobody(banker, firm, other, changes):
    to = banker.organisation_id
    if changes.get("to"):
        to = create_organisation("别家银行（虚构）", "bank").pk
    rest = {key: value for key, value in changes.items() if key not in ("to", "categories")}
    agree(other, to, *changes.get("categories", ()), **rest)
    names, release = named(banker, firm)
    assert names == [None]
    assert len(AuditRow.objects.get(pk=release.audit_id).consents) == 1


def test_the_first_and_the_last_day_of_its_data_are_inside(banker, firm, other):
    agree(other, banker.organisation_id, data_from=DAY, data_to=DAY)
    assert named(banker, firm)[0] == [f"{NAME} ({OTHER})"]


def test_an_undated_record_lies_in_no_period(banker, firm, other):
    [subject] = ensure_subjects([Identity(OTHER, NAME, "tax")])
    send("guarantee", "bank_guarantees", guarantee(41, subject, None))
    agree(other, banker.organisation_id, data_from=date(2020, 1, 1))
    assert named(banker, firm)[0] == [f"{NAME} ({OTHER})", None]


def test_its_consent_opens_nothing_of_whom_the_first_did_not_open(banker, firm, other):
    agree(other, banker.organisation_id)
    revoke_consent(Consent.objects.get(grantor=firm).pk, grantor=firm, now=timezone.now())
    assert named(banker, firm)[0] == []


@pytest.mark.parametrize("whose", ["firm", "other"])
def test_when_either_takes_its_consent_back_it_closes_at_once(banker, firm, other, whose):
    agree(other, banker.organisation_id)
    assert named(banker, firm)[0] != [None]
    grantor = {"firm": firm, "other": other}[whose]
    revoke_consent(Consent.objects.get(grantor=grantor).pk, grantor=grantor, now=timezone.now())
    assert named(banker, firm)[0] == {"firm": [], "other": [None]}[whose]


@pytest.mark.parametrize("whose", ["firm", "other"])
def test_either_taken_back_while_it_is_read_releases_nothing(banker, firm, other, whose):
    agree(other, banker.organisation_id)
    grantor = {"firm": firm, "other": other}[whose]
    given = Consent.objects.get(grantor=grantor).pk

    class Slow(Comprehensive):
        def read(self, *asked: Any) -> Any:
            content = super().read(*asked)
            revoke_consent(given, grantor=grantor, now=timezone.now())
            return content

    product = Slow(CLOCK.now().date(), Slice(), 0, 50)
    with pytest.raises(Denied) as refused:
        disclose(banker, [firm], product, Service.COMPREHENSIVE, Purpose.CREDIT, Stage.PRE_LOAN)
    assert refused.value.code == "denied_revoked"


def test_a_release_that_names_nobody_does_not_rest_on_the_counterpartys_consent(
    banker, firm, other
):
    theirs = agree(other, banker.organisation_id)
    release = by_bank(files.cube, banker, firm)
    assert theirs.pk not in AuditRow.objects.get(pk=release.audit_id).consents


def test_a_representative_reads_all_of_its_counterparties_without_any_consent(firm, other):
    owner = acting("甲（虚构）有限公司", "enterprise", "representative", FIRM)
    release = files.comprehensive(owner, firm, Purpose.SELF, category="guarantee", clock=CLOCK)
    assert OTHER in str(release.content.payload())


def test_many_counterparties_cost_as_many_statements_as_one(banker, firm, other):
    def statements() -> int:
        head(fresh=True)  # asked of the database a few times a second, not at every query
        with CaptureQueriesContext(connection) as seen:
            named(banker, firm)
        return len(seen)

    agree(other, banker.organisation_id)
    one = statements()
    codes = [code(number) for number in range(10, 40)]
    subjects = ensure_subjects([Identity(each, f"{each}（虚构）", "tax") for each in codes])
    send("tax_payment", "tax_payments", *[row(each, n, n) for n, each in enumerate(codes, 300)])
    more = [guarantee(n, subject) for n, subject in enumerate(subjects, 100)]
    send("guarantee", "bank_guarantees", *more)
    for each in codes[::2]:
        agree(enterprise_by_code(each).pk, banker.organisation_id)
    assert statements() == one
    names = named(banker, firm)[0]
    assert sum(name is not None for name in names) == 16
