"""Consents that a person signs: exactly this text, once, by this person's passkey; and offline."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from fido2.utils import websafe_decode, websafe_encode

from tests.environment import PROJECT
from tests.passkeys import PRESENT, SITE, Passkey
from tests.trust.consenting.conftest import NOW
from xinrong.accounts.services import Person, mfa
from xinrong.domain.process import MoveRefused
from xinrong.domain.signatures import seal
from xinrong.trust import keys
from xinrong.trust.consenting import fair_use
from xinrong.trust.consenting import services as consenting
from xinrong.trust.consenting.services import Answer, Draft
from xinrong.trust.consenting.signing import TIME_TO_SIGN
from xinrong.trust.errors import ConsentRefused
from xinrong.trust.models import Consent, ConsentReceipt

pytestmark = pytest.mark.django_db
SCRIPT = PROJECT / "scripts/verify_consent.py"


@pytest.fixture
def signing(city: Any) -> Any:
    """`city.draft()`, `city.sign(draft)`: the representative holds a passkey."""
    grantor = city.firms[0].pk
    city.person = Person.objects.get(pk=city.firm.person)
    city.passkey = Passkey()
    city.passkey.give(city.person)

    def draft(request: Any = None, *, now: Any = NOW, **changes: Any) -> Draft:
        request = request or city.ask()
        ticked = {"categories": set(request.levels), "sensitive": set(request.levels), **changes}
        return consenting.propose(request.number, grantor, Answer(**ticked), now=now)

    def digest(draft: Draft) -> bytes:
        return consenting.words_to_sign(draft, grantor, city.firm, now=NOW).digest

    def sign(draft: Draft, response: Any = None, *, now: Any = NOW, by: Any = None) -> Consent:
        answer = city.passkey.sign(digest(draft)) if response is None else response
        return consenting.sign(
            draft, grantor, city.person, by or city.firm, answer, domain=SITE, now=now
        )

    city.draft, city.digest, city.sign, city.grantor = draft, digest, sign, grantor
    return city


def verified(tmp_path: Any, artefact: Any = None) -> tuple[int, str]:
    """What the offline script says of the papers of the only consent."""
    bundle = consenting.bundle(Consent.objects.get().request)
    if artefact is not None:
        bundle |= {"artefact": artefact, "receipts": []}
    (tmp_path / "public.json").write_text(json.dumps(keys.key_document()), encoding="utf-8")
    (tmp_path / "papers.json").write_text(json.dumps(bundle), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-I", SCRIPT, tmp_path / "public.json", tmp_path / "papers.json",
         "--at", (NOW + timedelta(days=1)).isoformat()],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert not done.stderr
    return done.returncode, done.stdout


def test_whoever_holds_a_passkey_signs_exactly_these_words(signing, tmp_path):
    draft = signing.draft()
    consent = signing.sign(draft)
    payload = consent.artefact["payload"]
    told = json.loads(websafe_decode(payload["assertion"]["client_data"]))
    assert websafe_decode(told["challenge"]) == signing.digest(draft)
    assert (consent.number, consent.granted_at) == (draft.number, NOW)
    assert [one.kind for one in ConsentReceipt.objects.order_by("pk")] == ["request", "grant"]
    status, said = verified(tmp_path)
    assert (status, json.loads(said)["in_person"]["site"]) == (0, SITE)


@pytest.mark.parametrize("kind", ["EdDSA", "RS256"])
def test_other_kinds_of_passkeys_verify_offline_as_well(signing, tmp_path, kind):
    signing.passkey = Passkey(kind)
    signing.passkey.give(signing.person)
    signing.sign(signing.draft())
    assert verified(tmp_path)[0] == 0


def test_without_a_passkey_the_platform_signs_alone_and_the_papers_say_so(city, tmp_path):
    city.grant(city.ask())
    status, said = verified(tmp_path)
    assert (status, json.loads(said)["in_person"]) == (0, None)


def test_whoever_holds_a_passkey_does_not_grant_without_it(signing):
    with pytest.raises(ConsentRefused) as refused:
        signing.grant(signing.ask())
    assert refused.value.code == "passkey_needed"
    assert not Consent.objects.exists()


def test_a_region_can_demand_it_of_everybody(city, monkeypatch):
    region = fair_use.region_now()
    template = region.consents["credit"].model_copy(update={"signature": "passkey"})
    consents = {**region.consents, "credit": template}
    demanding = region.model_copy(update={"consents": consents})
    request = city.ask()
    monkeypatch.setattr("xinrong.trust.consenting.granting.region_now", lambda: demanding)
    with pytest.raises(ConsentRefused) as refused:
        city.grant(request)
    assert refused.value.code == "passkey_needed"


# --- what is refused --------------------------------------------------------------------------


def test_an_assertion_for_another_consent_grants_nothing(signing):
    first, second = signing.draft(), signing.draft()
    with pytest.raises(mfa.FactorRefused):
        signing.sign(first, signing.passkey.sign(signing.digest(second)))
    assert not Consent.objects.exists()


def test_an_assertion_for_less_grants_no_more(signing):
    request = signing.ask()
    less = signing.draft(request, categories={"tax_payment"})
    shorter = replace(less, days=7)
    for other in (replace(less, levels=request.levels), shorter, replace(less, number="0" * 32)):
        with pytest.raises(mfa.FactorRefused):
            signing.sign(other, signing.passkey.sign(signing.digest(less)))
    assert not Consent.objects.exists()


@pytest.mark.parametrize("counts", [True, False], ids=["counting device", "synced passkey"])
def test_a_replayed_assertion_grants_nothing_again(signing, counts):
    signing.passkey = Passkey(counts=counts)
    signing.passkey.give(signing.person)
    draft = signing.draft()
    once = signing.passkey.sign(signing.digest(draft))
    signing.sign(draft, once)
    with pytest.raises((mfa.FactorRefused, MoveRefused)):
        signing.sign(draft, once)
    again = signing.draft(signing.ask())
    with pytest.raises(mfa.FactorRefused):
        signing.sign(again, once)
    assert Consent.objects.count() == 1


@pytest.mark.parametrize(
    "wrong", [{"origin": "https://evil.example"}, {"flags": PRESENT}], ids=["origin", "unverified"]
)
def test_another_origin_and_an_unverified_holder_are_refused(signing, wrong):
    draft = signing.draft()
    with pytest.raises(mfa.FactorRefused):
        signing.sign(draft, signing.passkey.sign(signing.digest(draft), **wrong))
    assert not Consent.objects.exists()


def test_another_persons_passkey_is_refused(signing):
    theirs = Passkey()
    theirs.give(Person.objects.get(pk=signing.bank.person))
    draft = signing.draft()
    with pytest.raises(mfa.FactorRefused):
        signing.sign(draft, theirs.sign(signing.digest(draft)))


def test_nobody_signs_in_the_name_of_somebody_else(signing):
    draft = signing.draft()
    with pytest.raises(ConsentRefused):
        signing.sign(draft, by=replace(signing.firm, person=signing.bank.person))


def test_a_counter_that_goes_back_is_refused(signing):
    signing.passkey.counter = 9
    signing.sign(signing.draft())
    signing.passkey.counter = 2
    with pytest.raises(mfa.FactorRefused):
        signing.sign(signing.draft())
    assert Consent.objects.count() == 1


def test_terms_that_were_fixed_too_long_ago_are_read_again(signing):
    draft = signing.draft()
    answer = signing.passkey.sign(signing.digest(draft))
    for now in (NOW + TIME_TO_SIGN, NOW - timedelta(seconds=1)):
        with pytest.raises(ConsentRefused) as refused:
            signing.sign(draft, answer, now=now)
        assert refused.value.code == "draft_old"
    signing.sign(draft, answer, now=NOW + TIME_TO_SIGN - timedelta(seconds=1))


def test_a_request_that_was_answered_meanwhile_is_not_granted(signing):
    draft = signing.draft()
    consenting.refuse(draft.request, signing.grantor, signing.firm, now=NOW)
    with pytest.raises(MoveRefused):
        signing.sign(draft)
    with pytest.raises(ConsentRefused):
        signing.draft(consenting.request_for(draft.request, grantor=signing.grantor))


def test_a_draft_is_the_same_after_it_was_put_away(signing):
    draft = signing.draft()
    kept = json.loads(json.dumps(draft.kept()))
    assert Draft.from_kept(kept) == draft
    assert signing.digest(Draft.from_kept(kept)) == signing.digest(draft)


# --- a platform that changes what a person signed is found out ---------------------------------


def signed_by_us(payload: Any) -> Any:
    """As a platform would that seals whatever it likes."""
    return seal(payload, keys.platform_signer())


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("consent", "to", "name"), "别家银行"),
        (("consent", "categories", "tax_payment"), 4),
        (("consent", "valid_until"), "2036-06-01T02:00:00+00:00"),
        (("consent", "number"), "0" * 32),
        (("version",), 2),
        (("assertion", "domain"), "evil.example"),
        (("assertion", "signature"), "AAAA"),
        (("assertion", "key"), "AAAA"),
        (("assertion", "authenticator_data"), "AAAA"),
        (("assertion", "client_data"), "AAAA"),
    ],
    ids=lambda value: ".".join(value) if isinstance(value, tuple) else None,
)
def test_not_even_the_platform_changes_what_was_signed(signing, tmp_path, path, value):
    signing.sign(signing.draft())
    payload = copy.deepcopy(Consent.objects.get().artefact["payload"])
    at = payload
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    assert verified(tmp_path, signed_by_us(payload))[0] == 2


@pytest.mark.parametrize(
    "wrong", [{"origin": "https://evil.example"}, {"flags": PRESENT}, {"kind": "webauthn.create"}],
    ids=str,
)  # fmt: skip
def test_offline_an_assertion_of_something_else_is_none(signing, tmp_path, wrong):
    draft = signing.draft()
    made = signing.passkey.sign(signing.digest(draft), **wrong)["response"]
    signing.sign(draft)
    payload = copy.deepcopy(Consent.objects.get().artefact["payload"])
    assert verified(tmp_path, signed_by_us(payload))[0] == 0
    payload["assertion"] |= {
        "client_data": made["clientDataJSON"],
        "authenticator_data": made["authenticatorData"],
        "signature": made["signature"],
    }
    assert verified(tmp_path, signed_by_us(payload))[0] == 2


def test_an_assertion_from_another_consent_does_not_fit_offline(signing, tmp_path):
    stolen = signing.passkey.sign(signing.digest(signing.draft()))["response"]
    signing.sign(signing.draft())
    payload = copy.deepcopy(Consent.objects.get().artefact["payload"])
    payload["assertion"] |= {
        "client_data": stolen["clientDataJSON"],
        "authenticator_data": stolen["authenticatorData"],
        "signature": stolen["signature"],
    }
    status, said = verified(tmp_path, signed_by_us(payload))
    assert (status, "something else" in said) == (2, True)
    assert websafe_encode(signing.passkey.credential) == payload["assertion"]["credential"]
