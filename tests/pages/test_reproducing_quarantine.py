"""Rows in quarantine that somebody read on the site or through the API are read again."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.pages.support import PASSWORD, Town
from xinrong.accounts.services import create_organisation, create_person, viewer_of
from xinrong.collect.models import QuarantinedRow
from xinrong.domain.clock import SystemClock
from xinrong.files.services import reproduce
from xinrong.trust.models import AuditRow


@pytest.mark.parametrize(
    ("address", "product"),
    [
        ("/batches/{}", "quarantine"),
        ("/batches/{}/rejects", "rejects"),
        ("/api/v1/batches/{}/quarantine?limit=3&offset=0", "quarantine"),
    ],
)
def test_rows_in_quarantine_come_out_the_same(town: Town, address: str, product: str) -> None:
    client = Client()
    client.force_login(town.people["registrar"])
    assert client.get(address.format(town.batches["register"])).status_code == 200
    row = AuditRow.objects.get(service="quarantine")
    assert row.parameters["product"] == product
    regulator = create_organisation("监管（虚构）", "regulator")
    auditor = viewer_of(
        create_person(
            "auditor@example.cn", PASSWORD, name="审计", organisation=regulator, role="auditor"
        )
    )
    assert reproduce(auditor, row.pk, clock=SystemClock()).verdict == "same"
    QuarantinedRow.objects.update(problems=[])
    assert reproduce(auditor, row.pk, clock=SystemClock()).verdict == "differs"
