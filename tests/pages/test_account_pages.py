"""The pages on people, keys and support: who may, and what is shown once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.accounts.cast import PASSWORD, Cast, join, make_cast
from tests.pages.account_support import (
    REASON,
    as_,
    invited,
    key_made,
    supporting,
    text,
    token_in,
)
from xinrong.accounts.models import ApiKey, Invitation, Membership, Person, SupportSession
from xinrong.accounts.services import key_of, suspend_roles, viewer_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def journal(settings: Any, tmp_path: Any) -> None:
    settings.JOURNAL = tmp_path / "journal"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


# --- people ----------------------------------------------------------------------------------


def test_a_manager_finds_people_and_a_clerk_is_refused(cast: Cast) -> None:
    page = text(as_(cast, "manager").get("/account/people"))
    assert "clerk@bank.cn" in page
    assert "outlet@bank.cn" in page
    assert "rival@other.cn" not in page
    assert "clerk@bank.cn" not in text(as_(cast, "manager").get("/account/people?q=outlet"))
    assert "没有符合的人员" in text(as_(cast, "manager").get("/account/people?q=nobody"))
    assert as_(cast, "clerk").get("/account/people").status_code == 403


def test_an_invitation_is_shown_once_handed_over_and_accepted(cast: Cast) -> None:
    link = invited(cast)
    assert link.rsplit("/", 1)[-1] not in text(as_(cast, "manager").get("/account/people"))
    stranger = Client()
    page = text(stranger.get(link))
    assert "wu@bank.cn" in page
    assert 'name="password"' in page
    typed = {"name": "吴会计", "password": PASSWORD, "again": PASSWORD}
    answer = stranger.post(link, typed)
    assert answer["Location"] == "/sign-in"
    assert "_auth_user_id" not in stranger.session
    assert viewer_of(Person.objects.get(email="wu@bank.cn")).organisation_id == cast.bank.pk
    closed = stranger.get(link)
    assert closed.status_code == 404
    assert "邀请链接无效" in text(closed)


@pytest.mark.parametrize(
    ("name", "password", "again"),
    [
        ("", PASSWORD, PASSWORD),
        ("吴", PASSWORD, "another"),
        ("吴", "short", "short"),
        ("吴", "", ""),
    ],
)
def test_a_form_that_does_not_fit_is_asked_again(
    cast: Cast, name: str, password: str, again: str
) -> None:
    link = invited(cast)
    response = Client().post(link, {"name": name, "password": password, "again": again})
    assert response.status_code == 422
    assert "field-error" in text(response)
    assert not Person.objects.filter(email="wu@bank.cn").exists()


def test_who_has_an_account_signs_in_and_accepts(cast: Cast) -> None:
    link = invited(cast, email="rival@other.cn")
    page = text(Client().get(link))
    assert f'href="/sign-in?next={link}"' in page
    assert 'name="password"' not in page
    client = as_(cast, "rival_manager")
    assert client.post(link)["Location"] == "/account"
    page = text(client.get("/account"))
    assert "海丰银行" in page


def test_a_link_for_another_address_is_not_accepted(cast: Cast) -> None:
    link = invited(cast)
    response = as_(cast, "rival_manager").post(link)
    assert response.status_code == 422
    assert not Membership.objects.filter(
        person=cast.people["rival_manager"], organisation=cast.bank
    ).exists()


def test_the_invited_address_cannot_be_exchanged_on_the_way(cast: Cast) -> None:
    link = invited(cast)
    typed = {"name": "吴", "password": PASSWORD, "again": PASSWORD, "email": "x@evil.cn",
             "role": "operator", "manages": "yes", "organisation": cast.platform.pk,
             "is_active": "1"}  # fmt: skip
    Client().post(link, typed)
    viewer = viewer_of(Person.objects.get(email="wu@bank.cn"))
    assert (viewer.organisation_id, viewer.role, viewer.manages) == (
        cast.bank.pk, "loan_officer", False,
    )  # fmt: skip
    assert not Person.objects.filter(email="x@evil.cn").exists()


def test_a_withdrawn_invitation_leaves_the_list(cast: Cast) -> None:
    link = invited(cast)
    client = as_(cast, "manager")
    key = Invitation.objects.get().key
    assert f"/account/invitations/{key}/withdraw" in text(client.get("/account/people"))
    client.post(f"/account/invitations/{key}/withdraw")
    assert key not in text(client.get("/account/people"))
    assert Client().get(link).status_code == 404


def test_roles_are_changed_and_ended(cast: Cast) -> None:
    client, number = as_(cast, "manager"), cast.role("clerk", cast.bank).pk
    typed = {"role": "compliance_officer", "manages": "yes"}
    assert client.post(f"/account/people/{number}", typed)["Location"] == "/account/people"
    assert cast.clerk.role == "compliance_officer"
    client.post(f"/account/people/{number}/end")
    assert not Membership.objects.filter(pk=number).exists()
    assert "终止角色" in text(client.get("/account/log")) or "role ended" in text(
        client.get("/account/log")
    )


def test_the_last_manager_is_told_why_not(cast: Cast) -> None:
    number = cast.role("manager", cast.bank).pk
    response = as_(cast, "manager").post(f"/account/people/{number}/end")
    assert response.status_code == 422
    assert "唯一的管理人员" in text(response)


# --- for whom I act --------------------------------------------------------------------------


def test_a_person_with_two_roles_chooses_and_the_session_gets_another_key(cast: Cast) -> None:
    join("clerk@bank.cn", cast.rival, "loan_officer", manages=True)
    client = as_(cast, "clerk")
    before = client.session.session_key
    session = client.session
    session["stages"] = {"x": "approval"}
    session.save()
    assert client.get("/account/people").status_code == 403
    client.post("/account/choose", {"organisation": cast.rival.pk})
    assert client.session.session_key != before
    assert "stages" not in client.session
    assert "rival@other.cn" in text(client.get("/account/people"))
    stale = Client()
    stale.cookies["sessionid"] = before
    assert stale.get("/account").status_code == 302


def test_nobody_chooses_an_organisation_of_others(cast: Cast) -> None:
    client = as_(cast, "clerk")
    for number in (cast.platform.pk, "999999", "", "x"):
        assert client.post("/account/choose", {"organisation": number}).status_code == 400
    assert "acts_for" not in client.session


def test_a_role_that_ended_is_not_chosen_silently_for_another(cast: Cast) -> None:
    join("clerk@bank.cn", cast.rival, "loan_officer")
    client = as_(cast, "clerk")
    client.post("/account/choose", {"organisation": cast.rival.pk})
    Membership.objects.filter(person__email="clerk@bank.cn", organisation=cast.rival).delete()
    assert client.get("/search").status_code != 200
    page = text(client.get("/account"))
    assert "当前代表" not in page
    assert "海丰银行" in page


def test_who_acts_for_nobody_is_told_what_to_do(cast: Cast) -> None:
    suspend_roles(cast.bank, "rivals", timezone.now())
    page = text(as_(cast, "clerk").get("/account"))
    assert "海丰银行" in page
    Membership.objects.filter(person=cast.people["clerk"]).delete()
    assert "还没有角色" in text(as_(cast, "clerk").get("/account"))


# --- keys ------------------------------------------------------------------------------------


def test_a_key_is_shown_once(cast: Cast) -> None:
    response = key_made(cast)
    token = token_in(response)
    assert "no-store" in response["Cache-Control"]
    assert key_of(token, now=timezone.now()).title == "核心系统"
    page = text(as_(cast, "manager").get("/account/keys"))
    assert token not in page
    assert token[:11] in page


@pytest.mark.parametrize(
    "changes",
    [
        {"days": "0"},
        {"days": "367"},
        {"days": "x"},
        {"title": " "},
        {"scopes": []},
        {"scopes": ["records"]},
        {"scopes": ["files", "everything"]},
    ],
)
def test_a_key_without_lawful_end_or_scope_is_refused(cast: Cast, changes: Any) -> None:
    response = key_made(cast, **changes)
    assert response.status_code == 422
    assert "note-error" in text(response)
    assert not ApiKey.objects.exists()


def test_a_rotated_key_overlaps_at_most_seven_days(cast: Cast) -> None:
    old = token_in(key_made(cast))
    address = f"/account/keys/{old[:11]}/rotate"
    client = as_(cast, "manager")
    assert client.post(address, {"overlap": "8", "days": "90"}).status_code == 422
    new = token_in(client.post(address, {"overlap": "7", "days": "90"}))
    now = timezone.now()
    assert key_of(old, now=now).pk == key_of(new, now=now).replaces_id
    assert ApiKey.objects.get(prefix=old[:11]).expires_at <= now + timedelta(days=7)


def test_a_key_that_may_have_leaked_ends_at_once(cast: Cast) -> None:
    old = token_in(key_made(cast))
    client = as_(cast, "manager")
    client.post(f"/account/keys/{old[:11]}/rotate", {"overlap": "0", "days": "90"})
    assert ApiKey.objects.get(prefix=old[:11]).revoked_at is not None
    assert client.post(f"/account/keys/{old[:11]}/rotate", {}).status_code == 422
    new = ApiKey.objects.get(revoked_at=None)
    client.post(f"/account/keys/{new.prefix}/revoke")
    assert not ApiKey.objects.filter(revoked_at=None).exists()


def test_the_list_warns_before_a_key_ends_and_tells_the_last_use(cast: Cast) -> None:
    token = token_in(key_made(cast, days="15"))
    client = as_(cast, "manager")
    assert "14 天内到期" not in text(client.get("/account/keys"))
    assert "从未" in text(client.get("/account/keys"))
    ApiKey.objects.update(expires_at=timezone.now() + timedelta(days=14))
    key_of(token, now=timezone.now())
    page = text(client.get("/account/keys"))
    assert "14 天内到期" in page
    assert timezone.localdate().isoformat() in page


# --- support ---------------------------------------------------------------------------------


def test_a_session_shows_on_every_page_until_it_is_ended(cast: Cast) -> None:
    client = supporting(cast)
    for address in ("/", "/search", "/catalogue", "/account"):
        page = text(client.get(address))
        assert "协助" in page
        assert "support-banner" in page
        assert "10 分钟" in page
    key = SupportSession.objects.get().key
    assert client.post(f"/support/{key}/end")["Location"] == "/support"
    assert "support-banner" not in text(client.get("/"))


def test_a_session_ends_by_itself(cast: Cast) -> None:
    client = supporting(cast)
    past = timezone.now() - timedelta(minutes=1)
    SupportSession.objects.update(started_at=past - timedelta(minutes=9), ends_at=past)
    assert "support-banner" not in text(client.get("/"))
    assert client.get("/support").status_code == 200


def test_the_session_key_changes_when_support_begins_and_ends(cast: Cast) -> None:
    client = as_(cast, "operator")
    seen = [client.session.session_key]
    typed = {"organisation": cast.bank.pk, "reason": REASON, "minutes": "10"}
    client.post("/support", typed)
    seen.append(client.session.session_key)
    client.post(f"/support/{SupportSession.objects.get().key}/end")
    seen.append(client.session.session_key)
    assert len(set(seen)) == 3


def test_an_operator_in_a_session_manages_nobody(cast: Cast) -> None:
    client = supporting(cast)
    for address in ("/account/people", "/account/keys", "/account/log", "/support"):
        assert client.get(address).status_code == 403


def test_an_enterprise_waits_for_the_second_operator(cast: Cast) -> None:
    client = as_(cast, "operator")
    typed = {"organisation": cast.firm.pk, "reason": REASON, "minutes": "10"}
    assert client.post("/support", typed)["Location"] == "/support"
    key = SupportSession.objects.get().key
    assert client.post(f"/support/{key}/begin").status_code == 404
    client.post(f"/support/{key}/nod")
    assert SupportSession.objects.get().nodded_by is None
    as_(cast, "second_operator").post(f"/support/{key}/nod")
    client.post(f"/support/{key}/begin")
    assert "恒远（虚构）" in text(client.get("/"))
    assert "support-banner" in text(client.get("/"))


def test_the_organisation_sees_and_ends_it(cast: Cast) -> None:
    client = supporting(cast)
    page = text(as_(cast, "clerk").get("/account/support"))
    assert REASON in page
    key = SupportSession.objects.get().key
    assert f"/support/{key}/end" not in page
    manager = as_(cast, "manager")
    assert f"/support/{key}/end" in text(manager.get("/account/support"))
    manager.post(f"/support/{key}/end")
    assert "support-banner" not in text(client.get("/"))
    assert REASON not in text(as_(cast, "rival_manager").get("/account/support"))
