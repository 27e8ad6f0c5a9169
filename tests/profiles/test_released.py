"""An enterprise's indicators leave through the gate only, whole or not at all; figures by rule."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.profiles import city
from xinrong.accounts.services import PUBLIC, Viewer, create_organisation, create_person, viewer_of
from xinrong.domain.clock import SystemClock
from xinrong.files import services as files
from xinrong.profiles.models import IndicatorFigure, ProfileBatch
from xinrong.profiles.publishing import published, shown
from xinrong.profiles.services import build_profile, columns, indicators_of
from xinrong.trust.models import AuditRow, Consent
from xinrong.trust.services import Purpose, Stage, grant_consent

pytestmark = pytest.mark.django_db


@pytest.fixture
def bank(filled: dict[str, Any]) -> Viewer:
    made = create_organisation("海丰银行（虚构）", "bank")
    person = create_person(
        "loan@example.cn", "a long enough passphrase 7", name="x", organisation=made,
        role="loan_officer",
    )  # fmt: skip
    return viewer_of(person)


def consent(bank: Viewer, enterprise: int, level: int, data_from: date | None = None) -> None:
    assert bank.organisation_id is not None
    names = sorted({one.category for one in columns().values()})
    now = timezone.now()
    until = now + timedelta(days=30)
    given = grant_consent(
        enterprise, bank.organisation_id, names, list(Stage), now=now, valid_until=until,
        max_level=level,
    )  # fmt: skip
    Consent.objects.filter(pk=given.pk).update(data_from=data_from)


def asked(who: Viewer, enterprise: int = 5, as_of: date = city.UNTIL) -> Any:
    if who.role == "loan_officer":
        return indicators_of(who, enterprise, Purpose.CREDIT, Stage.APPROVAL, as_of=as_of)
    return indicators_of(who, enterprise, Purpose.PUBLIC, as_of=as_of)


def names(release: Any) -> set[str]:
    return {one.name for one in release.content.shown}


def test_everybody_sees_what_is_open_and_nothing_that_needs_consent(filled: Any) -> None:
    seen = names(asked(PUBLIC))
    assert {"arr_open_now", "reg_active", "pen_count_36m"} <= seen
    known = columns()
    assert all(known[name].share == "open" and known[name].level == 1 for name in seen)


def test_a_consent_opens_indicators_up_to_its_level(bank: Viewer) -> None:
    before = names(asked(bank))
    assert "tax_paid_12m" not in before
    consent(bank, 5, 3)
    seen = names(asked(bank))
    assert "pow_use_12m" in seen
    assert "tax_paid_12m" not in seen, "it is of level 4"
    known = columns()
    assert all(known[name].level <= 3 for name in seen)


def test_an_indicator_whose_window_is_longer_than_the_consent_s_period_is_withheld(
    bank: Viewer,
) -> None:
    consent(bank, 5, 4, date(2026, 6, 1))
    seen = names(asked(bank))
    assert {"tax_paid_3m", "inv_sales_1m"} <= seen
    assert not {"tax_paid_12m", "tax_last_paid_on", "si_persons"} & seen


def test_every_look_is_a_row_with_the_day_it_was_for(bank: Viewer) -> None:
    release = asked(bank)
    row = AuditRow.objects.get(pk=release.audit_id)
    assert (row.service, row.product) == ("indicators", "indicator")
    assert row.parameters == {"as_of": city.UNTIL.isoformat(), "product": "indicators"}
    assert release.content.withheld == len(columns()) - len(release.content.shown)


def test_an_auditor_has_a_query_read_again_as_it_was_released(bank: Viewer) -> None:
    consent(bank, 5, 4)
    number = asked(bank).audit_id
    auditor = viewer_of(
        create_person(
            "auditor@example.cn", "a long enough passphrase 7", name="x", role="auditor",
            organisation=create_organisation("监管局（虚构）", "regulator"),
        )
    )  # fmt: skip
    paid = {"subject": 5, "event_date": city.UNTIL, "amount": 700, "code": "vat", "t1": "x"}
    city.put(city.rows_of("tax_payment", {**paid, "key": 77}))
    again = files.reproduce(auditor, number, clock=SystemClock())
    assert again.verdict == "same"
    AuditRow.objects.filter(pk=number).update(
        parameters={"product": "indicators", "as_of": "2025-01-31"}
    )
    assert files.reproduce(auditor, number, clock=SystemClock()).verdict == "differs"


# -- over all enterprises -----------------------------------------------------------------


def test_no_figure_of_few_is_published(filled: Any) -> None:
    build_profile(city.NOW, city.UNTIL)
    found = published("reg_age_days", PUBLIC)
    assert found is not None
    assert found.as_of == city.UNTIL
    assert found.enterprises in (30, 40, 50)
    assert all(one.figure is None or one.figure % 10 == 0 for one in found.bins)
    assert found.quantiles == (), "forty are too few"


def test_the_same_figure_is_drawn_again_for_the_same_question() -> None:
    assert shown(9, "x") is None
    assert {shown(57, "y") for _ in range(5)} == {shown(57, "y")}


def test_who_may_not_learn_of_a_column_sees_no_distribution(filled: Any, bank: Viewer) -> None:
    build_profile(city.NOW, city.UNTIL)
    assert published("pow_use_12m", PUBLIC) is None
    assert published("pow_use_12m", bank) is not None
    assert published("tax_paid_12m", bank) is None, "level 4 is more than a bank learns of"


def test_drift_is_the_last_batch_of_each_month(filled: Any) -> None:
    for month in (8, 9, 10):
        build_profile(city.NOW, date(2026, month, 15))
    build_profile(city.NOW + timedelta(hours=3), date(2026, 10, 31))
    found = published("reg_age_days", PUBLIC)
    assert found is not None
    assert [one.month for one in found.months] == ["2026-08", "2026-09", "2026-10"]
    assert ProfileBatch.objects.exclude(removed_at=None).count() == 2
    assert IndicatorFigure.objects.filter(indicator="reg_age_days").count() == 4
