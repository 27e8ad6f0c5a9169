"""What a bank saw is read again and compared, for auditors only, and that is logged."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.pages.support import FIRM, PASSWORD, Town, town
from xinrong.accounts.models import Person
from xinrong.accounts.services import create_organisation, create_person, viewer_of
from xinrong.domain.clock import SystemClock
from xinrong.files.services import reproduce
from xinrong.trust.models import AuditRow
from xinrong.trust.services import Denied, trail

__all__ = ["town"]


@pytest.fixture
def auditor(town: Town) -> Any:
    made = create_person(
        "auditor@example.cn",
        PASSWORD,
        name="审计",
        organisation=create_organisation("监管（虚构）", "regulator"),
        role="auditor",
    )
    return viewer_of(Person.objects.get(pk=made.pk))


@pytest.mark.parametrize("service", ["basic", "comprehensive", "cube", "signs"])
@pytest.mark.parametrize("who", ["loan_officer", "representative", "data_officer"])
def test_what_was_released_comes_out_the_same(
    town: Town, auditor: Any, service: str, who: str
) -> None:
    why = {
        "loan_officer": "credit&stage=pre_loan",
        "representative": "self",
        "data_officer": "supervision",
    }[who]
    client = Client()
    client.force_login(town.people[who])
    address = f"/api/v1/enterprises/{FIRM}/{service}?purpose={why}"
    assert client.get(address).status_code == 200
    number = AuditRow.objects.order_by("-pk")[0].pk
    done = reproduce(auditor, number, clock=SystemClock())
    assert done.verdict == "same"
    logged = AuditRow.objects.get(pk=done.logged)
    assert (logged.purpose, logged.role) == ("oversight", "auditor")
    assert logged.reason == f"reproduced {number}"
    AuditRow.objects.filter(pk=number).update(digest="0" * 64)
    assert reproduce(auditor, number, clock=SystemClock()).verdict == "differs"


def test_only_auditors_have_it_reproduced(town: Town, auditor: Any) -> None:
    client = Client()
    client.force_login(town.people["representative"])
    client.get(f"/api/v1/enterprises/{FIRM}/basic?purpose=self")
    number = AuditRow.objects.order_by("-pk")[0].pk
    for name in ("operator", "loan_officer"):
        with pytest.raises(Denied):
            reproduce(viewer_of(town.people[name]), number, clock=SystemClock())


def test_a_refusal_has_nothing_to_reproduce(town: Town, auditor: Any) -> None:
    client = Client()
    client.force_login(town.people["operator"])
    client.get(f"/api/v1/enterprises/{FIRM}/basic?purpose=self")
    number = AuditRow.objects.order_by("-pk")[0].pk
    with pytest.raises(trail.TrailError):
        reproduce(auditor, number, clock=SystemClock())
