"""One service over many clients: each through the gate, each with its own row."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from tests.files.firm import CLOCK, acting, code, consent, send
from tests.store.rows import row
from xinrong.accounts.services import Viewer
from xinrong.files import services as files
from xinrong.files.batching import BatchRefused
from xinrong.subjects.services import enterprise_by_code
from xinrong.trust.models import AuditRow
from xinrong.trust.services import Purpose, Service, Stage, active_consents, revoke_consent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]
CODES = [code(number) for number in range(1, 5)]


@pytest.fixture
def firms(settings: Any) -> list[int]:
    """Four firms with a licence each; the last one gives no consent."""
    settings.REGION = "taizhou"
    names = {each: f"第{n}（虚构）有限公司" for n, each in enumerate(CODES)}
    send("registration", "market_registration", name_of=names, register=True)
    taxes = [row(each, 50 + n, 50 + n, code="vat", t1="x") for n, each in enumerate(CODES)]
    send("tax_payment", "tax_payments", *taxes)
    return [enterprise_by_code(each).pk for each in CODES]


@pytest.fixture
def banker() -> Viewer:
    return acting("海丰银行（虚构）", "bank", "loan_officer")


@pytest.fixture
def clients(firms: list[int], banker: Viewer) -> list[int]:
    for firm in firms[:3]:
        consent(banker, firm, 4, "tax_payment")
    return firms


def ask(banker: Viewer, firms: list[int], service: Service = Service.SIGNS) -> list[Any]:
    found = files.batch(banker, firms, service, Purpose.CREDIT, Stage.POST_LOAN, clock=CLOCK)
    return list(found)


@pytest.mark.parametrize(
    "service", [Service.BASIC, Service.COMPREHENSIVE, Service.CUBE, Service.SIGNS]
)
def test_every_client_is_a_release_of_its_own_and_the_rows_share_a_bundle(
    banker: Viewer, clients: list[int], service: Service
) -> None:
    lines = ask(banker, clients[:3], service)
    assert [line.release.content.enterprise for line in lines] == clients[:3]
    rows = AuditRow.objects.order_by("pk")
    assert [row.enterprises for row in rows] == [[firm] for firm in clients[:3]]
    assert {row.bundle for row in rows} == {lines[0].bundle}
    assert [line.release.audit_id for line in lines] == [row.pk for row in rows]
    assert {row.service for row in rows} == {service.value}


def test_one_without_consent_is_refused_on_its_line_and_the_others_are_not(
    banker: Viewer, clients: list[int]
) -> None:
    lines = ask(banker, [clients[3], *clients[:3]])
    assert [line.refusal and line.refusal.code for line in lines] == [
        "denied_no_consent", None, None, None,
    ]  # fmt: skip
    assert lines[0].release is None
    denied = AuditRow.objects.get(outcome="denied")
    assert (denied.enterprises, denied.reason) == ([clients[3]], "denied_no_consent")
    assert denied.bundle == lines[0].bundle


def test_a_consent_that_ends_while_the_batch_runs_counts_from_then_on(
    banker: Viewer, clients: list[int]
) -> None:
    lines = files.batch(
        banker, clients[:3], Service.SIGNS, Purpose.CREDIT, Stage.POST_LOAN, clock=CLOCK
    )
    assert next(lines).release is not None
    organisation = banker.organisation_id
    assert organisation is not None
    now = timezone.now()
    for one in active_consents([clients[1]], [organisation], Purpose.CREDIT, Stage.POST_LOAN, now):
        revoke_consent(one.pk, grantor=clients[1], now=now)
    assert [line.refusal is None for line in lines] == [False, True]


def test_nobody_is_asked_about_twice(banker: Viewer, clients: list[int]) -> None:
    assert len(ask(banker, [clients[0]] * 3)) == 1


def test_a_batch_of_more_than_500_or_none_asks_nothing(banker: Viewer, clients: list[int]) -> None:
    for firms in ([], list(range(501))):
        with pytest.raises(files.BatchTooLarge):
            ask(banker, firms)
    assert not AuditRow.objects.exists()


@pytest.mark.parametrize(
    ("service", "purpose"),
    [(Service.SIGNS, Purpose.PUBLIC), (Service.SEARCH, Purpose.CREDIT)],
)
def test_batches_are_for_files_of_clients(
    banker: Viewer, clients: list[int], service: Service, purpose: Purpose
) -> None:
    with pytest.raises(BatchRefused):
        files.batch(banker, clients, service, purpose, clock=CLOCK)
    assert not AuditRow.objects.exists()


def test_another_bank_has_no_clients_here(clients: list[int]) -> None:
    other = acting("别家银行（虚构）", "guarantor", "guarantee_officer")
    lines = files.batch(
        other, clients[:3], Service.SIGNS, Purpose.GUARANTEE, Stage.APPROVAL, clock=CLOCK
    )
    assert [line.release for line in lines] == [None] * 3
