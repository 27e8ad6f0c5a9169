"""Signing in with two factors, and what half a sign-in opens: nothing but its own pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.pages.support import FIRM, PASSWORD, Town
from tests.signing import code_now, give_app
from xinrong.accounts.mfa.models import FactorEvent, PutOff, RecoveryCode, SecondFactor, SignedIn
from xinrong.accounts.services import Person

ADD, VERIFY, OVERVIEW = "/account/security/add", "/account/security/verify", "/account/security"
START = datetime(2026, 11, 22, 9, 0, 10, tzinfo=UTC)


def by_password(town: Town, name: str) -> Client:
    client = Client()
    client.post("/sign-in", {"email": f"{name}@example.cn", "password": PASSWORD})
    return client


def without_factor(town: Town, name: str = "operator") -> Person:
    person = town.people[name]
    SecondFactor.objects.filter(person=person).delete()
    return person


def whole(town: Town, name: str = "operator", moment: datetime | None = None) -> Client:
    client = by_password(town, name)
    give_app(town.people[name])
    client.post(VERIFY, {"code": code_now(moment)})
    return client


@pytest.mark.parametrize("address", ["/search", f"/enterprises/{FIRM}/", "/batches", OVERVIEW,
                                     "/account/security/password"])  # fmt: skip
def test_the_password_alone_opens_nothing(town: Town, address: str) -> None:
    for prepare in (without_factor, lambda town: give_app(town.people["operator"])):
        prepare(town)
        answer = by_password(town, "operator").get(address)
        assert answer["Location"].startswith("/sign-in?next=")


def test_the_password_alone_opens_no_api_either(town: Town) -> None:
    asked = f"/api/v1/enterprises/{FIRM}/basic?purpose=operation"
    assert by_password(town, "operator").get(asked).status_code == 401
    assert whole(town).get(asked).status_code == 200


def test_half_a_sign_in_is_led_on_to_its_next_step(town: Town) -> None:
    client = by_password(town, "operator")
    assert client.get("/sign-in?next=/batches")["Location"] == f"{VERIFY}?next=/batches"
    without_factor(town)
    assert client.get("/sign-in?next=/batches")["Location"] == f"{ADD}?next=/batches"
    assert client.get(f"{VERIFY}?next=/batches")["Location"] == f"{ADD}?next=/batches"


def test_a_stolen_password_does_not_add_a_factor_beside_the_one_that_is_there(town: Town) -> None:
    client = by_password(town, "operator")
    assert client.get(ADD)["Location"].startswith("/sign-in")
    for address in (ADD, f"{ADD}/passkey", f"{ADD}/passkey/options"):
        assert client.post(address, {"code": "1"})["Location"].startswith("/sign-in")
    assert SecondFactor.objects.filter(person=town.people["operator"]).count() == 1


def test_adding_the_first_factor_opens_the_session_and_shows_recovery_codes_once(
    town: Town,
) -> None:
    person = without_factor(town)
    client = by_password(town, "operator")
    page = client.get(f"{ADD}?next=/batches")
    assert "data:image/svg+xml;base64," in page.content.decode()
    seed = page.context["seed"].replace(" ", "")
    assert client.get(ADD).context["seed"].replace(" ", "") == seed, "a reload keeps the secret"
    assert seed not in str(client.session.items()), "a copy of the sessions must not hold it"
    assert client.post(ADD, {"code": "000000"}).status_code == 422
    from xinrong.accounts.mfa.totp import code_of, step_of

    code = code_of(seed, step_of(datetime.now(UTC)))
    answer = client.post(ADD, {"code": code, "next": "/batches"})
    assert answer["Location"] == "/account/security/codes?next=/batches"
    codes = client.get(answer["Location"]).content.decode()
    assert codes.count("<li><code>") == RecoveryCode.objects.filter(person=person).count() == 10
    assert client.get(answer["Location"])["Location"] == OVERVIEW, "they are shown once"
    assert client.get("/batches").status_code == 200


def test_a_recovery_code_opens_the_session_in_place_of_the_phone(town: Town) -> None:
    from xinrong.accounts.mfa.factors import make_recovery_codes

    codes = make_recovery_codes(town.people["operator"], now=datetime.now(UTC))
    client = by_password(town, "operator")
    assert client.post(VERIFY, {"code": codes[3]})["Location"] == "/search"
    assert client.get("/search").status_code == 200
    again = by_password(town, "operator")
    assert again.post(VERIFY, {"code": codes[3]}).status_code == 422


def test_guessing_codes_shuts_the_door(town: Town) -> None:
    client = by_password(town, "operator")
    statuses = [client.post(VERIFY, {"code": "000000"}).status_code for _ in range(6)]
    assert statuses == [422] * 5 + [429]


def test_neither_sign_in_nor_second_factor_keeps_a_planted_session(town: Town) -> None:
    client = Client()
    client.get("/sign-in")
    session = client.session
    session["planted"] = True
    session.save()
    keys = [client.cookies["sessionid"].value]
    client.post("/sign-in", {"email": "operator@example.cn", "password": PASSWORD})
    keys.append(client.cookies["sessionid"].value)
    give_app(town.people["operator"])
    client.post(VERIFY, {"code": code_now()})
    keys.append(client.cookies["sessionid"].value)
    assert len(set(keys)) == 3
    for key in keys[:2]:
        thief = Client()
        thief.cookies["sessionid"] = key
        assert thief.get("/search").status_code == 302


def test_a_demonstration_account_may_put_it_off_and_no_other(town: Town) -> None:
    person = without_factor(town)
    client = by_password(town, "operator")
    assert "put-off" not in client.get(ADD).content.decode()
    assert client.post("/account/security/put-off").status_code == 403
    PutOff.objects.create(person=person)
    assert "put-off" in client.get(ADD).content.decode()
    assert client.post("/account/security/put-off")["Location"] == "/search"
    assert client.get("/search").status_code == 200


def test_idle_for_half_an_hour_one_is_asked_to_sign_in_again(town: Town) -> None:
    with time_machine.travel(START, tick=False) as clock:
        client = whole(town, moment=START)
        clock.shift(timedelta(minutes=29))
        assert client.get("/search").status_code == 200
        clock.shift(timedelta(minutes=29))
        assert client.get("/search").status_code == 200
        clock.shift(timedelta(minutes=30))
        assert client.get("/search").status_code == 302


def test_ending_a_session_from_another_device(town: Town) -> None:
    mine, lost = whole(town), whole(town)
    page = mine.get(OVERVIEW).content.decode()
    assert page.count("/sessions/") == 2, "one to end, and all the others"
    row = SignedIn.objects.order_by("pk").last()
    assert row is not None
    mine.post(f"/account/security/sessions/{row.pk}/end")
    assert lost.get("/search").status_code == 302
    third = whole(town)
    mine.post("/account/security/sessions/end")
    assert third.get("/search").status_code == 302
    assert mine.get("/search").status_code == 200


def test_a_new_password_ends_every_other_session(town: Town) -> None:
    mine, other = whole(town), whole(town)
    new = "an altogether different phrase 9"
    change = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    weak = {**change, "new_password1": "password", "new_password2": "password"}
    assert mine.post("/account/security/password", weak).status_code == 422
    assert mine.post("/account/security/password", change)["Location"] == OVERVIEW
    assert other.get("/search").status_code == 302
    assert mine.get("/search").status_code == 200
    assert len(mine.get(OVERVIEW).context["sessions"]) == 1
    assert FactorEvent.objects.filter(what="password_changed").count() == 1


def test_guessing_the_old_password_shuts_the_door(town: Town) -> None:
    client = whole(town)
    wrong = {"old_password": "x", "new_password1": "y", "new_password2": "y"}
    statuses = [client.post("/account/security/password", wrong).status_code for _ in range(6)]
    assert statuses == [422] * 5 + [429]


@pytest.mark.parametrize("address", [ADD, "/account/security/password"])
def test_the_sign_in_is_changed_only_soon_after_a_second_factor(town: Town, address: str) -> None:
    with time_machine.travel(START, tick=False) as clock:
        client = whole(town, moment=START)
        assert client.get(address).status_code == 200
        clock.shift(timedelta(minutes=16))
        asked = client.get(address)
        assert asked["Location"] == f"{VERIFY}?next={address}"
        client.post(VERIFY, {"code": code_now(START + timedelta(minutes=16))})
        assert client.get(address).status_code == 200


def test_the_last_factor_stays_and_the_page_says_why(town: Town) -> None:
    client = whole(town)
    only = SecondFactor.objects.get(person=town.people["operator"])
    page = client.post(f"/account/security/factors/{only.pk}/remove", follow=True)
    assert "最后一个第二因素不能移除" in page.content.decode()
    assert SecondFactor.objects.filter(pk=only.pk).exists()


def test_a_factor_of_somebody_else_is_not_there(town: Town) -> None:
    client = whole(town)
    other = SecondFactor.objects.get(person=town.people["registrar"])
    assert client.post(f"/account/security/factors/{other.pk}/remove").status_code == 404
    assert SecondFactor.objects.filter(pk=other.pk).exists()


def test_the_pages_of_ones_sign_in_are_never_stored_on_the_way(town: Town) -> None:
    client = whole(town)
    for address in (OVERVIEW, ADD, VERIFY, "/account/security/password"):
        assert "no-store" in client.get(address)["Cache-Control"]


def test_a_manager_hands_over_a_link_and_the_second_factor_is_asked_for_as_always(
    town: Town,
) -> None:
    manager = whole(town, "operator")
    page = manager.post("/account/security/links", {"email": "loan_officer@example.cn"})
    address = page.context["address"].removeprefix("http://testserver")
    new = "an altogether different phrase 9"
    stranger = Client()
    assert stranger.get(address).status_code == 200
    weak = {"new_password1": "password", "new_password2": "password"}
    assert stranger.post(address, weak).status_code == 422
    chosen = stranger.post(address, {"new_password1": new, "new_password2": new})
    assert chosen["Location"] == "/sign-in"
    assert stranger.get("/search").status_code == 302
    assert stranger.get(address).status_code == 404
    signed = stranger.post("/sign-in", {"email": "loan_officer@example.cn", "password": new})
    assert signed["Location"].startswith(VERIFY)


def test_who_manages_nothing_makes_no_link(town: Town) -> None:
    client = whole(town, "data_officer")
    assert client.get("/account/security/links").status_code == 403
    assert client.post("/account/security/links", {"email": "x@y.cn"}).status_code == 403


def test_an_operator_asks_for_a_reset_and_another_one_confirms(town: Town) -> None:
    from xinrong.accounts.models import Organisation
    from xinrong.accounts.services import create_person

    platform = Organisation.objects.get(kind="operator")
    town.people["second"] = create_person(
        "second@example.cn", PASSWORD, name="", organisation=platform, role="operator"
    )
    give_app(town.people["second"])
    first, second = whole(town), whole(town, "second")
    asked = {"email": "registrar@example.cn", "reason": "came in person"}
    assert first.post("/account/security/resets", {**asked, "reason": ""}).status_code == 422
    assert first.post("/account/security/resets", asked).status_code == 302
    [waiting] = second.get("/account/security/resets").context["resets"]
    address = f"/account/security/resets/{waiting.pk}"
    assert first.post(address, {"verdict": "confirm"}).status_code == 400
    assert second.post(address, {"verdict": "confirm"}).status_code == 302
    assert not SecondFactor.objects.filter(person=town.people["registrar"]).exists()
    assert whole(town, "loan_officer").get("/account/security/resets").status_code == 403


@pytest.mark.parametrize("address", [
    ADD, f"{ADD}/passkey", f"{ADD}/passkey/options", VERIFY, f"{VERIFY}/passkey",
    f"{VERIFY}/passkey/options", "/account/security/codes", "/account/security/put-off",
    "/account/security/factors/1/remove", "/account/security/sessions/1/end",
    "/account/security/sessions/end", "/account/security/password", "/account/security/links",
    "/account/security/resets", "/account/security/resets/1",
])  # fmt: skip
def test_a_forged_form_changes_nothing_of_a_sign_in(town: Town, address: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(town.people["operator"])
    assert client.post(address).status_code == 403
    assert not FactorEvent.objects.exists()
    assert SignedIn.objects.count() == 1


def test_what_a_browser_says_of_itself_is_shown_as_text(town: Town) -> None:
    client = by_password(town, "operator")
    give_app(town.people["operator"])
    SecondFactor.objects.update(name="<script>alert(1)</script>")
    client.post(VERIFY, {"code": code_now()}, headers={"user-agent": "<b onload=x>" * 50})
    page = client.get(OVERVIEW).content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<b onload" not in page


def test_a_whole_session_costs_no_question_to_the_database_more(
    town: Town, django_assert_num_queries: Any
) -> None:
    from django.contrib.auth.middleware import AuthenticationMiddleware
    from django.contrib.sessions.middleware import SessionMiddleware
    from django.http import HttpResponse
    from django.test import RequestFactory

    from xinrong.accounts.mfa.middleware import SecondFactorRequired

    client = whole(town)
    request = RequestFactory().get("/search")
    request.COOKIES["sessionid"] = client.cookies["sessionid"].value

    def view(request: Any) -> HttpResponse:
        return HttpResponse(str(request.user.pk))

    chain = SessionMiddleware(AuthenticationMiddleware(SecondFactorRequired(view)))
    with django_assert_num_queries(2):  # the session and the person, as without it
        assert chain(request).content == str(town.people["operator"].pk).encode()
    with django_assert_num_queries(0):  # an API key, a visitor
        chain(RequestFactory().get("/search"))
