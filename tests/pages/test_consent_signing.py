"""Signing a consent on the page: read, sign, given; and what somebody might send instead."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from fido2.utils import websafe_decode

from tests.pages.test_consent_pages import ask, cast, grant, text, yes
from tests.passkeys import PRESENT, Passkey
from xinrong.accounts.services import Person
from xinrong.trust.models import Consent, ConsentRequest

__all__ = ["cast"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def passkey(cast: dict[str, Any]) -> Passkey:
    """The representative holds one."""
    held = Passkey(site="testserver")
    held.give(Person.objects.get(pk=cast["firm_viewer"].person_id))
    return held


def sign_at(request: ConsentRequest) -> str:
    return f"/consents/requests/{request.number}/sign"


def challenge(cast: dict[str, Any], request: ConsentRequest) -> bytes:
    """What the page asks the browser to have signed."""
    options = cast["firm"].post(f"{sign_at(request)}/options")
    assert options.status_code == 200, options.content.decode()
    found: bytes = websafe_decode(json.loads(options.content)["publicKey"]["challenge"])
    return found


def signed(
    cast: dict[str, Any], request: ConsentRequest, passkey: Passkey, **wrong: Any
) -> dict[str, str]:
    """The form as the browser sends it."""
    return {"response": json.dumps(passkey.sign(challenge(cast, request), **wrong))}


def test_it_is_given_once_it_is_signed_and_not_before(cast, passkey):
    request = ask(cast)
    page = text(cast["firm"].get(f"/consents/requests/{request.number}"))
    assert "去签名" in page
    answer = grant(cast, request)
    assert answer["Location"] == sign_at(request)
    assert not Consent.objects.exists()
    page = text(cast["firm"].get(sign_at(request)))
    assert "海丰银行" in page
    assert challenge(cast, request).hex() in page
    answer = cast["firm"].post(sign_at(request), signed(cast, request, passkey))
    assert answer["Location"] == "/consents"
    consent = Consent.objects.get()
    assert consent.artefact["payload"]["assertion"]["domain"] == "testserver"
    for who, address in (("firm", "consents/requests"), ("lender", "asked")):
        assert "通行密钥亲自签名" in text(cast[who].get(f"/{address}/{request.number}"))


def test_the_page_shows_the_words_that_are_signed(cast, passkey):
    request = ask(cast)
    grant(cast, request)
    page = text(cast["firm"].get(sign_at(request)))
    cast["firm"].post(sign_at(request), signed(cast, request, passkey))
    texts = Consent.objects.get().texts
    assert texts["zh"] in page
    assert texts["en"] in page


def test_several_are_signed_one_after_the_other(cast, passkey):
    first, second = ask(cast), ask(cast, "rival")
    grant(cast, first, also=[second.number])
    assert "还有 1 份" in text(cast["firm"].get(sign_at(first)))
    answer = cast["firm"].post(sign_at(first), signed(cast, first, passkey))
    assert answer["Location"] == sign_at(second)
    assert Consent.objects.count() == 1
    answer = cast["firm"].post(sign_at(second), signed(cast, second, passkey))
    assert answer["Location"] == "/consents"
    signatures = {one.artefact["payload"]["assertion"]["signature"] for one in
                  Consent.objects.all()}  # fmt: skip
    assert len(signatures) == 2


@pytest.mark.parametrize(
    "sent",
    ["", "null", "[]", "{}", "x" * 5000, '{"id": 1}'],
)
def test_what_is_no_assertion_gives_nothing_and_says_so(cast, passkey, sent):
    request = ask(cast)
    grant(cast, request)
    answer = cast["firm"].post(sign_at(request), {"response": sent})
    assert answer.status_code == 422
    assert "未被接受" in text(answer)
    assert not Consent.objects.exists()


@pytest.mark.parametrize("wrong", [{"origin": "https://evil.example"}, {"flags": PRESENT}], ids=str)
def test_another_site_or_nobody_verified_gives_nothing(cast, passkey, wrong):
    request = ask(cast)
    grant(cast, request)
    answer = cast["firm"].post(sign_at(request), signed(cast, request, passkey, **wrong))
    assert answer.status_code == 422
    assert not Consent.objects.exists()


def test_what_was_signed_for_one_request_gives_no_other(cast, passkey):
    first, second = ask(cast), ask(cast, "rival")
    grant(cast, first)
    one = signed(cast, first, passkey)
    cast["firm"].post(sign_at(first), one)
    assert cast["firm"].post(sign_at(first), one).status_code == 302  # nothing waits any more
    grant(cast, second)
    assert cast["firm"].post(sign_at(second), one).status_code == 422
    assert [consent.request_id for consent in Consent.objects.all()] == [first.pk]


def test_ticks_that_are_changed_need_another_signature(cast, passkey):
    request = ask(cast)
    grant(cast, request, category=["tax_payment"], sensitive=[])
    small = signed(cast, request, passkey)
    grant(cast, request)
    assert cast["firm"].post(sign_at(request), small).status_code == 422
    assert not Consent.objects.exists()


def test_a_form_cannot_bring_its_own_terms_to_the_signature(cast, passkey):
    request = ask(cast)
    grant(cast, request, category=["tax_payment"], sensitive=[])
    more = yes(request) | {"levels": '{"loan": 4}', "number": "0" * 32, "at": "2020-01-01"}
    cast["firm"].post(sign_at(request), more | signed(cast, request, passkey))
    assert Consent.objects.get().levels == {"tax_payment": 3}


def test_without_ticks_there_is_nothing_to_sign(cast, passkey):
    request = ask(cast)
    back = f"/consents/requests/{request.number}"
    assert cast["firm"].get(sign_at(request))["Location"] == back
    assert cast["firm"].post(f"{sign_at(request)}/options").status_code == 400
    assert cast["firm"].post(sign_at(request), {"response": "{}"})["Location"] == back


def test_after_a_quarter_of_an_hour_it_is_read_again(cast, passkey):
    request = ask(cast)
    grant(cast, request)
    session = cast["firm"].session
    [kept] = session["consent_drafts"]
    session["consent_drafts"] = [kept | {"at": "2026-01-01T00:00:00+00:00"}]
    session.save()
    answer = cast["firm"].get(sign_at(request))
    assert answer["Location"] == f"/consents/requests/{request.number}"


def test_five_wrong_ones_shut_the_door(cast, passkey):
    request = ask(cast)
    grant(cast, request)
    answers = [cast["firm"].post(sign_at(request), {"response": "{}"}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]


@pytest.mark.parametrize("who", ["other", "operator", "lender", "compliance"])
def test_nobody_else_signs_for_the_enterprise(cast, passkey, who):
    request = ask(cast)
    grant(cast, request)
    for address in (sign_at(request), f"{sign_at(request)}/options"):
        answer = cast[who].post(address, {"response": "{}"})
        assert answer.status_code in (302, 400, 403, 404)
    assert not Consent.objects.exists()


def test_a_stranger_signs_in_first(cast, passkey):
    assert Client().get(sign_at(ask(cast))).status_code == 302


def test_whoever_holds_none_grants_as_before_and_is_told_of_it(cast):
    request = ask(cast)
    assert "添加通行密钥" in text(cast["firm"].get(f"/consents/requests/{request.number}"))
    grant(cast, request)
    assert Consent.objects.get().artefact["payload"]["assertion"] is None
    assert "仅由平台签名" in text(cast["firm"].get(f"/consents/requests/{request.number}"))
