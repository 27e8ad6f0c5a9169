"""What an attacker gets from the pages on people, keys and support."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.accounts.cast import PASSWORD, Cast, make_cast
from tests.pages.account_support import (
    NEW,
    REASON,
    as_,
    invited,
    key_made,
    text,
)
from tests.signing import code_now, give_app
from xinrong.accounts.models import ApiKey, Invitation, Membership, Person, SupportSession
from xinrong.accounts.services import still_acts

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def journal(settings: Any, tmp_path: Any) -> None:
    settings.JOURNAL = tmp_path / "journal"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def test_no_number_tells_whether_anything_is_behind_it(cast: Cast) -> None:
    invited(cast)
    key_made(cast)
    rival = as_(cast, "rival_manager")
    invitation, key = Invitation.objects.get(), ApiKey.objects.get()
    pairs = [
        (f"/account/people/{cast.role('clerk', cast.bank).pk}/end", "/account/people/999999/end"),
        (f"/account/invitations/{invitation.key}/withdraw",
         f"/account/invitations/{'0' * 32}/withdraw"),
        (f"/account/keys/{key.prefix}/revoke", "/account/keys/xr_00000000/revoke"),
        (f"/account/keys/{key.prefix}/rotate", "/account/keys/xr_00000000/rotate"),
    ]  # fmt: skip
    for foreign, absent in pairs:
        answers = [
            rival.post(address, {"overlap": "1", "days": "9"}) for address in (foreign, absent)
        ]
        assert [answer.status_code for answer in answers] == [404, 404], foreign
        told = {re.sub(r"<[^>]*>", "", text(answer)) for answer in answers}
        assert len(told) == 1, foreign
    assert Membership.objects.filter(person=cast.people["clerk"]).exists()
    assert ApiKey.objects.get().revoked_at is None
    assert Invitation.objects.get().withdrawn_at is None


def test_nobody_gives_himself_a_role_by_posting_more_fields(cast: Cast) -> None:
    clerk, number = as_(cast, "clerk"), cast.role("clerk", cast.bank).pk
    posts = [
        (f"/account/people/{number}", {"role": "loan_officer", "manages": "yes"}),
        (f"/account/people/{cast.role('manager', cast.bank).pk}/end", {}),
        ("/account/people/invite", {**NEW, "manages": "yes", "organisation": cast.bank.pk}),
        ("/account/keys/new", {"title": "x", "scopes": "files", "days": "9"}),
        ("/account/choose", {"organisation": cast.platform.pk, "role": "operator"}),
        ("/support", {"organisation": cast.rival.pk, "reason": REASON, "minutes": "5"}),
    ]
    for address, typed in posts:
        assert clerk.post(address, typed).status_code in (400, 403), address
    assert not cast.clerk.manages
    assert not Invitation.objects.exists()
    assert not SupportSession.objects.exists()


def test_a_manager_gives_no_role_of_another_kind_and_none_elsewhere(cast: Cast) -> None:
    manager = as_(cast, "manager")
    number = cast.role("clerk", cast.bank).pk
    for role in ("operator", "auditor", "root", ""):
        assert manager.post(f"/account/people/{number}", {"role": role}).status_code == 422
    typed = {**NEW, "organisation": cast.rival.pk}
    assert manager.post("/account/people/invite", typed).status_code == 403
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    "address",
    [
        "/account/people/invite",
        "/account/people/1",
        "/account/people/1/end",
        "/account/choose",
        "/account/keys/new",
        "/account/keys/xr_1/revoke",
        "/account/keys/xr_1/rotate",
        "/account/invitations/1/withdraw",
        "/support",
        "/support/1/nod",
        "/support/1/begin",
        "/support/1/end",
        "/invitations/x",
    ],
)
def test_a_forged_form_changes_nothing(cast: Cast, address: str) -> None:
    for name in ("manager", "operator"):
        client = as_(cast, name, enforce_csrf_checks=True)
        response = client.post(address, {**NEW, "organisation": cast.bank.pk})
        assert response.status_code == 403
        assert "表单已失效" in text(response)
    assert not Invitation.objects.exists()


def test_a_session_planted_before_signing_in_is_worthless_after(cast: Cast) -> None:
    client = Client()
    client.get("/sign-in")
    planted = client.session
    planted["x"] = 1
    planted.save()
    client.cookies["sessionid"] = planted.session_key
    person = cast.people["clerk"]
    give_app(person)
    answer = client.post("/sign-in", {"email": person.email, "password": PASSWORD})
    client.post(answer["Location"], {"code": code_now(), "next": "/account"})
    assert client.get("/account").status_code == 200
    assert client.session.session_key != planted.session_key
    thief = Client()
    thief.cookies["sessionid"] = planted.session_key
    assert thief.get("/account").status_code == 302


def test_guessing_links_shuts_the_door(cast: Cast) -> None:
    link = invited(cast)
    client = Client()
    statuses = [client.get(f"/invitations/guess-{number}").status_code for number in range(6)]
    assert statuses == [404] * 5 + [429]
    assert client.get(link).status_code == 429


def test_a_name_is_shown_as_text(cast: Cast) -> None:
    Person.objects.filter(email="clerk@bank.cn").update(name="<script>alert(1)</script>")
    page = text(as_(cast, "manager").get("/account/people"))
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize("q", ["'; DROP TABLE accounts_person; --", "%", "\\", "\0", "x" * 5000])
def test_a_search_is_text_and_nothing_else(cast: Cast, q: str) -> None:
    response = as_(cast, "manager").get("/account/people", {"q": q})
    assert response.status_code == 200
    assert Person.objects.filter(email="clerk@bank.cn").exists()


def test_what_is_open_on_a_screen_answers_no_more_once_the_role_ended(cast: Cast) -> None:
    client, viewer = as_(cast, "clerk"), cast.clerk
    assert client.get("/search").status_code == 200
    as_(cast, "manager").post(f"/account/people/{cast.role('clerk', cast.bank).pk}/end")
    assert client.get("/search").status_code != 200
    assert not still_acts(viewer, now=timezone.now())
