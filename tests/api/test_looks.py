"""What is read without a file leaves a row in the log, too: searches, and rows in quarantine."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from tests.api.support import CODES, SCOPES, signed_in
from xinrong.trust.models import AuditRow, AuditSubject

pytestmark = pytest.mark.django_db
V1 = "/api/v1"


def search(client: Any, **headers: str) -> Any:
    return client.get(f"{V1}/enterprises", {"q": CODES[0]}, headers=headers)


def test_a_search_leaves_one_row_with_a_digest_and_no_name(client, platform, keys):
    header = keys("bank")
    assert search(client, **header).json()["hits"]
    row = AuditRow.objects.get()
    assert (row.service, row.purpose, row.outcome) == ("search", "public", "released")
    assert (row.enterprises, row.organisation.kind) == ([], "bank")
    assert len(row.digest) == 64
    assert not AuditSubject.objects.exists()
    search(client, **header)
    assert len(set(AuditRow.objects.values_list("digest", flat=True))) == 1


def test_a_search_on_the_site_does_as_well(client, platform):
    signed_in(client, platform, "bank", "loan_officer")
    client.get("/search", {"q": CODES[0]})
    assert AuditRow.objects.get(service="search").person_id is not None


def test_whoever_reads_quarantine_leaves_a_row(client, platform, keys):
    header = keys("sender", SCOPES)
    answer = client.get(f"{V1}/batches/{platform.batch}/quarantine", headers=header)
    assert answer.status_code == 200
    row = AuditRow.objects.get()
    assert (row.service, row.purpose, row.outcome) == ("quarantine", "supervision", "released")
    assert row.digest


def test_nobody_reads_quarantine_for_another_department(client, platform, keys):
    header = keys("bank", SCOPES)
    client.get(f"{V1}/batches/{platform.batch}/quarantine", headers=header)
    assert not AuditRow.objects.exists()


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="needs SQLite: its way to fail")
def test_a_search_that_cannot_be_logged_shows_nothing(client, platform, keys):
    header = keys("bank")
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TRIGGER full_disk BEFORE INSERT ON trust_auditrow "
            "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        )
    answer = search(client, **header)
    assert answer.status_code == 503
    assert CODES[0] not in answer.content.decode()
