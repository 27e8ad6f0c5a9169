"""Signing in: slow to guess, silent about who exists."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.hashers import get_hasher

from xinrong.accounts import signin
from xinrong.accounts.models import Person, SignInAttempt
from xinrong.accounts.services import SignInLocked, SignInRefused, sign_in

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
PASSWORD = "a long enough passphrase 7"


@pytest.fixture(autouse=True)
def person():
    return Person.objects.create_user("li@bank.cn", PASSWORD)


def attempt(email="li@bank.cn", password="wrong", address="10.0.0.1", now=NOW):
    try:
        return sign_in(email, password, address=address, now=now)
    except SignInRefused as error:
        return error.code


def test_the_right_password_opens_whatever_the_case_of_the_address(person):
    assert attempt(password=PASSWORD) == person
    assert attempt(email=" LI@Bank.cn ", password=PASSWORD) == person


def test_a_wrong_password_and_an_unknown_account_get_the_same_answer():
    answers = []
    for email in ("li@bank.cn", "nobody@bank.cn"):
        with pytest.raises(SignInRefused) as caught:
            sign_in(email, "wrong", address="10.0.0.1", now=NOW)
        answers.append((caught.value.code, str(caught.value)))
    assert answers[0] == answers[1]


def test_an_unknown_account_costs_a_password_hash_too(monkeypatch):
    hashed = []
    hasher = type(get_hasher())
    encode = hasher.encode

    def counting(self, *rest, **more):
        hashed.append(1)
        return encode(self, *rest, **more)

    monkeypatch.setattr(hasher, "encode", counting)
    attempt(email="nobody@bank.cn")
    unknown = len(hashed)
    hashed.clear()
    attempt()
    assert unknown == len(hashed) == 1


def test_an_inactive_person_gets_the_same_answer():
    Person.objects.update(is_active=False)
    assert attempt(password=PASSWORD) == "sign_in_refused"


@pytest.mark.parametrize("email", ["li@bank.cn", "nobody@bank.cn"])
def test_the_sixth_attempt_is_locked_out_whether_or_not_the_account_exists(email):
    assert [attempt(email=email) for _ in range(5)] == ["sign_in_refused"] * 5
    assert attempt(email=email, password=PASSWORD) == "sign_in_locked"


def test_the_lock_ends_by_itself(person):
    for _ in range(6):
        attempt()
    later = NOW + signin.WINDOW
    assert attempt(password=PASSWORD, now=later - timedelta(seconds=1)) == "sign_in_locked"
    assert attempt(password=PASSWORD, now=later) == person


def test_knocking_on_a_locked_door_does_not_keep_it_locked(person):
    for minute in range(20):
        attempt(now=NOW + timedelta(minutes=minute / 2))
    assert attempt(password=PASSWORD, now=NOW + signin.WINDOW + timedelta(minutes=2)) == person


def test_success_forgets_earlier_mistakes(person):
    for _ in range(4):
        attempt()
    assert attempt(password=PASSWORD) == person
    assert [attempt() for _ in range(5)] == ["sign_in_refused"] * 5


def test_another_address_is_not_locked_out_by_a_stranger(person):
    for _ in range(6):
        attempt(address="10.9.9.9")
    assert attempt(password=PASSWORD) == person


def test_one_machine_trying_many_accounts_is_stopped():
    answers = [attempt(email=f"p{n}@bank.cn") for n in range(signin.PER_ADDRESS + 1)]
    assert answers[-1] == "sign_in_locked"
    assert "sign_in_locked" not in answers[:-1]


def test_many_machines_trying_one_account_are_stopped():
    answers = [attempt(address=f"10.0.1.{n}") for n in range(signin.PER_ACCOUNT + 1)]
    assert answers[-1] == "sign_in_locked"


def test_no_address_is_kept_in_clear():
    attempt()
    stored = str(SignInAttempt.objects.values().get())
    assert "bank.cn" not in stored
    assert "10.0.0.1" not in stored


def test_a_locked_door_says_how_long():
    for _ in range(5):
        attempt()
    with pytest.raises(SignInLocked, match="15 minutes"):
        sign_in("li@bank.cn", "wrong", address="10.0.0.1", now=NOW)
