"""An alarm of quality is told to the department that sends and to the operators, once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.collect.city import CLOCK, HEADINGS, csv_bytes, feed, region, row
from tests.trust.support import PASSWORD
from xinrong.accounts.services import create_organisation, create_person
from xinrong.collect.services import collect_file, quality
from xinrong.domain.clock import FixedClock
from xinrong.notices.models import Notice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]


def later(days: int) -> FixedClock:
    return FixedClock(CLOCK.moment + timedelta(days=days))


def test_a_silent_feed_is_told_once_to_its_department_and_to_the_operator(tmp_path: Path) -> None:
    own = create_organisation("税务局", "department", reference=feed().department)
    other = create_organisation("别的局", "department", reference="another")
    platform = create_organisation("平台", "operator")
    for name, where, role in (
        ("own", own, "data_officer"), ("other", other, "data_officer"),
        ("op", platform, "operator"),
    ):  # fmt: skip
        create_person(f"{name}@example.cn", PASSWORD, name=name, organisation=where, role=role)
    path = tmp_path / "a.csv"
    path.write_bytes(csv_bytes([row("A")], HEADINGS))
    collect_file(path, "tax_csv", clock=later(0), region=region())
    for day in (61, 62):
        quality.watch(region(), clock=later(day))
    assert set(Notice.objects.values_list("person__name", "kind", "path")) == {
        ("own", "quality_alarm", "/quality/feeds/tax_csv"),
        ("op", "quality_alarm", "/quality/feeds/tax_csv"),
    }
    assert Notice.objects.count() == 2
