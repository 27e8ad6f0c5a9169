"""Granting and revoking, as rules."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from xinrong.trust.models import Consent
from xinrong.trust.services import (
    ConsentRefused,
    Stage,
    grant_consent,
    revoke_consent,
)

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def grant(firms, people, **changes):
    values = {
        "categories": ["tax"],
        "stages": [Stage.PRE_LOAN],
        "valid_until": NOW + timedelta(days=30),
        **changes,
    }
    return grant_consent(firms[0].pk, people.bank.pk, now=NOW, **values)


@pytest.mark.parametrize(
    "changes",
    [
        {"categories": []},
        {"stages": []},
        {"valid_until": NOW},
        {"valid_until": NOW + timedelta(days=4000)},
        {"max_level": 5},
        {"max_level": 0},
    ],
)
def test_an_empty_endless_or_too_deep_consent_is_refused(firms, people, changes):
    with pytest.raises(ConsentRefused):
        grant(firms, people, **changes)
    assert not Consent.objects.exists()


def test_only_the_grantor_revokes(firms, people):
    made = grant(firms, people)
    with pytest.raises(ConsentRefused) as theirs:
        revoke_consent(made.pk, grantor=firms[1].pk, now=NOW)
    with pytest.raises(ConsentRefused) as nobodys:
        revoke_consent(made.pk + 1, grantor=firms[1].pk, now=NOW)
    assert theirs.value.code == nobodys.value.code
    assert Consent.objects.get().revoked_at is None


def test_revoking_twice_keeps_the_first_time(firms, people):
    made = grant(firms, people)
    revoke_consent(made.pk, grantor=firms[0].pk, now=NOW)
    again = revoke_consent(made.pk, grantor=firms[0].pk, now=NOW + timedelta(days=1))
    assert again.revoked_at == NOW
