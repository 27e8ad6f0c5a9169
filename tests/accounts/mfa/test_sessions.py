"""A session is half, whole or ended; ending, idleness and planting are decided here."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session

from tests.signing import give_app
from xinrong.accounts.mfa import sessions
from xinrong.accounts.mfa.models import PutOff, SignedIn
from xinrong.accounts.mfa.sessions import Standing, complete, standing
from xinrong.accounts.models import Person
from xinrong.accounts.services import create_organisation, create_person

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 9, 0, 10, tzinfo=UTC)
PASSWORD = "a long enough passphrase 7"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def person():
    bank = create_organisation("海丰银行（虚构）", "bank")
    return create_person("li@bank.cn", PASSWORD, name="Li", organisation=bank, role="loan_officer")


def new_session():
    made = import_module(settings.SESSION_ENGINE).SessionStore()
    made.create()
    return made


def signed_in(person, kind="totp", now=NOW, **more):
    session = new_session()
    complete(session, person, kind, now=now, **more)
    return session


def test_the_password_alone_is_half_for_whoever_has_a_role(person):
    assert standing(new_session(), person, NOW) is Standing.HALF


def test_half_a_sign_in_does_not_wait_for_ever(person):
    session = new_session()
    standing(session, person, NOW)
    assert standing(session, person, NOW + sessions.HALF_LASTS) is Standing.ENDED


def test_without_role_and_factor_the_password_is_enough():
    nobody = Person.objects.create_user("wang@bank.cn", PASSWORD)
    assert standing(new_session(), nobody, NOW) is Standing.WHOLE
    give_app(nobody)
    assert standing(new_session(), nobody, NOW) is Standing.HALF


def test_a_role_that_comes_later_asks_for_a_factor_then():
    person = Person.objects.create_user("wang@bank.cn", PASSWORD)
    session = signed_in(person, kind="")
    assert standing(session, person, NOW) is Standing.WHOLE
    bank = create_organisation("海丰银行（虚构）", "bank")
    create_person("wang@bank.cn", PASSWORD, name="", organisation=bank, role="loan_officer")
    assert standing(session, person, NOW) is Standing.HALF


def test_only_a_demonstration_account_puts_the_factor_off(person):
    session = signed_in(person, kind="")
    assert standing(session, person, NOW) is Standing.HALF
    PutOff.objects.create(person=person)
    assert standing(session, person, NOW) is Standing.WHOLE


def test_an_idle_session_ends_after_half_an_hour(person):
    session = signed_in(person)
    assert standing(session, person, NOW + timedelta(minutes=29, seconds=59)) is Standing.WHOLE
    assert standing(session, person, NOW + timedelta(minutes=30)) is Standing.ENDED


def test_a_busy_session_ends_after_twelve_hours(person):
    session = signed_in(person)
    moment = NOW
    while moment < NOW + timedelta(hours=12) - timedelta(minutes=20):
        moment += timedelta(minutes=20)
        if moment < NOW + timedelta(hours=12):
            assert standing(session, person, moment) is Standing.WHOLE
            sessions.touch(session, moment)
    assert standing(session, person, NOW + timedelta(hours=12)) is Standing.ENDED


def test_giving_the_factor_again_does_not_prolong_the_twelve_hours(person):
    session = signed_in(person)
    almost = NOW + timedelta(hours=11, minutes=59)
    sessions.renew(session, "totp", almost)
    session[sessions.MARK] = {**session[sessions.MARK], "seen": almost.timestamp()}
    assert standing(session, person, NOW + timedelta(hours=12)) is Standing.ENDED


def test_the_key_of_a_session_changes_with_the_second_factor(person):
    session = new_session()
    planted = session.session_key
    complete(session, person, "totp", now=NOW)
    assert session.session_key != planted
    assert not Session.objects.filter(session_key=planted).exists()
    before = session.session_key
    sessions.renew(session, "totp", NOW)
    assert session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()
    assert SignedIn.objects.get().session_key == session.session_key


def test_use_is_written_down_once_a_minute(person, django_assert_num_queries):
    session = signed_in(person)
    with django_assert_num_queries(0):
        assert sessions.touch(session, NOW + timedelta(seconds=59))
    sessions.touch(session, NOW + timedelta(seconds=60))
    assert SignedIn.objects.get().seen_at == NOW + timedelta(seconds=60)


def test_the_list_shows_device_network_and_only_what_still_stands(person):
    signed_in(person, device=FIREFOX, address="10.1.2.3")
    signed_in(person, now=NOW - timedelta(hours=1))
    signed_in(person, now=NOW - timedelta(hours=13))
    [row] = sessions.sessions_of(person, NOW)
    assert (row.device, row.network, row.factor) == ("Firefox · Windows", "10.1.2.0/24", "totp")


def test_ending_a_session_ends_it(person):
    mine, other = signed_in(person), signed_in(person)
    assert sessions.end_session(person, sessions.row_of(other))
    assert not Session.objects.filter(session_key=other.session_key).exists()
    assert Session.objects.filter(session_key=mine.session_key).exists()


def test_a_session_whose_row_was_ended_is_noticed_even_under_another_key(person):
    session = signed_in(person)
    session.cycle_key()
    sessions.end_sessions(person)
    assert not sessions.touch(session, NOW + timedelta(minutes=1))


def test_nobody_ends_the_session_of_another_person(person):
    session = signed_in(person)
    other = Person.objects.create_user("wang@bank.cn", PASSWORD)
    assert not sessions.end_session(other, sessions.row_of(session))
    assert Session.objects.filter(session_key=session.session_key).exists()


def test_all_the_others_end_and_this_one_stays(person):
    mine, *others = [signed_in(person) for _ in range(3)]
    assert sessions.end_sessions(person, but=sessions.row_of(mine)) == 2
    assert [row.session_key for row in SignedIn.objects.all()] == [mine.session_key]
    keys = [one.session_key for one in others]
    assert not Session.objects.filter(session_key__in=keys).exists()


def test_what_ended_by_time_is_swept_and_what_stands_stays(person):
    idle = signed_in(person, now=NOW - timedelta(minutes=31))
    old = signed_in(person, now=NOW - timedelta(hours=12))
    sessions.touch(old, NOW - timedelta(minutes=1))
    stands = signed_in(person, now=NOW - timedelta(minutes=29))
    assert sessions.sweep(NOW) == 2
    assert [row.session_key for row in SignedIn.objects.all()] == [stands.session_key]
    left = set(Session.objects.values_list("session_key", flat=True))
    assert stands.session_key in left
    assert not left & {idle.session_key, old.session_key}
