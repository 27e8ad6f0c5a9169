"""The plain SQL of every query says what the models say."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from xinrong.trust.consents import active_consents, still_stand
from xinrong.trust.models import AuditRow, Consent, ConsentUse
from xinrong.trust.quick import consents_in_force, count_in_force
from xinrong.trust.services import Purpose, Stage

pytestmark = pytest.mark.django_db
NOW = datetime(2030, 5, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
#: What differs from a consent in force, and whether it then still is one.
LIVES: list[tuple[dict[str, Any], bool]] = [
    ({}, True),
    ({"granted_at": NOW}, True),
    ({"granted_at": NOW + SECOND}, False),
    ({"valid_until": NOW}, False),
    ({"valid_until": NOW + SECOND}, True),
    ({"revoked_at": NOW - SECOND}, False),
    ({"ended_at": NOW - SECOND}, False),
    ({"purpose": "guarantee"}, False),
    ({"one_time": True, "data_from": date(2029, 1, 1), "levels": {"tax": 2}}, True),
]


def given(firms: Any, people: Any, **more: Any) -> Consent:
    life = {
        "grantor": firms[0],
        "grantee": people.bank,
        "purpose": "credit",
        "stages": ["pre_loan", "approval"],
        "categories": ["tax", "licence"],
        "max_level": 3,
        "granted_at": NOW - timedelta(days=9),
        "valid_until": NOW + timedelta(days=9),
    }
    return Consent.objects.create(**{**life, **more})


@pytest.mark.parametrize(("life", "stands"), LIVES)
def test_a_consent_in_force_is_found_as_it_is_kept(
    firms: Any, people: Any, life: dict[str, Any], stands: bool
) -> None:
    row = given(firms, people, **life)
    found = consents_in_force([firms[0].pk], [people.bank.pk, 99], "credit", NOW)
    listed = active_consents(
        [firms[0].pk], [people.bank.pk, 99], Purpose.CREDIT, Stage.PRE_LOAN, NOW
    )
    assert [one.pk for one in found] == [one.pk for one in listed] == [row.pk] * stands
    for one in found:
        row.refresh_from_db()
        assert {name: getattr(row, name) for name in one._fields if name != "pk"} == {
            name: value for name, value in one._asdict().items() if name != "pk"
        }


@pytest.mark.parametrize(("life", "stands"), LIVES)
def test_what_no_longer_stands_is_not_counted(
    firms: Any, people: Any, life: dict[str, Any], stands: bool
) -> None:
    row = given(firms, people, **life)
    ended = not stands and "purpose" not in life and life.get("granted_at") is None
    assert count_in_force([row.pk], NOW) == (0 if ended else 1)
    assert still_stand([row.pk, row.pk], now=NOW) == (not ended)
    assert not still_stand([row.pk, 10**6], now=NOW)


def test_a_used_one_opens_nothing_and_what_it_opened_stands(firms: Any, people: Any) -> None:
    row = given(firms, people, one_time=True)
    audit = AuditRow.objects.create(at=NOW, role="x", service="x", purpose="x", product="x")
    ConsentUse.objects.create(consent=row, row=audit, at=NOW)
    assert consents_in_force([firms[0].pk], [people.bank.pk], "credit", NOW) == []
    assert still_stand([row.pk], now=NOW)


def test_nobody_asked_about_and_nobody_asking_find_nothing(firms: Any, people: Any) -> None:
    given(firms, people)
    assert consents_in_force([], [people.bank.pk], "credit", NOW) == []
    assert consents_in_force([firms[0].pk], [], "credit", NOW) == []
