"""Verbs on second factors and sessions, for the pages."""

from __future__ import annotations

from xinrong.accounts.mfa.ending import ask_reset, close_reset, open_resets, remove_factor
from xinrong.accounts.mfa.errors import FactorRefused
from xinrong.accounts.mfa.factors import (
    acts_for_somebody,
    add_totp,
    check_code,
    count_attempt,
    factors_of,
    make_recovery_codes,
    may_put_off,
    must_have_factor,
    owner,
    recovery_codes_left,
)
from xinrong.accounts.mfa.middleware import half_signed_in
from xinrong.accounts.mfa.models import FactorEvent, FactorKind, SecondFactor, SignedIn
from xinrong.accounts.mfa.passkeys import add_passkey, begin_adding, begin_using, use_passkey
from xinrong.accounts.mfa.renewing import (
    can_renew_passwords,
    choose_password,
    make_link,
    person_of_link,
)
from xinrong.accounts.mfa.sealing import seal, unseal
from xinrong.accounts.mfa.sessions import (
    complete,
    end_session,
    end_sessions,
    is_fresh,
    password_changed,
    renew,
    row_of,
    sessions_of,
)
from xinrong.accounts.mfa.signing import Assertion, begin_signing, can_sign, sign
from xinrong.accounts.mfa.totp import address_of, new_seed, picture_of

__all__ = [
    "Assertion",
    "FactorEvent",
    "FactorKind",
    "FactorRefused",
    "SecondFactor",
    "SignedIn",
    "acts_for_somebody",
    "add_passkey",
    "add_totp",
    "address_of",
    "ask_reset",
    "begin_adding",
    "begin_signing",
    "begin_using",
    "can_renew_passwords",
    "can_sign",
    "check_code",
    "choose_password",
    "close_reset",
    "complete",
    "count_attempt",
    "end_session",
    "end_sessions",
    "factors_of",
    "half_signed_in",
    "is_fresh",
    "make_link",
    "make_recovery_codes",
    "may_put_off",
    "must_have_factor",
    "new_seed",
    "open_resets",
    "owner",
    "password_changed",
    "person_of_link",
    "picture_of",
    "recovery_codes_left",
    "remove_factor",
    "renew",
    "row_of",
    "seal",
    "sessions_of",
    "sign",
    "unseal",
    "use_passkey",
]
