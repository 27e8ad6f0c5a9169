"""Second factors: each code once, few guesses, sealed seeds, never without the last one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.signing import SEED, code_now, give_app
from xinrong.accounts.errors import SignInLocked
from xinrong.accounts.mfa import factors, sealing
from xinrong.accounts.mfa.errors import FactorRefused
from xinrong.accounts.mfa.models import FactorEvent, FactorKind, RecoveryCode, SecondFactor
from xinrong.accounts.models import Person
from xinrong.accounts.services import create_organisation, create_person

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 9, 0, 10, tzinfo=UTC)
PASSWORD = "a long enough passphrase 7"


@pytest.fixture
def person():
    bank = create_organisation("海丰银行（虚构）", "bank")
    return create_person("li@bank.cn", PASSWORD, name="Li", organisation=bank, role="loan_officer")


@pytest.fixture
def stranger():
    return Person.objects.create_user("wang@bank.cn", PASSWORD)


def refusal(call, *args, **kwargs):
    try:
        return call(*args, **kwargs)
    except (FactorRefused, SignInLocked) as error:
        return error.code


def test_whoever_has_a_role_needs_a_second_factor(person, stranger):
    assert factors.must_have_factor(person)
    assert not factors.must_have_factor(stranger)
    give_app(stranger)
    assert factors.must_have_factor(stranger)


def test_an_app_is_added_only_with_its_right_code(person):
    assert refusal(factors.add_totp, person, SEED, "000000", now=NOW) == "code_wrong"
    assert not factors.factors_of(person)
    factors.add_totp(person, SEED, code_now(NOW), now=NOW, name="phone", address="10.1.2.3")
    event = FactorEvent.objects.get(person=person)
    assert (event.what, event.kind, event.name, event.at) == ("added", "totp", "phone", NOW)
    assert event.network == "10.1.2.0/24"
    assert refusal(factors.add_totp, person, SEED, code_now(NOW), now=NOW) == "factor_exists"


def test_the_code_that_added_an_app_signs_nobody_in(person):
    factors.add_totp(person, SEED, code_now(NOW), now=NOW)
    assert refusal(factors.check_code, person, code_now(NOW), now=NOW) == "code_wrong"


def test_a_code_works_once_and_none_before_it(person):
    give_app(person)
    before = code_now(NOW - timedelta(seconds=30))
    assert factors.check_code(person, code_now(NOW), now=NOW) == FactorKind.TOTP
    assert refusal(factors.check_code, person, code_now(NOW), now=NOW) == "code_wrong"
    assert refusal(factors.check_code, person, before, now=NOW) == "code_wrong"
    later = NOW + timedelta(seconds=30)
    assert factors.check_code(person, f" {code_now(later)[:3]} {code_now(later)[3:]}", now=later)


def test_the_code_of_another_person_fits_nobody_else(person, stranger):
    give_app(person)
    assert refusal(factors.check_code, stranger, code_now(NOW), now=NOW) == "code_wrong"


def test_guessing_is_shut_out_for_fifteen_minutes_even_with_the_right_code(person):
    give_app(person)
    wrong = [refusal(factors.check_code, person, "000000", now=NOW) for _ in range(6)]
    assert wrong == ["code_wrong"] * 5 + ["sign_in_locked"]
    soon = NOW + timedelta(minutes=14)
    assert refusal(factors.check_code, person, code_now(soon), now=soon) == "sign_in_locked"
    later = NOW + timedelta(minutes=15)
    assert factors.check_code(person, code_now(later), now=later) == FactorKind.TOTP


def test_a_right_code_forgets_the_wrong_ones(person):
    give_app(person)
    for _ in range(4):
        refusal(factors.check_code, person, "000000", now=NOW)
    factors.check_code(person, code_now(NOW), now=NOW)
    again = [refusal(factors.check_code, person, "000000", now=NOW) for _ in range(5)]
    assert again == ["code_wrong"] * 5


def test_a_recovery_code_works_once_however_it_is_typed(person):
    codes = factors.make_recovery_codes(person, now=NOW)
    assert len(set(codes)) == factors.RECOVERY_CODES
    typed = f" {codes[0].upper().replace('-', ' ')} "
    assert factors.check_code(person, typed, now=NOW) == FactorKind.RECOVERY
    assert refusal(factors.check_code, person, codes[0], now=NOW) == "code_wrong"
    assert factors.recovery_codes_left(person) == factors.RECOVERY_CODES - 1
    assert list(FactorEvent.objects.order_by("pk").values_list("what", flat=True)) == [
        "codes_made", "code_used",
    ]  # fmt: skip


def test_new_recovery_codes_void_the_old_ones(person):
    old = factors.make_recovery_codes(person, now=NOW)
    factors.make_recovery_codes(person, now=NOW)
    assert refusal(factors.check_code, person, old[0], now=NOW) == "code_wrong"


def test_recovery_codes_are_kept_as_digests_that_need_the_key(person, settings):
    codes = factors.make_recovery_codes(person, now=NOW)
    kept = str(list(RecoveryCode.objects.values()))
    assert not any(code in kept or code.replace("-", "") in kept for code in codes)
    settings.FACTOR_KEY = "another key"
    assert refusal(factors.check_code, person, codes[0], now=NOW) == "code_wrong"


def test_a_seed_is_unreadable_without_the_key_and_under_another_owner(person, stranger, settings):
    give_app(person)
    sealed = SecondFactor.objects.get().secret
    assert SEED not in sealed
    assert sealing.unseal(sealed, factors.owner(person)) == SEED
    assert refusal(sealing.unseal, sealed, factors.owner(stranger)) == "factor_unreadable"
    settings.FACTOR_KEY = "another key"
    assert refusal(sealing.unseal, sealed, factors.owner(person)) == "factor_unreadable"


def test_the_same_seed_is_sealed_differently_each_time(person):
    assert sealing.seal(SEED, "x") != sealing.seal(SEED, "x")


@pytest.mark.parametrize(
    ("address", "network"),
    [("10.1.2.3", "10.1.2.0/24"), ("2001:db8:1:2::3", "2001:db8:1::/48"), ("", ""), ("x", "")],
)
def test_of_an_address_only_the_network_is_kept(address: str, network: str):
    assert factors.network_of(address) == network


def test_the_accounts_of_the_demonstration_may_put_it_off_and_no_others(person):
    from xinrong.accounts.services import make_demo_accounts
    from xinrong.catalogue.region import load_region

    for account in make_demo_accounts(load_region("taizhou")):
        made = Person.objects.get(email=account.email)
        assert factors.must_have_factor(made)
        assert factors.may_put_off(made)
    assert not factors.may_put_off(person)
