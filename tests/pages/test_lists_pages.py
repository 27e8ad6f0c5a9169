"""Lists on pages: what everybody sees, what an enterprise does, what departments decide."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.profiles import city
from tests.remedy.listing.conftest import Town, taizhou  # noqa: F401
from tests.signing import give_app
from xinrong.accounts.models import Person
from xinrong.remedy.listing.models import AppliedMeasure, ListEntry
from xinrong.store import services as store
from xinrong.subjects.models import Enterprise
from xinrong.trust.models import AuditRow
from xinrong.work.models import Case
from xinrong.work.services import move, tick

LIST = "/lists/malicious_arrears"
HOSTILE = "<img src=x onerror=alert(1)>有限公司"


@pytest.fixture
def town(db: None, taizhou: None, store_root: Any) -> Town:  # noqa: F811
    return Town()


def as_(name: str) -> Client:
    person = Person.objects.get(email=f"{name}@example.cn")
    give_app(person)
    client = Client(headers={"accept-language": "en"})
    client.cookies.load({"django_language": "en"})
    client.force_login(person)
    return client


def everybody() -> Client:
    client = Client()
    client.cookies.load({"django_language": "en"})
    return client


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


def entered(town: Town) -> Case:
    """An entry told three weeks ago and decided by now."""
    now = timezone.now()
    case = town.propose(now=now - timedelta(days=21))
    tick(now - timedelta(days=1))
    case.refresh_from_db()
    move(
        case.number, "enter", town.human_resources, version=case.version,
        now=now - timedelta(hours=20), text="决定书1号",
    )  # fmt: skip
    return case


def test_everybody_reads_which_lists_there_are_and_what_was_not_verified(town: Town) -> None:
    body = page(everybody(), "/lists")
    assert body.count("<section") == 6
    assert "not published" in body
    body = page(everybody(), "/lists/measures")
    assert "general knowledge, not verified" in body
    body = page(everybody(), LIST)
    assert "Nobody on this list today" in body
    assert "第二十七条" in body
    assert "not published" in page(everybody(), "/lists/honest_taxpayer")
    assert everybody().get("/lists/honest_taxpayer.csv").status_code == 404
    assert everybody().get("/lists/no_list").status_code == 404


def test_the_public_page_shows_entries_escapes_them_and_logs_the_look(town: Town) -> None:
    Enterprise.objects.filter(pk=1).update(name=HOSTILE)
    case = entered(town)
    body = page(everybody(), LIST)
    assert "&lt;img src=x onerror=alert(1)&gt;有限公司" in body
    assert HOSTILE not in body
    assert case.number not in body
    assert "虚构人" in body
    row = AuditRow.objects.latest("pk")
    assert (row.service, row.purpose, row.enterprises) == ("lists", "public", [1])
    assert "Nobody of that name" in page(everybody(), f"{LIST}?q=nobody")
    assert page(everybody(), f"{LIST}?q=%00%27%22&offset=-5")
    assert page(everybody(), f"{LIST}?offset=999999999")


def test_the_export_holds_no_formula(town: Town) -> None:
    Enterprise.objects.filter(pk=1).update(name="=cmd|' /C calc'!A0")
    entered(town)
    answer = everybody().get(f"{LIST}.csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 2
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in rows[1])


def test_a_repaired_basis_is_off_every_page_at_once(town: Town) -> None:
    case = entered(town)
    record = store.RecordId("wage_arrears", 11, 1)
    store.suppress([record], basis="repair", article="示例", reason="测试", at=timezone.now())
    assert city.code(1) not in page(everybody(), LIST)
    assert city.code(1) not in page(as_("finance"), "/lists/desk")
    assert as_("finance").get(f"/lists/entries/{case.number}").status_code == 404
    assert "may be shown no longer" in page(as_("firm"), f"/cases/{case.number}")


def test_a_department_tells_an_enterprise_step_by_step(town: Town) -> None:
    client = as_("human_resources")
    address = f"{LIST}/propose"
    assert "Show its records" in page(client, address)
    body = page(client, f"{address}?code={city.code(1)}")
    assert "meets it" in body
    assert "No record that could" in page(client, f"{address}?code={city.code(3)}")
    assert "no enterprise here" in page(client, f"{address}?code=x", 422)
    form = {
        "code": city.code(1), "chosen": f"wages@{town.ref()}", "persons": "虚构人，法定代表人",
        "why": "责令后\x00逾期未付",
    }  # fmt: skip
    for change in ({"chosen": ""}, {"persons": " "}, {"why": ""}, {"chosen": "wages@x/1/2"}):
        answer = client.post(address, {**form, **change, "sure": "1"})
        assert answer.status_code == 422, change
    assert not Case.objects.exists()
    preview = client.post(address, form)
    assert "Nothing is written yet" in preview.content.decode()
    assert not Case.objects.exists()
    again = client.post(address, {**form, "why": "责令后逾期", "change": "1"})
    assert "责令后逾期" in again.content.decode()
    done = client.post(address, {**form, "sure": "1"})
    case = Case.objects.get()
    assert done["Location"] == f"/cases/{case.number}"
    assert ListEntry.objects.get().responsible == [{"name": "虚构人", "post": "法定代表人"}]
    assert client.post(address, {**form, "sure": "1"}).status_code == 422


def test_an_enterprise_reads_answers_and_asks_to_be_taken_off(town: Town) -> None:
    assert "You stand on no list" in page(as_("firm"), "/lists/own")
    case = town.propose(now=timezone.now() - timedelta(hours=1))
    client = as_("firm")
    body = page(client, "/lists/own")
    assert "make a statement" in body
    body = page(client, f"/cases/{case.number}")
    assert "Wages unpaid after an order to pay" in body
    assert "Wage arrears" in body
    answer = client.post(
        f"/cases/{case.number}/move", {"event": "answer", "version": 1, "text": "已付清，附凭证"}
    )
    assert answer.status_code == 302
    assert "已付清，附凭证" in page(as_("human_resources"), f"/cases/{case.number}")


def test_what_a_guard_refuses_is_told_in_the_readers_words(town: Town) -> None:
    case = entered(town)
    client = as_("human_resources")
    case.refresh_from_db()
    answer = client.post(
        f"/cases/{case.number}/move", {"event": "fulfil", "version": case.version, "text": "已付"}
    )
    assert answer.status_code == 422
    assert "its source sends that first" in answer.content.decode()


def test_an_addressed_department_applies_reports_and_ends_a_measure(town: Town) -> None:
    case = entered(town)
    client, address = as_("finance"), f"/lists/entries/{case.number}"
    assert "may be answered with a measure" in page(client, "/inbox")
    assert city.code(1) in page(client, "/lists/desk")
    assert "No public subsidies" in page(client, address)
    given = {"what": "apply", "measure": "no_subsidy", "text": "停发补助", "until": ""}
    given = {**given, "text": "停发\x00补助"}
    wrong: tuple[dict[str, str], ...] = (
        {"measure": "fast_lane"}, {"until": "soon"}, {"until": "2026-02-30"},
        {"until": "2020-01-01"}, {"text": " "}, {"measure": ""},
    )  # fmt: skip
    for change in wrong:
        answer = client.post(f"{address}/act", {**given, **change})
        assert answer.status_code == 422, change
    assert client.post(f"{address}/act", given).status_code == 302
    made = AppliedMeasure.objects.get()
    assert "停发 补助" in page(as_("firm"), "/lists/own")
    assert "may be answered with a measure" not in page(client, "/inbox")
    assert as_("economy").post(
        f"{address}/act", {"what": "stop", "number": made.pk, "text": "x"}
    ).status_code == 422  # fmt: skip
    client.post(f"{address}/act", {"what": "report", "number": made.pk, "text": "已停发两笔"})
    client.post(f"{address}/act", {"what": "stop", "number": made.pk, "text": "已清偿"})
    made.refresh_from_db()
    assert (made.state, made.effect) == ("ended", "已停发两笔")
    assert as_("court").get(address).status_code == 404


def test_the_operator_watches_and_decides_nothing(town: Town) -> None:
    case = entered(town)
    client = as_("operator")
    assert city.code(1) in page(client, "/lists/desk")
    assert "虚构人" not in page(client, f"/lists/entries/{case.number}")
    assert client.post(f"/lists/entries/{case.number}/act", {}).status_code == 403
    assert client.get(f"{LIST}/propose").status_code == 403
    rows = client.get("/lists/desk.csv").content.decode("utf-8-sig")
    assert "Malicious non-payment,0,1,0,0,0,0,0,0" in rows
