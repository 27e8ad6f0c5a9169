"""The grade inside the report that an enterprise carries itself."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.utils import timezone

from tests.rating.test_released import FIRM, person
from xinrong.accounts.services import Viewer
from xinrong.domain.portable import read_keys, verify_paper, verify_report
from xinrong.files.services import portable
from xinrong.subjects.services import enterprise_by_id
from xinrong.trust.models import AuditRow
from xinrong.trust.services import key_document

pytestmark = pytest.mark.django_db
WANTED = portable.Wanted(portable.Choice(frozenset({"register", "grade"})))


@pytest.fixture
def owner(carded: dict[str, Any]) -> Viewer:
    return person("enterprise", "representative", reference=enterprise_by_id(FIRM).code)


def test_a_report_carries_the_grade_with_its_range_and_reasons(owner: Viewer) -> None:
    assert "grade" in portable.carried()
    report = portable.make(owner, FIRM, WANTED)
    handed = portable.hand_out(owner, report)
    keys, now = read_keys(json.dumps(key_document())), timezone.now()
    checked = verify_report(json.dumps(handed.file), keys, now=now, qr=portable.qr_of(report))
    assert checked.accepted
    [claim] = [one.says for one in checked.claims if one.part == "grade"]
    assert claim["grade"] == report.grade != ""
    titles = [row["title"]["en"] for row in claim["rows"]]
    assert "Range" in titles
    assert "never decides alone" in claim["rows"][-1]["text"]["en"]
    facts = verify_paper(portable.qr_of(report), keys, now=now).facts
    assert facts is not None
    assert facts.grade == report.grade
    # Grade and file each left the gate under the enterprise's own purpose.
    assert set(AuditRow.objects.values_list("service", "purpose")) == {
        ("own_copy", "self"),
        ("indicators", "self"),
    }


@pytest.mark.usefixtures("taizhou")
@pytest.mark.big
def test_where_nobody_is_graded_no_report_carries_a_grade(filled: dict[str, Any]) -> None:
    owner = person("enterprise", "representative", reference=enterprise_by_id(FIRM).code)
    assert "grade" not in portable.carried()
    with pytest.raises(portable.PortableRefused) as caught:
        portable.make(owner, FIRM, WANTED)
    assert caught.value.code == "report_choice"
