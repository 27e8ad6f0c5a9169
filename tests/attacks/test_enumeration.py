"""Trying numbers and names one after another tells nobody what exists."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.attacks.support import as_, key_for
from tests.pages.support import CAST, FIRM, PASSWORD, QUIET, Town
from xinrong.accounts.services import organisation_named
from xinrong.subjects.services import enterprise_by_code
from xinrong.trust.services import ConsentRefused, Stage, grant_consent, revoke_consent

pytestmark = pytest.mark.django_db
ABSENT = 999_999


def test_who_sees_no_batches_learns_of_none(town: Town) -> None:
    for who in ("loan_officer", "representative"):
        client = as_(town, who)
        for rest in ("", "/rejects", "/retract"):
            theirs, absent = (
                client.get(f"/batches/{number}{rest}").status_code
                for number in (town.batches["register"], ABSENT)
            )
            assert theirs == absent
            assert theirs in (403, 404, 405)


def test_a_foreign_upload_and_one_that_is_not_there_answer_alike(town: Town) -> None:
    sender = as_(town, "data_officer")
    asked = {"feed": "major_tax_violations", "name": "a.csv", "size": 10}
    page = sender.post("/uploads/start", asked, content_type="application/json").json()["page"]
    assert sender.get(page).status_code == 200
    stranger = as_(town, "registrar")
    assert stranger.get(page).status_code == stranger.get(f"/uploads/{'0' * 32}").status_code == 404
    assert stranger.get(f"{page}/offset").status_code == 404


def test_upload_keys_cannot_be_guessed_from_one_another(town: Town) -> None:
    sender = as_(town, "data_officer")
    asked = {"feed": "major_tax_violations", "name": "a.csv", "size": 10}
    keys = {
        sender.post("/uploads/start", asked, content_type="application/json").json()["page"]
        for _ in range(3)
    }
    assert len({page.rsplit("/", 1)[1][:8] for page in keys}) == 3


def test_consents_of_others_and_absent_ones_are_refused_in_the_same_words(town: Town) -> None:
    now, bank = timezone.now(), organisation_named(CAST["loan_officer"][0]).pk
    made = grant_consent(
        town.firm, bank, ["little_giant"], [Stage.PRE_LOAN],
        now=now, valid_until=now + timedelta(days=1),
    )  # fmt: skip
    said = []
    for number in (made.pk, ABSENT):
        with pytest.raises(ConsentRefused) as refusal:
            revoke_consent(number, grantor=enterprise_by_code(QUIET).pk, now=now)
        said.append(str(refusal.value).replace(str(number), "N"))
    assert said[0] == said[1]


def test_the_answer_does_not_say_whether_an_account_exists(town: Town) -> None:
    pages = [
        Client().post("/sign-in", {"email": email, "password": "wrong " + PASSWORD})
        for email in ("operator@example.cn", "nobody@example.cn")
    ]
    text = [page.content.decode().replace("operator@", "nobody@") for page in pages]
    assert pages[0].status_code == pages[1].status_code == 422
    assert error_of(text[0]) == error_of(text[1])


def error_of(text: str) -> list[str]:
    return [
        line.strip() for line in text.splitlines() if "do not belong" in line or "不匹配" in line
    ]


def test_an_api_key_may_not_read_batches_by_number(town: Town) -> None:
    key = key_for(CAST["loan_officer"][0], "files", "batches")
    numbers = (town.batches["register"], ABSENT)
    answers = [Client().get(f"/api/v1/batches/{number}", headers=key) for number in numbers]
    assert [answer.status_code for answer in answers] == [answers[0].status_code] * 2
    assert answers[0].status_code in (403, 404)


def test_a_representative_learns_of_another_firm_what_is_open_and_no_more(town: Town) -> None:
    key = key_for(CAST["representative"][0])
    for code in (QUIET, FIRM[:-1] + "0"):
        answer = Client().get(f"/api/v1/enterprises/{code}/basic?purpose=self", headers=key)
        assert answer.status_code in (403, 404)
        assert "content" not in answer.json()
