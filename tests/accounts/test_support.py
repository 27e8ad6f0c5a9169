"""Operators act for others in timed, logged sessions; for an enterprise after a second nod."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.accounts.cast import NOW, make_cast
from xinrong.accounts.models import AccountEvent, Membership, SupportSession
from xinrong.accounts.services import (
    PeopleRefused,
    ask_for_support,
    create_organisation,
    end_role,
    end_support,
    nod,
    sessions_about,
    sessions_for_operators,
    start_support,
    still_acts,
    support_stands,
    supportable,
)
from xinrong.accounts.support.standing import support_viewer

pytestmark = pytest.mark.django_db
REASON = "电话求助：找不到批次"
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def journal(settings, tmp_path):
    settings.JOURNAL = tmp_path / "journal"


@pytest.fixture
def cast(db):
    return make_cast()


def code(call, *arguments, **more):
    with pytest.raises(PeopleRefused) as refusal:
        call(*arguments, **more)
    return refusal.value.code


def asked(cast, organisation=None, *, minutes=30, reason=REASON):
    target = (organisation or cast.bank).pk
    return ask_for_support(cast.operator, target, reason, minutes=minutes, now=NOW)


def acting(cast, session, now=NOW):
    return support_viewer(session.key, cast.people["operator"].pk, now=now)


# --- beginning -------------------------------------------------------------------------------


def test_a_bank_is_supported_at_once_and_for_thirty_minutes(cast):
    session = asked(cast)
    viewer = acting(cast, session)
    assert (viewer.organisation_id, viewer.role) == (cast.bank.pk, "loan_officer")
    assert viewer.support_id == session.pk
    assert not viewer.manages
    last = NOW + 30 * MINUTE
    assert still_acts(viewer, now=last - timedelta(seconds=1))
    assert not still_acts(viewer, now=last)
    assert not support_stands(session.pk, now=last)


def test_a_session_stands_not_before_it_begins(cast):
    session = asked(cast)
    assert not support_stands(session.pk, now=NOW - MINUTE)


@pytest.mark.parametrize("minutes", [0, -1, 31, 600])
def test_no_session_is_longer_than_thirty_minutes(cast, minutes):
    assert code(asked, cast, minutes=minutes) == "support_too_long"
    with pytest.raises(IntegrityError), transaction.atomic():
        SupportSession.objects.create(
            organisation=cast.bank, operator=cast.people["operator"], reason="x",
            asked_at=NOW, needs_nod=False, minutes=31,
        )  # fmt: skip


@pytest.mark.parametrize("reason", ["", "  ", "?", "      a    "])
def test_a_session_has_a_reason(cast, reason):
    assert code(asked, cast, reason=reason) == "reason_missing"


def test_only_operators_support(cast):
    for name in ("manager", "representative", "clerk"):
        viewer = getattr(cast, name)
        assert code(ask_for_support, viewer, cast.rival.pk, REASON, minutes=5, now=NOW) == "denied"
    forged = replace(cast.manager, role="operator", kind="operator")
    assert code(ask_for_support, forged, cast.rival.pk, REASON, minutes=5, now=NOW) == "denied"


def test_within_a_session_no_other_one_begins(cast):
    viewer = acting(cast, asked(cast))
    assert code(ask_for_support, viewer, cast.rival.pk, REASON, minutes=5, now=NOW) == "denied"


def test_nobody_acts_for_the_platform_nor_for_whom_nobody_acts(cast):
    empty = create_organisation("空壳", "bank")
    for organisation in (cast.platform, empty):
        assert code(asked, cast, organisation) == "unknown_organisation"
    assert empty not in supportable()
    assert cast.bank in supportable()


# --- the second operator's nod ---------------------------------------------------------------


def test_an_enterprise_waits_for_the_nod_of_a_second_operator(cast):
    session = asked(cast, cast.firm)
    assert acting(cast, session) is None
    assert code(start_support, cast.operator, session.key, now=NOW) == "unknown_support"
    nod(cast.second_operator, session.key, now=NOW + MINUTE)
    assert acting(cast, session) is None
    start_support(cast.operator, session.key, now=NOW + 2 * MINUTE)
    viewer = acting(cast, session, NOW + 3 * MINUTE)
    assert (viewer.role, viewer.reference) == ("representative", cast.firm.reference)
    assert not still_acts(viewer, now=NOW + 32 * MINUTE)


def test_nobody_nods_to_himself(cast):
    session = asked(cast, cast.firm)
    assert code(nod, cast.operator, session.key, now=NOW) == "own_support"
    with pytest.raises(IntegrityError), transaction.atomic():
        SupportSession.objects.update(nodded_by=cast.people["operator"])
    with pytest.raises(IntegrityError), transaction.atomic():
        SupportSession.objects.update(started_at=NOW, ends_at=NOW + MINUTE)


def test_nobody_else_nods_and_nobody_else_begins(cast):
    session = asked(cast, cast.firm)
    assert code(nod, cast.representative, session.key, now=NOW) == "denied"
    nod(cast.second_operator, session.key, now=NOW)
    assert code(nod, cast.second_operator, session.key, now=NOW) == "unknown_support"
    assert code(start_support, cast.second_operator, session.key, now=NOW) == "unknown_support"


def test_a_session_begins_once(cast):
    session = asked(cast)
    assert code(start_support, cast.operator, session.key, now=NOW) == "unknown_support"
    end_support(cast.operator, session.key, now=NOW + MINUTE)
    assert code(start_support, cast.operator, session.key, now=NOW + MINUTE) == "unknown_support"


def test_a_nod_lapses(cast):
    session = asked(cast, cast.firm)
    nod(cast.second_operator, session.key, now=NOW)
    later = NOW + timedelta(hours=8)
    assert code(start_support, cast.operator, session.key, now=later) == "unknown_support"


# --- ending ----------------------------------------------------------------------------------


def test_an_ended_session_acts_no_more(cast):
    session = asked(cast)
    viewer = acting(cast, session)
    end_support(viewer, session.key, now=NOW + MINUTE)
    assert not still_acts(viewer, now=NOW + MINUTE)
    assert acting(cast, session, NOW + MINUTE) is None
    end_support(cast.operator, session.key, now=NOW + 2 * MINUTE)
    assert SupportSession.objects.get().ended_at == NOW + MINUTE


def test_the_organisation_ends_it_a_stranger_does_not(cast):
    session = asked(cast)
    for viewer in (cast.rival_manager, cast.clerk, cast.second_operator):
        assert end_support(viewer, session.key, now=NOW) is None
    assert support_stands(session.pk, now=NOW)
    end_support(cast.manager, session.key, now=NOW)
    assert not support_stands(session.pk, now=NOW)


def test_a_session_ends_with_the_role_of_its_operator(cast):
    session = asked(cast)
    viewer = acting(cast, session)
    Membership.objects.filter(person=cast.people["second_operator"]).update(manages=True)
    end_role(cast.second_operator, cast.role("operator", cast.platform).pk, now=NOW)
    assert not still_acts(viewer, now=NOW)
    assert not support_stands(session.pk, now=NOW)


def test_a_closed_account_supports_nobody(cast):
    session = asked(cast)
    cast.people["operator"].is_active = False
    cast.people["operator"].save()
    assert not support_stands(session.pk, now=NOW)


# --- a session is of one operator and one organisation --------------------------------------


def test_nobody_else_acts_in_a_session(cast):
    session = asked(cast)
    assert support_viewer(session.key, cast.people["second_operator"].pk, now=NOW) is None
    assert support_viewer("0" * 32, cast.people["operator"].pk, now=NOW) is None


@pytest.mark.parametrize(
    "change",
    [
        {"person_id": 10**6},
        {"organisation_id": 10**6},
        {"kind": "operator", "role": "operator"},
        {"role": "compliance_officer"},
        {"reference": "91"},
        {"institution_id": 1},
        {"support_id": 10**6},
        {"key_id": 1},
    ],
)
def test_a_viewer_that_differs_from_its_session_is_nobody(cast, change):
    viewer = acting(cast, asked(cast))
    assert still_acts(viewer, now=NOW)
    assert not still_acts(replace(viewer, **change), now=NOW)


def test_asking_whether_it_stands_is_one_question(cast, django_assert_num_queries):
    viewer = acting(cast, asked(cast))
    with django_assert_num_queries(1):
        assert still_acts(viewer, now=NOW)


# --- what is seen of it ----------------------------------------------------------------------


def test_the_organisation_sees_every_step(cast):
    session = asked(cast, cast.firm)
    nod(cast.second_operator, session.key, now=NOW)
    start_support(cast.operator, session.key, now=NOW)
    end_support(cast.operator, session.key, now=NOW)
    rows = AccountEvent.objects.filter(organisation=cast.firm).order_by("pk")
    assert list(rows.values_list("what", "actor__email")) == [
        ("support_asked", "op1@platform.cn"),
        ("support_nodded", "op2@platform.cn"),
        ("support_started", "op1@platform.cn"),
        ("support_ended", "op1@platform.cn"),
    ]
    assert [row.reason for row in sessions_about(cast.firm.pk)] == [REASON]
    assert not sessions_about(cast.bank.pk).exists()
    assert sessions_for_operators(cast.second_operator).count() == 1
    assert code(sessions_for_operators, cast.manager) == "denied"
