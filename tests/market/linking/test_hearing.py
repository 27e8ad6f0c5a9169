"""A bank's system hears what it does not know, and its own acts are no deliveries."""

from __future__ import annotations

from typing import Any

import pytest

from tests.market.linking.cast import System
from xinrong.market.linking.hearing import worth_telling
from xinrong.work.services import Delivery


@pytest.mark.parametrize(
    ("kind", "state", "told"),
    [
        ("case_opened", "submitted", True),
        ("case_moved", "accepted", True),  # it may follow what the enterprise supplied
        ("case_moved", "due_diligence", True),
        ("case_moved", "appealed", True),
        ("case_moved", "offered", False),
        ("case_moved", "chosen", False),  # its own event says it
        ("application_chosen", "chosen", True),
        ("case_moved", "contracted", False),
        ("case_ended", "withdrawn", True),
        ("case_ended", "refused", False),
        ("case_ended", "closed", False),
    ],
)
def test_what_a_bank_is_told_of(kind: str, state: str, told: bool) -> None:
    assert worth_telling(kind, {"process": "application", "state": state}) is told
    assert not worth_telling(kind, {"process": "repair", "state": state})


@pytest.mark.django_db
def test_a_refusal_by_the_bank_is_not_handed_to_its_own_link(
    bank: System, application: Any
) -> None:
    bank.must(application, "state", state="accepted")
    before = Delivery.objects.filter(receiver="market.bank_link").count()
    bank.must(application, "refusal", reasons=["income"], words="收入不足。")
    assert Delivery.objects.filter(receiver="market.bank_link").count() == before
    assert Delivery.objects.filter(event__kind="case_ended").exists()
