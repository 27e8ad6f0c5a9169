"""Grades over the API: through the gate, in the declared shape; the signed cards for everybody."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.counting import Counters
from tests.profiles import city
from tests.rating.support import operators, put_in_force
from tests.rating.test_released import FIRM, consent
from xinrong.accounts.services import create_person, viewer_of
from xinrong.api.v1.grades import GradeAnswer
from xinrong.api.v1.root import THROTTLE
from xinrong.domain.signatures import open_envelope
from xinrong.trust.keys import public_keys

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]


@pytest.fixture(autouse=True)
def _nobody_has_called() -> None:
    THROTTLE.counts.clear()


@pytest.fixture
def bank(settings: Any, db: None) -> Any:
    """A bank's key; the bank has a consent of the firm."""
    settings.REGION = "taizhou"
    city.make_enterprises(range(1, 8))
    rows = city.city_rows(7)
    city.fill({name: rows[name] for name in ("registration", "tax_payment")})
    city.put(
        city.rows_of(
            "dishonest_judgment_debtor",
            {"subject": FIRM, "event_date": city.UNTIL - timedelta(days=3), "polarity": -1,
             "key": 71},
        )
    )  # fmt: skip
    put_in_force(operators())
    cast = Counters()
    key = cast.key("loan_officer", "files")
    officer = create_person("x@example.cn", "a long enough passphrase 7", name="x",
                            organisation=cast.organisation("loan_officer"),
                            role="loan_officer")  # fmt: skip
    return key, viewer_of(officer)


def asked(key: dict[str, str], **query: str) -> Any:
    return Client().get(f"/api/v1/enterprises/{city.code(FIRM)}/grade", query, headers=key)


def test_a_grade_has_its_declared_shape_says_that_it_never_decides_alone_and_is_logged(
    bank: Any,
) -> None:
    key, officer = bank
    consent(officer, 4)
    answer = asked(key, purpose="credit", stage="approval")
    assert answer.status_code == 200, answer.content
    told = GradeAnswer.model_validate_json(answer.content)
    assert "decides alone" in told.content.never_alone.en
    assert told.content.low <= told.content.points <= told.content.high
    [worst] = [one for one in told.content.reasons.against if one.column == "dish_now"]
    assert worst.records is not None
    assert worst.records.newest[0].ref.startswith("dishonest_judgment_debtor/71/")
    assert told.content.history == []


def test_without_a_stage_a_consent_or_a_key_there_is_none(bank: Any) -> None:
    key, _ = bank
    assert asked(key, purpose="credit").json()["error"]["code"] == "denied_stage"
    refused = asked(key, purpose="credit", stage="approval")
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "denied_no_consent")
    assert asked({}, purpose="credit", stage="approval").status_code == 401
    assert asked(key, purpose="nonsense").status_code == 422


def test_the_signed_cards_are_open_to_everybody(bank: Any) -> None:
    envelope = Client().get("/api/v1/scorecards").json()
    assert open_envelope(envelope, public_keys())["version"] == 1
