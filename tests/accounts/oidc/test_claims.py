"""The last word of an identity service about a person."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from xinrong.accounts.models import Person
from xinrong.accounts.oidc.claims import CLAIM_HOLDS
from xinrong.accounts.services import IdentityClaim, latest_claim

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
CODE = "91110108MA00000012"


@pytest.fixture
def person():
    return Person.objects.create_user("li@bank.cn", "a long enough passphrase 7")


def say(person, at, **words):
    return IdentityClaim.objects.create(
        person=person, issuer="https://id.example", subject="s1", at=at, **words
    )


def test_the_newest_claim_counts_even_when_it_says_less(person):
    say(person, NOW - timedelta(hours=2), enterprise_code=CODE, role="legal_representative")
    assert latest_claim(person, NOW).enterprise_code == CODE
    say(person, NOW - timedelta(hours=1))
    assert latest_claim(person, NOW).enterprise_code == ""


def test_a_claim_ends_by_itself_and_none_comes_from_the_future(person):
    say(person, NOW)
    assert latest_claim(person, NOW + CLAIM_HOLDS - timedelta(seconds=1)) is not None
    assert latest_claim(person, NOW + CLAIM_HOLDS) is None
    assert latest_claim(person, NOW - timedelta(seconds=1)) is None


def test_the_claim_of_another_person_is_not_ones_own(person):
    say(person, NOW)
    other = Person.objects.create_user("wang@bank.cn", "a long enough passphrase 7")
    assert latest_claim(other, NOW) is None
