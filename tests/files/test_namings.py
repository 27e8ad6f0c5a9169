"""Whoever consented as a counterparty learns of each release that named it, and not about whom."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.files.firm import acting, by_bank
from tests.files.test_parties import agree, banker, firm, named, other, taizhou
from xinrong.domain.clock import FixedClock
from xinrong.files import services as files
from xinrong.files.reproducing import reproduce
from xinrong.trust.consenting.models import ConsentNaming
from xinrong.trust.services import consenting, revoke_consent, who_looked

__all__ = ["banker", "firm", "other", "taizhou"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]


def test_whoever_consented_learns_what_was_delivered_and_not_about_whom(banker, firm, other):
    theirs = agree(other, banker.organisation_id)
    _, release = named(banker, firm)
    [delivered] = consenting.deliveries_of(theirs)
    assert (delivered["audit"], delivered["digest"]) == (release.audit_id, release.digest)
    assert who_looked(other) == []
    assert [look.audit_id for look in who_looked(firm)] == [release.audit_id]
    number, last = consenting.namings_of(theirs)
    assert (number, last) == (1, release.at)


def test_a_release_that_names_nobody_is_none_of_its_deliveries(banker, firm, other):
    theirs = agree(other, banker.organisation_id)
    by_bank(files.cube, banker, firm)
    named(banker, other)
    assert not ConsentNaming.objects.exists()
    revoke_consent(theirs.pk, grantor=other, now=timezone.now() + timedelta(seconds=1))
    named(banker, firm)
    assert not ConsentNaming.objects.exists()


def test_a_query_that_named_a_counterparty_is_read_again_the_same(banker, firm, other):
    theirs = agree(other, banker.organisation_id)
    _, release = named(banker, firm)
    now = timezone.now() + timedelta(minutes=1)
    revoke_consent(theirs.pk, grantor=other, now=now)
    auditor = acting("监管局（虚构）", "regulator", "auditor")
    found = reproduce(auditor, release.audit_id, clock=FixedClock(now))
    assert found.verdict == "same"
