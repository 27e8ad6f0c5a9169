"""Forms that say more than they may, come from elsewhere, or bring a session along."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.api.test_access import ARGUMENTS, ROUTES
from tests.attacks.support import as_, key_for
from tests.pages.support import CAST, FIRM, PASSWORD, QUIET, Town
from tests.signing import code_now, give_app
from xinrong.access import PAGES
from xinrong.accounts.services import Membership, Person, outside_organisations
from xinrong.trust.models import AuditRow, Consent

pytestmark = pytest.mark.django_db
#: What a form must never be able to set.
EXTRA = {
    "role": "operator", "purpose": "supervision", "organisation": "1", "organisation_id": "1",
    "is_active": "1", "is_superuser": "1", "max_level": "5", "manages": "on", "state": "done",
    "department": "market_regulation", "grantor": "1", "revoked_at": "", "person": "1",
    "at_seq": "1", "viewer": "operator", "mark": "totp", "second_factor": "1",
}  # fmt: skip


# --- mass assignment -----------------------------------------------------------------------------


def test_fields_that_a_form_does_not_have_change_nobody(town: Town) -> None:
    before = standing()
    for name in ("loan_officer", "data_officer", "representative", "operator"):
        client = as_(town, name)
        client.post(f"/enterprises/{FIRM}/open", {"stage": "pre_loan", "tab": "basic", **EXTRA})
        client.post("/language", {"language": "en", **EXTRA})
        client.post("/sign-out", EXTRA)
    assert standing() == before
    assert not Consent.objects.exists()


def standing() -> Any:
    with outside_organisations():
        roles = list(Membership.objects.order_by("pk").values_list("person", "role", "manages"))
    return roles, list(Person.objects.order_by("pk").values_list("email", "is_active", "password"))


def test_a_bank_that_names_another_purpose_in_the_form_still_asks_for_credit(town: Town) -> None:
    client = as_(town, "loan_officer")
    client.post(f"/enterprises/{QUIET}/open", {"stage": "pre_loan", "tab": "basic", **EXTRA})
    client.get(f"/enterprises/{QUIET}/", EXTRA)
    row = AuditRow.objects.latest("pk")
    assert (row.role, row.purpose, row.stage) == ("loan_officer", "credit", "pre_loan")


def test_parameters_that_an_operation_does_not_have_change_no_answer(town: Town) -> None:
    key = key_for(CAST["loan_officer"][0])
    address = f"/api/v1/enterprises/{QUIET}/basic"
    asked = {"purpose": "public"}
    plain = Client().get(address, asked, headers=key).json()["content"]
    more = Client().get(address, {**EXTRA, **asked}, headers=key).json()["content"]
    assert plain == more
    assert AuditRow.objects.latest("pk").role == "loan_officer"


def test_an_upload_belongs_to_who_sends_it_whatever_it_says(town: Town) -> None:
    client = as_(town, "data_officer")
    asked = {**EXTRA, "feed": "major_tax_violations", "name": "a.csv", "size": 10}
    page = client.post("/uploads/start", asked, content_type="application/json").json()["page"]
    assert as_(town, "registrar").get(page).status_code == 404
    foreign = {**asked, "feed": "new_domestic_enterprises"}
    answer = client.post("/uploads/start", foreign, content_type="application/json")
    assert answer.status_code in (403, 404)


# --- forms from elsewhere ------------------------------------------------------------------------


def test_no_page_takes_a_form_without_its_token(town: Town) -> None:
    client = as_(town, "operator", enforce_csrf_checks=True)
    taken = []
    for row in PAGES:
        pattern = ROUTES[row.name].pattern
        address = reverse(
            row.name, kwargs={key: ARGUMENTS.get(key, "1") for key in pattern.converters}
        )
        for method in (client.post, client.put, client.delete):
            if method(address).status_code not in (403, 405):
                taken.append(row.name)  # noqa: PERF401 - reads better
    assert taken == []


def test_a_form_from_another_site_is_refused_even_with_a_token(town: Town) -> None:
    client = as_(town, "loan_officer", enforce_csrf_checks=True)
    client.get(f"/enterprises/{FIRM}/")
    token = client.cookies["csrftoken"].value
    form = {"stage": "pre_loan", "tab": "basic", "csrfmiddlewaretoken": token}
    address = f"/enterprises/{FIRM}/open"
    evil = client.post(address, form, headers={"Origin": "https://evil.example"})
    assert evil.status_code == 403
    assert client.post(address, form).status_code == 302


def test_the_session_cookie_is_not_for_scripts_nor_for_other_sites(town: Town) -> None:
    cookie = as_(town, "operator").cookies["sessionid"]
    page = Client().get("/sign-in")
    assert cookie.value
    assert page["X-Frame-Options"] == "DENY"
    from django.conf import settings

    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.SESSION_COOKIE_SAMESITE in ("Lax", "Strict")


def test_no_form_leads_to_another_site(town: Town) -> None:
    inside = as_(town, "operator")
    for place in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x"):
        answers = [
            Client().post("/language", {"language": "en", "next": place}),
            inside.get("/sign-in", {"next": place}),
        ]
        assert [answer["Location"] for answer in answers if answer["Location"] == place] == []
        assert not [answer for answer in answers if "evil.example" in answer["Location"]]


# --- a session that was there before -------------------------------------------------------------


def test_a_session_planted_before_signing_in_is_worth_nothing_after_it(town: Town) -> None:
    attacker = Client()
    attacker.get("/sign-in")
    attacker.post("/language", {"language": "en"})
    session = attacker.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    victim = Client()
    victim.cookies["sessionid"] = planted
    person = town.people["operator"]
    give_app(person)
    first = victim.post("/sign-in", {"email": "operator@example.cn", "password": PASSWORD})
    assert first.status_code == 302
    half = victim.cookies["sessionid"].value
    assert half != planted
    victim.post(first["Location"], {"code": code_now()})
    whole = victim.cookies["sessionid"].value
    assert victim.get("/batches").status_code == 200
    for known in {planted, half} - {whole}:
        attacker.cookies["sessionid"] = known
        assert attacker.get("/batches").status_code == 302


def test_half_a_sign_in_opens_nothing(town: Town) -> None:
    give_app(town.people["operator"])
    client = Client()
    client.post("/sign-in", {"email": "operator@example.cn", "password": PASSWORD})
    assert client.get("/batches").status_code == 302
    assert client.get("/api/v1/batches").status_code == 401


def test_signing_out_ends_the_session_for_who_copied_its_cookie(town: Town) -> None:
    client = as_(town, "operator")
    copied = client.cookies["sessionid"].value
    client.post("/sign-out")
    thief = Client()
    thief.cookies["sessionid"] = copied
    assert thief.get("/batches").status_code == 302
