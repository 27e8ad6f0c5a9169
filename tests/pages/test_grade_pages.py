"""The pages of grades: my grade and why, the card for everybody, versions by two operators."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.api.support import CODES, platform
from tests.copied import written_once
from tests.counting import Counters
from tests.pages.class_support import representative
from tests.profiles import city
from tests.rating.support import operators, other, put_in_force
from xinrong.profiles.services import build_profile
from xinrong.rating.cards import load_cards
from xinrong.rating.models import CardVersion
from xinrong.rating.services import build_grades, versions
from xinrong.store.services import MarkKind, RecordId, mark
from xinrong.subjects.services import subjects_of
from xinrong.trust.models import AuditRow

__all__ = ["platform"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store_root")]
FIRM = 5
READ = ("registration", "tax_payment", "dishonest_judgment_debtor", "invoice", "social_insurance")


@pytest.fixture
def town(db: None, settings: Any, store_root: Path) -> None:
    settings.REGION = "taizhou"
    written_once("town of grades", store_root, write)


def write() -> None:
    city.make_enterprises(range(1, 41))
    rows = city.city_rows()
    city.fill({name: rows[name] for name in READ if name in rows})
    city.put(
        city.rows_of(
            "dishonest_judgment_debtor",
            {"subject": FIRM, "event_date": city.UNTIL - timedelta(days=3), "polarity": -1,
             "key": 71},
        )
    )  # fmt: skip


@pytest.fixture
def carded(town: None) -> None:
    put_in_force(operators())


def text(response: Any) -> str:
    return str(response.content.decode())


def grade_page(client: Client, number: int = FIRM) -> Any:
    return client.get(f"/enterprises/{city.code(number)}/grade")


def test_an_enterprise_reads_its_grade_its_reasons_and_the_record_behind_each(
    carded: None,
) -> None:
    client = representative(FIRM)
    page = text(grade_page(client))
    assert "评分只供参考，不单独决定任何事项" in page
    assert "本企业的评分及原因" in page
    [link] = re.findall(r'href="([^"]*#dishonest_judgment_debtor/71/\d+)"', page)
    address, anchor = link.replace("&amp;", "&").split("#")
    assert f'id="{anchor}"' in text(client.get(address)), "the file shows it at that place"
    assert "这是首次记录的评分" in page
    assert f'href="/enterprises/{city.code(FIRM)}/grade"' in text(client.get("/"))


def test_a_reason_whose_record_is_under_objection_says_so(carded: None) -> None:
    client = representative(FIRM)
    assert "存在异议" not in text(grade_page(client)).split('id="against"')[1]
    subject = subjects_of([FIRM])[FIRM][0]
    record = RecordId("dishonest_judgment_debtor", 71, subject)
    mark(record, kind=MarkKind.OBJECTION, on=city.UNTIL, statement="不是我方", at=city.NOW)
    page = text(grade_page(client))
    against = page.split('id="against"')[1].split("</section>")[0]
    assert f"自{city.UNTIL}起存在异议" in against
    assert "不是我方" not in page


def test_of_somebody_else_an_enterprise_has_no_grade(carded: None) -> None:
    assert grade_page(representative(FIRM), 6).status_code == 403


def test_a_bank_says_its_stage_needs_a_consent_and_reads_no_history(carded: None) -> None:
    officer = Counters().client("loan_officer")
    assert "stage" in text(grade_page(officer))
    assert not AuditRow.objects.filter(product="grade").exists()
    code = city.code(FIRM)
    opened = officer.post(
        f"/enterprises/{code}/open", {"tab": "enterprise-grade", "stage": "approval"}
    )
    assert opened["Location"] == f"/enterprises/{code}/grade"
    assert grade_page(officer).status_code == 403
    from tests.rating.test_released import consent
    from xinrong.accounts.services import Person, viewer_of

    consent(viewer_of(Person.objects.get(email="loan_officer@example.cn")), 4)
    page = text(grade_page(officer))
    assert "评分及原因" in page
    assert "与上次相比的变化" not in page
    assert AuditRow.objects.filter(product="grade", outcome="released").count() == 1


@pytest.mark.parametrize("role", ["data_officer", "operator"])
def test_who_may_have_no_grade_is_refused(carded: None, role: str) -> None:
    assert grade_page(Counters().client(role)).status_code == 403


def test_without_a_version_in_force_the_pages_say_so(town: None) -> None:
    answer = grade_page(representative(FIRM))
    assert answer.status_code == 404
    assert "没有生效的评分卡" in text(answer)
    assert "没有生效的评分卡" in text(Client().get("/grades"))
    assert Client().get("/api/v1/scorecards").status_code == 404


def test_a_real_enterprise_has_no_grade_on_any_page(platform: Any) -> None:
    client = Counters().client("loan_officer")
    code = CODES[0]
    client.post(f"/enterprises/{code}/open", {"tab": "enterprise-grade", "stage": "approval"})
    answer = client.get(f"/enterprises/{code}/grade")
    assert answer.status_code == 404
    assert "本地区没有评分卡" in text(answer)
    assert "/grade" not in text(client.get(f"/enterprises/{code}/"))
    assert "本地区没有评分卡" in text(Client().get("/grades"))
    assert Client().get("/api/v1/scorecards").json()["error"]["code"] == "no_cards"
    operator = Counters().client("operator")
    assert "本地区没有评分卡" in text(operator.get("/scorecards"))
    assert operator.post("/scorecards/draft", {"of": "files", "why": "x"}).status_code == 400
    assert not CardVersion.objects.exists()


def test_everybody_reads_what_counts_how_much_and_the_signed_document(carded: None) -> None:
    page = text(Client().get("/grades"))
    book = load_cards("taizhou")
    for card in book.cards:
        assert card.title.zh in page
        assert all(f"/indicators/{one.column}" in page for one in card.characteristics)
    assert all(f">{one.name}<" in page for one in book.scale.grades)
    assert "评分只供参考" in page
    signed = Client().get("/api/v1/scorecards").json()
    assert signed["payload"]["digest"] == book.digest


def drafted(client: Client, why: str = "first cards", **more: Any) -> Any:
    return client.post("/scorecards/draft", {"of": "files", "why": why, **more})


def test_two_operators_put_a_version_in_force_on_the_pages(town: None) -> None:
    cast = Counters()
    first, second = cast.client("operator", "first"), cast.client("operator", "second")
    assert "还没有版本" in text(first.get("/scorecards"))
    assert drafted(first)["Location"] == "/scorecards/1"
    assert drafted(second).status_code == 422, "the same cards wait already"
    assert first.post("/scorecards/1/decide", {"do": "propose", "since": "x"}).status_code == 422
    today = re.search(r'name="since" value="([\d-]+)"', text(first.get("/scorecards/1")))
    assert today is not None
    assert first.post(
        "/scorecards/1/decide", {"do": "propose", "since": today[1]}
    ).status_code == 302  # fmt: skip
    assert "等待你批准" not in text(first.get("/inbox"))
    assert "等待你批准" in text(second.get("/inbox"))
    assert 'value="approve"' not in text(first.get("/scorecards/1"))
    own = first.post("/scorecards/1/decide", {"do": "approve"})
    assert own.status_code == 422
    assert "须由另一名操作员批准" in text(own)
    assert 'value="approve"' in text(second.get("/scorecards/1"))
    assert second.post("/scorecards/1/decide", {"do": "approve"}).status_code == 302
    assert "等待你批准" not in text(second.get("/inbox"))
    assert grade_page(representative(FIRM)).status_code == 200


def test_a_changed_document_is_compared_and_previewed_before_anybody_decides(
    carded: None,
) -> None:
    build_profile(city.NOW, city.UNTIL)
    build_grades(city.NOW)
    client = Counters().client("operator")
    listed = text(client.get("/scorecards"))
    assert "全部企业的等级分布" in listed
    sent = json.dumps(other(load_cards("taizhou"), 5).written()).encode()
    file = SimpleUploadedFile("cards.json", sent, content_type="application/json")
    made = client.post("/scorecards/draft", {"of": "document", "why": "five more", "file": file})
    page = text(client.get(made["Location"]))
    assert "与第 1 版相比的改动" in page
    assert ">575<" in page
    assert ">580<" in page
    assert "等级变动预览" in page
    kept = client.get(f"{made['Location']}/file").json()
    assert kept["cards"][2]["base"] == 580


@pytest.mark.parametrize(
    "sent", [b"", b"{", b"null", b"[]", b"\xff\xfe", b"[" * 100_000, b"7" * 99]
)
def test_what_is_no_document_is_refused_on_the_page(carded: None, sent: bytes) -> None:
    client = Counters().client("operator")
    file = SimpleUploadedFile("cards.json", sent, content_type="application/json")
    answer = client.post("/scorecards/draft", {"of": "document", "why": "x", "file": file})
    assert answer.status_code == 422
    assert "评分卡无法使用" in text(answer)
    assert CardVersion.objects.count() == 1


def test_a_version_is_retired_and_gone_back_to_with_a_reason(carded: None) -> None:
    client = Counters().client("operator")
    assert client.post("/scorecards/1/decide", {"do": "retire", "why": " "}).status_code == 422
    assert client.post("/scorecards/1/decide", {"do": "retire", "why": "wrong"}).status_code == 302
    assert grade_page(representative(FIRM)).status_code == 404
    assert "已停用" in text(client.get("/scorecards"))
    back = client.post("/scorecards/draft", {"of": "1", "why": "it was right"})
    assert back["Location"] == "/scorecards/2"
    assert versions.version(2).based_on == 1


@pytest.mark.parametrize("role", ["loan_officer", "data_officer", "auditor", "adviser"])
def test_only_operators_see_versions(carded: None, role: str) -> None:
    client = Counters().client(role)
    for address in ("/scorecards", "/scorecards/1", "/scorecards/1/file"):
        assert client.get(address).status_code == 403
    for address in ("/scorecards/draft", "/scorecards/1/decide"):
        assert client.post(address, {"do": "approve", "of": "files"}).status_code == 403


def test_a_version_that_there_is_not_is_not_found(carded: None) -> None:
    client = Counters().client("operator")
    for address in ("/scorecards/99", "/scorecards/99/file"):
        assert client.get(address).status_code == 404
    assert client.post("/scorecards/99/decide", {"do": "approve"}).status_code == 404
    assert client.post("/scorecards/draft", {"of": "99", "why": "x"}).status_code == 404
    assert client.post("/scorecards/1/decide", {"do": "nonsense"}).status_code == 302
