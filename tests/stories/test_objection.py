"""An enterprise objects; banks, programs and paper follow at once; its source corrects the record."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from tests.pages.support import FIRM, Town, take, town
from tests.pages.test_objections import (
    FILE,
    STATEMENT,
    as_,
    bank_sees,
    consented,
    go,
    object_to,
    read,
)
from xinrong.accounts.services import viewer_of
from xinrong.remedy.services import telling
from xinrong.remedy.tasks import follow_objections
from xinrong.work.models import OutboxEvent
from xinrong.work.services import deliver

__all__ = ["consented", "town"]
API = f"/api/v1/enterprises/{FIRM}/comprehensive"
ASKED = {"purpose": "credit", "stage": "approval", "category": "major_tax_violation"}


def by_program(town: Town) -> list[dict]:
    """The tax violations that the bank's people are answered by the API."""
    answer = as_(town, "loan_officer").get(API, ASKED)
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()["content"]["records"]


def corrected(folder: Path) -> None:
    """The tax office sends the violation again, with another content."""
    lately = (timezone.now() - timedelta(days=60)).date().isoformat()
    columns = "地区,纳税人名称,纳税人识别号,组织机构代码,注册地址,案件状态,案件类型,发布时间"
    take(
        folder, "major_tax_violations",
        [
            f"{columns},检查机构,主要税收违法行为,相关法律依据及税务处理处罚情况",
            f"海淀,恒远精密（虚构）有限公司,{FIRM},,某路1号,已公布,偷税,{lately},稽查局,更正：未定性,无",
        ],
        encoding="gb18030",
    )  # fmt: skip


@pytest.mark.django_db
def test_from_the_objection_to_the_corrected_record(consented: Town, tmp_path: Path) -> None:
    assert "Under objection" not in bank_sees(consented)
    assert "objection" not in by_program(consented)[0]

    number = object_to(consented)
    assert "Under objection since" in bank_sees(consented)
    [record] = by_program(consented)
    assert record["objection"]["state"] == "under_objection"
    assert record["objection"]["statement"] == STATEMENT

    operator, office = as_(consented, "operator"), as_(consented, "data_officer")
    assert go(operator, number, "forward") == 302
    assert "No record fits" in bank_sees(consented)
    assert by_program(consented) == []

    assert go(office, number, "confirm", "案卷当事人登记有误，将更正") == 302
    assert by_program(consented) == [], "confirmed, and shown to nobody until it is corrected"
    assert go(office, number, "carry", "") == 422, "nothing has come yet"

    corrected(tmp_path)
    assert follow_objections.func() == 1
    deliver(timezone.now())
    [record] = by_program(consented)
    assert "objection" not in record
    assert "更正：未定性" in bank_sees(consented)
    firm = as_(consented, "representative")
    assert "The corrected record is here → corrected" in read(firm, f"/cases/{number}")
    assert "corrected or taken back" in read(firm, f"/objections/{number}/letter")
    assert "Object to this record" in read(firm, f"{FILE}/signs/")
    kinds = OutboxEvent.objects.filter(kind__startswith="record_").order_by("pk")
    assert list(kinds.values_list("kind", flat=True)) == [
        "record_marked", "record_suspended", "record_corrected",
    ]  # fmt: skip
    bank = viewer_of(consented.people["loan_officer"])
    told = [one.withdrawal.kind for one in telling.entries(bank)]
    assert told == ["record_marked", "record_suspended", "record_corrected"]
    stranger = viewer_of(consented.people["registrar"])
    assert not telling.entries(stranger).exists(), "who was never shown it is told nothing"
