"""One-time passwords are those of RFC 6238 and RFC 4226, to the digit."""

from __future__ import annotations

from base64 import b32encode
from datetime import UTC, datetime, timedelta

import pytest

from tests.signing import SEED
from xinrong.accounts.mfa import totp

NOW = datetime(2026, 11, 22, 9, 0, 10, tzinfo=UTC)


def test_the_seed_of_the_tests_is_that_of_the_standard():
    assert b32encode(b"12345678901234567890").decode() == SEED


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "94287082"), (1111111109, "07081804"), (1234567890, "89005924"),
     (2000000000, "69279037"), (20000000000, "65353130")],
)  # fmt: skip
def test_the_examples_of_rfc_6238_appendix_b(seconds: int, code: str):
    """The appendix shows eight digits; six of them are the last six."""
    step = totp.step_of(datetime.fromtimestamp(seconds, UTC))
    assert totp.code_of(SEED, step) == code[-6:]


@pytest.mark.parametrize(("seconds", "fits"), [(-60, False), (-30, True), (0, True), (30, True),
                                               (60, False)])  # fmt: skip
def test_a_phone_may_be_one_step_off_either_way(seconds: int, fits: bool):
    code = totp.code_of(SEED, totp.step_of(NOW + timedelta(seconds=seconds)))
    assert (totp.fitting_step(SEED, code, NOW) is not None) is fits


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "１２３４５６", "-00001"])
def test_what_is_no_code_fits_nothing(code: str):
    assert totp.fitting_step(SEED, code, NOW) is None


def test_seeds_differ_and_have_160_bits():
    seeds = {totp.new_seed() for _ in range(50)}
    assert len(seeds) == 50
    assert {len(seed) for seed in seeds} == {32}


def test_the_address_for_the_app_names_account_and_issuer():
    address = totp.address_of(SEED, account="li@bank.cn", issuer="Xinrong")
    assert address == f"otpauth://totp/Xinrong%3Ali%40bank.cn?secret={SEED}&issuer=Xinrong"
    assert totp.picture_of(address).startswith(b"<?xml")
