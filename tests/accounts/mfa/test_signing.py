"""A passkey signs one document: this digest, this site, this person, and each time anew."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key
from fido2.utils import websafe_decode

from tests.passkeys import PRESENT, SITE, VERIFIED, Passkey
from xinrong.accounts.errors import SignInLocked
from xinrong.accounts.mfa.errors import FactorRefused
from xinrong.accounts.mfa.models import SecondFactor
from xinrong.accounts.mfa.passkeys import begin_using, use_passkey
from xinrong.accounts.models import Person
from xinrong.accounts.services import mfa

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
DOCUMENT = sha256(b"a consent").digest()
OTHER = sha256(b"another consent").digest()


@pytest.fixture
def person() -> Person:
    return Person.objects.create_user("zhang@firm.cn", "a long enough passphrase 7")


@pytest.fixture
def passkey(person: Person) -> Passkey:
    held = Passkey()
    held.give(person)
    return held


def signed(person: Person, response: dict[str, Any], digest: bytes = DOCUMENT) -> mfa.Assertion:
    return mfa.sign(person, response, digest, domain=SITE, now=NOW)


@pytest.mark.parametrize("kind", ["ES256", "EdDSA", "RS256"])
def test_what_is_kept_verifies_with_nothing_but_itself(person, kind):
    held = Passkey(kind)
    held.give(person)
    kept = signed(person, held.sign(DOCUMENT)).kept()
    data, told = (websafe_decode(kept[name]) for name in ("authenticator_data", "client_data"))
    how = {"ES256": (ECDSA(SHA256()),), "RS256": (PKCS1v15(), SHA256()), "EdDSA": ()}[kind]
    key = load_der_public_key(websafe_decode(kept["key"]))
    key.verify(websafe_decode(kept["signature"]), data + sha256(told).digest(), *how)
    assert SecondFactor.objects.get().last_used_at == NOW


def test_the_browser_is_asked_for_this_digest_by_a_device_that_asks_who_it_is(person, passkey):
    asked = mfa.begin_signing(person, SITE, DOCUMENT)["publicKey"]
    assert websafe_decode(asked["challenge"]) == DOCUMENT
    assert asked["userVerification"] == "required"
    assert [websafe_decode(one["id"]) for one in asked["allowCredentials"]] == [passkey.credential]


@pytest.mark.parametrize(
    "wrong",
    [
        {"digest": OTHER},
        {"origin": "https://xinrong.example.evil.cn"},
        {"origin": "https://evilxinrong.example"},
        {"origin": "http://xinrong.example"},
        {"flags": PRESENT},
        {"flags": VERIFIED},
        {"kind": "webauthn.create"},
        {"cross_origin": True},
    ],
    ids=str,
)
def test_an_assertion_of_something_else_is_refused(person, passkey, wrong):
    with pytest.raises(FactorRefused):
        signed(person, passkey.sign(**{"digest": DOCUMENT, **wrong}))


def test_a_passkey_of_another_site_is_refused(person):
    foreign = Passkey(site="elsewhere.example")
    foreign.give(person)
    with pytest.raises(FactorRefused):
        signed(person, foreign.sign(DOCUMENT, origin=f"https://{SITE}"))


def test_a_passkey_that_the_person_does_not_hold_is_refused(person, passkey):
    stranger = Person.objects.create_user("wang@firm.cn", "a long enough passphrase 7")
    theirs = Passkey()
    theirs.give(stranger)
    for other in (theirs, Passkey(), Passkey(credential=passkey.credential)):
        with pytest.raises(FactorRefused):
            signed(person, other.sign(DOCUMENT))


def test_a_replayed_assertion_is_refused(person, passkey):
    once = passkey.sign(DOCUMENT)
    signed(person, once)
    with pytest.raises(FactorRefused):
        signed(person, once)


def test_a_counter_that_goes_back_is_refused(person, passkey):
    passkey.counter = 9
    signed(person, passkey.sign(DOCUMENT))
    passkey.counter = 3
    with pytest.raises(FactorRefused):
        signed(person, passkey.sign(DOCUMENT))
    assert SecondFactor.objects.get().sign_count == 10


def test_a_passkey_that_never_counts_signs_again_and_one_that_counted_does_not_stop(person):
    synced = Passkey(counts=False)
    synced.give(person)
    signed(person, synced.sign(DOCUMENT))
    signed(person, synced.sign(OTHER), OTHER)
    SecondFactor.objects.update(sign_count=4)
    with pytest.raises(FactorRefused):
        signed(person, synced.sign(DOCUMENT))


def test_what_was_signed_to_sign_in_signs_no_document(person, passkey):
    options, state = begin_using(person, SITE)
    answer = passkey.sign(websafe_decode(options["publicKey"]["challenge"]))
    with pytest.raises(FactorRefused):
        signed(person, answer)
    use_passkey(person, answer, state, domain=SITE, now=NOW)


@pytest.mark.parametrize(
    "broken", [{}, {"id": "x"}, {"rawId": 7}, {"id": "a", "rawId": "a", "response": []}], ids=str
)
def test_what_is_no_assertion_is_refused_in_words(person, passkey, broken):
    with pytest.raises(FactorRefused):
        signed(person, broken)


def test_after_five_wrong_ones_the_door_is_shut(person, passkey):
    for _ in range(5):
        with pytest.raises(FactorRefused):
            signed(person, passkey.sign(OTHER))
    with pytest.raises(SignInLocked):
        signed(person, passkey.sign(DOCUMENT))
    assert mfa.sign(
        person, passkey.sign(DOCUMENT), DOCUMENT, domain=SITE, now=NOW + timedelta(minutes=16)
    )


def test_who_holds_a_passkey_can_sign_and_nobody_else(person):
    assert not mfa.can_sign(person)
    assert not mfa.can_sign(None)
    assert not mfa.can_sign(10**9)
    Passkey().give(person)
    assert mfa.can_sign(person)
    assert mfa.can_sign(person.pk)
