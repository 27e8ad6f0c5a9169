"""Who may open which page, and what a page says to whom it refuses."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client

from tests.pages.support import EVIL, FIRM, PASSWORD, QUIET, Town, code
from tests.signing import code_now, give_app
from xinrong.subjects.services import enterprise_by_code, merge

FILE = f"/enterprises/{FIRM}/"
FILE_PAGES = [FILE, *(f"{FILE}{tab}/" for tab in ("comprehensive", "cube", "signs"))]


def as_(town: Town, name: str) -> Client:
    client = Client()
    client.force_login(town.people[name])
    return client


@pytest.mark.parametrize("address", ["/", "/sign-in", "/catalogue", "/catalogue/little_giant"])
def test_anybody_opens_the_public_pages(town: Town, address: str) -> None:
    assert Client().get(address).status_code == 200


@pytest.mark.parametrize("address", ["/search", *FILE_PAGES, "/batches", "/batches/1"])
def test_a_stranger_is_asked_to_sign_in(town: Town, address: str) -> None:
    response = Client().get(address)
    assert response.status_code == 302
    assert response["Location"].startswith("/sign-in?next=")


@pytest.mark.parametrize("address", ["/batches", "/batches/1", "/batches/1/rejects"])
def test_a_loan_officer_sees_no_batches(town: Town, address: str) -> None:
    response = as_(town, "loan_officer").get(address)
    assert response.status_code == 403
    assert "您无权打开此页" in response.content.decode()


def test_a_department_sees_its_own_batches_only(town: Town) -> None:
    client = as_(town, "data_officer")
    page = client.get("/batches").content.decode()
    assert "major_tax_violations.csv" in page
    assert "new_domestic_enterprises.csv" not in page
    assert client.get(f"/batches/{town.batches['register']}").status_code == 403


def test_rows_as_sent_are_for_their_sender_not_for_the_operator(town: Town) -> None:
    address = f"/batches/{town.batches['register']}"
    assert "坏码" in as_(town, "registrar").get(address).content.decode()
    assert "“123”" in as_(town, "registrar").get(address).content.decode()
    operator = as_(town, "operator")
    assert "“123”" not in operator.get(address).content.decode()
    assert "坏码" not in operator.get(address).content.decode()
    assert operator.get(f"{address}/rejects").status_code == 403


def test_a_sender_downloads_what_was_rejected(town: Town) -> None:
    response = as_(town, "registrar").get(f"/batches/{town.batches['register']}/rejects")
    assert response["Content-Disposition"].startswith("attachment")
    assert "坏码" in response.content.decode("utf-8-sig")


@pytest.mark.parametrize("address", FILE_PAGES)
def test_a_file_is_never_stored_on_the_way(town: Town, address: str) -> None:
    response = as_(town, "operator").get(address)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("address", FILE_PAGES)
def test_a_loan_officer_names_the_stage_before_a_file_opens(town: Town, address: str) -> None:
    page = as_(town, "loan_officer").get(address).content.decode()
    assert 'name="stage"' in page
    assert "2019-02-17" not in page


def test_the_stage_is_remembered_for_one_enterprise(town: Town) -> None:
    client = as_(town, "loan_officer")
    answer = client.post(f"{FILE}open", {"stage": "approval", "tab": "signs"})
    assert answer["Location"] == f"{FILE}signs/"
    page = client.get(f"{FILE}signs/").content.decode()
    assert "贷中审批" in page
    assert 'name="stage"' in client.get(f"/enterprises/{QUIET}/").content.decode()


def test_a_stage_that_is_none_is_asked_again(town: Town) -> None:
    client = as_(town, "loan_officer")
    response = client.post(f"{FILE}open", {"stage": "whenever"})
    assert response.status_code == 422
    assert "请先选择阶段" in response.content.decode()
    assert 'name="stage"' in client.get(FILE).content.decode()


def test_the_stage_can_be_changed(town: Town) -> None:
    client = as_(town, "loan_officer")
    client.post(f"{FILE}open", {"stage": "approval"})
    client.post(f"{FILE}close")
    assert 'name="stage"' in client.get(FILE).content.decode()


def test_every_release_shows_its_number_in_the_log(town: Town) -> None:
    from xinrong.trust.services import who_looked

    page = as_(town, "operator").get(FILE).content.decode()
    assert "查询编号" in page
    assert len(who_looked(town.firm)) == 1


@pytest.mark.parametrize("wrong", ["1", code(999), "没有"])
def test_an_enterprise_that_is_not_there_is_a_404_with_advice(town: Town, wrong: str) -> None:
    response = as_(town, "operator").get(f"/enterprises/{wrong}/")
    assert response.status_code == 404
    assert "按名称、代码查询企业" in response.content.decode()


def test_a_batch_that_is_not_there_is_a_404(town: Town) -> None:
    assert as_(town, "operator").get("/batches/4711").status_code == 404


def test_sign_in_goes_where_one_wanted_to_go_but_never_off_the_site(town: Town) -> None:
    who = {"email": "operator@example.cn", "password": PASSWORD}
    for wanted, reached in (("/batches", "/batches"), ("https://elsewhere.example/", "/search")):
        client = Client()
        password = client.post("/sign-in", {**who, "next": wanted})
        assert password["Location"] == f"/account/security/verify?next={reached}"
        give_app(town.people["operator"])
        code = client.post(password["Location"], {"code": code_now(), "next": wanted})
        assert code["Location"] == reached


def test_a_wrong_password_is_refused_and_guessing_shuts_the_door(town: Town) -> None:
    client = Client()
    wrong = {"email": "operator@example.cn", "password": "not the right one"}
    statuses = [client.post("/sign-in", wrong).status_code for _ in range(6)]
    assert statuses == [422] * 5 + [429]


def test_a_part_of_a_page_sends_a_stranger_to_sign_in_as_a_whole(town: Town) -> None:
    response = Client().get("/search?q=x", headers={"HX-Request": "true"})
    assert response["HX-Redirect"] == "/sign-in?next=/search%3Fq%3Dx"


def test_a_forged_form_is_refused_in_words(town: Town) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(town.people["operator"])
    response = client.post(f"{FILE}open", {"stage": "approval"})
    assert response.status_code == 403
    assert "表单已失效" in response.content.decode()


def test_a_representative_finds_the_own_file_and_of_others_what_is_open(town: Town) -> None:
    client = as_(town, "representative")
    assert f'href="{FILE}"' in client.get("/").content.decode()
    assert "企业查询本企业" in client.get(FILE).content.decode()
    assert "公开信息" in client.get(f"/enterprises/{QUIET}/").content.decode()


def test_the_representative_of_a_merged_firm_finds_its_file_under_either_code(town: Town) -> None:
    into = enterprise_by_code(QUIET)
    merge(town.firm, into.pk, by="测试", why="吸收合并", at=datetime.now(UTC))
    client = as_(town, "representative")
    for number in (FIRM, QUIET):
        answer = client.get(f"/enterprises/{number}/comprehensive/", follow=True).content.decode()
        assert "企业查询本企业" in answer
        assert "偷税" in answer
    assert "公开信息" in client.get(f"/enterprises/{EVIL}/").content.decode()


def test_signing_out_needs_a_post_and_forgets_the_stages(town: Town) -> None:
    client = as_(town, "loan_officer")
    client.post(f"{FILE}open", {"stage": "approval"})
    assert client.get("/sign-out").status_code == 405
    assert client.post("/sign-out").status_code == 302
    assert client.get("/search").status_code == 302


def test_retracting_needs_a_reason_and_a_confirmation(town: Town) -> None:
    client, number = as_(town, "operator"), town.batches["violations"]
    address = f"/batches/{number}/retract"
    assert client.get(address).status_code == 200
    assert client.post(address, {"reason": "", "confirm": str(number)}).status_code == 422
    for typed in ("", "yes", str(number + 1)):
        assert client.post(address, {"reason": "误报", "confirm": typed}).status_code == 422
    assert "偷税" in client.get(f"{FILE}comprehensive/").content.decode()
    answer = client.post(address, {"reason": "误报", "confirm": str(number)})
    assert answer["Location"] == f"/batches/{number}"
    assert "已撤回" in client.get(f"/batches/{number}").content.decode()
    assert "偷税" not in client.get(f"{FILE}comprehensive/").content.decode()


def test_another_department_retracts_nothing(town: Town) -> None:
    number = town.batches["register"]
    typed = {"reason": "误报", "confirm": str(number)}
    answer = as_(town, "data_officer").post(f"/batches/{number}/retract", typed)
    assert answer.status_code == 403
