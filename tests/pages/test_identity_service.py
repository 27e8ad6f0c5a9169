"""Signing in through an identity service: a real one, one that lies, and one in between."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import jwt
import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from django.test import Client

from tests.accounts.oidc.issuer import CLIENT, SECRET, Issuer, running
from tests.pages.identity_support import (
    BACK,
    BEGIN,
    LINK,
    configure,
    go,
    out,
    outcome,
    whole,
)
from tests.pages.support import FIRM, PASSWORD
from tests.signing import code_now, give_app
from xinrong.accounts.oidc import config, discovery
from xinrong.accounts.oidc.models import IdentityClaim, IdentityLink
from xinrong.accounts.services import Person, create_organisation, create_person, latest_claim

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def server() -> Iterator[Issuer]:
    with running() as issuer:
        yield issuer


@pytest.fixture
def issuer(server: Issuer, settings: Any, tmp_path: Path, monkeypatch: Any) -> Iterator[Issuer]:
    """The provider, honest again, configured as the service `provincial`."""
    fresh = Issuer()
    for name in ("subject", "claims", "lie", "forge", "answer", "metadata", "asked"):
        setattr(server, name, getattr(fresh, name))
    configure(settings, tmp_path, monkeypatch, provincial=server.address)
    yield server
    discovery.forget()


@pytest.fixture(autouse=True)
def _forget_the_description() -> Iterator[None]:
    yield
    config.described.cache_clear()


@pytest.fixture
def person() -> Person:
    bank = create_organisation("海丰银行（虚构）", "bank")
    made = create_person("li@bank.cn", PASSWORD, name="Li", organisation=bank, role="loan_officer")
    give_app(made)
    return made


@pytest.fixture
def linked(person: Person, issuer: Issuer) -> Person:
    IdentityLink.objects.create(
        person=person, issuer=issuer.address, subject="subject-1", linked_at=datetime.now(UTC)
    )
    return person


def test_the_browser_is_sent_with_pkce_state_and_nonce(issuer: Issuer) -> None:
    asked = parse_qs(urlsplit(Client().get(BEGIN)["Location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["code_challenge"][0]) == 43
    assert asked["redirect_uri"] == [f"http://testserver{BACK}"]
    again = parse_qs(urlsplit(Client().get(BEGIN)["Location"]).query)
    for secret in ("state", "nonce", "code_challenge"):
        assert asked[secret] != again[secret]


def test_a_linked_person_signs_in_and_still_shows_the_second_factor(linked: Person) -> None:
    client = Client()
    answer = client.get(out(client, f"{BEGIN}?next=/batches"))
    assert answer["Location"] == "/account/security/verify?next=/batches"
    assert client.get("/search").status_code == 302
    client.post("/account/security/verify", {"code": code_now()})
    assert client.get("/search").status_code == 200


def test_what_the_service_says_of_the_person_is_kept_in_our_words(
    linked: Person, issuer: Issuer
) -> None:
    issuer.claims = {"name": "李四", "enterprise": {"code": FIRM.lower(), "role": "01"}}
    client = Client()
    client.get(out(client))
    claim = latest_claim(linked, datetime.now(UTC))
    assert claim is not None
    assert (claim.name, claim.enterprise_code, claim.role, claim.subject) == (
        "李四", FIRM, "legal_representative", "subject-1",
    )  # fmt: skip


@pytest.mark.parametrize("enterprise", [{"code": FIRM, "role": "99"}, {"code": FIRM}, "x", None])
def test_a_role_that_the_region_does_not_know_is_none(
    linked: Person, issuer: Issuer, enterprise: Any
) -> None:
    issuer.claims = {"enterprise": enterprise}
    client = Client()
    client.get(out(client))
    assert IdentityClaim.objects.get().role == ""


def test_an_unlinked_subject_is_nobody_even_with_a_persons_verified_address(
    person: Person, issuer: Issuer
) -> None:
    issuer.claims = {"email": person.email, "email_verified": True}
    client = Client()
    assert outcome(client, out(client)) == (400, False)
    assert not IdentityClaim.objects.exists()


def test_a_closed_account_is_not_opened_from_outside(linked: Person) -> None:
    Person.objects.update(is_active=False)
    client = Client()
    assert outcome(client, out(client)) == (400, False)


def test_somebody_signed_in_links_a_service_and_signs_in_through_it(
    person: Person, issuer: Issuer
) -> None:
    client = whole(person)
    assert client.get(out(client, LINK))["Location"] == "/account/security"
    assert person.factor_events.get().what == "linked"
    stranger = Client()
    assert stranger.get(out(stranger))["Location"].startswith("/account/security/verify")


def test_one_subject_is_one_person(linked: Person, issuer: Issuer) -> None:
    other = Person.objects.create_user("wang@bank.cn", PASSWORD)
    client = whole(other)
    assert outcome(client, out(client, LINK))[0] == 400
    issuer.subject = "subject-2"
    client = whole(linked)
    assert outcome(client, out(client, LINK))[0] == 400
    assert IdentityLink.objects.count() == 1


def test_half_a_sign_in_links_nothing(person: Person, issuer: Issuer) -> None:
    client = Client()
    client.post("/sign-in", {"email": person.email, "password": PASSWORD})
    assert client.get(LINK)["Location"].startswith("/sign-in")
    client = whole(person)
    back = out(client, LINK)
    client.post("/sign-out")
    assert outcome(client, back)[0] == 400
    assert not IdentityLink.objects.exists()


def forged_none(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, None, algorithm="none")


def forged_with_our_secret(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, SECRET.ljust(40), algorithm="HS256")


def forged_with_another_key(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, generate_private_key(65537, 2048), algorithm="RS256")


@pytest.mark.parametrize(
    "lie",
    [
        pytest.param({"nonce": "another"}, id="another nonce"),
        pytest.param({"nonce": ...}, id="no nonce"),
        pytest.param({"aud": "another platform"}, id="another audience"),
        pytest.param({"aud": ["another", "third"]}, id="other audiences"),
        pytest.param({"aud": [CLIENT, "another"]}, id="shared without authorised party"),
        pytest.param({"aud": [CLIENT, "another"], "azp": "another"}, id="another party"),
        pytest.param({"azp": "another"}, id="another party alone"),
        pytest.param({"iss": "https://elsewhere.example"}, id="another issuer"),
        pytest.param({"iss": ...}, id="no issuer"),
        pytest.param({"exp": int(time.time()) - 61}, id="expired"),
        pytest.param({"exp": ...}, id="never expires"),
        pytest.param({"exp": True}, id="no number"),
        pytest.param({"iat": ...}, id="made at no time"),
        pytest.param({"iat": int(time.time()) - 3600}, id="old"),
        pytest.param({"iat": int(time.time()) + 7200}, id="from the future"),
        pytest.param({"nbf": int(time.time()) + 7200}, id="not yet"),
        pytest.param({"sub": ...}, id="nobody"),
        pytest.param({"sub": ""}, id="empty subject"),
    ],
)
def test_a_token_that_is_not_for_this_sign_in_signs_nobody_in(
    linked: Person, issuer: Issuer, lie: dict[str, Any]
) -> None:
    issuer.lie = lie
    client = Client()
    assert outcome(client, out(client)) == (400, False)
    assert not IdentityClaim.objects.exists()


@pytest.mark.parametrize("forge", [forged_none, forged_with_our_secret, forged_with_another_key,
                                   lambda _: "x.y.z", lambda _: ""])  # fmt: skip
def test_a_token_that_the_service_did_not_sign_signs_nobody_in(
    linked: Person, issuer: Issuer, forge: Any
) -> None:
    issuer.forge = forge
    client = Client()
    assert outcome(client, out(client)) == (400, False)


def test_a_changed_byte_of_a_token_is_noticed(linked: Person, issuer: Issuer) -> None:
    def changed(claims: dict[str, Any]) -> str:
        kid, key = issuer.keys[-1]
        token = jwt.encode(claims, key, algorithm="RS256", headers={"kid": kid})
        head, _, signature = token.split(".")
        other = jwt.encode({**claims, "sub": "x"}, key, algorithm="RS256").split(".")[1]
        return f"{head}.{other}.{signature}"

    issuer.forge = changed
    client = Client()
    assert outcome(client, out(client)) == (400, False)


def test_an_answer_counts_once(linked: Person) -> None:
    client = Client()
    back = out(client)
    assert outcome(client, back) == (302, True)
    client.post("/sign-out")
    assert outcome(client, back) == (400, False)


def test_an_answer_counts_in_the_browser_that_asked_only(linked: Person) -> None:
    victim, attacker = Client(), Client()
    back = out(attacker)
    assert outcome(victim, back) == (400, False)
    victim.get(BEGIN)
    assert outcome(victim, back) == (400, False), "another state than the one just sent"


def test_an_answer_after_ten_minutes_is_too_late(linked: Person) -> None:
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        client = Client()
        back = out(client)
        clock.shift(timedelta(minutes=10))
        assert outcome(client, back) == (400, False)


def test_a_code_without_its_verifier_is_worth_nothing(linked: Person, issuer: Issuer) -> None:
    """A stolen code is replayed in the thief's own sign-in, whose verifier is another one."""
    stolen = parse_qs(urlsplit(out(Client())).query)["code"][0]
    thief = Client()
    own = parse_qs(urlsplit(out(thief)).query)
    answer = thief.get(BACK, {"code": stolen, "state": own["state"][0]})
    assert answer.status_code == 502
    assert "_auth_user_id" not in thief.session


