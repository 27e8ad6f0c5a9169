"""Guessing passwords and keys: slow, and silent about what was nearly right."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.attacks.support import key_for
from tests.pages.support import CAST, PASSWORD, QUIET, Town
from xinrong.accounts.models import ApiKey
from xinrong.accounts.services import create_key, organisation_named, outside_organisations

pytestmark = pytest.mark.django_db
EMAIL = "operator@example.cn"


def attempt(password: str, address: str, email: str = EMAIL) -> int:
    form = {"email": email, "password": password}
    return Client().post("/sign-in", form, REMOTE_ADDR=address).status_code


def test_after_five_wrong_passwords_the_right_one_opens_nothing_either(town: Town) -> None:
    assert [attempt(f"wrong {n}", "192.0.2.1") for n in range(5)] == [422] * 5
    assert attempt(PASSWORD, "192.0.2.1") == 429


def test_a_forwarded_address_is_not_believed(town: Town) -> None:
    for number in range(5):
        headers = {"X-Forwarded-For": f"198.51.100.{number}"}
        Client().post("/sign-in", {"email": EMAIL, "password": "wrong"}, headers=headers)
    headers = {"X-Forwarded-For": "198.51.100.99"}
    answer = Client().post("/sign-in", {"email": EMAIL, "password": PASSWORD}, headers=headers)
    assert answer.status_code == 429


def test_the_address_before_a_trusted_proxy_counts(town: Town, settings: Any) -> None:
    settings.PROXIES = "127.0.0.1, 10.0.0.0/8"
    for number in range(50):
        headers = {"X-Forwarded-For": f"203.0.113.7, 192.0.2.{number}, 10.1.2.3"}
        guess = {"email": f"{number}@example.cn", "password": "wrong"}
        assert Client().post("/sign-in", guess, headers=headers).status_code == 422
    right = {"email": EMAIL, "password": PASSWORD}
    headers = {"X-Forwarded-For": "192.0.2.200"}
    assert Client().post("/sign-in", right, headers=headers).status_code == 302


def test_one_machine_cannot_try_every_account(town: Town) -> None:
    statuses = [attempt("wrong", "192.0.2.9", f"somebody{n}@example.cn") for n in range(51)]
    assert statuses[:50] == [422] * 50
    assert statuses[50] == 429


def test_many_machines_cannot_try_one_account(town: Town) -> None:
    statuses = [attempt("wrong", f"192.0.2.{n}") for n in range(51)]
    assert statuses[50] == 429


def test_nearly_right_keys_are_refused_as_wholly_wrong_ones_are(town: Town) -> None:
    organisation = organisation_named(CAST["loan_officer"][0])
    key, token = create_key(
        organisation, "test", ["files"], valid_for=timedelta(days=1), now=timezone.now()
    )
    guesses = [token[:-1], f"{key.prefix}_{'A' * 43}", "xr_00000000_" + "A" * 43, "x", token + "A"]
    answers = [ask({"Authorization": f"Bearer {guess}"}) for guess in guesses]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    assert ask({"Authorization": f"Bearer {token}"}).status_code == 200


def ask(headers: dict[str, str]):
    return Client().get(f"/api/v1/enterprises/{QUIET}/basic?purpose=public", headers=headers)


def test_a_key_is_too_long_to_guess_and_not_kept_where_it_could_be_read(town: Town) -> None:
    token = key_for(CAST["loan_officer"][0])["Authorization"].removeprefix("Bearer ")
    assert len(token) >= 43 + len("xr_12345678_")
    with outside_organisations():
        kept = ApiKey.objects.order_by("pk").values().last()
    assert kept is not None
    assert not [value for value in kept.values() if str(value) and token[12:] in str(value)]
