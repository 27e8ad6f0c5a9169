"""A key acts for as long as it holds and the organisation is what it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.accounts.cast import NOW, make_cast
from xinrong.accounts.models import ApiKey
from xinrong.accounts.scoping import everywhere
from xinrong.accounts.services import create_key, still_acts, viewer_from

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def key(db):
    return create_key(make_cast().bank, "k", ["files"], valid_for=9 * DAY, now=NOW)[0]


def test_a_key_acts_until_the_moment_it_expires(key) -> None:
    viewer = viewer_from(key)
    assert still_acts(viewer, now=key.expires_at - timedelta(microseconds=1))
    assert not still_acts(viewer, now=key.expires_at)


@pytest.mark.parametrize("ended", ["revoked_at", "suspended_at"])
def test_a_key_that_was_ended_acts_no_more(key, ended) -> None:
    viewer = viewer_from(key)
    everywhere(ApiKey, because="a test").filter(pk=key.pk).update(**{ended: NOW})
    assert not still_acts(viewer, now=NOW)


@pytest.mark.parametrize(
    "other",
    [{"role": "adviser"}, {"kind": "guarantor"}, {"reference": "x"}, {"institution_id": 77}],
)
def test_a_key_does_not_act_for_what_the_organisation_is_not(key, other) -> None:
    assert not still_acts(replace(viewer_from(key), **other), now=NOW)