def test_another_services_answer_is_not_mixed_up_with_this_ones(
    linked: Person, issuer: Issuer, settings: Any
) -> None:
    """The thief's service answers for the honest one (RFC 9700, section 4.4)."""
    with running() as other:
        settings.IDENTITY_SERVICES["other"] = {
            "issuer": other.address, "client_id": CLIENT, "client_secret": SECRET,
        }  # fmt: skip
        client = Client()
        back = out(client, "/sign-in/with/other")
        assert back.startswith("/sign-in/with/other/back")
        assert outcome(client, back.replace("other", "provincial", 1)) == (400, False)
        client = Client()
        back = out(client)
        assert outcome(client, f"{back}&{urlencode({'iss': other.address})}") == (400, False)
        client = Client()
        other.lie = {"iss": issuer.address}
        assert outcome(client, out(client, "/sign-in/with/other")) == (400, False)
        assert not IdentityClaim.objects.exists()


def test_a_service_that_names_itself_in_its_answer_must_do_so(
    linked: Person, issuer: Issuer
) -> None:
    issuer.metadata = {"authorization_response_iss_parameter_supported": True}
    client = Client()
    assert outcome(client, out(client)) == (400, False)
    issuer.answer = {"iss": issuer.address}
    assert outcome(client, out(client)) == (302, True)


