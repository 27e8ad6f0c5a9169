"""Each answer about an enterprise names its audit row and the head of the chain."""

from __future__ import annotations

from django.test import Client

from tests.pages.support import FIRM, Town
from xinrong.domain.clock import SystemClock
from xinrong.trust.models import AuditRow
from xinrong.trust.services import sealing


def test_a_page_of_a_file_carries_its_audit_row_and_the_last_head(town: Town) -> None:
    client = Client()
    client.force_login(town.people["representative"])
    client.get(f"/enterprises/{FIRM}/")
    sealing.Sealer(SystemClock()).seal()
    head = sealing.head(fresh=True)
    response = client.get(f"/enterprises/{FIRM}/signs/")
    newest = AuditRow.objects.order_by("-pk")[0]
    assert response["X-Xinrong-Audit"] == str(newest.pk)
    assert response["X-Xinrong-Head"] == head
    assert head[:16] in response.content.decode()


def test_a_refusal_names_its_row_as_well(town: Town) -> None:
    client = Client()
    client.force_login(town.people["operator"])
    response = client.get(f"/api/v1/enterprises/{FIRM}/basic?purpose=self")
    assert response.status_code == 403
    assert response["X-Xinrong-Audit"] == str(AuditRow.objects.order_by("-pk")[0].pk)


def test_a_page_without_a_query_names_none(town: Town) -> None:
    assert "X-Xinrong-Audit" not in Client().get("/catalogue")