def test_a_new_key_of_the_service_counts_at_once_and_the_old_one_no_more(
    linked: Person, issuer: Issuer
) -> None:
    with time_machine.travel(datetime.now(UTC), tick=True) as clock:
        client = Client()
        assert outcome(client, out(client)) == (302, True)
        kid, old = issuer.keys[-1]
        issuer.rotate()
        clock.shift(timedelta(seconds=11))
        client = Client()
        assert outcome(client, out(client)) == (302, True)
        issuer.forge = lambda claims: jwt.encode(claims, old, "RS256", headers={"kid": kid})
        client = Client()
        assert outcome(client, out(client)) == (400, False)


def test_made_up_key_ids_do_not_hammer_the_service(linked: Person, issuer: Issuer) -> None:
    _, key = issuer.keys[-1]
    issuer.forge = lambda claims: jwt.encode(claims, key, "RS256", headers={"kid": "made up"})
    for _ in range(4):
        client = Client()
        outcome(client, out(client))
    assert issuer.asked.count("/keys") == 1


def test_a_service_that_is_another_one_is_refused(issuer: Issuer) -> None:
    issuer.metadata = {"issuer": "https://elsewhere.example"}
    assert Client().get(BEGIN).status_code == 400


def test_a_service_that_does_not_answer_is_said_so(issuer: Issuer, settings: Any) -> None:
    settings.IDENTITY_SERVICES["provincial"]["issuer"] = "http://127.0.0.1:9"
    answer = Client().get(BEGIN)
    assert answer.status_code == 502


def test_a_service_far_away_without_tls_is_never_asked(issuer: Issuer, settings: Any) -> None:
    settings.IDENTITY_SERVICES["provincial"]["issuer"] = "http://id.example"
    assert Client().get(BEGIN).status_code == 502


def test_who_declines_at_the_service_is_not_signed_in(linked: Person) -> None:
    client = Client()
    state = parse_qs(urlsplit(out(client)).query)["state"][0]
    assert outcome(client, f"{BACK}?{urlencode({'error': 'access_denied', 'state': state})}") == (
        400, False,
    )  # fmt: skip


def test_a_service_that_is_not_configured_is_not_there(issuer: Issuer) -> None:
    assert Client().get("/sign-in/with/other").status_code == 404


def test_neither_secret_nor_token_is_kept(linked: Person) -> None:
    client = Client()
    client.get(out(client))
    kept = json.dumps(list(IdentityClaim.objects.values()), default=str) + str(
        dict(client.session.items())
    )
    assert SECRET not in kept
    assert "eyJ" not in kept


def test_a_provider_that_others_wrote_is_understood(
    person: Person, settings: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    import oidc_provider_mock

    with oidc_provider_mock.run_server_in_thread(require_nonce=True) as server:
        address = f"http://localhost:{server.server_port}"
        configure(settings, tmp_path, monkeypatch, provincial=address)
        said = {"name": "李四", "enterprise": {"code": FIRM, "role": "02"}}
        user = f"{address}/users/{quote('li-4')}"
        go(user, "PUT", json.dumps(said), "application/json")
        client = whole(person)
        form = client.get(LINK)["Location"]
        back = go(form, "POST", "sub=li-4", "application/x-www-form-urlencoded")
        assert client.get(back)["Location"] == "/account/security"
        claim = latest_claim(person, datetime.now(UTC))
        assert claim is not None
        assert (claim.subject, claim.name, claim.enterprise_code, claim.role) == (
            "li-4", "李四", FIRM, "agent",
        )  # fmt: skip
